//! Rules of virement (قواعد المناقلات): rows with days, since each budget law brings its own.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::MoveKind;
use diwan_kernel::money;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{budget_keys, budget_moves, segments, virement_rules};

use super::store::{DocumentRow, LineRow};

/// A rule in force.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
struct Rule {
    from_item: String,
    to_item: String,
    allowed: bool,
    percent: Option<i32>,
    reference: String,
}

impl Rule {
    /// How closely it fits a pair of items; none where it does not.
    fn fit(&self, from: &str, to: &str) -> Option<usize> {
        (from.starts_with(&self.from_item) && to.starts_with(&self.to_item))
            .then(|| self.from_item.len() + self.to_item.len())
    }
}

/// A key as the rules look at it.
struct Key {
    line_id: i64,
    item: String,
}

/// Looks at each pair of a key that gives and a key that takes. Without a rule that fits, a virement may be made.
///
/// # Errors
/// `virement_barred` with both items and the reference; `virement_percent` with what may still be taken.
pub(super) fn check(tx: &mut ReadTx<'_>, document: &DocumentRow, lines: &[LineRow]) -> Outcome<()> {
    let day = document.effective_on;
    let rules: Vec<Rule> = virement_rules::table
        .filter(virement_rules::agency_id.eq(document.agency_id))
        .filter(virement_rules::active_from.le(day))
        .filter(virement_rules::active_to.is_null().or(virement_rules::active_to.ge(day)))
        .select((
            virement_rules::from_item,
            virement_rules::to_item,
            virement_rules::allowed,
            virement_rules::percent,
            virement_rules::reference,
        ))
        .order(virement_rules::id)
        .load(tx.conn())?;
    if rules.is_empty() {
        return Ok(());
    }
    let keys = keys(tx, lines)?;
    let side = |side: &'static str| {
        let of_side = lines.iter().filter(move |line| line.side == side);
        of_side.filter_map(|line| line.key_id.and_then(|id| keys.get(&id)).map(|key| (key, line.base_amount)))
    };
    let mut taken = BTreeMap::<i64, (i64, i32, &Rule)>::new();
    for (from, amount) in side("credit") {
        let mut percent: Option<(i32, &Rule)> = None;
        for (to, _) in side("debit") {
            let fitting = rules.iter().filter_map(|rule| rule.fit(&from.item, &to.item).map(|fit| (fit, rule)));
            let Some((_, rule)) = fitting.max_by_key(|(fit, _)| *fit) else { continue };
            if !rule.allowed {
                let args =
                    [("from", from.item.clone()), ("to", to.item.clone()), ("reference", rule.reference.clone())];
                return Err(Refusal::rule("virement_barred", args));
            }
            if let Some(limit) = rule.percent.filter(|limit| percent.is_none_or(|(known, _)| *limit < known)) {
                percent = Some((limit, rule));
            }
        }
        if let Some((limit, rule)) = percent {
            let sum = taken.entry(from.line_id).or_insert((0, limit, rule));
            sum.0 = sum.0.checked_add(amount).ok_or_else(|| Refusal::rule("amount_overflow", []))?;
        }
    }
    for (line_id, (asked, limit, rule)) in taken {
        within(tx, (document.record_id, line_id), (asked, limit), rule)?;
    }
    Ok(())
}

/// A move: kind, source, amount, document.
type Made = (String, String, i64, Option<i64>);

/// No more than so many hundredths of what the law gave the line, with what was taken of it before.
fn within(
    tx: &mut ReadTx<'_>,
    (record_id, line_id): (i64, i64),
    (asked, limit): (i64, i32),
    rule: &Rule,
) -> Outcome<()> {
    let moves: Vec<Made> = budget_moves::table
        .filter(budget_moves::line_id.eq(line_id))
        .filter(budget_moves::kind.eq_any([MoveKind::Law.code(), MoveKind::Virement.code()]))
        .select((budget_moves::kind, budget_moves::source, budget_moves::amount, budget_moves::record_id))
        .load(tx.conn())?;
    let sum =
        |of: &dyn Fn(&Made) -> bool| -> i128 { moves.iter().filter(|one| of(one)).map(|one| i128::from(one.2)).sum() };
    let original = sum(&|one| one.0 == MoveKind::Law.code());
    let before = sum(&|one| one.0 == MoveKind::Virement.code() && one.1 == "unallotted" && one.3 != Some(record_id));
    let most = original * i128::from(limit) / 100;
    if before + i128::from(asked) <= most {
        return Ok(());
    }
    let amount = |minor: i128| money::format(i64::try_from(minor).unwrap_or(i64::MAX), money::JOD_SCALE);
    Err(Refusal::rule(
        "virement_percent",
        [
            ("from", rule.from_item.clone()),
            ("percent", limit.to_string()),
            ("original", amount(original)),
            ("before", amount(before)),
            ("asked", amount(i128::from(asked))),
            ("left", amount((most - before).max(0))),
            ("reference", rule.reference.clone()),
        ],
    ))
}

fn keys(tx: &mut ReadTx<'_>, lines: &[LineRow]) -> Outcome<BTreeMap<i64, Key>> {
    let ids: Vec<i64> = lines.iter().filter_map(|line| line.key_id).collect();
    let mut keys = BTreeMap::new();
    for some in ids.chunks(1_000) {
        let rows: Vec<(i64, i64, String)> = budget_keys::table
            .inner_join(segments::table.on(segments::id.eq(budget_keys::item_id)))
            .filter(budget_keys::id.eq_any(some))
            .select((budget_keys::id, budget_keys::line_id, segments::code))
            .load(tx.conn())?;
        keys.extend(rows.into_iter().map(|(id, line_id, item)| (id, Key { line_id, item })));
    }
    Ok(keys)
}
