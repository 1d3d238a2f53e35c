//! The entries of a period as the book has them.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Bool, Date, Nullable, Text, Timestamp},
};
use diwan_db::ReadTx;
use diwan_platform::Outcome;

use super::{
    attached::{self, asked},
    build::Writer,
    format::{Entry, EntryLine, Person},
};

/// Entries whose lines are read at once.
const BATCH: usize = 2_000;

/// Writes the entries of a period by their numbers, each with its lines, approvals and files.
///
/// # Errors
/// The database fails; a sum does not fit.
pub(super) fn write(tx: &mut ReadTx<'_>, period_id: i64, book: &mut Writer) -> Outcome<()> {
    let records = of_entries(tx.mark());
    for heads in heads(tx, period_id)?.chunks(BATCH) {
        let (Some(first), Some(last)) = (heads.first(), heads.last()) else { continue };
        let range = first.id..=last.id;
        let mut lines = lines(tx, period_id, &range)?;
        let approvals = attached::approvals(tx, &records, (period_id, &range))?;
        let files = attached::files(tx, &records, (period_id, &range))?;
        for head in heads {
            let entry = Entry {
                lines: lines.remove(&head.id).unwrap_or_default(),
                approvals: approvals.get(&head.record_id).cloned().unwrap_or_default(),
                files: files.get(&head.record_id).cloned().unwrap_or_default(),
                ..head.entry()
            };
            book.entry(entry)?;
        }
    }
    Ok(())
}

/// The records whose entries are in a range of numbers.
fn of_entries(mark: char) -> String {
    format!("(SELECT e.record_id FROM entries e WHERE e.id BETWEEN {mark}1 AND {mark}2 AND e.period_id = {mark}3)")
}

/// An entry without what hangs off it.
#[derive(QueryableByName)]
struct Head {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Timestamp)]
    recorded_at: NaiveDateTime,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    reverses_id: Option<i64>,
    #[diesel(sql_type = Bool)]
    closes_year: bool,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
    #[diesel(sql_type = Text)]
    subject: String,
}

impl Head {
    fn entry(&self) -> Entry {
        Entry {
            number: self.id,
            kind: self.kind.clone(),
            day: self.day,
            recorded_at: self.recorded_at,
            recorded_by: Person { id: self.user_id, name: self.user_name.clone() },
            reverses: self.reverses_id,
            closes_year: self.closes_year,
            document: self.number.clone(),
            subject: self.subject.clone(),
            lines: Vec::new(),
            approvals: Vec::new(),
            files: Vec::new(),
        }
    }
}

fn heads(tx: &mut ReadTx<'_>, period_id: i64) -> Outcome<Vec<Head>> {
    let text = format!(
        "SELECT e.id, e.record_id, e.kind, e.effective_on AS day, e.recorded_at, u.id AS user_id, u.name_ar AS user_name,
            e.reverses_id, EXISTS (SELECT 1 FROM year_ends y WHERE y.record_id = e.record_id) AS closes_year, r.number, r.subject
        FROM entries e JOIN records r ON r.id = e.record_id JOIN users u ON u.id = e.recorded_by
        WHERE e.period_id = {mark}1 ORDER BY e.id",
        mark = tx.mark(),
    );
    Ok(sql_query(text).bind::<BigInt, _>(period_id).load(tx.conn())?)
}

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = BigInt)]
    entry_id: i64,
    #[diesel(sql_type = Text)]
    account: String,
    #[diesel(sql_type = Text)]
    key_code: String,
    #[diesel(sql_type = Bool)]
    budgeted: bool,
    #[diesel(sql_type = Text)]
    party: String,
    #[diesel(sql_type = Text)]
    centre: String,
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
    #[diesel(sql_type = Text)]
    note: String,
}

fn lines(tx: &mut ReadTx<'_>, period_id: i64, range: &RangeInclusive<i64>) -> Outcome<BTreeMap<i64, Vec<EntryLine>>> {
    let text = format!(
        "SELECT l.entry_id, a.code AS account, COALESCE(k.code, '') AS key_code, a.budgeted,
            COALESCE(p.code, '') AS party, COALESCE(c.code, '') AS centre, l.currency, l.debit, l.credit, l.base_debit, l.base_credit, l.note
        FROM entry_lines l JOIN accounts a ON a.id = l.account_id LEFT JOIN budget_keys k ON k.id = l.key_id
            LEFT JOIN parties p ON p.id = l.party_id LEFT JOIN cost_centres c ON c.id = l.centre_id
        WHERE l.entry_id BETWEEN {mark}1 AND {mark}2 AND l.period_id = {mark}3 ORDER BY l.entry_id, l.seq",
        mark = tx.mark(),
    );
    let mut all: BTreeMap<i64, Vec<EntryLine>> = BTreeMap::new();
    for row in asked::<LineRow>(tx, text, (period_id, range))? {
        let line = EntryLine {
            account: row.account,
            key: row.key_code,
            budgeted: row.budgeted,
            party: row.party,
            centre: row.centre,
            currency: row.currency,
            debit: row.debit,
            credit: row.credit,
            base_debit: row.base_debit,
            base_credit: row.base_credit,
            note: row.note,
        };
        all.entry(row.entry_id).or_default().push(line);
    }
    Ok(all)
}
