//! The arithmetic of a reconciliation (حساب التسوية). A match counts where both its sides are within the day; what is left of either
//! side is an item. Books and items of the bank give what bank and items of the books give, to the last unit.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Bool, Date},
};
use diwan_db::ReadTx;
use diwan_finance_api::{BookLineId, ReconciliationItem};
use diwan_kernel::Named;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{bank_statements, reconciliations};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    super::{
        account::BankAccountRow,
        books,
        lines::{self, Pair},
    },
    store::ReconciliationRow,
};

/// What is sealed: stable JSON with sorted keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Content {
    /// Version of this form.
    pub(super) v: u32,
    /// IBAN or number of the account.
    pub(super) account: String,
    pub(super) currency: String,
    pub(super) scale: u8,
    pub(super) day: NaiveDate,
    pub(super) book_balance: i64,
    pub(super) bank_balance: i64,
    pub(super) bank_items: Vec<ReconciliationItem>,
    pub(super) outstanding: Vec<ReconciliationItem>,
    pub(super) in_transit: Vec<ReconciliationItem>,
    /// The statements since the reconciliation before.
    pub(super) statements: Vec<Sealed>,
    pub(super) matches: Digested,
    pub(super) prepared_by: Named,
    pub(super) submitted_at: Option<NaiveDateTime>,
}

/// A statement inside a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sealed {
    pub(super) number: String,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) opening: i64,
    pub(super) closing: i64,
    /// SHA-256 of the file it was read from, hex.
    pub(super) sha256: String,
}

/// All matches of a reconciliation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Digested {
    pub(super) count: usize,
    /// SHA-256 over `line entry seq amount` of each, one a line, in that order, hex.
    pub(super) sha256: String,
}

impl Content {
    /// Items that only the bank has, together.
    pub(super) fn bank_only(&self) -> i64 {
        self.bank_items.iter().map(|item| item.amount).sum()
    }

    /// Items that only the books have, together.
    pub(super) fn books_only(&self) -> i64 {
        self.outstanding.iter().chain(&self.in_transit).map(|item| item.amount).sum()
    }

    /// The same for everything that may not change between submitting and approving.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        let submitted = |one: &Self| Self { prepared_by: Named::default(), submitted_at: None, ..one.clone() };
        submitted(self) == submitted(other)
    }
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(embed)]
    pair: Pair,
    /// The line is of a statement within the day.
    #[diesel(sql_type = Bool)]
    line_within: bool,
    /// The entry counts for the day or one before.
    #[diesel(sql_type = Bool)]
    entry_within: bool,
}

/// The matches that no other reconciliation has.
fn made(tx: &mut ReadTx<'_>, row: &ReconciliationRow) -> Outcome<Vec<Made>> {
    let mark = tx.mark();
    let text = format!(
        "SELECT {}, k.statement_seq <= {mark}3 AS line_within,
            l.effective_on <= {mark}4 AS entry_within
        FROM bank_matches m JOIN bank_lines k ON k.id = m.line_id JOIN entry_lines l ON l.entry_id = m.entry_id AND l.seq = m.seq
        WHERE m.bank_account_id = {mark}1 AND (m.reconciliation_id IS NULL OR m.reconciliation_id = {mark}2)
        ORDER BY m.line_id, m.entry_id, m.seq",
        Pair::COLUMNS
    );
    Ok(sql_query(text)
        .bind::<BigInt, _>(row.bank_account_id)
        .bind::<BigInt, _>(row.record_id)
        .bind::<BigInt, _>(row.last_seq)
        .bind::<Date, _>(row.day)
        .load(tx.conn())?)
}

/// The figures of a reconciliation as they are now.
///
/// # Errors
/// Not found; the two sides do not come to the same, which the rules of the database exclude.
pub(super) fn of(
    tx: &mut ReadTx<'_>,
    account: &BankAccountRow,
    row: &ReconciliationRow,
    (prepared_by, submitted_at): (Named, Option<NaiveDateTime>),
) -> Outcome<Content> {
    let made = made(tx, row)?;
    let statements = statements(tx, row)?;
    let bank_balance = statements.last().map(|last| last.closing).ok_or(Refusal::NotFound("bank_statement"))?;
    let bank_items = bank_items(tx, row, &made)?;
    let (in_transit, outstanding): (Vec<_>, Vec<_>) =
        book_items(tx, account, row, &made)?.into_iter().partition(|item| item.amount > 0);
    let content = Content {
        v: 1,
        account: account.shown().to_owned(),
        currency: account.currency.clone(),
        scale: account.scale(),
        day: row.day,
        book_balance: books::balance(tx, account, row.day)?,
        bank_balance,
        bank_items,
        outstanding,
        in_transit,
        statements,
        matches: digest(&made),
        prepared_by,
        submitted_at,
    };
    if content.book_balance + content.bank_only() == content.bank_balance + content.books_only() {
        return Ok(content);
    }
    Err(Refusal::Internal(format!("the sides of reconciliation {} do not meet", row.record_id)))
}

