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

/// The parts of a key, where the money came from, how much.
type Row = (PartIds, String, i64);

/// The final appropriation of each key of a year, minor units of the base currency, where it is more than 0.
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
        .select((part_ids(), budget_moves::source, budget_moves::amount))
        .load(tx.conn())?;
    let mut sums = BTreeMap::<Parts, i64>::new();
    for (parts, source, amount) in rows {
        let sum = sums.entry(parts.into()).or_default();
        let signed = if source == "outside" { amount } else { -amount };
        *sum = amounts::sum([*sum, signed])?;
    }
    sums.retain(|_, amount| *amount > 0);
    Ok(sums)
}

/// So many months of a year's appropriation that is cut into so many parts, never more than all of it; what is less than a
/// fils is left for the months after.
pub(super) fn share(amount: i64, months: u32, parts: i32) -> i64 {
    let share = i128::from(amount) * i128::from(months) / i128::from(parts.max(1));
    i64::try_from(share).unwrap_or(amount).min(amount)
}

#[cfg(test)]
mod tests {
    use super::share;

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
