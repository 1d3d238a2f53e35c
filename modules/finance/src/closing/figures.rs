//! A period in figures: how much was posted to it, and whether the ledger is in balance up to its last day.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Integer},
};
use diwan_db::ReadTx;
use diwan_finance_api::PeriodFigures;
use diwan_platform::Outcome;

use super::period::Period;

#[derive(QueryableByName)]
struct Posted {
    #[diesel(sql_type = BigInt)]
    entries: i64,
    #[diesel(sql_type = BigInt)]
    lines: i64,
    #[diesel(sql_type = BigInt)]
    total: i64,
}

#[derive(QueryableByName)]
struct Flows {
    #[diesel(sql_type = BigInt)]
    credit: i64,
    #[diesel(sql_type = BigInt)]
    revenue: i64,
    #[diesel(sql_type = BigInt)]
    expense: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The figures of a period. The closing entry of a year is none of its revenue and expense.
///
/// # Errors
/// The database fails.
pub(super) fn of(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<PeriodFigures> {
    let mark = tx.mark();
    let posted: Posted = sql_query(format!(
        "SELECT COUNT(*) AS entries, CAST(COALESCE(SUM(p.lines), 0) AS BIGINT) AS lines, CAST(COALESCE(SUM(p.total), 0) AS BIGINT) AS total
        FROM entries e JOIN posted_entries p ON p.entry_id = e.id WHERE e.period_id = {mark}1"
    ))
    .bind::<BigInt, _>(of.id)
    .get_result(tx.conn())?;
    let flow = |digit: char, from: &str, to: &str| {
        format!("CAST(COALESCE(SUM(CASE WHEN a.gfsm LIKE '{digit}%' THEN {from} - {to} ELSE 0 END), 0) AS BIGINT)")
    };
    let flows: Flows = sql_query(format!(
        "SELECT CAST(COALESCE(SUM(CASE WHEN b.closing = 0 THEN b.credit ELSE 0 END), 0) AS BIGINT) AS credit,
            {revenue} AS revenue, {expense} AS expense
        FROM (SELECT account_id, base_debit AS debit, base_credit AS credit, 0 AS closing FROM period_balances WHERE period_id = {mark}1
            UNION ALL SELECT l.account_id, -l.base_debit, -l.base_credit, 1 FROM year_ends y JOIN entries e ON e.record_id = y.record_id
                JOIN entry_lines l ON l.entry_id = e.id WHERE y.year_id = {mark}2 AND e.period_id = {mark}1) b
        JOIN accounts a ON a.id = b.account_id",
        revenue = flow('1', "b.credit", "b.debit"),
        expense = flow('2', "b.debit", "b.credit"),
    ))
    .bind::<BigInt, _>(of.id)
    .bind::<BigInt, _>(of.year_id)
    .get_result(tx.conn())?;
    let apart: Count = sql_query(format!(
        "SELECT COUNT(*) AS count FROM (SELECT b.currency FROM fiscal_periods p JOIN period_balances b ON b.period_id = p.id
            WHERE p.agency_id = {mark}1 AND (p.ends_on < {mark}2 OR (p.ends_on = {mark}2 AND p.number <= {mark}3))
            GROUP BY b.currency HAVING SUM(b.debit) <> SUM(b.credit) OR SUM(b.base_debit) <> SUM(b.base_credit)) s"
    ))
    .bind::<BigInt, _>(of.agency_id)
    .bind::<Date, _>(of.ends_on)
    .bind::<Integer, _>(of.number)
    .get_result(tx.conn())?;
    Ok(PeriodFigures {
        entries: posted.entries,
        lines: posted.lines,
        debit: posted.total,
        credit: flows.credit,
        revenue: flows.revenue,
        expense: flows.expense,
        balanced: posted.total == flows.credit && apart.count == 0,
    })
}
