//! Revenue and expense of the months of a year, for the dashboard.

use chrono::NaiveDate;
use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Date, Integer},
};
use diwan_db::ReadTx;
use diwan_finance_api::{COMPLEMENTARY, Report, ReportCell, ReportQuery};
use diwan_platform::{Actor, Outcome};

use super::{
    form::{self, column, report},
    frame,
};

#[derive(QueryableByName)]
struct Month {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = BigInt)]
    revenue: i64,
    #[diesel(sql_type = BigInt)]
    expense: i64,
}

/// A row for each period of the year, also for those in which nothing was posted.
///
/// # Errors
/// Those of the frame; the database fails.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, query: &ReportQuery) -> Outcome<Report> {
    let frame = frame::Frame { known_at: None, ..frame::of(tx, actor, query)? };
    let [agency, year] = tx.marks();
    let of = |from: &str, to: &str, digit: char| {
        format!("CAST(COALESCE(SUM(CASE WHEN a.gfsm LIKE '{digit}%' THEN b.{from} - b.{to} ELSE 0 END), 0) AS BIGINT)")
    };
    let text = format!(
        "SELECT p.starts_on AS day, p.number AS number, {revenue} AS revenue, {expense} AS expense
        FROM fiscal_periods p LEFT JOIN period_balances b ON b.period_id = p.id LEFT JOIN accounts a ON a.id = b.account_id
        WHERE p.agency_id = {agency} AND p.year_id = {year} GROUP BY p.number, p.starts_on ORDER BY p.number",
        revenue = of("base_credit", "base_debit", '1'),
        expense = of("base_debit", "base_credit", '2'),
    );
    let months: Vec<Month> = sql_query(text)
        .bind::<BigInt, _>(frame.agency_id)
        .bind::<BigInt, _>(frame.year_id.unwrap_or_default())
        .load(tx.conn())?;
    let closed = closing(tx, frame.year_id.unwrap_or_default())?;
    let columns =
        vec![column("الشهر", "Month"), form::figures("الإيرادات", "Revenue"), form::figures("النفقات", "Expense")];
    let mut made = report(&frame, ("الإيرادات والنفقات حسب الأشهر", "Revenue and expense by month"), columns);
    made.rows = months
        .into_iter()
        .map(|mut month| {
            for of in closed.iter().filter(|of| of.number == month.number) {
                (month.revenue, month.expense) = (month.revenue - of.revenue, month.expense - of.expense);
            }
            let name = match month.number {
                COMPLEMENTARY => form::words(("التكميلية", "Complementary")),
                _ => ReportCell::Day(month.day),
            };
            form::row(vec![name, ReportCell::Amount(month.revenue), ReportCell::Amount(month.expense)], None)
        })
        .collect();
    Ok(made)
}

/// What the closing entry of the year took from its period: it is neither revenue nor expense.
fn closing(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<Vec<Month>> {
    let mark = tx.mark();
    let of = |from: &str, to: &str, digit: char| {
        format!("CAST(SUM(CASE WHEN a.gfsm LIKE '{digit}%' THEN l.{from} - l.{to} ELSE 0 END) AS BIGINT)")
    };
    let text = format!(
        "SELECT p.starts_on AS day, p.number AS number, {revenue} AS revenue, {expense} AS expense
        FROM year_ends y JOIN entries e ON e.record_id = y.record_id JOIN fiscal_periods p ON p.id = e.period_id
            JOIN entry_lines l ON l.entry_id = e.id JOIN accounts a ON a.id = l.account_id
        WHERE y.year_id = {mark}1 GROUP BY p.number, p.starts_on",
        revenue = of("base_credit", "base_debit", '1'),
        expense = of("base_debit", "base_credit", '2'),
    );
    Ok(sql_query(text).bind::<BigInt, _>(year_id).load(tx.conn())?)
}
