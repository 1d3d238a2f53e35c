//! Posting (ترحيل): the one function that writes the general ledger.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx, each_backend};
use diwan_finance_api::{COMPLEMENTARY, DocumentKind, PeriodState};
use diwan_kernel::{FieldError, money};
use diwan_platform::{Fields, Outcome, Refusal};
use diwan_schema::finance::{
    accounts, entries, entry_lines, fiscal_periods, period_kinds, period_reopenings, posted_entries,
};
use serde::Serialize;

use super::moves::{self, Cause, Spend};
use crate::{closing::year, parts::currencies};

/// The most lines of one entry.
pub const LINES_MAX: usize = 20_000;

/// One line of an entry: one side, more than 0, in minor units of its currency and of the base currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The account; a leaf.
    pub account_id: i64,
    /// The budget key, where the account spends budget.
    pub key_id: Option<i64>,
    /// The party, where the account asks for one.
    pub party_id: Option<i64>,
    /// The cost centre, where the account asks for one.
    pub centre_id: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    /// Debit (مدين).
    pub debit: i64,
    /// Credit (دائن).
    pub credit: i64,
    /// Debit in the base currency.
    pub base_debit: i64,
    /// Credit in the base currency.
    pub base_credit: i64,
    /// The line's own narrative; may be empty.
    pub note: String,
}

/// What is posted.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The agency whose books these are.
    pub agency_id: i64,
    /// The document.
    pub record_id: i64,
    /// Its kind: periods close by kinds.
    pub kind: DocumentKind,
    /// The day it counts for; an open period has it.
    pub effective_on: NaiveDate,
    /// The complementary period instead of the month, for a year that is put in order.
    pub complementary: bool,
    /// The entry that this one takes back.
    pub reverses: Option<i64>,
    /// The lines, in the order of the document.
    pub lines: Vec<Line>,
    /// What it does to the budget.
    pub spends: Vec<Spend>,
}

/// Posts an entry with its budget moves; answers its id. What is posted stays.
///
/// # Errors
/// `unbalanced` with both sums; `no_period`, `period_closed` with the period; each wrong line by its field;
/// `trust_unbalanced`; `budget_short`.
pub fn post(tx: &mut WriteTx<'_>, by: i64, entry: &Entry) -> Outcome<i64> {
    write(tx, by, entry, true)
}

/// Posts the closing entry of a year: accounts are taken to nothing as they were posted to, whatever they ask for by now. The
/// trigger of posting holds it to that.
///
/// # Errors
/// As [`post`], without what accounts ask for.
pub(crate) fn post_closing(tx: &mut WriteTx<'_>, by: i64, entry: &Entry) -> Outcome<i64> {
    write(tx, by, entry, false)
}

/// Writes an entry; `asked` says whether its accounts are asked what they take.
fn write(tx: &mut WriteTx<'_>, by: i64, entry: &Entry, asked: bool) -> Outcome<i64> {
    let total = balanced(tx, &entry.lines)?;
    let period_id = open_period(tx, entry.agency_id, entry.kind, (entry.effective_on, entry.complementary))?;
    if asked {
        accounts_take(tx, (entry.agency_id, entry.effective_on), &entry.lines)?;
    }
    let recorded_at = recorded_at(tx)?;
    let entry_id: i64 = diesel::insert_into(entries::table)
        .values((
            entries::agency_id.eq(entry.agency_id),
            entries::period_id.eq(period_id),
            entries::record_id.eq(entry.record_id),
            entries::kind.eq(entry.kind.code()),
            entries::effective_on.eq(entry.effective_on),
            entries::recorded_at.eq(recorded_at),
            entries::recorded_by.eq(by),
            entries::reverses_id.eq(entry.reverses),
        ))
        .returning(entries::id)
        .get_result(tx.conn())
        .map_err(|error| reversed_before(error, entry))?;
    write_lines(tx, entry, entry_id, period_id)?;
    let (record_id, effective_on) = (entry.record_id, entry.effective_on);
    moves::apply(tx, &Cause { record_id, entry_id: Some(entry_id), effective_on, by }, &entry.spends)?;
    let lines = i32::try_from(entry.lines.len()).unwrap_or(i32::MAX);
    diesel::insert_into(posted_entries::table)
        .values((
            posted_entries::entry_id.eq(entry_id),
            posted_entries::lines.eq(lines),
            posted_entries::total.eq(total),
        ))
        .execute(tx.conn())?;
    Ok(entry_id)
}

