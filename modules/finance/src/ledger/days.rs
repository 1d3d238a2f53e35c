//! What was open on each day. What is given back counts from its own day on: what is dated before that cannot have it, or a position
//! of a past day would be below nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::Bucket;
use diwan_kernel::money;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::budget_moves;

/// Ids of one statement.
const IDS: usize = 500;

/// How much more was open on each day after another one; less than 0 was drawn.
pub(crate) type Changes = BTreeMap<NaiveDate, i64>;

/// Looks whether all that is asked of what is open now was open before each of these changes too; answers the day from which on it
/// was, and how much there was until then. What is not open now is for the caller to tell.
pub(crate) fn short(now: i64, asked: i64, changes: &Changes) -> Option<(NaiveDate, i64)> {
    if now < asked {
        return None;
    }
    let mut open = now;
    changes.iter().rev().find_map(|(day, change)| {
        open -= change;
        (open < asked).then_some((*day, open.max(0)))
    })
}

/// What was not open on its day.
pub(crate) fn refusal(document: String, asked: i64, (day, left): (NaiveDate, i64)) -> Refusal {
    let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
    let of = [("document", document), ("day", day.to_string()), ("left", amount(left)), ("asked", amount(asked))];
    Refusal::rule("source_short_before", of)
}

/// What the moves of these records did to a bucket after a day, by key.
///
/// # Errors
/// The database fails.
pub(crate) fn changes(
    tx: &mut ReadTx<'_>,
    (records, bucket): (&[i64], Bucket),
    after: NaiveDate,
) -> Outcome<BTreeMap<i64, Changes>> {
    type Row = (Option<i64>, NaiveDate, String, String, i64);
    let mut found = BTreeMap::<i64, Changes>::new();
    for some in records.chunks(IDS) {
        let rows: Vec<Row> = budget_moves::table
            .filter(budget_moves::record_id.eq_any(some))
            .filter(budget_moves::effective_on.gt(after))
            .select((
                budget_moves::key_id,
                budget_moves::effective_on,
                budget_moves::source,
                budget_moves::target,
                budget_moves::amount,
            ))
            .load(tx.conn())?;
        for (key, day, source, target, amount) in rows {
            let signed = i64::from(target == bucket.code()) * amount - i64::from(source == bucket.code()) * amount;
            if let Some(key) = key.filter(|_| signed != 0) {
                *found.entry(key).or_default().entry(day).or_default() += signed;
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::default() + chrono::Days::new(number)
    }

    proptest! {
        /// Told of exactly where a day between would be below nothing, with the first day on which it may be.
        #[test]
        fn what_is_drawn_was_there_on_each_day(
            given in 0_i64..50,
            steps in prop::collection::vec((1_u64..9, -20_i64..20), 0..12),
            asked in 1_i64..60
        ) {
            let mut changes = Changes::new();
            for (at, change) in steps {
                *changes.entry(day(at)).or_default() += change;
            }
            let open = |until: u64| given + changes.range(..=day(until)).map(|(_, change)| change).sum::<i64>();
            let from = (0..9).rev().take_while(|at| open(*at) >= asked).last();
            let said = short(open(8), asked, &changes);
            match (from, said) {
                (None | Some(0), said) => prop_assert_eq!(said, None),
                (Some(from), said) => prop_assert_eq!(said, Some((day(from), open(from - 1).max(0)))),
            }
        }
    }
}
