//! Importing statements (استيراد كشوف الحساب): read outside of the transaction, checked against what is there, kept line by line
//! with the raw file by its hash.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diwan_bank::{Line, Options, Statement, check_continuity};
use diwan_db::{Audit, ReadTx, WriteTx, each_backend};
use diwan_finance_api::{StatementImport, StatementPreview, StatementQuery};
use diwan_kernel::{FieldError, money, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    files::{self, Stored},
};
use diwan_schema::finance::{bank_lines, bank_statements};
use serde_json::json;

use super::{
    account::{self, BankAccountRow},
    known::{Called, days, is_known, kept_seq},
};

/// The field of a form that a file is in.
pub(super) const FIELD: &str = "file";
/// Rows of one statement of SQL.
const ROWS: usize = 800;

/// The statements of one account that a file holds, checked by themselves.
#[derive(Debug)]
pub struct Source {
    /// In their order.
    pub statements: Vec<Statement>,
    /// How many statements of other accounts the file holds.
    pub others: usize,
}

/// Reads a file: work for the processor, to be done outside of transactions.
///
/// # Errors
/// What is wrong with the file, by its code; `account_differs`, `currency_mixed`; a balance that is no amount.
pub fn read_file(bytes: &[u8], account: &BankAccountRow, query: &StatementQuery) -> Outcome<Source> {
    let balance = |field: &str, text: &Option<String>| {
        let given = text.as_deref().filter(|text| !text.trim().is_empty());
        given.map(|text| money::parse(field, text, account.scale())).transpose()
    };
    let options = Options {
        account: Some(account.shown().to_owned()),
        currency: Some(account.currency.clone()),
        opening: balance("opening", &query.opening)?,
        closing: balance("closing", &query.closing)?,
        ..Options::default()
    };
    let all = diwan_bank::read(bytes, &options).map_err(|refused| refused.field_error(FIELD))?;
    let count = all.len();
    let found = all.first().map(|first| first.account.clone()).unwrap_or_default();
    let statements: Vec<Statement> = all.into_iter().filter(|one| account.is_called(&one.account)).collect();
    if statements.is_empty() {
        let differs = FieldError::new(FIELD, "account_differs").with("expected", account.shown()).with("found", found);
        return Err(differs.into());
    }
    if let Some(other) = statements.iter().find(|one| one.currency != account.currency) {
        let mixed = FieldError::new(FIELD, "currency_mixed");
        return Err(mixed.with("expected", &account.currency).with("found", &other.currency).into());
    }
    Ok(Source { others: count - statements.len(), statements })
}

/// What the file is called, as it is kept: a name, never a path.
///
/// # Errors
/// It is too long, or holds what no name has.
pub(super) fn file_name(name: Option<&str>) -> Outcome<String> {
    let last = name.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().trim();
    Ok(text::line("name", if last.is_empty() { "statement" } else { last }, text::NAME_MAX)?)
}

/// The last statement of an account, as what comes next must follow it.
#[derive(Queryable)]
struct Last {
    seq: i64,
    bank_seq: i64,
    closing: i64,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    number: String,
}

impl Last {
    /// The bank's number; none of a table, which is kept with which one of its days it is.
    fn told(&self) -> i64 {
        if self.number == days(self.starts_on, self.ends_on) { 0 } else { self.bank_seq }
    }
}

/// What a file would bring, if it may be imported.
///
/// # Errors
/// `statement_known` for one that is there; `gap` with both balances; `statement_older`.
pub fn preview(tx: &mut ReadTx<'_>, account: &BankAccountRow, source: &Source) -> Outcome<StatementImport> {
    let last = check(tx, account, source)?;
    Ok(view(account, source, last.as_ref(), Vec::new()))
}

