//! The balances with which the next year opens (الأرصدة الافتتاحية): those of the year before it opened with, and what its periods
//! moved. No entry is written for it, and reports read them in place of all periods before.

use diesel::{RunQueryDsl, sql_query, sql_types::BigInt};
use diwan_db::WriteTx;
use diwan_platform::Outcome;

use super::store::Year;

/// Writes the closing balances of a year whose accounts of flows are at nothing.
///
/// # Errors
/// The database fails.
pub(super) fn write(tx: &mut WriteTx<'_>, year: &Year) -> Outcome<()> {
    let mark = tx.mark();
    let side = |net: &str, sign: &str| {
        format!("CAST(CASE WHEN SUM(s.{net}) {sign} 0 THEN ABS(SUM(s.{net})) ELSE 0 END AS BIGINT)")
    };
    let text = format!(
        "INSERT INTO opening_balances (year_id, account_id, key_id, party_id, centre_id, currency, debit, credit, base_debit, base_credit)
        SELECT {mark}1, s.account_id, s.key_id, s.party_id, s.centre_id, s.currency, {debit}, {credit}, {base_debit}, {base_credit} FROM (
            SELECT b.account_id, b.key_id, b.party_id, b.centre_id, b.currency, b.debit - b.credit AS net, b.base_debit - b.base_credit AS base
            FROM fiscal_periods p JOIN period_balances b ON b.period_id = p.id WHERE p.year_id = {mark}1
            UNION ALL SELECT o.account_id, o.key_id, o.party_id, o.centre_id, o.currency, o.debit - o.credit, o.base_debit - o.base_credit
            FROM opening_balances o WHERE o.year_id = (SELECT y.year_id FROM year_ends y JOIN fiscal_years f ON f.id = y.year_id
                JOIN fiscal_years own ON own.id = {mark}1
                WHERE y.agency_id = {mark}2 AND y.state = 'ended' AND f.year < own.year ORDER BY f.year DESC LIMIT 1)) s
        GROUP BY s.account_id, s.key_id, s.party_id, s.centre_id, s.currency HAVING SUM(s.net) <> 0 OR SUM(s.base) <> 0
        ORDER BY s.account_id, s.key_id, s.party_id, s.centre_id, s.currency",
        debit = side("net", ">"),
        credit = side("net", "<"),
        base_debit = side("base", ">"),
        base_credit = side("base", "<"),
    );
    sql_query(text).bind::<BigInt, _>(year.id).bind::<BigInt, _>(year.agency_id).execute(tx.conn())?;
    Ok(())
}
