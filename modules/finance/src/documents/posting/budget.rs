//! What the documents of the budget do to it: law, supplement, virement, order, release, freeze, commitment.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx, each_backend};
use diwan_finance_api::{Bucket, DocumentKind, MoveKind};
use diwan_kernel::money;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::{budget_keys, budget_lines, finance_lines, line_cash};

use super::{
    super::{
        slices,
        store::{DocumentRow, LineRow},
        virement,
    },
    Posted,
};
use crate::{
    budget::provisional,
    ledger::{
        Spend,
        moves::{self, Cause, Move},
        open_period,
    },
};

/// Makes the moves of a document.
///
/// # Errors
/// `budget_short`; `period_closed`; a rule of virement; `release_over_allotment`.
pub(super) fn post(tx: &mut WriteTx<'_>, actor: &Actor, document: &DocumentRow, lines: &[LineRow]) -> Outcome<Posted> {
    let kind = document.kind()?;
    open_period(tx, document.agency_id, kind, (document.effective_on, document.complementary))?;
    if kind == DocumentKind::Virement {
        virement::check(tx, document, lines)?;
    }
    if kind == DocumentKind::Commitment {
        slices::check(tx, document)?;
    }
    let of_key = lines_of_keys(tx, lines.iter().filter_map(|line| line.key_id))?;
    if kind == DocumentKind::Release {
        release(tx, lines, &of_key)?;
        return Ok(Posted::default());
    }
    let mut spends = spends(tx, kind, lines, &of_key)?;
    match kind {
        DocumentKind::Supplementary => provisional::check(tx, document.record_id)?,
        DocumentKind::BudgetLaw => spends.extend(replaced(tx, document, lines, &of_key)?),
        _ => {}
    }
    let cause =
        Cause { record_id: document.record_id, entry_id: None, effective_on: document.effective_on, by: actor.user_id };
    moves::apply(tx, &cause, &spends)?;
    if kind != DocumentKind::Commitment {
        return Ok(Posted::default());
    }
    diesel::update(finance_lines::table.filter(finance_lines::record_id.eq(document.record_id)))
        .set(finance_lines::open.eq(finance_lines::base_amount))
        .kept()
        .execute(tx.conn())?;
    Ok(Posted { to_settle: document.base_amount, ..Posted::default() })
}

/// What goes out when the law comes, because it stood for it until now.
fn replaced(
    tx: &mut WriteTx<'_>,
    document: &DocumentRow,
    lines: &[LineRow],
    of_key: &BTreeMap<i64, i64>,
) -> Outcome<Vec<Spend>> {
    let mut brings = BTreeMap::<i64, i64>::new();
    for line in lines {
        let Some(id) = line.key_id.and_then(|key| of_key.get(&key)) else { continue };
        let sum = brings.entry(*id).or_default();
        *sum = crate::amounts::sum([*sum, line.base_amount])?;
    }
    provisional::replaced(tx, (document.record_id, document.agency_id, document.year_id), &brings)
}

/// The budget line of each key.
///
/// # Errors
/// The database fails.
pub(super) fn lines_of_keys(tx: &mut ReadTx<'_>, keys: impl Iterator<Item = i64>) -> Outcome<BTreeMap<i64, i64>> {
    let mut keys: Vec<i64> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    let mut found = BTreeMap::new();
    for some in keys.chunks(1_000) {
        let rows: Vec<(i64, i64)> = budget_keys::table
            .filter(budget_keys::id.eq_any(some))
            .select((budget_keys::id, budget_keys::line_id))
            .load(tx.conn())?;
        found.extend(rows);
    }
    Ok(found)
}

fn spends(
    tx: &mut ReadTx<'_>,
    kind: DocumentKind,
    lines: &[LineRow],
    of_key: &BTreeMap<i64, i64>,
) -> Outcome<Vec<Spend>> {
    use Bucket::{Available, Committed, Outside, Unallotted};
    let (given, back) = match kind {
        DocumentKind::BudgetLaw => ((MoveKind::Law, Outside, Unallotted), None),
        DocumentKind::Supplementary => ((MoveKind::Supplementary, Outside, Unallotted), None),
        DocumentKind::Virement => {
            ((MoveKind::Virement, Outside, Unallotted), Some((MoveKind::Virement, Unallotted, Outside)))
        }
        DocumentKind::FinancialOrder => {
            ((MoveKind::FinancialOrder, Unallotted, Available), Some((MoveKind::FinancialOrder, Available, Unallotted)))
        }
        DocumentKind::Commitment => ((MoveKind::Commit, Available, Committed), None),
        DocumentKind::Freeze => return freeze(tx, lines, of_key),
        other => return Err(Refusal::Internal(format!("{other:?} is no document of the budget"))),
    };
    let mut spends: Vec<Spend> = [Some((given, "debit")), back.map(|back| (back, "credit"))]
        .into_iter()
        .flatten()
        .map(|((kind, source, target), side)| Spend {
            kind,
            moves: lines
                .iter()
                .filter(|line| line.side == side)
                .filter_map(|line| one(line, of_key, (source, target), line.base_amount))
                .collect(),
        })
        .collect();
    spends.retain(|spend| !spend.moves.is_empty());
    Ok(spends)
}