/// Imports the statements of a file.
///
/// # Errors
/// As [`preview`].
pub fn import(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    account_id: i64,
    source: &Source,
    (stored, file_name): (&Stored, &str),
) -> Outcome<StatementImport> {
    let account = account::take(tx, actor.agency_id, account_id)?;
    let last = check(tx, &account, source)?;
    files::note_blob(tx, stored)?;
    let mut seq = last.as_ref().map_or(0, |last| last.seq);
    let mut ids = Vec::with_capacity(source.statements.len());
    for statement in &source.statements {
        seq += 1;
        let id = insert(tx, actor, (&account, seq), statement, (stored, file_name))?;
        let days = json!({ "from": statement.starts(), "to": statement.to, "lines": statement.lines.len() });
        tx.audit(Audit::of("bank_statement", id).agency(account.agency_id).detail(days))?;
        ids.push(id);
    }
    Ok(view(&account, source, last.as_ref(), ids))
}

/// How many of the bank's numbers are missing between two statements of a year, each by number and day; those without number tell
/// nothing.
fn skipped(before: (i64, NaiveDate), after: (i64, NaiveDate)) -> i64 {
    let counted = before.0 > 0 && after.0 > 0 && before.1.year() == after.1.year();
    if counted { (after.0 - before.0 - 1).max(0) } else { 0 }
}

fn check(tx: &mut ReadTx<'_>, account: &BankAccountRow, source: &Source) -> Outcome<Option<Last>> {
    let mut seen = BTreeSet::new();
    for one in &source.statements {
        let twice = !seen.insert((one.number(), one.bank_seq()?, one.starts()));
        if twice || is_known(tx, account.id, one)? {
            let error = FieldError::new(FIELD, "statement_known").with("number", one.number());
            return Err(error.with("from", one.starts()).with("to", one.to).into());
        }
    }
    let last: Option<Last> = bank_statements::table
        .filter(bank_statements::bank_account_id.eq(account.id))
        .order(bank_statements::seq.desc())
        .select((
            bank_statements::seq,
            bank_statements::bank_seq,
            bank_statements::closing,
            bank_statements::starts_on,
            bank_statements::ends_on,
            bank_statements::number,
        ))
        .first(tx.conn())
        .optional()?;
    let mut before = last.as_ref().map(|last| (last.closing, last.starts_on));
    for one in &source.statements {
        if let Some((closing, starts_on)) = before {
            check_continuity(closing, one).map_err(|gap| gap.field_error(FIELD))?;
            if one.starts() < starts_on {
                let older = FieldError::new(FIELD, "statement_older").with("number", one.number());
                return Err(older.with("day", one.starts()).with("last", starts_on).into());
            }
        }
        before = Some((one.closing, one.starts()));
    }
    Ok(last)
}

fn view(account: &BankAccountRow, source: &Source, last: Option<&Last>, ids: Vec<i64>) -> StatementImport {
    let mut before = last.map(|last| (last.told(), last.starts_on));
    let preview = |one: &Statement| {
        let this = (one.bank_seq().unwrap_or_default(), one.starts());
        StatementPreview {
            skipped: before.replace(this).map_or(0, |before| skipped(before, this)),
            number: one.number(),
            bank_seq: this.0,
            starts_on: this.1,
            ends_on: one.to,
            opening: one.opening,
            closing: one.closing,
            lines: one.lines.len(),
            twins: one.lines.iter().filter(|line| line.occurrence > 1).count(),
            unbooked: one.unbooked,
        }
    };
    StatementImport {
        format: source.statements.first().map(|one| one.message.name()).unwrap_or_default().to_owned(),
        scale: account.scale(),
        statements: source.statements.iter().map(preview).collect(),
        others: source.others,
        ids,
    }
}

