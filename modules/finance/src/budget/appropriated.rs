//! What a year was appropriated in the end (المخصص النهائي): law, supplements and virements of each key, without what was carried
//! in and what lapsed.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::MoveKind;
use diwan_platform::Outcome;
use diwan_schema::finance::{budget_keys, budget_moves};

use crate::{
    amounts,
    structure::keys::{PartIds, Parts, part_ids},
};

/// The parts of a key, its budget line, where the money came from, how much.
type Row = (PartIds, i64, String, i64);

/// The final appropriation of each key of a year, minor units of the base currency, where it is more than 0. The keys of a line
/// come to what the line was given.
///
/// # Errors
/// The database fails; `amount_overflow`.
pub(super) fn of_year(tx: &mut ReadTx<'_>, agency_id: i64, year_id: i64) -> Outcome<BTreeMap<Parts, i64>> {
    let kinds = [MoveKind::Law, MoveKind::Supplementary, MoveKind::Virement].map(MoveKind::code);
    let rows: Vec<Row> = budget_moves::table
        .inner_join(budget_keys::table.on(budget_keys::id.nullable().eq(budget_moves::key_id)))
        .filter(budget_keys::agency_id.eq(agency_id))
        .filter(budget_keys::year_id.eq(year_id))
        .filter(budget_moves::kind.eq_any(kinds))
        .select((part_ids(), budget_moves::line_id, budget_moves::source, budget_moves::amount))
        .load(tx.conn())?;
    let mut sums = BTreeMap::<(i64, Parts), i64>::new();
    for (parts, line, source, amount) in rows {
        let sum = sums.entry((line, parts.into())).or_default();
        let signed = if source == "outside" { amount } else { -amount };
        *sum = amounts::sum([*sum, signed])?;
    }
    Ok(within_lines(sums))
}

/// A line is guarded as a whole, so one of its keys may have given more than it had: the others of the line bear that, in their
/// order. Else the line would come to more than it was given.
fn within_lines(sums: BTreeMap<(i64, Parts), i64>) -> BTreeMap<Parts, i64> {
    let mut given = BTreeMap::<i64, i64>::new();
    for ((line, _), amount) in sums.iter().filter(|(_, amount)| **amount < 0) {
        let short = given.entry(*line).or_default();
        *short = short.saturating_sub(*amount);
    }
    let mut left = BTreeMap::new();
    for ((line, parts), amount) in sums.into_iter().filter(|(_, amount)| *amount > 0) {
        let short = given.entry(line).or_default();
        let borne = amount.min(*short);
        *short -= borne;
        if amount > borne {
            left.insert(parts, amount - borne);
        }
    }
    left
}

/// So many months of a year's appropriation that is cut into so many parts, never more than all of it; what is less than a
/// fils is left for the months after.
pub(super) fn share(amount: i64, months: u32, parts: i32) -> i64 {
    let share = i128::from(amount) * i128::from(months) / i128::from(parts.max(1));
    i64::try_from(share).unwrap_or(amount).min(amount)
}

#[cfg(test)]
mod tests {
    use super::{share, within_lines};

    #[test]
    fn what_a_key_gave_beyond_its_own_is_borne_by_its_line_alone() {
        let parts = |location: i64| [1, 2, 3, 4, location, 6];
        let sums = [((7, parts(1)), -50), ((7, parts(2)), 30), ((7, parts(3)), 70), ((8, parts(4)), 100)].into();
        let left: Vec<_> = within_lines(sums).into_iter().collect();
        assert_eq!(left, [(parts(3), 50), (parts(4), 100)]);
    }

    #[test]
    fn twelve_months_take_all_and_no_month_takes_more_than_its_part() {
        for amount in [1, 11, 12, 1_000, 999_999_999_999_999_999] {
            let mut before = 0;
            for month in 1..=12 {
                let now = share(amount, month, 12);
                assert!(now >= before && i128::from(now) * 12 <= i128::from(amount) * i128::from(month));
                before = now;
            }
            assert_eq!(before, amount);
        }
        assert_eq!(share(1_200, 12, 24), 600);
    }
}
