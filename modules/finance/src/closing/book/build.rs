//! Making the book of a closed period out of the ledger.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Text, Timestamp},
};
use diwan_db::{AnyConnection, ReadTx};
use diwan_finance_api::PeriodState;
use diwan_platform::{Actor, Outcome, Refusal, records::seals};
use diwan_schema::finance::period_seals;

use super::{
    format::{Approval, End, Entry, EntryLine, FORMAT, File, Line, Period, Person},
    hex, sha256,
    tree::Tree,
};
use crate::closing::{
    cockpit,
    period::{self, Period as Row, mark},
};

type Backend = <AnyConnection as Connection>::Backend;

/// Entries whose lines are read at once.
const BATCH: usize = 2_000;

/// A book that waits for its signature.
#[derive(Debug, Clone)]
pub struct Built {
    /// All its lines but the signature.
    pub bytes: Vec<u8>,
    /// The line to be signed.
    pub statement: String,
    /// The root.
    pub root: String,
    /// The version of the period it was made of.
    pub version: i64,
    pub(super) seq: i64,
    pub(super) previous: Option<String>,
    pub(super) entries: i64,
    pub(super) key_id: i64,
    pub(super) sealed_at: NaiveDateTime,
}

/// Makes the book of a closed period: entries by their numbers, each with its lines, approvals and files.
///
/// # Errors
/// Not found; another version; not closed; `earlier_period_unsealed`; the agency has no key yet.
pub fn build(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<Built> {
    let of = sealable(tx, actor, id, version)?;
    let (key_id, public_key) = seals::public_key(tx, of.agency_id)?
        .ok_or_else(|| Refusal::Internal("an agency without a key seals".to_owned()))?;
    let (agency, name) = seals::agency(tx, of.agency_id)?;
    let (seq, previous) = next(tx, of.agency_id)?;
    let mut book = Writer::default();
    let head = Period {
        format: FORMAT.to_owned(),
        agency: agency.clone(),
        name: name.ar,
        year: of.year,
        period: of.number,
        from: of.starts_on,
        to: of.ends_on,
        seq,
        previous: previous.clone(),
    };
    book.line(&Line::Period(head))?;
    for heads in heads(tx, id)?.chunks(BATCH) {
        let (Some(first), Some(last)) = (heads.first(), heads.last()) else { continue };
        let range = first.id..=last.id;
        let mut lines = lines(tx, id, &range)?;
        let (approvals, files) = (approvals(tx, id, &range)?, files(tx, id, &range)?);
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
    let (root, sealed_at) = (hex(&book.tree.root()), tx.now());
    let end = End {
        format: FORMAT.to_owned(),
        agency,
        year: of.year,
        period: of.number,
        seq,
        previous: previous.clone(),
        entries: book.entries,
        lines: book.lines,
        total: book.total,
        sealed_at,
        sealed_by: Person { id: actor.user_id, name: actor.name_ar.clone() },
        key: sha256(public_key.as_bytes()),
        root: root.clone(),
    };
    let statement = Line::End(end).text()?;
    let entries = book.entries;
    let bytes = book.ended(&statement);
    Ok(Built { bytes, statement, root, version, seq, previous, entries, key_id, sealed_at })
}

/// Whether the agency of a period that may be sealed now has its key.
///
/// # Errors
/// As [`build`].
pub(crate) fn ready(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<bool> {
    let of = sealable(tx, actor, id, version)?;
    Ok(seals::public_key(tx, of.agency_id)?.is_some())
}

/// A period that may be sealed now.
///
/// # Errors
/// Not found; another version; not closed; `earlier_period_unsealed`.
pub(super) fn sealable(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<Row> {
    let of = period::load(tx, actor.agency_id, id)?;
    if of.state != PeriodState::Closed {
        return Err(Refusal::WrongState { state: of.state.code().to_owned(), action: "seal_period".to_owned() });
    }
    if of.version != version {
        return Err(Refusal::stale("fiscal_period", of.version, version));
    }
    match cockpit::unsealed_before(tx, &of)? {
        Some(earlier) => Err(Refusal::rule("earlier_period_unsealed", [("period", earlier)])),
        None => Ok(of),
    }
}

/// The number of the agency's next seal, and the root of its last one.
pub(super) fn next(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<(i64, Option<String>)> {
    let last: Option<(i64, String)> = period_seals::table
        .filter(period_seals::agency_id.eq(agency_id))
        .order(period_seals::seq.desc())
        .select((period_seals::seq, period_seals::root))
        .first(tx.conn())
        .optional()?;
    Ok(last.map_or((1, None), |(seq, root)| (seq + 1, Some(root))))
}

/// The lines as they are written, and what is counted of them.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    tree: Tree,
    entries: i64,
    lines: i64,
    total: i64,
}

impl Writer {
    fn line(&mut self, line: &Line) -> Outcome<()> {
        let text = line.text()?;
        self.tree.push(text.as_bytes());
        self.write(&text);
        Ok(())
    }

    fn write(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(b'\n');
    }

    fn entry(&mut self, entry: Entry) -> Outcome<()> {
        let too_large = || Refusal::rule("amount_overflow", []);
        self.entries += 1;
        for line in &entry.lines {
            self.lines += 1;
            self.total = self.total.checked_add(line.base_debit).ok_or_else(too_large)?;
        }
        self.line(&Line::Entry(entry))
    }

    fn ended(mut self, statement: &str) -> Vec<u8> {
        self.write(statement);
        self.bytes
    }
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
            e.reverses_id, r.number, r.subject
        FROM entries e JOIN records r ON r.id = e.record_id JOIN users u ON u.id = e.recorded_by
        WHERE e.period_id = {mark}1 ORDER BY e.id",
        mark = mark(tx),
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

/// Reads rows of the entries of a period whose numbers are in a range.
fn asked<R: QueryableByName<Backend> + 'static>(
    tx: &mut ReadTx<'_>,
    text: String,
    period_id: i64,
    range: &RangeInclusive<i64>,
) -> Outcome<Vec<R>> {
    Ok(sql_query(text)
        .bind::<BigInt, _>(*range.start())
        .bind::<BigInt, _>(*range.end())
        .bind::<BigInt, _>(period_id)
        .load(tx.conn())?)
}

fn lines(tx: &mut ReadTx<'_>, period_id: i64, range: &RangeInclusive<i64>) -> Outcome<BTreeMap<i64, Vec<EntryLine>>> {
    let text = format!(
        "SELECT l.entry_id, a.code AS account, COALESCE(k.code, '') AS key_code, COALESCE(p.code, '') AS party,
            COALESCE(c.code, '') AS centre, l.currency, l.debit, l.credit, l.base_debit, l.base_credit, l.note
        FROM entry_lines l JOIN accounts a ON a.id = l.account_id LEFT JOIN budget_keys k ON k.id = l.key_id
            LEFT JOIN parties p ON p.id = l.party_id LEFT JOIN cost_centres c ON c.id = l.centre_id
        WHERE l.entry_id BETWEEN {mark}1 AND {mark}2 AND l.period_id = {mark}3 ORDER BY l.entry_id, l.seq",
        mark = mark(tx),
    );
    let mut all: BTreeMap<i64, Vec<EntryLine>> = BTreeMap::new();
    for row in asked::<LineRow>(tx, text, period_id, range)? {
        let line = EntryLine {
            account: row.account,
            key: row.key_code,
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

#[derive(QueryableByName)]
struct ApprovalRow {
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Text)]
    duty: String,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    on_behalf_of: Option<i64>,
    #[diesel(sql_type = Timestamp)]
    done_at: NaiveDateTime,
}

/// The records whose entries are in the range.
fn of_entries(mark: char) -> String {
    format!("(SELECT e.record_id FROM entries e WHERE e.id BETWEEN {mark}1 AND {mark}2 AND e.period_id = {mark}3)")
}

/// The last round of each document.
fn approvals(
    tx: &mut ReadTx<'_>,
    period_id: i64,
    range: &RangeInclusive<i64>,
) -> Outcome<BTreeMap<i64, Vec<Approval>>> {
    let text = format!(
        "SELECT a.record_id, a.duty, u.id AS user_id, u.name_ar AS user_name, a.on_behalf_of, a.done_at
        FROM finance_approvals a JOIN finance_documents d ON d.record_id = a.record_id AND d.round = a.round
            JOIN users u ON u.id = a.user_id
        WHERE a.record_id IN {of_entries} ORDER BY a.record_id, a.done_at, a.duty DESC, a.user_id",
        of_entries = of_entries(mark(tx)),
    );
    let mut all: BTreeMap<i64, Vec<Approval>> = BTreeMap::new();
    for row in asked::<ApprovalRow>(tx, text, period_id, range)? {
        let by = Person { id: row.user_id, name: row.user_name };
        let one = Approval { duty: row.duty, by, on_behalf_of: row.on_behalf_of, at: row.done_at };
        all.entry(row.record_id).or_default().push(one);
    }
    Ok(all)
}

#[derive(QueryableByName)]
struct FileRow {
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Text)]
    file_name: String,
    #[diesel(sql_type = Text)]
    blob_hash: String,
}

fn files(tx: &mut ReadTx<'_>, period_id: i64, range: &RangeInclusive<i64>) -> Outcome<BTreeMap<i64, Vec<File>>> {
    let text = format!(
        "SELECT a.record_id, a.file_name, a.blob_hash FROM attachments a
        WHERE a.role = 'attachment' AND a.removed_at IS NULL AND a.record_id IN {of_entries} ORDER BY a.record_id, a.id",
        of_entries = of_entries(mark(tx)),
    );
    let mut all: BTreeMap<i64, Vec<File>> = BTreeMap::new();
    for row in asked::<FileRow>(tx, text, period_id, range)? {
        all.entry(row.record_id).or_default().push(File { name: row.file_name, sha256: row.blob_hash });
    }
    Ok(all)
}
