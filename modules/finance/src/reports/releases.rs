//! Cash of budget lines (الحوالات) as of any day: what was released, and what of that was ordered or used.
//!
//! Where nothing is asked about knowing and the day is not over, `line_cash` is read, less what counts later. Of a former day it
//! follows from what was posted: releases, moves of payments, and items of runs that were approved and not heard of yet. A run
//! that was given up before it was sent has ordered nothing.

use std::collections::BTreeMap;

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Timestamp},
};
use diwan_db::ReadTx;
use diwan_platform::Outcome;

use super::frame::Frame;
use crate::amounts::sum;

/// Cash of a line, in minor units of the base currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cash {
    /// المحوّل.
    pub(super) released: i64,
    /// المأمور بصرفه والمصروف.
    pub(super) drawn: i64,
}

impl Cash {
    /// المتبقي من الحوالات.
    ///
    /// # Errors
    /// It does not fit.
    pub(super) fn left(&self) -> Outcome<i64> {
        sum([self.released, -self.drawn])
    }

    /// Adds the cash of another line.
    ///
    /// # Errors
    /// It does not fit.
    pub(super) fn add(&mut self, other: &Self) -> Outcome<()> {
        self.released = sum([self.released, other.released])?;
        self.drawn = sum([self.drawn, other.drawn])?;
        Ok(())
    }
}

/// The same as the database gives it.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    line_id: i64,
    #[diesel(sql_type = BigInt)]
    released: i64,
    #[diesel(sql_type = BigInt)]
    used: i64,
    #[diesel(sql_type = BigInt)]
    ordered: i64,
}

