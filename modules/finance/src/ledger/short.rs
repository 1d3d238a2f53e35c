//! Why money is not there: the arithmetic of the line, and the documents that hold it.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::Bucket;
use diwan_kernel::money;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::{
    finance::{budget_lines, budget_moves},
    platform::records,
};

use super::moves::{Buckets, Held, Move, held, place};

/// Documents that are named.
const NAMED: usize = 5;

/// The refusal for the first bucket that does not hold what is asked of it.
///
/// # Errors
/// The line is not there; the database fails.
pub(super) fn refusal(tx: &mut ReadTx<'_>, line_id: i64, moves: &[Move]) -> Outcome<Refusal> {
    let (code, held) = read(tx, line_id)?;
    of(tx, line_id, (code, held), moves)
}

/// The same, for a line that held this before a transaction touched it.
///
/// # Errors
/// As [`refusal`].
pub(super) fn refusal_of(tx: &mut ReadTx<'_>, line_id: i64, held: Buckets, moves: &[Move]) -> Outcome<Refusal> {
    let (code, _) = read(tx, line_id)?;
    of(tx, line_id, (code, held), moves)
}

/// What a bucket holds, and what is asked of it.
struct Short {
    bucket: Bucket,
    there: i64,
    asked: i64,
}

/// All that is asked of a bucket together; where that is there, the first move that comes too early.
fn first_short(held: &Buckets, moves: &[Move]) -> Short {
    let (mut left, mut early) = (*held, None);
    for one in moves {
        if let Some(source) = place(one.source).and_then(|at| left.get_mut(at)) {
            if *source < one.amount {
                early.get_or_insert(Short { bucket: one.source, there: *source, asked: one.amount });
            }
            *source -= one.amount;
        }
        if let Some(target) = place(one.target).and_then(|at| left.get_mut(at)) {
            *target += one.amount;
        }
    }
    let fell = moves.iter().find_map(|one| {
        let at = place(one.source)?;
        let (there, after) = (*held.get(at)?, *left.get(at)?);
        (after < 0).then_some(Short { bucket: one.source, there, asked: there - after })
    });
    fell.or(early).unwrap_or(Short { bucket: Bucket::Available, there: 0, asked: 0 })
}

fn of(tx: &mut ReadTx<'_>, line_id: i64, (code, held): (String, Buckets), moves: &[Move]) -> Outcome<Refusal> {
    let Short { bucket, there, asked } = first_short(&held, moves);
    let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
    let [unallotted, frozen, _, pre_committed, committed, obligated, paid] = held;
    let revised: i64 = held.iter().sum();
    let (holders, named) = holders(tx, line_id)?;
    Ok(Refusal::rule(
        "budget_short",
        [
            ("line", code),
            ("bucket", bucket.code().to_owned()),
            ("there", amount(there)),
            ("asked", amount(asked)),
            ("missing", amount(asked - there)),
            ("revised", amount(revised)),
            ("unallotted", amount(unallotted)),
            ("frozen", amount(frozen)),
            ("pre_committed", amount(pre_committed)),
            ("committed", amount(committed)),
            ("obligated", amount(obligated)),
            ("paid", amount(paid)),
            ("documents", named),
            ("count", holders.to_string()),
        ],
    ))
}

fn read(tx: &mut ReadTx<'_>, line_id: i64) -> Outcome<(String, Buckets)> {
    let line: Option<(String, Held)> =
        budget_lines::table.find(line_id).select((budget_lines::code, held())).first(tx.conn()).optional()?;
    let (code, held) = line.ok_or(Refusal::NotFound("budget_line"))?;
    Ok((code, held.into()))
}

/// How many documents hold money of the line before payment, and the numbers of those that hold most.
fn holders(tx: &mut ReadTx<'_>, line_id: i64) -> Outcome<(usize, String)> {
    let holding = [Bucket::PreCommitted, Bucket::Committed, Bucket::Obligated].map(Bucket::code);
    let moves: Vec<(Option<i64>, String, String, i64)> = budget_moves::table
        .filter(budget_moves::line_id.eq(line_id))
        .filter(budget_moves::source.eq_any(holding).or(budget_moves::target.eq_any(holding)))
        .select((budget_moves::record_id, budget_moves::source, budget_moves::target, budget_moves::amount))
        .load(tx.conn())?;
    let mut held = std::collections::BTreeMap::<i64, i64>::new();
    for (record, source, target, amount) in moves {
        let sum = held.entry(record.unwrap_or_default()).or_default();
        *sum += if holding.contains(&target.as_str()) { amount } else { 0 };
        *sum -= if holding.contains(&source.as_str()) { amount } else { 0 };
    }
    let mut held: Vec<(i64, i64)> = held.into_iter().filter(|(_, amount)| *amount > 0).collect();
    held.sort_by_key(|(record, amount)| (std::cmp::Reverse(*amount), *record));
    let most: Vec<i64> = held.iter().take(NAMED).map(|(record, _)| *record).collect();
    let numbers: Vec<(i64, Option<String>)> =
        records::table.filter(records::id.eq_any(&most)).select((records::id, records::number)).load(tx.conn())?;
    let named = held.iter().take(NAMED).filter_map(|(record, amount)| {
        let number = numbers.iter().find(|(id, _)| id == record).and_then(|(_, number)| number.clone());
        Some(format!("{} ({})", number?, money::format(*amount, money::JOD_SCALE)))
    });
    Ok((held.len(), named.collect::<Vec<_>>().join("، ")))
}
