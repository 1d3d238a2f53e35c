//! The statement of an account (كشف حساب): opening balance, lines with the balance after each, paged by key; above them what it
//! holds in each currency but the base currency.

use chrono::NaiveDate;
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diwan_db::ReadTx;
use diwan_finance_api::{BASE_CURRENCY, Dimension, Report, ReportCell, ReportFact, ReportQuery, Target};
use diwan_kernel::{Named, Page, money};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::{
    finance::{accounts, entries, entry_lines},
    platform::records,
};

use super::{
    form::{self, code, column, fact, link, report},
    frame, names,
};
use crate::{
    amounts::sum,
    ledger::{
        balances::{self, MOVED, OPENING, Sum, Wanted},
        only::Only,
    },
    parts::currencies,
};

/// A line of the account.
#[derive(Queryable)]
struct LineRow {
    entry: i64,
    seq: i32,
    day: NaiveDate,
    debit: i64,
    credit: i64,
    note: String,
    kind: String,
    number: Option<String>,
}

/// Where a page goes on: day, entry and line of the last row, and the balance after it.
type Cursor = (NaiveDate, i64, i32, i64);

fn cursor(text: &str) -> Option<Cursor> {
    let mut parts = text.split('|');
    let cursor = (
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    );
    Some(cursor)
}

/// What an account held before the days and at their end, and what moved on it. Balances grow on the side of the account.
#[derive(Default)]
struct Held {
    opening: i64,
    debit: i64,
    credit: i64,
    closing: i64,
}

fn held<'s>(sums: impl Iterator<Item = &'s Sum>, sign: i64) -> Outcome<Held> {
    let mut of = Held::default();
    for one in sums {
        match one.part {
            OPENING => of.opening = sum([of.opening, sign * one.debit, -sign * one.credit])?,
            MOVED => {
                of.debit = sum([of.debit, one.debit])?;
                of.credit = sum([of.credit, one.credit])?;
            }
            _ => {}
        }
    }
    of.closing = sum([of.opening, sign * of.debit, -sign * of.credit])?;
    Ok(of)
}

/// The same in each currency but the base currency, where the sums in the base currency have any other.
fn in_currencies(tx: &mut ReadTx<'_>, wanted: &Wanted, sums: &[Sum], sign: i64) -> Outcome<Vec<ReportFact>> {
    if sums.iter().all(|one| one.first == BASE_CURRENCY) {
        return Ok(Vec::new());
    }
    let (scales, own) = (currencies::scales(tx)?, balances::in_own_currencies(tx, wanted)?);
    let mut others: Vec<&str> = own.iter().map(|one| one.first.as_str()).filter(|one| *one != BASE_CURRENCY).collect();
    others.sort_unstable();
    others.dedup();
    let mut facts = Vec::with_capacity(others.len() * 4);
    for currency in others {
        let of = held(own.iter().filter(|one| one.first == currency), sign)?;
        let scale = currencies::scale_of(&scales, currency);
        for (ar, en, minor) in [
            ("الرصيد الافتتاحي", "Opening balance", of.opening),
            ("مجموع المدين", "Debits", of.debit),
            ("مجموع الدائن", "Credits", of.credit),
            ("الرصيد الختامي", "Closing balance", of.closing),
        ] {
            let (ar, en) = (format!("{ar} ({currency})"), format!("{en} ({currency})"));
            facts.push(fact(&ar, &en, code(format!("{} {currency}", money::format(minor, scale)))));
        }
    }
    Ok(facts)
}

