//! The budget of a period as the book has it: the documents that brought, moved or held it, and every move of its lines.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamp},
};
use diwan_db::ReadTx;
use diwan_platform::Outcome;

use super::{
    attached::{self, asked},
    build::Writer,
    format::{Buckets, Document, DocumentLine, Line, Move, Person},
};

/// Documents whose lines are read at once: a law has thousands.
const DOCUMENTS: usize = 200;
/// Moves that are read at once.
const MOVES: usize = 50_000;

/// The documents of the budget of a period, which the mark names: those that make no entry of the ledger.
fn of_period(period: &str) -> String {
    format!("FROM period_budget d WHERE d.period_id = {period} AND d.document")
}

/// The moves of a period: those of its entries; of the others, those of the view `period_budget`. The view cannot be read for them:
/// it knows a move by its record alone, and the book has each by its line and its place there. So their rule stands here once
/// more, and whoever changes it changes both.
fn moves_of_period(period: &str) -> String {
    format!(
        "FROM fiscal_periods p JOIN budget_moves m ON m.effective_on BETWEEN p.starts_on AND p.ends_on
            JOIN budget_lines b ON b.id = m.line_id AND b.agency_id = p.agency_id
            LEFT JOIN entries e ON e.id = m.entry_id
            LEFT JOIN finance_documents d ON d.record_id = m.record_id AND m.entry_id IS NULL
        WHERE p.id = {period} AND m.kind <> 'begin'
            AND (e.period_id = p.id OR (m.entry_id IS NULL AND COALESCE(d.complementary, FALSE) = (p.number = 13)))"
    )
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    documents: i64,
    #[diesel(sql_type = BigInt)]
    moves: i64,
}

/// How many documents and moves of the budget a period has.
///
/// # Errors
/// The database fails.
pub(super) fn counts(tx: &mut ReadTx<'_>, period_id: i64) -> Outcome<(i64, i64)> {
    let period = format!("{mark}1", mark = tx.mark());
    let text = format!(
        "SELECT (SELECT COUNT(*) {documents}) AS documents, (SELECT COUNT(*) {moves}) AS moves",
        documents = of_period(&period),
        moves = moves_of_period(&period),
    );
    let count: Count = sql_query(text).bind::<BigInt, _>(period_id).get_result(tx.conn())?;
    Ok((count.documents, count.moves))
}

#[derive(QueryableByName)]
struct Head {
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Timestamp)]
    posted_at: NaiveDateTime,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    reference: String,
    #[diesel(sql_type = Nullable<Text>)]
    source: Option<String>,
    #[diesel(sql_type = Text)]
    party: String,
    #[diesel(sql_type = Text)]
    currency: String,
}

/// Writes the documents of the budget in the order in which they were begun, each with its lines, approvals and files.
///
/// # Errors
/// The database fails.
pub(super) fn documents(tx: &mut ReadTx<'_>, period_id: i64, book: &mut Writer) -> Outcome<()> {
    let mark = tx.mark();
    let chosen = of_period(&format!("{mark}3"));
    let records = format!("(SELECT d.record_id {chosen} AND d.record_id BETWEEN {mark}1 AND {mark}2)");
    for heads in heads(tx, period_id)?.chunks(DOCUMENTS) {
        let (Some(first), Some(last)) = (heads.first(), heads.last()) else { continue };
        let range = first.record_id..=last.record_id;
        let mut lines = lines(tx, &records, (period_id, &range))?;
        let mut approvals = attached::approvals(tx, &records, (period_id, &range))?;
        let mut files = attached::files(tx, &records, (period_id, &range))?;
        for head in heads {
            let document = Document {
                kind: head.kind.clone(),
                number: head.number.clone(),
                day: head.day,
                posted_at: head.posted_at,
                subject: head.subject.clone(),
                reference: head.reference.clone(),
                source: head.source.clone(),
                party: head.party.clone(),
                currency: head.currency.clone(),
                lines: lines.remove(&head.record_id).unwrap_or_default(),
                approvals: approvals.remove(&head.record_id).unwrap_or_default(),
                files: files.remove(&head.record_id).unwrap_or_default(),
            };
            book.line(&Line::Document(document))?;
        }
    }
    Ok(())
}

fn heads(tx: &mut ReadTx<'_>, period_id: i64) -> Outcome<Vec<Head>> {
    let text = format!(
        "SELECT x.record_id, x.kind, r.number, x.effective_on AS day, x.posted_at, r.subject, x.reference, s.number AS source,
            COALESCE(y.code, '') AS party, x.currency
        FROM finance_documents x JOIN records r ON r.id = x.record_id LEFT JOIN records s ON s.id = x.source_id
            LEFT JOIN parties y ON y.id = x.party_id
        WHERE x.record_id IN (SELECT d.record_id {chosen}) ORDER BY x.record_id",
        chosen = of_period(&format!("{mark}1", mark = tx.mark())),
    );
    Ok(sql_query(text).bind::<BigInt, _>(period_id).load(tx.conn())?)
}

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Text)]
    key_code: String,
    #[diesel(sql_type = Text)]
    side: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = BigInt)]
    base_amount: i64,
    #[diesel(sql_type = Text)]
    note: String,
}

