//! The books' side (دفتر البنك): posted lines of the account that belongs to a bank account, and how much of each is open.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Bool, Date, Integer, Nullable, Text},
};
use diwan_bank::matching::BookEntry;
use diwan_db::{ReadTx, id_list};
use diwan_finance_api::{BookLine, BookLineId};
use diwan_kernel::Named;
use diwan_platform::Outcome;

use super::account::BankAccountRow;

/// A line of the books.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct BookRow {
    #[diesel(sql_type = BigInt)]
    pub(super) entry_id: i64,
    #[diesel(sql_type = Integer)]
    pub(super) seq: i32,
    #[diesel(sql_type = Date)]
    pub(super) day: NaiveDate,
    /// Debit less credit.
    #[diesel(sql_type = BigInt)]
    pub(super) amount: i64,
    /// Without a sign.
    #[diesel(sql_type = BigInt)]
    pub(super) cleared: i64,
    /// The entry that it takes back: of a document, or of a cheque that was given up.
    #[diesel(sql_type = BigInt)]
    reverses: i64,
    /// It issued a cheque that was given up, and the bank gave nothing back: the bank pays it no more.
    #[diesel(sql_type = Bool)]
    pub(super) void: bool,
    #[diesel(sql_type = BigInt)]
    pub(super) record_id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    pub(super) number: String,
    #[diesel(sql_type = Text)]
    pub(super) subject: String,
    #[diesel(sql_type = Text)]
    pub(super) reference: String,
    #[diesel(sql_type = Nullable<Text>)]
    party_ar: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    party_en: Option<String>,
    #[diesel(sql_type = Text)]
    pub(super) note: String,
}

impl BookRow {
    pub(super) fn key(&self) -> BookLineId {
        BookLineId { entry_id: self.entry_id, seq: self.seq }
    }

    /// What the bank has not confirmed, signed.
    pub(super) fn open(&self) -> i64 {
        self.amount - self.amount.signum() * self.cleared
    }

    /// As an entry to be matched, under its place in a list.
    pub(super) fn entry(&self, id: i64) -> BookEntry {
        BookEntry {
            id,
            date: self.day,
            amount: self.open(),
            references: vec![self.number.clone(), self.reference.clone(), self.note.clone()],
            party: self.party_ar.clone().or_else(|| self.party_en.clone()),
        }
    }

    /// Whether a folded text stands in it.
    pub(super) fn has(&self, wanted: &str, amount: &str) -> bool {
        let party = self.party_ar.iter().chain(&self.party_en);
        let texts = [&self.number, &self.subject, &self.reference, &self.note].into_iter().chain(party);
        amount.contains(wanted) || texts.into_iter().any(|text| diwan_kernel::text::fold(text).contains(wanted))
    }

    pub(super) fn view(&self) -> BookLine {
        BookLine {
            entry_id: self.entry_id,
            seq: self.seq,
            day: self.day,
            amount: self.amount,
            open: self.open(),
            record_id: self.record_id,
            kind: self.kind.clone(),
            number: self.number.clone(),
            subject: self.subject.clone(),
            party: self.party_ar.clone().map(|ar| Named { ar, en: self.party_en.clone().unwrap_or_default() }),
            note: if self.note.is_empty() { self.reference.clone() } else { self.note.clone() },
        }
    }
}

const COLUMNS: &str =
    "l.entry_id, l.seq, l.effective_on AS day, l.debit - l.credit AS amount, COALESCE(c.cleared, 0) AS cleared,
    COALESCE(e.reverses_id, q.entry_id, 0) AS reverses,
    g.return_entry_id IS NOT NULL AND COALESCE(b.cleared < b.amount, TRUE) AS void,
    e.record_id, r.kind, COALESCE(r.number, '') AS number, r.subject,
    COALESCE(d.reference, '') AS reference, p.name_ar AS party_ar, p.name_en AS party_en, l.note";
