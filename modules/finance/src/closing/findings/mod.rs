//! What stands against closing a period: each check finds its own, with who must act.

mod books;
mod documents;

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{
    Acceptance, ClosingCheck, ClosingFinding, ClosingSeverity, FINDING_ITEMS, FindingItem, FindingOwner,
};
use diwan_platform::{Outcome, people::names};
use diwan_platform_api::records::Ref;
use diwan_schema::{finance::period_acceptances, platform::users};

use super::{period::Period, rules::Rule};
use crate::amounts;

/// Something that was found, with the ids of who must act.
pub(super) struct Found {
    pub(super) item: FindingItem,
    pub(super) owners: Vec<i64>,
}

/// What a check does to the close of an agency that has rules, and of one that has none.
const fn severity(check: ClosingCheck, ruled: bool) -> ClosingSeverity {
    match check {
        ClosingCheck::EarlierPeriods => ClosingSeverity::Block,
        ClosingCheck::Documents | ClosingCheck::Bank | ClosingCheck::PaymentRuns if ruled => ClosingSeverity::Block,
        _ => ClosingSeverity::Warn,
    }
}

/// All checks of a period; those that block first.
///
/// # Errors
/// The database fails; a sum does not fit.
pub(super) fn all(tx: &mut ReadTx<'_>, of: &Period, rules: &[Rule]) -> Outcome<Vec<ClosingFinding>> {
    let mut accepted = acceptances(tx, of.id)?;
    let mut findings = Vec::with_capacity(ClosingCheck::ALL.len());
    for check in ClosingCheck::ALL {
        let found = match check {
            ClosingCheck::EarlierPeriods => books::earlier(tx, of)?,
            ClosingCheck::Documents => documents::open(tx, of)?,
            ClosingCheck::Bank => books::bank(tx, of)?,
            ClosingCheck::BankChanged => books::changed(tx, of)?,
            ClosingCheck::PaymentRuns => documents::runs(tx, of)?,
            ClosingCheck::Advances => documents::advances(tx, of)?,
            ClosingCheck::Clearing => books::clearing(tx, of)?,
        };
        let mut finding = told(tx, *check, severity(*check, !rules.is_empty()), found)?;
        finding.accepted = accepted.remove(&(check.code().to_owned(), finding.count, finding.amount));
        findings.push(finding);
    }
    findings.sort_by_key(|finding| finding.severity);
    Ok(findings)
}

/// Warnings that were accepted, by what they were.
type Accepted = BTreeMap<(String, i64, i64), Acceptance>;

fn acceptances(tx: &mut ReadTx<'_>, period_id: i64) -> Outcome<Accepted> {
    type Row = ((String, i64, i64), String, (i64, String, String), chrono::NaiveDateTime);
    let rows: Vec<Row> = period_acceptances::table
        .inner_join(users::table.on(users::id.eq(period_acceptances::accepted_by)))
        .filter(period_acceptances::period_id.eq(period_id))
        .select((
            (period_acceptances::finding, period_acceptances::count, period_acceptances::amount),
            period_acceptances::reason,
            (users::id, users::name_ar, users::name_en),
            period_acceptances::accepted_at,
        ))
        .load(tx.conn())?;
    let one = |(what, reason, (id, ar, en), at): Row| {
        (what, Acceptance { reason, by: Ref { id, name: diwan_kernel::Named { ar, en } }, at })
    };
    Ok(rows.into_iter().map(one).collect())
}

/// A finding with its sums, by owner, and the first of what was found.
fn told(
    tx: &mut ReadTx<'_>,
    check: ClosingCheck,
    severity: ClosingSeverity,
    found: Vec<Found>,
) -> Outcome<ClosingFinding> {
    let count = amounts::fits(found.len())?;
    let mut amount = 0_i64;
    let mut sums: BTreeMap<Option<i64>, (i64, i64)> = BTreeMap::new();
    for one in &found {
        // A clearing account may stand on either side, and so may a difference: what counts is how much it is.
        let open = amounts::fits(i128::from(one.item.amount).abs())?;
        amount = amounts::sum([amount, open])?;
        let nobody = one.owners.is_empty().then_some(None);
        for owner in one.owners.iter().copied().map(Some).chain(nobody) {
            let sum = sums.entry(owner).or_default();
            (sum.0, sum.1) = (sum.0 + 1, sum.1.saturating_add(open));
        }
    }
    let people = names::of_users(tx, sums.keys().flatten().copied())?;
    let person = |id: i64| Ref { id, name: people.get(id).cloned().unwrap_or_default() };
    let mut owners: Vec<FindingOwner> = sums
        .into_iter()
        .map(|(owner, (count, amount))| FindingOwner { owner: owner.map(person), count, amount })
        .collect();
    owners.sort_by_key(|owner| std::cmp::Reverse(owner.count));
    let items = found
        .into_iter()
        .take(FINDING_ITEMS)
        .map(|one| FindingItem { owners: one.owners.into_iter().map(person).collect(), ..one.item })
        .collect();
    Ok(ClosingFinding { check, severity, count, amount, owners, items, accepted: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_rules_only_earlier_periods_stop_a_close() {
        for check in ClosingCheck::ALL {
            let stops = severity(*check, false) == ClosingSeverity::Block;
            assert_eq!(stops, *check == ClosingCheck::EarlierPeriods, "{check}");
        }
        let blocking = ClosingCheck::ALL.iter().filter(|check| severity(**check, true) == ClosingSeverity::Block);
        assert_eq!(blocking.count(), 4);
    }
}
