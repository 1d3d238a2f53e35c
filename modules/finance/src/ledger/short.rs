//! Why money is not there: the arithmetic of the line, the documents that hold the money, and what can be done.

mod holders;
mod remedies;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::Bucket;
use diwan_kernel::money;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::budget_lines;

use super::moves::{Buckets, Held, Move, held, place};

/// The refusal for the first bucket that does not hold what is asked of it on a day.
///
/// # Errors
/// The line is not there; the database fails.
pub(super) fn refusal(tx: &mut ReadTx<'_>, line_id: i64, on: NaiveDate, moves: &[Move]) -> Outcome<Refusal> {
    let (line, held) = read(tx, line_id)?;
    of(tx, &line, held, (on, moves))
}

/// The same, for a line that held this before a transaction touched it.
///
/// # Errors
/// As [`refusal`].
pub(super) fn refusal_of(
    tx: &mut ReadTx<'_>,
    line_id: i64,
    held: Buckets,
    (on, moves): (NaiveDate, &[Move]),
) -> Outcome<Refusal> {
    let (line, _) = read(tx, line_id)?;
    of(tx, &line, held, (on, moves))
}

/// A budget line that has not enough.
struct Line {
    id: i64,
    agency_id: i64,
    year_id: i64,
    code: String,
}

/// What a bucket holds, and what is asked of it.
struct Short {
    bucket: Bucket,
    there: i64,
    asked: i64,
}

impl Short {
    /// How much is not there.
    fn missing(&self) -> i64 {
        self.asked - self.there
    }
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

fn of(tx: &mut ReadTx<'_>, line: &Line, held: Buckets, (on, moves): (NaiveDate, &[Move])) -> Outcome<Refusal> {
    let short = first_short(&held, moves);
    let [unallotted, frozen, available, pre_committed, committed, obligated, paid] = held;
    let revised: i64 = held.iter().sum();
    let (count, mut details) = holders::of(tx, line.id)?;
    details.extend(remedies::of(tx, line, (&short, &held), on)?);
    let refusal = Refusal::rule(
        "budget_short",
        [
            ("line", line.code.clone()),
            ("bucket", short.bucket.code().to_owned()),
            ("there", amount(short.there)),
            ("asked", amount(short.asked)),
            ("missing", amount(short.missing())),
            ("revised", amount(revised)),
            ("unallotted", amount(unallotted)),
            ("frozen", amount(frozen)),
            ("available", amount(available)),
            ("pre_committed", amount(pre_committed)),
            ("committed", amount(committed)),
            ("obligated", amount(obligated)),
            ("paid", amount(paid)),
            ("count", count.to_string()),
        ],
    );
    Ok(refusal.with_details(details))
}

/// An amount of the base currency as people read it.
fn amount(minor: i64) -> String {
    money::format(minor, money::JOD_SCALE)
}

fn read(tx: &mut ReadTx<'_>, line_id: i64) -> Outcome<(Line, Buckets)> {
    let line: Option<(i64, i64, String, Held)> = budget_lines::table
        .find(line_id)
        .select((budget_lines::agency_id, budget_lines::year_id, budget_lines::code, held()))
        .first(tx.conn())
        .optional()?;
    let (agency_id, year_id, code, held) = line.ok_or(Refusal::NotFound("budget_line"))?;
    Ok((Line { id: line_id, agency_id, year_id, code }, held.into()))
}
