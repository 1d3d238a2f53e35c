//! The accounts of flows of a year (الحسابات الختامية): revenue, expense, other gains and losses. They begin each year at nothing, and
//! the closing entry takes what they came to into net worth. They are those whose GFSM code is none of stocks (6) and none of
//! transactions in them (3).

use std::collections::BTreeMap;

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use diwan_db::ReadTx;
use diwan_finance_api::{Coded, NominalAccount};
use diwan_kernel::Named;
use diwan_platform::Outcome;

use crate::{amounts, ledger::Line};

/// Whether an account `a` is one of flows.
const FLOWS: &str = "a.gfsm NOT LIKE '3%' AND a.gfsm NOT LIKE '6%'";

#[derive(QueryableByName)]
struct AccountRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    name_ar: String,
    #[diesel(sql_type = Text)]
    name_en: String,
    #[diesel(sql_type = Text)]
    gfsm: String,
    #[diesel(sql_type = BigInt)]
    balance: i64,
}

/// The accounts of flows with a balance in the year, by code, without what its closing entry took from them.
///
/// # Errors
/// The database fails.
pub(super) fn accounts(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<Vec<NominalAccount>> {
    let text = format!(
        "SELECT a.id, a.code, a.name_ar, a.name_en, a.gfsm, CAST(SUM(s.net) AS BIGINT) AS balance FROM (
            SELECT b.account_id, b.base_debit - b.base_credit AS net
            FROM fiscal_periods p JOIN period_balances b ON b.period_id = p.id WHERE p.year_id = {mark}1
            UNION ALL SELECT l.account_id, l.base_credit - l.base_debit
            FROM year_ends y JOIN entries e ON e.record_id = y.record_id JOIN entry_lines l ON l.entry_id = e.id
            WHERE y.year_id = {mark}1) s JOIN accounts a ON a.id = s.account_id
        WHERE {FLOWS} GROUP BY a.id, a.code, a.name_ar, a.name_en, a.gfsm HAVING SUM(s.net) <> 0 ORDER BY a.code",
        mark = tx.mark(),
    );
    let rows: Vec<AccountRow> = sql_query(text).bind::<BigInt, _>(year_id).load(tx.conn())?;
    let account = |row: AccountRow| NominalAccount {
        account: Coded { id: row.id, code: row.code, name: Named { ar: row.name_ar, en: row.name_en } },
        gfsm: row.gfsm,
        balance: row.balance,
    };
    Ok(rows.into_iter().map(account).collect())
}

/// Revenue and gains, and expense and losses, of these accounts.
///
/// # Errors
/// A sum does not fit.
pub(super) fn result(accounts: &[NominalAccount]) -> Outcome<(i64, i64)> {
    let (mut revenue, mut expense) = (0_i128, 0_i128);
    for one in accounts {
        let balance = i128::from(one.balance);
        if one.gfsm.starts_with('1') || !one.gfsm.starts_with('2') && balance < 0 {
            revenue -= balance;
        } else {
            expense += balance;
        }
    }
    Ok((amounts::fits(revenue)?, amounts::fits(expense)?))
}

/// What stands on a combination of dimensions of accounts of flows; 0 stands for none.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Balance {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = BigInt)]
    key_id: i64,
    #[diesel(sql_type = BigInt)]
    party_id: i64,
    #[diesel(sql_type = BigInt)]
    centre_id: i64,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = BigInt)]
    debit: i64,
    #[diesel(sql_type = BigInt)]
    credit: i64,
    #[diesel(sql_type = BigInt)]
    base_debit: i64,
    #[diesel(sql_type = BigInt)]
    base_credit: i64,
}

/// The balances that the closing entry takes to nothing.
///
/// # Errors
/// The database fails.
pub(super) fn balances(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<Vec<Balance>> {
    let sum = |column: &str| format!("CAST(SUM(b.{column}) AS BIGINT) AS {column}");
    let text = format!(
        "SELECT b.account_id, b.key_id, b.party_id, b.centre_id, b.currency, {debit}, {credit}, {base_debit}, {base_credit}
        FROM fiscal_periods p JOIN period_balances b ON b.period_id = p.id JOIN accounts a ON a.id = b.account_id
        WHERE p.year_id = {mark}1 AND {FLOWS} GROUP BY b.account_id, b.key_id, b.party_id, b.centre_id, b.currency
        HAVING SUM(b.debit) <> SUM(b.credit) OR SUM(b.base_debit) <> SUM(b.base_credit)
        ORDER BY b.account_id, b.key_id, b.party_id, b.centre_id, b.currency",
        debit = sum("debit"),
        credit = sum("credit"),
        base_debit = sum("base_debit"),
        base_credit = sum("base_credit"),
        mark = tx.mark(),
    );
    Ok(sql_query(text).bind::<BigInt, _>(year_id).load(tx.conn())?)
}

/// Both sides of a sum in its currency and in the base currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sides {
    debit: i64,
    credit: i64,
    base_debit: i64,
    base_credit: i64,
}

