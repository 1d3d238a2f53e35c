//! Reopenings of a period and what they touched: all that was posted to it while it was open once more.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Text, Timestamp},
};
use diwan_db::ReadTx;
use diwan_finance_api::{Reopening, TouchedEntry};
use diwan_kernel::{Named, Page, PageRequest};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_platform_api::records::Ref;
use diwan_schema::finance::{fiscal_periods, period_reopenings};

use super::period;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Text)]
    name_ar: String,
    #[diesel(sql_type = Text)]
    name_en: String,
    #[diesel(sql_type = Timestamp)]
    opened_at: NaiveDateTime,
    #[diesel(sql_type = Timestamp)]
    until_at: NaiveDateTime,
    #[diesel(sql_type = Nullable<Timestamp>)]
    ended_at: Option<NaiveDateTime>,
    #[diesel(sql_type = BigInt)]
    entries: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// The reopenings of a period, the latest first.
///
/// # Errors
/// Not found; the database fails.
pub(crate) fn list(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Vec<Reopening>> {
    period::load(tx, actor.agency_id, id)?;
    let mark = tx.mark();
    // Reopenings of a period follow one another, so an entry belongs to one of them.
    let text = format!(
        "SELECT o.id, o.reason, u.id AS user_id, u.name_ar, u.name_en, o.opened_at, o.until_at, o.ended_at,
            COUNT(p.entry_id) AS entries, CAST(COALESCE(SUM(p.total), 0) AS BIGINT) AS amount
        FROM period_reopenings o JOIN users u ON u.id = o.opened_by
        LEFT JOIN entries e ON e.period_id = o.period_id AND e.recorded_at >= o.opened_at
            AND (o.ended_at IS NULL OR e.recorded_at <= o.ended_at)
        LEFT JOIN posted_entries p ON p.entry_id = e.id
        WHERE o.period_id = {mark}1
        GROUP BY o.id, o.reason, u.id, u.name_ar, u.name_en, o.opened_at, o.until_at, o.ended_at ORDER BY o.id DESC"
    );
    let rows: Vec<Row> = sql_query(text).bind::<BigInt, _>(id).load(tx.conn())?;
    Ok(rows.into_iter().map(Row::view).collect())
}

impl Row {
    fn view(self) -> Reopening {
        Reopening {
            id: self.id,
            reason: self.reason,
            by: Ref { id: self.user_id, name: Named { ar: self.name_ar, en: self.name_en } },
            opened_at: self.opened_at,
            until: self.until_at,
            ended_at: self.ended_at,
            entries: self.entries,
            amount: self.amount,
        }
    }
}

#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = BigInt)]
    entry_id: i64,
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Timestamp)]
    at: NaiveDateTime,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Text)]
    name_ar: String,
    #[diesel(sql_type = Text)]
    name_en: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// A page of what was posted under a reopening, in the order it was.
///
/// # Errors
/// Not found; the database fails.
pub(crate) fn entries(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, page: &PageRequest) -> Outcome<Page<TouchedEntry>> {
    let own: Option<i64> = period_reopenings::table
        .inner_join(fiscal_periods::table.on(fiscal_periods::id.eq(period_reopenings::period_id)))
        .filter(period_reopenings::id.eq(id))
        .filter(fiscal_periods::agency_id.eq(actor.agency_id))
        .select(period_reopenings::id)
        .first(tx.conn())
        .optional()?;
    if own.is_none() {
        return Err(Refusal::NotFound("period_reopening"));
    }
    let (mark, limit) = (tx.mark(), page.rows());
    let after: i64 = page.after.as_deref().and_then(|after| after.parse().ok()).unwrap_or(0);
    let text = format!(
        "SELECT e.id AS entry_id, r.id AS record_id, r.kind, r.number, r.subject, e.effective_on AS day, e.recorded_at AS at,
            u.id AS user_id, u.name_ar, u.name_en, p.total AS amount
        FROM period_reopenings o JOIN entries e ON e.period_id = o.period_id AND e.recorded_at >= o.opened_at
            AND (o.ended_at IS NULL OR e.recorded_at <= o.ended_at)
        JOIN posted_entries p ON p.entry_id = e.id JOIN records r ON r.id = e.record_id JOIN users u ON u.id = e.recorded_by
        WHERE o.id = {mark}1 AND e.id > {mark}2 ORDER BY e.id LIMIT {mark}3"
    );
    let rows: Vec<Touched> =
        sql_query(text).bind::<BigInt, _>(id).bind::<BigInt, _>(after).bind::<BigInt, _>(limit + 1).load(tx.conn())?;
    Ok(Page::from_rows(rows, limit, |row| row.entry_id.to_string(), Touched::view))
}

impl Touched {
    fn view(self) -> TouchedEntry {
        TouchedEntry {
            entry_id: self.entry_id,
            record_id: self.record_id,
            kind: self.kind,
            number: self.number,
            subject: self.subject,
            day: self.day,
            at: self.at,
            by: Ref { id: self.user_id, name: Named { ar: self.name_ar, en: self.name_en } },
            amount: self.amount,
        }
    }
}