fn insert(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (account, seq): (&BankAccountRow, i64),
    statement: &Statement,
    (stored, file_name): (&Stored, &str),
) -> Outcome<i64> {
    let (now, bank_seq) = (tx.now(), kept_seq(tx, account.id, statement)?);
    let id: i64 = diesel::insert_into(bank_statements::table)
        .values((
            (bank_statements::agency_id.eq(account.agency_id), bank_statements::bank_account_id.eq(account.id)),
            (bank_statements::seq.eq(seq), bank_statements::prev_seq.eq((seq > 1).then_some(seq - 1))),
            (bank_statements::number.eq(statement.number()), bank_statements::bank_seq.eq(bank_seq)),
            (bank_statements::starts_on.eq(statement.starts()), bank_statements::ends_on.eq(statement.to)),
            bank_statements::currency.eq(&account.currency),
            (bank_statements::opening.eq(statement.opening), bank_statements::closing.eq(statement.closing)),
            bank_statements::lines.eq(i32::try_from(statement.lines.len()).unwrap_or(i32::MAX)),
            bank_statements::format.eq(statement.message.name()),
            (bank_statements::blob_hash.eq(&stored.hash), bank_statements::file_name.eq(file_name)),
            (bank_statements::imported_by.eq(actor.user_id), bank_statements::imported_at.eq(now)),
            (bank_statements::loaded.eq(false), bank_statements::whole.eq(true)),
        ))
        .returning(bank_statements::id)
        .get_result(tx.conn())?;
    let of = (id, account.id, seq);
    let mut rows = Vec::with_capacity(statement.lines.len() + 1);
    if seq == 1 && statement.opening != 0 {
        rows.push(LineRow::opening(of, statement)?);
    }
    for line in &statement.lines {
        rows.push(LineRow::of(of, line)?);
    }
    for rows in rows.chunks(ROWS) {
        each_backend!(tx.conn(), c => diesel::insert_into(bank_lines::table).values(rows).execute(c))?;
    }
    diesel::update(bank_statements::table.find(id)).set(bank_statements::loaded.eq(true)).execute(tx.conn())?;
    Ok(id)
}

/// A line as it is written.
#[derive(Insertable)]
#[diesel(table_name = bank_lines)]
struct LineRow {
    statement_id: i64,
    bank_account_id: i64,
    statement_seq: i64,
    ordinal: i32,
    occurrence: i32,
    value_on: NaiveDate,
    booked_on: NaiveDate,
    incoming: bool,
    amount: i64,
    matched: i64,
    kind: String,
    reference: String,
    bank_reference: String,
    counterparty: String,
    counterparty_account: String,
    details: String,
    parts: String,
    reversal: bool,
    fold: String,
}

impl LineRow {
    fn of((statement_id, bank_account_id, statement_seq): (i64, i64, i64), line: &Line) -> Outcome<Self> {
        let word = |text: &Option<String>| text.clone().unwrap_or_default();
        let fold = [&line.reference, &line.bank_reference, &line.counterparty, &line.counterparty_account];
        let words: Vec<String> = fold.into_iter().flatten().chain([&line.text]).map(|text| text::fold(text)).collect();
        Ok(Self {
            statement_id,
            bank_account_id,
            statement_seq,
            ordinal: small(line.ordinal)?,
            occurrence: small(line.occurrence)?,
            value_on: line.value_date,
            booked_on: line.booking_date,
            incoming: line.amount >= 0,
            amount: absolute(line.amount)?,
            matched: 0,
            kind: line.kind.clone(),
            reference: word(&line.reference),
            bank_reference: word(&line.bank_reference),
            counterparty: word(&line.counterparty),
            counterparty_account: word(&line.counterparty_account),
            details: line.text.clone(),
            parts: serde_json::to_string(&line.parts)?,
            reversal: line.reversal,
            fold: words.join(" "),
        })
    }

    /// What the account held before its first statement.
    fn opening(
        (statement_id, bank_account_id, statement_seq): (i64, i64, i64),
        statement: &Statement,
    ) -> Outcome<Self> {
        Ok(Self {
            statement_id,
            bank_account_id,
            statement_seq,
            ordinal: 0,
            occurrence: 1,
            value_on: statement.starts(),
            booked_on: statement.starts(),
            incoming: statement.opening >= 0,
            amount: absolute(statement.opening)?,
            matched: 0,
            kind: String::new(),
            reference: String::new(),
            bank_reference: String::new(),
            counterparty: String::new(),
            counterparty_account: String::new(),
            details: String::new(),
            parts: "[]".to_owned(),
            reversal: false,
            fold: String::new(),
        })
    }
}

fn small(number: u32) -> Outcome<i32> {
    i32::try_from(number).map_err(|_| Refusal::Internal("a statement of more than 2^31 lines".to_owned()))
}

fn absolute(amount: i64) -> Outcome<i64> {
    amount.checked_abs().ok_or_else(|| FieldError::new(FIELD, "amount_overflow").into())
}