impl Sides {
    const fn turned(self) -> Self {
        Self { debit: self.credit, credit: self.debit, base_debit: self.base_credit, base_credit: self.base_debit }
    }

    /// The same as lines of one side each: one with the difference, or both where the differences of the two currencies do not
    /// stand on the same side.
    fn lines(self) -> Vec<Self> {
        let (net, base) = (self.debit - self.credit, self.base_debit - self.base_credit);
        if net == 0 && base == 0 {
            return Vec::new();
        }
        if net.signum() == base.signum() {
            let one =
                Self { debit: net.max(0), credit: (-net).max(0), base_debit: base.max(0), base_credit: (-base).max(0) };
            return vec![one];
        }
        vec![
            Self { debit: self.debit, base_debit: self.base_debit, ..Self::default() },
            Self { credit: self.credit, base_credit: self.base_credit, ..Self::default() },
        ]
    }

    fn add(&mut self, other: Self) -> Outcome<()> {
        for (own, other) in [
            (&mut self.debit, other.debit),
            (&mut self.credit, other.credit),
            (&mut self.base_debit, other.base_debit),
            (&mut self.base_credit, other.base_credit),
        ] {
            *own = amounts::sum([*own, other])?;
        }
        Ok(())
    }
}

/// The lines that take these balances to nothing, with what that leaves on the account of the result, for each currency.
///
/// # Errors
/// A sum does not fit.
pub(super) fn lines(balances: &[Balance], surplus_account: i64, note: &str) -> Outcome<Vec<Line>> {
    let some = |id: i64| (id != 0).then_some(id);
    let mut lines = Vec::with_capacity(balances.len() + 2);
    let mut left: BTreeMap<&str, Sides> = BTreeMap::new();
    let line = |account_id: i64, currency: &str, sides: Sides| Line {
        account_id,
        key_id: None,
        party_id: None,
        centre_id: None,
        currency: currency.to_owned(),
        debit: sides.debit,
        credit: sides.credit,
        base_debit: sides.base_debit,
        base_credit: sides.base_credit,
        note: note.to_owned(),
    };
    for of in balances {
        let sides =
            Sides { debit: of.debit, credit: of.credit, base_debit: of.base_debit, base_credit: of.base_credit };
        left.entry(of.currency.as_str()).or_default().add(sides)?;
        lines.extend(sides.turned().lines().into_iter().map(|one| Line {
            key_id: some(of.key_id),
            party_id: some(of.party_id),
            centre_id: some(of.centre_id),
            ..line(of.account_id, &of.currency, one)
        }));
    }
    for (currency, sides) in left {
        lines.extend(sides.lines().into_iter().map(|one| line(surplus_account, currency, one)));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever stands there, the lines take it to nothing, stand on one side each, and are balanced in every currency.
        #[test]
        fn the_closing_lines_take_everything_to_nothing(
            rows in proptest::collection::vec((1_i64..4, 0_i64..3, 0_usize..2, 1_i64..1_000, 1_i64..1_000, 1_i64..900, 1_i64..900, 0_u8..3), 1..30)
        ) {
            let balances: Vec<Balance> = rows
                .iter()
                .map(|(account_id, key_id, currency, debit, credit, base_debit, base_credit, sides)| {
                    // One side alone, or both.
                    let (left, right) = (*sides != 1, *sides != 2);
                    Balance {
                        account_id: *account_id,
                        key_id: *key_id,
                        party_id: 0,
                        centre_id: 0,
                        currency: ["JOD", "USD"][*currency].to_owned(),
                        debit: if left { *debit } else { 0 },
                        base_debit: if left { *base_debit } else { 0 },
                        credit: if right { *credit } else { 0 },
                        base_credit: if right { *base_credit } else { 0 },
                    }
                })
                .collect();
            let made = lines(&balances, 9, "").unwrap();
            for line in &made {
                prop_assert!((line.debit == 0) != (line.credit == 0));
                prop_assert!((line.debit == 0) == (line.base_debit == 0) && (line.credit == 0) == (line.base_credit == 0));
            }
            for currency in ["JOD", "USD"] {
                let of_currency = made.iter().filter(|line| line.currency == currency);
                prop_assert_eq!(of_currency.map(|line| line.debit - line.credit).sum::<i64>(), 0);
            }
            prop_assert_eq!(made.iter().map(|line| line.base_debit - line.base_credit).sum::<i64>(), 0);
            let before: i64 = balances.iter().map(|of| of.base_debit - of.base_credit).sum();
            let flows = made.iter().filter(|line| line.account_id != 9);
            prop_assert_eq!(before + flows.map(|line| line.base_debit - line.base_credit).sum::<i64>(), 0);
        }
    }
}