/// A page of the statement. Balances grow on the side of the account.
///
/// # Errors
/// Not found; those of the frame; the database fails; a sum does not fit.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, query: &ReportQuery, limit: i64) -> Outcome<Report> {
    let (number, ar, en, side): (String, String, String, String) = accounts::table
        .find(id)
        .filter(accounts::agency_id.eq(actor.agency_id))
        .select((accounts::code, accounts::name_ar, accounts::name_en, accounts::side))
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("account"))?;
    let frame = frame::of(tx, actor, query)?;
    let sign = if side == "credit" { -1 } else { 1 };
    let only = Only::read(query.only.as_deref())?;
    let wanted = Wanted { account_id: Some(id), only, ..frame.wanted([Dimension::Currency; 2]) };
    let sums = balances::read(tx, &wanted)?;
    let of = held(sums.iter(), sign)?;
    let after = query.page.after.as_deref().and_then(cursor);
    let rows = page(tx, id, &wanted, after, limit)?;
    let mut made = report(&frame, ("كشف حساب", "Account statement"), columns());
    made.facts = vec![
        fact("الحساب", "Account", code(number)),
        fact("الاسم", "Name", ReportCell::Text(Named { ar, en })),
        fact("الرصيد الافتتاحي", "Opening balance", ReportCell::Amount(of.opening)),
        fact("مجموع المدين", "Debits", ReportCell::Amount(of.debit)),
        fact("مجموع الدائن", "Credits", ReportCell::Amount(of.credit)),
        fact("الرصيد الختامي", "Closing balance", ReportCell::Amount(of.closing)),
    ];
    made.facts.extend(names::facts(tx, frame.agency_id, &wanted.only)?);
    made.facts.extend(in_currencies(tx, &wanted, &sums, sign)?);
    let mut balance = after.map_or(of.opening, |after| after.3);
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        balance = sum([balance, sign * row.debit, -sign * row.credit])?;
        kept.push((row, balance));
    }
    let next = |(row, balance): &(LineRow, i64)| format!("{}|{}|{}|{balance}", row.day, row.entry, row.seq);
    let page = Page::from_rows(kept, limit, next, |row| row);
    made.next = page.next;
    made.rows = page
        .items
        .into_iter()
        .map(|(row, balance)| form::row(cells(&row, balance), link(Target::Entry, row.entry)))
        .collect();
    Ok(made)
}

/// Lines in the order of the index of the account: day, entry, line.
fn page(tx: &mut ReadTx<'_>, id: i64, wanted: &Wanted, after: Option<Cursor>, limit: i64) -> Outcome<Vec<LineRow>> {
    let mut rows = entry_lines::table
        .inner_join(entries::table.on(entries::id.eq(entry_lines::entry_id)))
        .inner_join(records::table.on(records::id.eq(entries::record_id)))
        .filter(entry_lines::account_id.eq(id))
        .filter(entry_lines::effective_on.le(wanted.to))
        .into_boxed();
    rows = match after {
        Some((day, entry, seq, _)) => rows.filter(entry_lines::effective_on.ge(day)).filter(
            entry_lines::effective_on
                .gt(day)
                .or(entry_lines::entry_id.gt(entry))
                .or(entry_lines::entry_id.eq(entry).and(entry_lines::seq.gt(seq))),
        ),
        None => rows.filter(entry_lines::effective_on.ge(wanted.from)),
    };
    for one in &wanted.only {
        rows = rows.filter(sql::<Bool>(&one.holds("entry_lines")));
    }
    if let Some(known_at) = wanted.known_at {
        rows = rows.filter(entries::recorded_at.le(known_at));
    }
    Ok(rows
        .order((entry_lines::effective_on, entry_lines::entry_id, entry_lines::seq))
        .limit(limit + 1)
        .select((
            entry_lines::entry_id,
            entry_lines::seq,
            entry_lines::effective_on,
            entry_lines::base_debit,
            entry_lines::base_credit,
            entry_lines::note,
            entries::kind,
            records::number,
        ))
        .load(tx.conn())?)
}

fn columns() -> Vec<diwan_finance_api::ReportColumn> {
    vec![
        column("التاريخ", "Date"),
        column("رقم القيد", "Entry"),
        column("المستند", "Document"),
        column("رقم المستند", "Document number"),
        column("البيان", "Narrative"),
        form::figures("مدين", "Debit"),
        form::figures("دائن", "Credit"),
        form::figures("الرصيد", "Balance"),
    ]
}

fn cells(row: &LineRow, balance: i64) -> Vec<ReportCell> {
    vec![
        ReportCell::Day(row.day),
        code(row.entry.to_string()),
        form::kind(&row.kind),
        code(row.number.clone().unwrap_or_default()),
        ReportCell::Text(Named { ar: row.note.clone(), en: String::new() }),
        ReportCell::Amount(row.debit),
        ReportCell::Amount(row.credit),
        ReportCell::Amount(balance),
    ]
}
