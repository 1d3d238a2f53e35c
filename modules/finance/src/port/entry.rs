//! The lines of what other modules post: what they name is there, what they spend of each key, and who is owed the rest.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::BASE_CURRENCY;
use diwan_kernel::FieldError;
use diwan_platform::{Fields, Outcome, Refusal};
use diwan_schema::finance::{accounts, cost_centres, parties};

use super::keys;
use crate::ledger::Line;

/// A debit in the base currency on an account, in minor units; what else the account asks for is added to it.
pub fn debit(account_id: i64, amount: i64) -> Line {
    Line {
        account_id,
        key_id: None,
        party_id: None,
        centre_id: None,
        currency: BASE_CURRENCY.to_owned(),
        debit: amount,
        credit: 0,
        base_debit: amount,
        base_credit: 0,
        note: String::new(),
    }
}

/// A credit, as [`debit`].
pub fn credit(account_id: i64, amount: i64) -> Line {
    Line { debit: 0, credit: amount, base_debit: 0, base_credit: amount, ..debit(account_id, 0) }
}

/// What posting asks of an account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub(super) budgeted: bool,
    pub(super) needs_party: bool,
}

/// What the lines of an entry name.
pub(super) struct Known {
    pub(super) accounts: BTreeMap<i64, Account>,
    /// The budget line of each key.
    pub(super) keys: BTreeMap<i64, i64>,
}

/// Looks up what the lines name; accounts that are none are told of by posting.
///
/// # Errors
/// `lines.<n>.key_id`, `party_id` or `centre_id` that the agency has not; keys are of the year.
pub(super) fn known(
    tx: &mut ReadTx<'_>,
    (agency_id, year_id): (i64, i64),
    lines: &[Line],
    payable: Option<i64>,
) -> Outcome<Known> {
    let keys = keys::lines_of(tx, (agency_id, year_id), lines.iter().filter_map(|line| line.key_id))?;
    let parties = of_agency(tx, agency_id, Named::Parties, lines.iter().filter_map(|line| line.party_id))?;
    let centres = of_agency(tx, agency_id, Named::Centres, lines.iter().filter_map(|line| line.centre_id))?;
    let mut fields = Fields::default();
    for (at, line) in lines.iter().enumerate() {
        for (known, field) in [
            (line.key_id.is_none_or(|id| keys.contains_key(&id)), "key_id"),
            (line.party_id.is_none_or(|id| parties.contains(&id)), "party_id"),
            (line.centre_id.is_none_or(|id| centres.contains(&id)), "centre_id"),
        ] {
            if !known {
                fields.push(FieldError::new(format!("lines.{at}.{field}"), "unknown"));
            }
        }
    }
    fields.done()?;
    let accounts = accounts(tx, agency_id, lines.iter().map(|line| line.account_id).chain(payable))?;
    Ok(Known { accounts, keys })
}

/// What a line names besides account and key.
#[derive(Clone, Copy)]
enum Named {
    Parties,
    Centres,
}

/// Those of these ids that the agency has.
fn of_agency(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    named: Named,
    ids: impl Iterator<Item = i64>,
) -> Outcome<BTreeSet<i64>> {
    let ids: BTreeSet<i64> = ids.collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut found = BTreeSet::new();
    for some in ids.chunks(1_000) {
        let rows: Vec<i64> = match named {
            Named::Parties => parties::table
                .filter(parties::agency_id.eq(agency_id))
                .filter(parties::id.eq_any(some))
                .select(parties::id)
                .load(tx.conn())?,
            Named::Centres => cost_centres::table
                .filter(cost_centres::agency_id.eq(agency_id))
                .filter(cost_centres::id.eq_any(some))
                .select(cost_centres::id)
                .load(tx.conn())?,
        };
        found.extend(rows);
    }
    Ok(found)
}

fn accounts(tx: &mut ReadTx<'_>, agency_id: i64, ids: impl Iterator<Item = i64>) -> Outcome<BTreeMap<i64, Account>> {
    let ids: BTreeSet<i64> = ids.collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut found = BTreeMap::new();
    for some in ids.chunks(1_000) {
        let rows: Vec<(i64, bool, bool)> = accounts::table
            .filter(accounts::agency_id.eq(agency_id))
            .filter(accounts::id.eq_any(some))
            .select((accounts::id, accounts::budgeted, accounts::needs_party))
            .load(tx.conn())?;
        found.extend(rows.into_iter().map(|(id, budgeted, needs_party)| (id, Account { budgeted, needs_party })));
    }
    Ok(found)
}

impl Known {
    /// What the lines spend of each key, base currency; less than 0 is given back.
    ///
    /// # Errors
    /// `amount_overflow`.
    pub(super) fn spent(&self, lines: &[Line]) -> Outcome<BTreeMap<i64, i64>> {
        let mut net = BTreeMap::<i64, i64>::new();
        for line in lines {
            let budgeted = self.accounts.get(&line.account_id).is_some_and(|account| account.budgeted);
            if let Some(key) = line.key_id.filter(|_| budgeted) {
                let sum = net.entry(key).or_default();
                let signed = line.base_debit.checked_sub(line.base_credit);
                let more = signed.and_then(|signed| sum.checked_add(signed));
                *sum = more.ok_or_else(|| Refusal::rule("amount_overflow", []))?;
            }
        }
        net.retain(|_, amount| *amount != 0);
        Ok(net)
    }

    /// The lines with their parties, and one line a currency for what is owed of them: credits on the payable account.
    ///
    /// # Errors
    /// `net_negative`: more is deducted than there is; `amount_overflow`.
    pub(super) fn closed(&self, lines: &[Line], payable: i64, party_id: Option<i64>) -> Outcome<Vec<Line>> {
        let party_of = |account: i64, own: Option<i64>| match self.accounts.get(&account) {
            Some(account) if account.needs_party => own.or(party_id),
            _ => own,
        };
        let mut owed = BTreeMap::<&str, (i64, i64)>::new();
        let mut closed = Vec::with_capacity(lines.len() + 1);
        for line in lines {
            let sum = owed.entry(line.currency.as_str()).or_default();
            let add =
                |sum: i64, debit: i64, credit: i64| debit.checked_sub(credit).and_then(|net| sum.checked_add(net));
            let net = add(sum.0, line.debit, line.credit).zip(add(sum.1, line.base_debit, line.base_credit));
            *sum = net.ok_or_else(|| Refusal::rule("amount_overflow", []))?;
            closed.push(Line { party_id: party_of(line.account_id, line.party_id), ..line.clone() });
        }
        for (currency, (net, base)) in owed {
            if net < 0 || base < 0 {
                return Err(Refusal::rule("net_negative", []));
            }
            if net > 0 {
                let line = Line { credit: net, base_credit: base, ..credit(payable, 0) };
                closed.push(Line { currency: currency.to_owned(), party_id: party_of(payable, None), ..line });
            }
        }
        Ok(closed)
    }
}
