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
        submit::taken_down,
        virement,
    },
    Posted,
};
use crate::{
    budget::{law, provisional},
    ledger::{
        Spend,
        moves::{self, Cause, Held, Move, allotted, held},
        open_period,
    },
};

/// Makes the moves of a document.
///
/// # Errors
/// `budget_short`; `period_closed`; a rule of virement; `law_twice`; `cut_before_law`; `release_over_allotment`;
/// `allotment_under_releases`.
pub(super) fn post(tx: &mut WriteTx<'_>, actor: &Actor, document: &DocumentRow, lines: &[LineRow]) -> Outcome<Posted> {
    let kind = document.kind()?;
    open_period(tx, document.agency_id, kind, (document.effective_on, document.complementary))?;
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
        DocumentKind::Supplementary => {
            provisional::check(tx, document.record_id)?;
            let taken = taken_down(lines);
            if !taken.is_empty() {
                hold(tx, &spends)?;
            }
            provisional::uncut(tx, document.year_id, &taken)?;
        }
        DocumentKind::BudgetLaw => {
            spends.extend(replaced(tx, document, lines, &of_key)?);
            hold(tx, &spends)?;
            law::once(tx, document.year_id, of_key.keys().copied())?;
        }
        DocumentKind::Virement => {
            hold(tx, &spends)?;
            virement::check(tx, document, lines)?;
        }
        _ => {}
    }
    let cause =
        Cause { record_id: document.record_id, entry_id: None, effective_on: document.effective_on, by: actor.user_id };
    moves::apply(tx, &cause, &spends)?;
    if matches!(kind, DocumentKind::FinancialOrder | DocumentKind::Freeze) {
        covers_releases(tx, &spends)?;
    }
    if kind != DocumentKind::Commitment {
        return Ok(Posted::default());
    }
    diesel::update(finance_lines::table.filter(finance_lines::record_id.eq(document.record_id)))
        .set(finance_lines::open.eq(finance_lines::base_amount))
        .kept()
        .execute(tx.conn())?;
    Ok(Posted { to_settle: document.base_amount, ..Posted::default() })
}

/// Takes the lines of all moves for this transaction: two who post do so one after the other.
fn hold(tx: &mut WriteTx<'_>, spends: &[Spend]) -> Outcome<()> {
    let ids: Vec<i64> = spends.iter().flat_map(|spend| spend.moves.iter().map(|one| one.line_id)).collect();
    moves::lock(tx, &ids)
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
            .kept_if_short(some.len())
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
        // A cut by law (خفض الاعتماد) takes what has no financial order; what has one is taken back by an order first.
        DocumentKind::Supplementary => {
            ((MoveKind::Supplementary, Outside, Unallotted), Some((MoveKind::Supplementary, Unallotted, Outside)))
        }
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

/// Cash for lines (حوالة مالية): never more than what is allotted to one, never less than what was used and ordered of it.
fn release(tx: &mut WriteTx<'_>, lines: &[LineRow], of_key: &BTreeMap<i64, i64>) -> Outcome<()> {
    let mut sums = BTreeMap::<i64, i64>::new();
    for line in lines {
        let Some(id) = line.key_id.and_then(|key| of_key.get(&key)) else { continue };
        let signed = line.debit().1 - line.credit().1;
        let sum = sums.entry(*id).or_default();
        *sum = crate::amounts::sum([*sum, signed])?;
    }
    // Cash first and then the lines, as payments take them.
    for (line_id, amount) in &sums {
        let row = (line_cash::line_id.eq(line_id), line_cash::released.eq(0_i64), line_cash::used.eq(0_i64));
        each_backend!(tx.conn(), c => diesel::insert_into(line_cash::table).values(row).on_conflict_do_nothing().execute(c))?;
        let enough = line_cash::table
            .filter(line_cash::line_id.eq(line_id))
            .filter((line_cash::released + *amount).ge(line_cash::used + line_cash::ordered));
        let taken =
            diesel::update(enough).set(line_cash::released.eq(line_cash::released + *amount)).execute(tx.conn())?;
        if taken == 0 {
            return Err(over(tx, *line_id, (*amount, 0))?);
        }
    }
    for (line_id, amount) in &sums {
        // Its turn: no order takes back meanwhile what the release stands on.
        let line = budget_lines::table.find(line_id);
        diesel::update(line).set(budget_lines::seq.eq(budget_lines::seq)).execute(tx.conn())?;
        if *amount > 0 && !uncovered(tx, &[*line_id])?.is_empty() {
            return Err(over(tx, *line_id, (*amount, *amount))?);
        }
    }
    Ok(())
}

/// Why a release is refused, in figures, where this much of what it asks is in what is released by now.
fn over(tx: &mut ReadTx<'_>, line_id: i64, (asked, within): (i64, i64)) -> Outcome<Refusal> {
    let (code, of_line): (String, Held) =
        budget_lines::table.find(line_id).select((budget_lines::code, held())).first(tx.conn())?;
    let (released, used, ordered): (i64, i64, i64) = line_cash::table
        .find(line_id)
        .select((line_cash::released, line_cash::used, line_cash::ordered))
        .first(tx.conn())?;
    let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
    Ok(Refusal::rule(
        "release_over_allotment",
        [
            ("line", code),
            ("asked", amount(asked)),
            ("released", amount(released - within)),
            ("used", amount(used)),
            ("ordered", amount(ordered)),
            ("allotted", amount(allotted(of_line))),
        ],
    ))
}

/// Looks whether what is still allotted to lines after this covers their releases: cash goes back before its order does.
fn covers_releases(tx: &mut ReadTx<'_>, spends: &[Spend]) -> Outcome<()> {
    let moves = spends.iter().flat_map(|spend| &spend.moves);
    let mut taken: Vec<i64> = moves.filter(|one| one.source == Bucket::Available).map(|one| one.line_id).collect();
    taken.sort_unstable();
    taken.dedup();
    for some in taken.chunks(1_000) {
        if let Some((code, released, left)) = uncovered(tx, some)?.into_iter().next() {
            let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
            let args = [("line", code), ("released", amount(released)), ("allotted", amount(left))];
            return Err(Refusal::rule("allotment_under_releases", args));
        }
    }
    Ok(())
}

/// Of these lines those with more released than allotted: code, released, allotted.
fn uncovered(tx: &mut ReadTx<'_>, lines: &[i64]) -> Outcome<Vec<(String, i64, i64)>> {
    let rows: Vec<(String, i64, Held)> = line_cash::table
        .inner_join(budget_lines::table.on(budget_lines::id.eq(line_cash::line_id)))
        .filter(line_cash::line_id.eq_any(lines))
        .order(line_cash::line_id)
        .select((budget_lines::code, line_cash::released, held()))
        .load(tx.conn())?;
    let figures = rows.into_iter().map(|(code, released, of_line)| (code, released, allotted(of_line)));
    Ok(figures.filter(|(_, released, allotted)| released > allotted).collect())
}