const TABLES: &str = "entry_lines l JOIN entries e ON e.id = l.entry_id JOIN records r ON r.id = e.record_id
    LEFT JOIN finance_documents d ON d.record_id = e.record_id LEFT JOIN parties p ON p.id = l.party_id
    LEFT JOIN cleared_lines c ON c.entry_id = l.entry_id AND c.seq = l.seq LEFT JOIN cheques q ON q.return_entry_id = l.entry_id
    LEFT JOIN cheques g ON g.entry_id = l.entry_id AND g.entry_seq = l.seq
    LEFT JOIN cleared_lines b ON b.entry_id = g.return_entry_id AND b.seq = g.return_seq";

/// The open lines of the account up to a day, by day; without those that the books took back themselves before the bank saw
/// them.
pub(super) fn open(tx: &mut ReadTx<'_>, account: &BankAccountRow, until: Option<NaiveDate>) -> Outcome<Vec<BookRow>> {
    let mut rows = all_open(tx, account, until)?;
    let gone = taken_back(&rows);
    rows.retain(|row| !gone.contains(&row.entry_id));
    Ok(rows)
}

/// [`open`], with those that the books took back themselves.
pub(super) fn all_open(
    tx: &mut ReadTx<'_>,
    account: &BankAccountRow,
    until: Option<NaiveDate>,
) -> Outcome<Vec<BookRow>> {
    let mark = tx.mark();
    let bound = until.map_or(String::new(), |_| format!("AND l.effective_on <= {mark}3"));
    let text = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE l.account_id = {mark}1 AND l.currency = {mark}2
            AND (c.cleared IS NULL OR c.cleared < c.amount) {bound} ORDER BY l.effective_on, l.entry_id, l.seq"
    );
    let query = sql_query(text).bind::<BigInt, _>(account.account_id).bind::<Text, _>(&account.currency);
    Ok(match until {
        Some(day) => query.bind::<Date, _>(day).load(tx.conn())?,
        None => query.load(tx.conn())?,
    })
}

/// Entries of which nothing is confirmed together with those that took them back, reversals and what gave a cheque up: as a rule the
/// bank never hears of either.
pub(super) fn taken_back(rows: &[BookRow]) -> BTreeSet<i64> {
    let mut open = BTreeMap::<i64, (i64, bool)>::new();
    for row in rows {
        let (sum, untouched) = open.entry(row.entry_id).or_insert((0, true));
        *sum += row.open();
        *untouched &= row.cleared == 0;
    }
    let mut gone = BTreeSet::new();
    for row in rows.iter().filter(|row| row.reverses > 0) {
        if let (Some((taken, true)), Some((first, true))) = (open.get(&row.entry_id), open.get(&row.reverses))
            && taken + first == 0
        {
            gone.extend([row.entry_id, row.reverses]);
        }
    }
    gone
}

/// The lines of these entries on the account, open or not.
pub(super) fn of_entries(tx: &mut ReadTx<'_>, account: &BankAccountRow, entries: &[i64]) -> Outcome<Vec<BookRow>> {
    let mark = tx.mark();
    let mut rows = Vec::new();
    for some in entries.chunks(500) {
        let text = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE l.account_id = {mark}1 AND l.entry_id IN ({}) ORDER BY l.entry_id, l.seq",
            id_list(some.iter().copied())
        );
        let found: Vec<BookRow> = sql_query(text).bind::<BigInt, _>(account.account_id).load(tx.conn())?;
        rows.extend(found);
    }
    Ok(rows)
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    sum: i64,
}

/// What the books say the account holds at the end of a day.
pub(super) fn balance(tx: &mut ReadTx<'_>, account: &BankAccountRow, day: NaiveDate) -> Outcome<i64> {
    let mark = tx.mark();
    let text = format!(
        "SELECT CAST(COALESCE(SUM(l.debit - l.credit), 0) AS BIGINT) AS sum FROM entry_lines l
        WHERE l.account_id = {mark}1 AND l.currency = {mark}2 AND l.effective_on <= {mark}3"
    );
    let sum: Sum = sql_query(text)
        .bind::<BigInt, _>(account.account_id)
        .bind::<Text, _>(&account.currency)
        .bind::<Date, _>(day)
        .get_result(tx.conn())?;
    Ok(sum.sum)
}