fn digest(made: &[Made]) -> Digested {
    let mut hash = Sha256::new();
    let within = || made.iter().filter(|one| one.line_within && one.entry_within);
    for one in within() {
        let book = one.pair.book();
        hash.update(format!("{} {} {} {}\n", one.pair.line_id, book.entry_id, book.seq, one.pair.amount));
    }
    Digested { count: within().count(), sha256: hex(&hash.finalize()) }
}

/// Bytes as small hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The statements since the last approved reconciliation, up to this one's.
fn statements(tx: &mut ReadTx<'_>, row: &ReconciliationRow) -> Outcome<Vec<Sealed>> {
    let before: Option<i64> = reconciliations::table
        .filter(reconciliations::bank_account_id.eq(row.bank_account_id))
        .filter(reconciliations::last_seq.lt(row.last_seq))
        .select(diesel::dsl::max(reconciliations::last_seq))
        .first(tx.conn())?;
    let rows: Vec<(String, NaiveDate, NaiveDate, i64, i64, String)> = bank_statements::table
        .filter(bank_statements::bank_account_id.eq(row.bank_account_id))
        .filter(bank_statements::seq.gt(before.unwrap_or(0)))
        .filter(bank_statements::seq.le(row.last_seq))
        .order(bank_statements::seq)
        .select((
            bank_statements::number,
            bank_statements::starts_on,
            bank_statements::ends_on,
            bank_statements::opening,
            bank_statements::closing,
            bank_statements::blob_hash,
        ))
        .load(tx.conn())?;
    let sealed = |(number, from, to, opening, closing, sha256)| Sealed { number, from, to, opening, closing, sha256 };
    Ok(rows.into_iter().map(sealed).collect())
}

/// Lines of the bank within the day that entries within the day do not give.
fn bank_items(tx: &mut ReadTx<'_>, row: &ReconciliationRow, made: &[Made]) -> Outcome<Vec<ReconciliationItem>> {
    let mut later = BTreeMap::<i64, i64>::new();
    for one in made.iter().filter(|one| one.line_within && !one.entry_within) {
        *later.entry(one.pair.line_id).or_default() += one.pair.amount;
    }
    let mut rows = lines::open(tx, row.bank_account_id, Some(row.last_seq))?;
    let open: BTreeSet<i64> = rows.iter().map(|line| line.id).collect();
    let closed: Vec<i64> = later.keys().copied().filter(|id| !open.contains(id)).collect();
    rows.extend(lines::some(tx, row.bank_account_id, &closed)?);
    let mut items: Vec<_> = rows
        .into_iter()
        .map(|mut line| {
            line.matched -= later.get(&line.id).copied().unwrap_or_default();
            let reference = if line.reference.is_empty() { &line.bank_reference } else { &line.reference };
            let item = ReconciliationItem {
                day: line.booked_on,
                reference: reference.clone(),
                text: line.words(),
                amount: line.open(),
                record_id: None,
                kind: String::new(),
            };
            (line.booked_on, line.id, item)
        })
        .collect();
    items.sort_by_key(|(day, id, _)| (*day, *id));
    Ok(items.into_iter().map(|(.., item)| item).collect())
}

/// Lines of the books within the day that the bank has not confirmed within it.
fn book_items(
    tx: &mut ReadTx<'_>,
    account: &BankAccountRow,
    row: &ReconciliationRow,
    made: &[Made],
) -> Outcome<Vec<ReconciliationItem>> {
    let mut later = BTreeMap::<BookLineId, i64>::new();
    for one in made.iter().filter(|one| !one.line_within && one.entry_within) {
        *later.entry(one.pair.book()).or_default() += one.pair.amount;
    }
    let mut rows = books::open(tx, account, Some(row.day))?;
    let open: BTreeSet<BookLineId> = rows.iter().map(|line| line.key()).collect();
    let closed: BTreeSet<i64> = later.keys().filter(|key| !open.contains(key)).map(|key| key.entry_id).collect();
    let closed: Vec<i64> = closed.into_iter().collect();
    let others = books::of_entries(tx, account, &closed)?;
    rows.extend(others.into_iter().filter(|line| later.contains_key(&line.key()) && !open.contains(&line.key())));
    rows.sort_by_key(|line| (line.day, line.key()));
    let item = |mut line: books::BookRow| {
        line.cleared -= later.get(&line.key()).copied().unwrap_or_default();
        let party = line.view().party.map(|party| party.ar).unwrap_or_default();
        let words = [party, line.subject.clone()];
        ReconciliationItem {
            day: line.day,
            reference: line.number.clone(),
            text: words.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" – "),
            amount: line.open(),
            record_id: Some(line.record_id),
            kind: String::new(),
        }
    };
    Ok(rows.into_iter().map(item).collect())
}