fn one(line: &LineRow, of_key: &BTreeMap<i64, i64>, (source, target): (Bucket, Bucket), amount: i64) -> Option<Move> {
    let line_id = line.key_id.and_then(|key| of_key.get(&key).copied())?;
    (amount > 0).then_some(Move { line_id, key_id: line.key_id, source, target, amount })
}

/// What has no financial order yet is frozen first, then what is available; unfrozen money needs an order anew.
fn freeze(tx: &mut ReadTx<'_>, lines: &[LineRow], of_key: &BTreeMap<i64, i64>) -> Outcome<Vec<Spend>> {
    let ids: Vec<i64> = of_key.values().copied().collect();
    let mut left: BTreeMap<i64, i64> = budget_lines::table
        .filter(budget_lines::id.eq_any(ids))
        .select((budget_lines::id, budget_lines::unallotted))
        .load::<(i64, i64)>(tx.conn())?
        .into_iter()
        .collect();
    let (mut frozen, mut freed) = (Vec::new(), Vec::new());
    for line in lines {
        if line.side == "credit" {
            freed.extend(one(line, of_key, (Bucket::Frozen, Bucket::Unallotted), line.base_amount));
            continue;
        }
        let Some(unallotted) = line.key_id.and_then(|key| of_key.get(&key)).and_then(|id| left.get_mut(id)) else {
            continue;
        };
        let first = line.base_amount.min(*unallotted);
        *unallotted -= first;
        frozen.extend(one(line, of_key, (Bucket::Unallotted, Bucket::Frozen), first));
        frozen.extend(one(line, of_key, (Bucket::Available, Bucket::Frozen), line.base_amount - first));
    }
    let mut spends =
        vec![Spend { kind: MoveKind::Freeze, moves: frozen }, Spend { kind: MoveKind::Unfreeze, moves: freed }];
    spends.retain(|spend| !spend.moves.is_empty());
    Ok(spends)
}

/// Cash for a line (حوالة مالية): never more than what is allotted to it, never less than what was used of it.
fn release(tx: &mut WriteTx<'_>, lines: &[LineRow], of_key: &BTreeMap<i64, i64>) -> Outcome<()> {
    let mut sums = BTreeMap::<i64, i64>::new();
    for line in lines {
        let Some(id) = line.key_id.and_then(|key| of_key.get(&key)) else { continue };
        let signed = line.debit().1 - line.credit().1;
        let sum = sums.entry(*id).or_default();
        *sum = crate::amounts::sum([*sum, signed])?;
    }
    for (line_id, amount) in sums {
        let row = (line_cash::line_id.eq(line_id), line_cash::released.eq(0_i64), line_cash::used.eq(0_i64));
        each_backend!(tx.conn(), c => diesel::insert_into(line_cash::table).values(row).on_conflict_do_nothing().execute(c))?;
        let (code, allotted): (String, i64) = budget_lines::table
            .find(line_id)
            .select((
                budget_lines::code,
                budget_lines::available
                    + budget_lines::pre_committed
                    + budget_lines::committed
                    + budget_lines::obligated
                    + budget_lines::paid,
            ))
            .first(tx.conn())?;
        let room = line_cash::table
            .filter(line_cash::line_id.eq(line_id))
            .filter((line_cash::released + amount).le(allotted))
            .filter((line_cash::released + amount).ge(line_cash::used));
        let taken =
            diesel::update(room).set(line_cash::released.eq(line_cash::released + amount)).execute(tx.conn())?;
        if taken == 0 {
            let (released, used): (i64, i64) =
                line_cash::table.find(line_id).select((line_cash::released, line_cash::used)).first(tx.conn())?;
            let amount_of = |minor: i64| money::format(minor, money::JOD_SCALE);
            return Err(Refusal::rule(
                "release_over_allotment",
                [
                    ("line", code),
                    ("asked", amount_of(amount)),
                    ("released", amount_of(released)),
                    ("used", amount_of(used)),
                    ("allotted", amount_of(allotted)),
                ],
            ));
        }
    }
    Ok(())
}
