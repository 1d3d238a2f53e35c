//! The statement of an account (كشف حساب): opening balance, lines with the balance after each, paged by key.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, Report, ReportCell, ReportQuery, Target};
use diwan_kernel::{Named, Page};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::{
    finance::{accounts, entries, entry_lines},
    platform::records,
};

use super::{
    form::{self, code, column, fact, link, report},
    frame,
};
use crate::{
    amounts::sum,
    ledger::balances::{self, MOVED, OPENING, Wanted},
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

/// A page of the statement. Balances grow on the side of the account.
///
/// # Errors
/// Not found; those of the frame; the database fails.
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
    let wanted = Wanted { account_id: Some(id), ..frame.wanted([Dimension::Account; 2]) };
    let (mut opening, mut moved) = (0, [0, 0]);
    for one in balances::read(tx, &wanted)? {
        match one.part {
            OPENING => opening = sum([opening, sign * one.debit, -sign * one.credit])?,
            MOVED => moved = [one.debit, one.credit],
            _ => {}
        }
    }
    let after = query.page.after.as_deref().and_then(cursor);
    let rows = page(tx, id, &frame, after, limit)?;
    let mut made = report(&frame, ("كشف حساب", "Account statement"), columns());
    made.facts = vec![
        fact("الحساب", "Account", code(number)),
        fact("الاسم", "Name", ReportCell::Text(Named { ar, en })),
        fact("الرصيد الافتتاحي", "Opening balance", ReportCell::Amount(opening)),
        fact("مجموع المدين", "Debits", ReportCell::Amount(moved[0])),
        fact("مجموع الدائن", "Credits", ReportCell::Amount(moved[1])),
        fact(
            "الرصيد الختامي",
            "Closing balance",
            ReportCell::Amount(sum([opening, sign * moved[0], -sign * moved[1]])?),
        ),
    ];
    let mut balance = after.map_or(opening, |after| after.3);
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
fn page(
    tx: &mut ReadTx<'_>,
    id: i64,
    frame: &frame::Frame,
    after: Option<Cursor>,
    limit: i64,
) -> Outcome<Vec<LineRow>> {
    let mut rows = entry_lines::table
        .inner_join(entries::table.on(entries::id.eq(entry_lines::entry_id)))
        .inner_join(records::table.on(records::id.eq(entries::record_id)))
        .filter(entry_lines::account_id.eq(id))
        .filter(entry_lines::effective_on.le(frame.to))
        .into_boxed();
    rows = match after {
        Some((day, entry, seq, _)) => rows.filter(entry_lines::effective_on.ge(day)).filter(
            entry_lines::effective_on
                .gt(day)
                .or(entry_lines::entry_id.gt(entry))
                .or(entry_lines::entry_id.eq(entry).and(entry_lines::seq.gt(seq))),
        ),
        None => rows.filter(entry_lines::effective_on.ge(frame.from)),
    };
    if let Some(known_at) = frame.known_at {
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