/// The cash of the lines of the year of a frame; a line without any is left out.
///
/// # Errors
/// The database fails; a sum does not fit.
pub(super) fn of(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<BTreeMap<i64, Cash>> {
    if frame.known_at.is_none() && frame.to >= tx.today() { now(tx, frame) } else { then(tx, frame) }
}

/// From what is kept of the lines, less what counts later.
pub(super) fn now(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<BTreeMap<i64, Cash>> {
    let [agency, year, day] = tx.marks();
    let text = summed(&[
        format!(
            "SELECT c.line_id AS line_id, c.released AS released, c.used AS used, c.ordered AS ordered
            FROM budget_lines l JOIN line_cash c ON c.line_id = l.id WHERE l.agency_id = {agency} AND l.year_id = {year}"
        ),
        released(-1, (&agency, &year), &format!("d.effective_on > {day}")),
        used(-1, (&agency, &year), &format!("m.effective_on > {day}")),
        freed(1, (&agency, &year), &format!("d.effective_on > {day}")),
    ]);
    let rows: Vec<Row> = sql_query(text)
        .bind::<BigInt, _>(frame.agency_id)
        .bind::<BigInt, _>(frame.year_id.unwrap_or_default())
        .bind::<Date, _>(frame.to)
        .load(tx.conn())?;
    by_line(rows)
}

/// From what was posted.
pub(super) fn then(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<BTreeMap<i64, Cash>> {
    let [agency, year, day, known] = tx.marks();
    let known_at = frame.recorded_until();
    let text = summed(&[
        released(1, (&agency, &year), &format!("d.effective_on <= {day} AND d.posted_at <= {known}")),
        used(1, (&agency, &year), &format!("m.effective_on <= {day} AND m.recorded_at <= {known}")),
        freed(-1, (&agency, &year), &format!("d.effective_on <= {day} AND d.posted_at <= {known}")),
        ordered([&agency, &year, &day, &known]),
    ]);
    let rows: Vec<Row> = sql_query(text)
        .bind::<BigInt, _>(frame.agency_id)
        .bind::<BigInt, _>(frame.year_id.unwrap_or_default())
        .bind::<Date, _>(frame.to)
        .bind::<Timestamp, _>(known_at)
        .load(tx.conn())?;
    by_line(rows)
}

/// A voucher of a former day may free what was paid on a later one: of the days between nothing was used, and never less.
fn by_line(rows: Vec<Row>) -> Outcome<BTreeMap<i64, Cash>> {
    let mut cash = BTreeMap::new();
    for row in rows {
        let drawn = sum([row.used.max(0), row.ordered])?;
        cash.insert(row.line_id, Cash { released: row.released, drawn });
    }
    Ok(cash)
}

/// All parts, line by line.
fn summed(parts: &[String]) -> String {
    let of = |name: &str| format!("CAST(SUM(x.{name}) AS BIGINT) AS {name}");
    format!(
        "SELECT x.line_id AS line_id, {released}, {used}, {ordered} FROM ({parts}) x GROUP BY x.line_id",
        released = of("released"),
        used = of("used"),
        ordered = of("ordered"),
        parts = parts.join(" UNION ALL "),
    )
}

/// What releases brought to lines and took back.
fn released(sign: i32, (agency, year): (&str, &str), when: &str) -> String {
    format!(
        "SELECT k.line_id AS line_id, {sign} * (CASE f.side WHEN 'debit' THEN f.base_amount ELSE -f.base_amount END) AS released,
            0 AS used, 0 AS ordered
        FROM finance_documents d JOIN finance_lines f ON f.record_id = d.record_id JOIN budget_keys k ON k.id = f.key_id
        WHERE d.agency_id = {agency} AND d.kind = 'release' AND d.year_id = {year} AND d.posted_at IS NOT NULL AND {when}"
    )
}

/// What payments used of lines, less what came back: what is spent at once uses no cash.
fn used(sign: i32, (agency, year): (&str, &str), when: &str) -> String {
    format!(
        "SELECT m.line_id AS line_id, 0 AS released, {sign} * (CASE m.target WHEN 'paid' THEN m.amount ELSE -m.amount END) AS used,
            0 AS ordered
        FROM budget_lines l JOIN budget_moves m ON m.line_id = l.id JOIN entries e ON e.id = m.entry_id
        WHERE l.agency_id = {agency} AND l.year_id = {year} AND (m.target = 'paid' OR m.source = 'paid') AND {when}
            AND e.kind = 'payment_run'"
    )
}

/// What vouchers freed of what was used of lines, less what their reversals took again.
fn freed(sign: i32, (agency, year): (&str, &str), when: &str) -> String {
    format!(
        "SELECT c.line_id AS line_id, 0 AS released, {sign} * c.amount AS used, 0 AS ordered
        FROM budget_lines l JOIN line_cash_freed c ON c.line_id = l.id JOIN finance_documents d ON d.record_id = c.record_id
        WHERE l.agency_id = {agency} AND l.year_id = {year} AND {when}"
    )
}

/// What runs had ordered of lines that was neither paid nor refused yet; what a document gives back is not ordered.
fn ordered([agency, year, day, known]: [&str; 4]) -> String {
    format!(
        "SELECT o.line_id AS line_id, 0 AS released, 0 AS used, o.amount AS ordered FROM (
            SELECT i.id AS item_id, m.line_id AS line_id,
                SUM(CASE m.target WHEN 'obligated' THEN m.amount ELSE -m.amount END) AS amount
            FROM payment_runs r JOIN payment_items i ON i.run_id = r.record_id
                JOIN finance_documents d ON d.record_id = i.document_id JOIN budget_moves m ON m.entry_id = d.entry_id
                LEFT JOIN entries e ON e.id = i.entry_id
            WHERE r.agency_id = {agency} AND r.state IN ('approved', 'sent', 'executed') AND r.approved_on <= {day}
                AND r.approved_at <= {known} AND d.year_id = {year} AND 'obligated' IN (m.source, m.target)
                AND (COALESCE(i.executed_on, i.failed_on) IS NULL OR COALESCE(i.executed_on, i.failed_on) > {day}
                    OR e.recorded_at > {known})
            GROUP BY i.id, m.line_id) o
        WHERE o.amount > 0"
    )
}