/// When an entry is recorded: now, and never before the one that was recorded last, should the clock be put back.
fn recorded_at(tx: &mut ReadTx<'_>) -> Outcome<NaiveDateTime> {
    let last: Option<NaiveDateTime> = entries::table
        .order(entries::id.desc())
        .select(entries::recorded_at)
        .limit(1)
        .kept()
        .get_result(tx.conn())
        .optional()?;
    Ok(last.map_or(tx.now(), |last| last.max(tx.now())))
}

/// An entry is taken back at most once: the database decides between two who try.
fn reversed_before(error: diesel::result::Error, entry: &Entry) -> Refusal {
    let error = diwan_db::DbError::from(error);
    if entry.reverses.is_some() && error.is_unique_violation() {
        return Refusal::rule("reversed_already", []);
    }
    error.into()
}

/// Looks at the lines by themselves; answers the total of a side in the base currency.
fn balanced(tx: &mut ReadTx<'_>, lines: &[Line]) -> Outcome<i64> {
    if lines.len() < 2 {
        return Err(Refusal::field("lines", "lines_needed"));
    }
    if lines.len() > LINES_MAX {
        return Err(FieldError::new("lines", "too_many").with("max", LINES_MAX).into());
    }
    let mut fields = Fields::default();
    // For each currency, and under no name for the base: debits and credits.
    let mut sums = BTreeMap::<&str, (i128, i128)>::new();
    for (at, line) in lines.iter().enumerate() {
        let amounts = [line.debit, line.credit, line.base_debit, line.base_credit];
        let one_side = (line.debit == 0) != (line.credit == 0);
        let same_side = (line.debit == 0) == (line.base_debit == 0) && (line.credit == 0) == (line.base_credit == 0);
        if amounts.iter().any(|amount| *amount < 0) || !one_side || !same_side {
            fields.push(FieldError::new(format!("lines.{at}.amount"), "one_side"));
        }
        for (name, debit, credit) in
            [(line.currency.as_str(), line.debit, line.credit), ("", line.base_debit, line.base_credit)]
        {
            let sum = sums.entry(name).or_default();
            sum.0 += i128::from(debit);
            sum.1 += i128::from(credit);
        }
    }
    fields.done()?;
    for (currency, (debit, credit)) in &sums {
        if debit != credit {
            let scale = currencies::scale(tx, currency)?.unwrap_or(money::JOD_SCALE);
            return Err(unbalanced(currency, *debit, *credit, scale));
        }
    }
    let total = sums.get("").map(|sum| sum.0).unwrap_or_default();
    i64::try_from(total).ok().filter(|total| *total <= money::AMOUNT_MAX).ok_or_else(|| {
        FieldError::new("lines", "too_large").with("limit", money::format(money::AMOUNT_MAX, money::JOD_SCALE)).into()
    })
}

/// What is said where debits and credits differ, in minor units of a currency with so many decimals.
pub(crate) fn unbalanced(currency: &str, debit: i128, credit: i128, scale: u8) -> Refusal {
    let amount = |sum: i128| money::format(i64::try_from(sum).unwrap_or(i64::MAX), scale);
    Refusal::rule(
        "unbalanced",
        [
            ("debit", amount(debit)),
            ("credit", amount(credit)),
            ("difference", amount(debit - credit)),
            ("currency", currency.to_owned()),
        ],
    )
}

