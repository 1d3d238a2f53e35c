//! Reopenings of a period and what they touched: all that was posted to it while it was open once more.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamp},
};
use diwan_db::ReadTx;
use diwan_finance_api::{Reopening, TouchedEntry};
use diwan_kernel::{Named, Page, PageRequest};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_platform_api::records::Ref;
use diwan_schema::finance::{fiscal_periods, period_reopenings};

use super::period::{self, Period};

/// What was posted under those reopenings `o` of a period of which a condition holds: entries, and what changed the budget without
/// one, each record of it once. Reopenings of a period follow one another, so all of it belongs to one of them.
fn touched(period: &str, which: &str) -> String {
    format!(
        "SELECT o.id AS reopening_id, 0 AS part, e.id AS id, e.id AS entry_id, e.record_id AS record_id,
            e.effective_on AS day, e.recorded_at AS at, e.recorded_by AS user_id, p.total AS amount
        FROM period_reopenings o JOIN entries e ON e.period_id = o.period_id AND e.recorded_at >= o.opened_at
            AND (o.ended_at IS NULL OR e.recorded_at <= o.ended_at)
        JOIN posted_entries p ON p.entry_id = e.id WHERE {which}
        UNION ALL SELECT o.id, 1, b.record_id, CAST(NULL AS BIGINT), b.record_id, MIN(b.effective_on), MAX(b.recorded_at),
            MAX(b.recorded_by), CAST(COALESCE(MAX(CASE WHEN b.document THEN b.amount END), SUM(b.amount)) AS BIGINT)
        FROM period_reopenings o JOIN period_budget b ON b.period_id = o.period_id AND b.recorded_at >= o.opened_at
            AND (o.ended_at IS NULL OR b.recorded_at <= o.ended_at)
        WHERE {which} AND b.period_id = {period} GROUP BY o.id, b.record_id"
    )
}

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
    touched: i64,
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
    let text = format!(
        "SELECT o.id, o.reason, u.id AS user_id, u.name_ar, u.name_en, o.opened_at, o.until_at, o.ended_at,
            COUNT(t.id) AS touched, CAST(COALESCE(SUM(t.amount), 0) AS BIGINT) AS amount
        FROM period_reopenings o JOIN users u ON u.id = o.opened_by LEFT JOIN ({touched}) t ON t.reopening_id = o.id
        WHERE o.period_id = {mark}1
        GROUP BY o.id, o.reason, u.id, u.name_ar, u.name_en, o.opened_at, o.until_at, o.ended_at ORDER BY o.id DESC",
        touched = touched(&format!("{mark}1"), &format!("o.period_id = {mark}1")),
    );
    let rows: Vec<Row> = sql_query(text).bind::<BigInt, _>(id).load(tx.conn())?;
    Ok(rows.into_iter().map(Row::view).collect())
}

/// The period that a reopening is of.
fn period_of(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<i64> {
    let period: Option<i64> = period_reopenings::table
        .inner_join(fiscal_periods::table.on(fiscal_periods::id.eq(period_reopenings::period_id)))
        .filter(period_reopenings::id.eq(id))
        .filter(fiscal_periods::agency_id.eq(actor.agency_id))
        .select(period_reopenings::period_id)
        .first(tx.conn())
        .optional()?;
    period.ok_or(Refusal::NotFound("period_reopening"))
}

/// A reopening, and the period that it is of.
///
/// # Errors
/// Not found; the database fails.
pub(crate) fn one(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<(Period, Reopening)> {
    let period = period_of(tx, actor, id)?;
    let found = list(tx, actor, period)?.into_iter().find(|one| one.id == id);
    Ok((period::load(tx, actor.agency_id, period)?, found.ok_or(Refusal::NotFound("period_reopening"))?))
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
            touched: self.touched,
            amount: self.amount,
        }
    }
}

#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = Integer)]
    part: i32,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    entry_id: Option<i64>,
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

/// A page of what was posted under a reopening: entries in their order, then what changed the budget without one.
///
/// # Errors
/// Not found; the database fails.
pub(crate) fn entries(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, page: &PageRequest) -> Outcome<Page<TouchedEntry>> {
    part(tx, actor, id, (page.after.as_deref(), page.rows()))
}

/// As [`entries`]: so many rows after a cursor.
///
/// # Errors
/// As [`entries`].
pub(crate) fn part(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    id: i64,
    (after, limit): (Option<&str>, i64),
) -> Outcome<Page<TouchedEntry>> {
    let period = period_of(tx, actor, id)?;
    let mark = tx.mark();
    let after = after.and_then(|after| after.split_once('-'));
    let after = after.and_then(|(part, id)| Some((part.parse::<i32>().ok()?, id.parse::<i64>().ok()?)));
    let (part, last) = after.unwrap_or_default();
    let text = format!(
        "SELECT t.part, t.id, t.entry_id, r.id AS record_id, r.kind, r.number, r.subject, t.day, t.at, u.id AS user_id, u.name_ar,
            u.name_en, t.amount
        FROM ({touched}) t JOIN records r ON r.id = t.record_id JOIN users u ON u.id = t.user_id
        WHERE t.part > {mark}2 OR (t.part = {mark}2 AND t.id > {mark}3) ORDER BY t.part, t.id LIMIT {mark}4",
        touched = touched(&format!("{mark}5"), &format!("o.id = {mark}1")),
    );
    let rows: Vec<Touched> = sql_query(text)
        .bind::<BigInt, _>(id)
        .bind::<Integer, _>(part)
        .bind::<BigInt, _>(last)
        .bind::<BigInt, _>(limit + 1)
        .bind::<BigInt, _>(period)
        .load(tx.conn())?;
    Ok(Page::from_rows(rows, limit, |row| format!("{}-{}", row.part, row.id), Touched::view))
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
