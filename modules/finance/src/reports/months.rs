//! Revenue and expense of the months of a year, for the dashboard.

use chrono::NaiveDate;
use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Date},
};
use diwan_db::{Backend, ReadTx};
use diwan_finance_api::{Report, ReportCell, ReportQuery};
use diwan_platform::{Actor, Outcome};

use super::{
    form::{self, column, report},
    frame,
};

#[derive(QueryableByName)]
struct Month {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
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
    let [agency, year] = match tx.conn().backend_kind() {
        Backend::Postgres => ["$1", "$2"],
        Backend::Sqlite => ["?1", "?2"],
    };
    let of = |from: &str, to: &str, digit: char| {
        format!("CAST(COALESCE(SUM(CASE WHEN a.gfsm LIKE '{digit}%' THEN b.{from} - b.{to} ELSE 0 END), 0) AS BIGINT)")
    };
    let text = format!(
        "SELECT p.starts_on AS day, {revenue} AS revenue, {expense} AS expense
        FROM fiscal_periods p LEFT JOIN period_balances b ON b.period_id = p.id LEFT JOIN accounts a ON a.id = b.account_id
        WHERE p.agency_id = {agency} AND p.year_id = {year} GROUP BY p.number, p.starts_on ORDER BY p.number",
        revenue = of("base_credit", "base_debit", '1'),
        expense = of("base_debit", "base_credit", '2'),
    );
    let months: Vec<Month> = sql_query(text)
        .bind::<BigInt, _>(frame.agency_id)
        .bind::<BigInt, _>(frame.year_id.unwrap_or_default())
        .load(tx.conn())?;
    let columns =
        vec![column("الشهر", "Month"), form::figures("الإيرادات", "Revenue"), form::figures("النفقات", "Expense")];
    let mut made = report(&frame, ("الإيرادات والنفقات حسب الأشهر", "Revenue and expense by month"), columns);
    made.rows = months
        .into_iter()
        .map(|month| {
            let cells =
                vec![ReportCell::Day(month.day), ReportCell::Amount(month.revenue), ReportCell::Amount(month.expense)];
            form::row(cells, None)
        })
        .collect();
    Ok(made)
}