fn lines(
    tx: &mut ReadTx<'_>,
    records: &str,
    of: (i64, &RangeInclusive<i64>),
) -> Outcome<BTreeMap<i64, Vec<DocumentLine>>> {
    let text = format!(
        "SELECT l.record_id, COALESCE(k.code, '') AS key_code, l.side, l.amount, l.base_amount, l.note
        FROM finance_lines l LEFT JOIN budget_keys k ON k.id = l.key_id
        WHERE l.record_id IN {records} ORDER BY l.record_id, l.seq"
    );
    let mut all: BTreeMap<i64, Vec<DocumentLine>> = BTreeMap::new();
    for row in asked::<LineRow>(tx, text, of)? {
        let LineRow { record_id, key_code: key, side, amount, base_amount, note } = row;
        all.entry(record_id).or_default().push(DocumentLine { key, side, amount, base_amount, note });
    }
    Ok(all)
}

#[derive(QueryableByName)]
struct MoveRow {
    #[diesel(sql_type = BigInt)]
    line_id: i64,
    #[diesel(sql_type = Integer)]
    year: i32,
    #[diesel(sql_type = Text)]
    line: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Text)]
    target: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = Text)]
    key_code: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    entry_id: Option<i64>,
    #[diesel(sql_type = Text)]
    document_kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    document: Option<String>,
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Timestamp)]
    recorded_at: NaiveDateTime,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(embed)]
    after: AfterRow,
}

/// What was in the line after a move.
#[derive(QueryableByName)]
struct AfterRow {
    #[diesel(sql_type = BigInt)]
    after_unallotted: i64,
    #[diesel(sql_type = BigInt)]
    after_frozen: i64,
    #[diesel(sql_type = BigInt)]
    after_available: i64,
    #[diesel(sql_type = BigInt)]
    after_pre_committed: i64,
    #[diesel(sql_type = BigInt)]
    after_committed: i64,
    #[diesel(sql_type = BigInt)]
    after_obligated: i64,
    #[diesel(sql_type = BigInt)]
    after_paid: i64,
}

impl MoveRow {
    fn written(self) -> Outcome<Move> {
        let after = Buckets {
            unallotted: self.after.after_unallotted,
            frozen: self.after.after_frozen,
            available: self.after.after_available,
            pre_committed: self.after.after_pre_committed,
            committed: self.after.after_committed,
            obligated: self.after.after_obligated,
            paid: self.after.after_paid,
        };
        Ok(Move {
            year: self.year,
            line: self.line,
            seq: self.seq,
            kind: self.kind.parse()?,
            from: self.source.parse()?,
            to: self.target.parse()?,
            amount: self.amount,
            key: self.key_code,
            entry: self.entry_id,
            document_kind: self.document_kind,
            document: self.document,
            day: self.day,
            recorded_at: self.recorded_at,
            recorded_by: Person { id: self.user_id, name: self.user_name },
            after,
        })
    }
}

/// Writes the moves of a period by their lines, those of a line in the order in which they were made.
///
/// # Errors
/// The database fails.
pub(super) fn moves(tx: &mut ReadTx<'_>, period_id: i64, book: &mut Writer) -> Outcome<()> {
    let mark = tx.mark();
    let text = format!(
        "SELECT m.line_id, f.year, b.code AS line, m.seq, m.kind, m.source, m.target, m.amount, COALESCE(k.code, '') AS key_code,
            m.entry_id, r.kind AS document_kind, r.number AS document, m.effective_on AS day, m.recorded_at, u.id AS user_id,
            u.name_ar AS user_name, m.after_unallotted, m.after_frozen, m.after_available, m.after_pre_committed,
            m.after_committed, m.after_obligated, m.after_paid
        FROM (SELECT m.id {chosen} AND (m.line_id, m.seq) > ({mark}2, {mark}3) ORDER BY m.line_id, m.seq LIMIT {MOVES}) x
            JOIN budget_moves m ON m.id = x.id JOIN budget_lines b ON b.id = m.line_id JOIN fiscal_years f ON f.id = b.year_id
            JOIN records r ON r.id = m.record_id JOIN users u ON u.id = m.recorded_by LEFT JOIN budget_keys k ON k.id = m.key_id
        ORDER BY m.line_id, m.seq",
        chosen = moves_of_period(&format!("{mark}1")),
    );
    let mut after = (0, 0);
    loop {
        let rows: Vec<MoveRow> = sql_query(&text)
            .bind::<BigInt, _>(period_id)
            .bind::<BigInt, _>(after.0)
            .bind::<BigInt, _>(after.1)
            .load(tx.conn())?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = (last.line_id, last.seq);
        let whole = rows.len() == MOVES;
        for row in rows {
            book.line(&Line::Move(row.written()?))?;
        }
        if !whole {
            return Ok(());
        }
    }
}