/// The period of the day, where it takes documents of this kind. The trigger of posting looks again, under the period's lock.
///
/// # Errors
/// `no_period`, `period_closed`; `period_kind_closed` where it takes other kinds; `year_ended` where a later year is ended.
pub(crate) fn open_period(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    kind: DocumentKind,
    (day, complementary): (NaiveDate, bool),
) -> Outcome<i64> {
    type Row = (i64, i32, String, Option<String>, Option<i64>);
    // The complementary period has the last day of the year for its days: that of December is the month's alone.
    let (first, last) = if complementary { (COMPLEMENTARY, COMPLEMENTARY) } else { (1, COMPLEMENTARY - 1) };
    // A reopening whose hour has passed is over, whether or not its job has run: the period is what it was.
    let over = period_reopenings::period_id
        .eq(fiscal_periods::id)
        .and(period_reopenings::ended_at.is_null())
        .and(period_reopenings::until_at.le(tx.now()));
    let of_kind = period_kinds::period_id.eq(fiscal_periods::id).and(period_kinds::kind.eq(kind.code()));
    let found: Option<Row> = fiscal_periods::table
        .left_join(period_reopenings::table.on(over))
        .left_join(period_kinds::table.on(of_kind))
        .filter(fiscal_periods::agency_id.eq(agency_id))
        .filter(fiscal_periods::starts_on.le(day))
        .filter(fiscal_periods::ends_on.ge(day))
        .filter(fiscal_periods::number.between(first, last))
        .select((
            fiscal_periods::id,
            fiscal_periods::number,
            fiscal_periods::state,
            period_reopenings::was.nullable(),
            period_kinds::period_id.nullable(),
        ))
        .first(tx.conn())
        .optional()?;
    let Some((period_id, period, state, was, kind_closed)) = found else {
        return Err(Refusal::rule("no_period", [("day", day.to_string())]));
    };
    let state: PeriodState = was.unwrap_or(state).parse()?;
    let takes = state.takes(kind);
    if kind_closed.is_none() && takes {
        return year::not_over(tx, agency_id, day).map(|()| period_id);
    }
    Err(Refusal::rule(
        // What it no longer takes of one kind alone is opened again without a reopening.
        if takes { "period_kind_closed" } else { "period_closed" },
        [
            ("period", period.to_string()),
            ("day", day.to_string()),
            ("state", state.code().to_owned()),
            ("kind", kind.code().to_owned()),
        ],
    ))
}

/// What posting asks of an account.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
struct Taking {
    id: i64,
    code: String,
    posting: bool,
    currency: Option<String>,
    budgeted: bool,
    needs_party: bool,
    needs_centre: bool,
    active_from: NaiveDate,
    active_to: Option<NaiveDate>,
    trust: bool,
}

/// Names every line that its account does not take on a day.
///
/// # Errors
/// Each wrong line by its field; `trust_unbalanced`.
pub(crate) fn accounts_take(tx: &mut ReadTx<'_>, (agency_id, day): (i64, NaiveDate), lines: &[Line]) -> Outcome<()> {
    let ids: BTreeSet<i64> = lines.iter().map(|line| line.account_id).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut found = BTreeMap::new();
    for ids in ids.chunks(500) {
        let rows: Vec<Taking> = accounts::table
            .filter(accounts::id.eq_any(ids))
            .filter(accounts::agency_id.eq(agency_id))
            .select(Taking::as_select())
            .kept_if_short(ids.len())
            .load(tx.conn())?;
        found.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    let mut fields = Fields::default();
    for (at, line) in lines.iter().enumerate() {
        let wrong = |field: &str, code: &str| FieldError::new(format!("lines.{at}.{field}"), code);
        let Some(account) = found.get(&line.account_id) else {
            fields.push(wrong("account_id", "unknown"));
            continue;
        };
        if !account.posting {
            fields.push(wrong("account_id", "account_not_leaf").with("code", &account.code));
        } else if day < account.active_from || account.active_to.is_some_and(|last| last < day) {
            fields.push(wrong("account_id", "account_inactive").with("code", &account.code).with("day", day));
        }
        if let Some(only) = account.currency.as_ref().filter(|only| **only != line.currency) {
            fields.push(wrong("currency", "account_of_currency").with("code", &account.code).with("currency", only));
        }
        for (needed, given, field) in [
            (account.budgeted, line.key_id, "key_id"),
            (account.needs_party, line.party_id, "party_id"),
            (account.needs_centre, line.centre_id, "centre_id"),
        ] {
            if needed && given.is_none() {
                fields.push(wrong(field, "account_asks").with("code", &account.code));
            }
        }
    }
    fields.done()?;
    trust_balances(tx, &found, lines)
}

/// What lines bring to accounts of trust they take from others of them, in each currency.
fn trust_balances(tx: &mut ReadTx<'_>, accounts: &BTreeMap<i64, Taking>, lines: &[Line]) -> Outcome<()> {
    let mut sums = BTreeMap::<&str, (i128, BTreeSet<&str>)>::new();
    for line in lines {
        if let Some(account) = accounts.get(&line.account_id).filter(|account| account.trust) {
            let (sum, codes) = sums.entry(&line.currency).or_default();
            *sum += i128::from(line.debit) - i128::from(line.credit);
            codes.insert(&account.code);
        }
    }
    let Some((currency, (difference, codes))) = sums.into_iter().find(|(_, (sum, _))| *sum != 0) else { return Ok(()) };
    let scale = currencies::scale(tx, currency)?.unwrap_or(money::JOD_SCALE);
    let amount = i64::try_from(difference.abs()).unwrap_or(i64::MAX);
    Err(Refusal::rule(
        "trust_unbalanced",
        [
            ("accounts", codes.into_iter().collect::<Vec<_>>().join(" + ")),
            ("difference", money::format(amount, scale)),
            ("currency", currency.to_owned()),
        ],
    ))
}

/// A line as it is stored.
#[derive(Insertable)]
#[diesel(table_name = entry_lines)]
struct LineRow<'a> {
    entry_id: i64,
    seq: i32,
    agency_id: i64,
    period_id: i64,
    effective_on: NaiveDate,
    account_id: i64,
    key_id: Option<i64>,
    party_id: Option<i64>,
    centre_id: Option<i64>,
    currency: &'a str,
    debit: i64,
    credit: i64,
    base_debit: i64,
    base_credit: i64,
    note: &'a str,
}

/// Rows of one statement; SQLite takes 32,766 values at once.
const ROWS: usize = 2_000;

fn write_lines(tx: &mut WriteTx<'_>, entry: &Entry, entry_id: i64, period_id: i64) -> Outcome<()> {
    let rows: Vec<LineRow<'_>> =
        (1..).zip(&entry.lines).map(|(seq, line)| LineRow::new(entry, (entry_id, period_id), seq, line)).collect();
    for rows in rows.chunks(ROWS) {
        each_backend!(tx.conn(), c => diesel::insert_into(entry_lines::table).values(rows).execute(c))?;
    }
    Ok(())
}

impl<'a> LineRow<'a> {
    fn new(entry: &Entry, (entry_id, period_id): (i64, i64), seq: i32, line: &'a Line) -> Self {
        Self {
            entry_id,
            seq,
            agency_id: entry.agency_id,
            period_id,
            effective_on: entry.effective_on,
            account_id: line.account_id,
            key_id: line.key_id,
            party_id: line.party_id,
            centre_id: line.centre_id,
            currency: &line.currency,
            debit: line.debit,
            credit: line.credit,
            base_debit: line.base_debit,
            base_credit: line.base_credit,
            note: &line.note,
        }
    }
}
