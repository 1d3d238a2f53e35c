//! The journal (دفتر اليومية): entries in the order of their days, the last first; and one entry with its lines.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, Report, ReportCell, ReportFact, ReportQuery, ReportRow, Target};
use diwan_kernel::{Named, Page, money, text};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::{
    finance::{accounts, entries, entry_lines, posted_entries},
    platform::{records, users},
};

use super::{
    form::{self, code, column, document, fact, link, report},
    frame::{self, Frame},
    names,
};
use crate::parts::currencies;

/// An entry in the list.
type EntryRow = (i64, NaiveDate, NaiveDateTime, String, Option<i64>, i64, Option<String>);

/// A page of the journal.
///
/// # Errors
/// An amount that is none; those of the frame; the database fails.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, query: &ReportQuery, limit: i64) -> Outcome<Report> {
    let frame = frame::of(tx, actor, query)?;
    let mut rows = entries::table
        .inner_join(records::table.on(records::id.eq(entries::record_id)))
        .inner_join(posted_entries::table.on(posted_entries::entry_id.eq(entries::id)))
        .filter(entries::agency_id.eq(frame.agency_id))
        .filter(entries::effective_on.ge(frame.from))
        .into_boxed();
    let after = query.page.after.as_deref().and_then(|after| after.split_once('|'));
    let after = after.and_then(|(day, id)| Some((day.parse::<NaiveDate>().ok()?, id.parse::<i64>().ok()?)));
    rows = match after {
        Some((day, id)) => {
            rows.filter(entries::effective_on.le(day)).filter(entries::effective_on.lt(day).or(entries::id.lt(id)))
        }
        None => rows.filter(entries::effective_on.le(frame.to)),
    };
    if let Some(known_at) = frame.known_at {
        rows = rows.filter(entries::recorded_at.le(known_at));
    }
    if let Some(kind) = query.kind {
        rows = rows.filter(entries::kind.eq(kind.code()));
    }
    if let Some(documents) = documents(tx, &frame, query)? {
        rows = rows.filter(entries::record_id.eq_any(documents));
    }
    if let Some(account) = account(tx, &frame, query)? {
        let on_it = entry_lines::table.filter(entry_lines::account_id.eq(account));
        let on_it = on_it.filter(entry_lines::effective_on.between(frame.from, frame.to));
        rows = rows.filter(entries::id.eq_any(on_it.select(entry_lines::entry_id)));
    }
    if let Some(amount) = asked(query.amount.as_deref()) {
        rows = rows.filter(posted_entries::total.eq(money::parse("amount", &amount, money::JOD_SCALE)?));
    }
    let rows: Vec<EntryRow> = rows
        .order((entries::effective_on.desc(), entries::id.desc()))
        .limit(limit + 1)
        .select((
            entries::id,
            entries::effective_on,
            entries::recorded_at,
            entries::kind,
            entries::reverses_id,
            posted_entries::total,
            records::number,
        ))
        .load(tx.conn())?;
    let columns = vec![
        column("التاريخ", "Date"),
        column("رقم القيد", "Entry"),
        column("نوع المستند", "Kind"),
        column("رقم المستند", "Document"),
        form::figures("المبلغ", "Amount"),
        column("يعكس القيد", "Reverses"),
        column("سُجّل في", "Recorded"),
    ];
    let mut made = report(&frame, ("دفتر اليومية", "Journal"), columns);
    let page = Page::from_rows(rows, limit, |row| format!("{}|{}", row.1, row.0), entry_row);
    (made.rows, made.next) = (page.items, page.next);
    Ok(made)
}

fn entry_row((id, day, at, kind, reverses, total, number): EntryRow) -> ReportRow {
    let cells = vec![
        ReportCell::Day(day),
        code(id.to_string()),
        form::kind(&kind),
        code(number.unwrap_or_default()),
        ReportCell::Amount(total),
        code(reverses.map(|id| id.to_string()).unwrap_or_default()),
        ReportCell::Time(at),
    ];
    form::row(cells, link(Target::Entry, id))
}

/// The documents with the number that is asked for; none where none is.
fn documents(tx: &mut ReadTx<'_>, frame: &Frame, query: &ReportQuery) -> Outcome<Option<Vec<i64>>> {
    let Some(number) = asked(query.number.as_deref()) else { return Ok(None) };
    let of_agency = records::table.filter(records::agency_id.eq(frame.agency_id));
    let named = of_agency.filter(records::number.eq(number)).select(records::id);
    Ok(Some(named.load(tx.conn())?))
}

/// The account with the code that is asked for, 0 where there is no such account; none where none is asked for.
fn account(tx: &mut ReadTx<'_>, frame: &Frame, query: &ReportQuery) -> Outcome<Option<i64>> {
    let Some(code) = asked(query.account.as_deref()) else { return Ok(None) };
    let own = accounts::table.filter(accounts::agency_id.eq(frame.agency_id));
    let id: Option<i64> = own.filter(accounts::code.eq(code)).select(accounts::id).first(tx.conn()).optional()?;
    Ok(Some(id.unwrap_or_default()))
}

/// What is asked for in any digits, without white space; none for nothing.
fn asked(typed: Option<&str>) -> Option<String> {
    typed.map(text::latin_digits).filter(|typed| !typed.is_empty())
}

/// The head of an entry.
#[derive(Queryable)]
struct Head {
    day: NaiveDate,
    at: NaiveDateTime,
    kind: String,
    reverses: Option<i64>,
    total: i64,
    record: (i64, String, Option<String>),
    by: (String, String),
}

/// A line of an entry.
#[derive(Queryable)]
struct LineRow {
    seq: i32,
    key: Option<i64>,
    party: Option<i64>,
    centre: Option<i64>,
    currency: String,
    foreign: (i64, i64),
    base: (i64, i64),
    note: String,
    account: (i64, String, String, String),
}

/// An entry with a page of its lines.
///
/// # Errors
/// Not found; the database fails.
pub(super) fn entry(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, query: &ReportQuery, limit: i64) -> Outcome<Report> {
    let head: Head = entries::table
        .inner_join(records::table.on(records::id.eq(entries::record_id)))
        .inner_join(posted_entries::table.on(posted_entries::entry_id.eq(entries::id)))
        .inner_join(users::table.on(users::id.eq(entries::recorded_by)))
        .filter(entries::id.eq(id))
        .filter(entries::agency_id.eq(actor.agency_id))
        .select((
            entries::effective_on,
            entries::recorded_at,
            entries::kind,
            entries::reverses_id,
            posted_entries::total,
            (records::id, records::kind, records::number),
            (users::name_ar, users::name_en),
        ))
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("entry"))?;
    let reversed: Option<i64> =
        entries::table.filter(entries::reverses_id.eq(id)).select(entries::id).first(tx.conn()).optional()?;
    let frame = Frame {
        agency_id: actor.agency_id,
        year_id: None,
        since: head.day,
        from: head.day,
        to: head.day,
        known_at: None,
    };
    let mut made = report(&frame, ("قيد", "Entry"), line_columns());
    made.facts = facts(id, head, reversed);
    let after = query.page.after.as_deref().and_then(|after| after.parse::<i32>().ok()).unwrap_or_default();
    let page = Page::from_rows(lines(tx, id, after, limit)?, limit, |row| row.seq.to_string(), |row| row);
    made.next = page.next;
    made.rows = line_rows(tx, actor.agency_id, &page.items)?;
    Ok(made)
}

fn lines(tx: &mut ReadTx<'_>, id: i64, after: i32, limit: i64) -> Outcome<Vec<LineRow>> {
    Ok(entry_lines::table
        .inner_join(accounts::table.on(accounts::id.eq(entry_lines::account_id)))
        .filter(entry_lines::entry_id.eq(id))
        .filter(entry_lines::seq.gt(after))
        .order(entry_lines::seq)
        .limit(limit + 1)
        .select((
            entry_lines::seq,
            entry_lines::key_id,
            entry_lines::party_id,
            entry_lines::centre_id,
            entry_lines::currency,
            (entry_lines::debit, entry_lines::credit),
            (entry_lines::base_debit, entry_lines::base_credit),
            entry_lines::note,
            (accounts::id, accounts::code, accounts::name_ar, accounts::name_en),
        ))
        .load(tx.conn())?)
}

fn line_rows(tx: &mut ReadTx<'_>, agency_id: i64, lines: &[LineRow]) -> Outcome<Vec<ReportRow>> {
    let named = |tx: &mut ReadTx<'_>, by: Dimension, pick: fn(&LineRow) -> Option<i64>| {
        let ids: Vec<String> = lines.iter().filter_map(pick).map(|id| id.to_string()).collect();
        names::of(tx, agency_id, by, ids.iter().map(String::as_str))
    };
    let keys = named(tx, Dimension::Key, |row| row.key)?;
    let parties = named(tx, Dimension::Party, |row| row.party)?;
    let centres = named(tx, Dimension::Centre, |row| row.centre)?;
    let shown = |all: &BTreeMap<String, names::Shown>, id: Option<i64>| {
        id.and_then(|id| all.get(&id.to_string())).map_or(ReportCell::Empty, |one| {
            if one.ar.is_empty() { code(&one.code) } else { ReportCell::Text(one.name()) }
        })
    };
    let scales = currencies::scales(tx)?;
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let (id, number, ar, en) = line.account.clone();
        // The amount in its own currency is told where that is not the base currency.
        let foreign = (line.foreign != line.base).then(|| {
            let scale = currencies::scale_of(&scales, &line.currency);
            format!("{} {}", money::format(line.foreign.0.max(line.foreign.1), scale), line.currency)
        });
        let cells = vec![
            code(number),
            ReportCell::Text(Named { ar, en }),
            side(line.base.0),
            side(line.base.1),
            shown(&keys, line.key),
            shown(&parties, line.party),
            shown(&centres, line.centre),
            code(foreign.unwrap_or_else(|| line.currency.clone())),
            ReportCell::Text(Named { ar: line.note.clone(), en: String::new() }),
        ];
        rows.push(form::row(cells, link(Target::Account, id)));
    }
    Ok(rows)
}

/// An amount on its side, nothing on the other.
fn side(amount: i64) -> ReportCell {
    if amount == 0 { ReportCell::Empty } else { ReportCell::Amount(amount) }
}

fn line_columns() -> Vec<diwan_finance_api::ReportColumn> {
    vec![
        column("الحساب", "Account"),
        column("الاسم", "Name"),
        form::figures("مدين", "Debit"),
        form::figures("دائن", "Credit"),
        column("مفتاح الموازنة", "Budget key"),
        column("الجهة", "Party"),
        column("مركز الكلفة", "Cost centre"),
        column("العملة", "Currency"),
        column("البيان", "Narrative"),
    ]
}

fn facts(id: i64, head: Head, reversed: Option<i64>) -> Vec<ReportFact> {
    let (record, kind, number) = head.record;
    let (ar, en) = head.by;
    let mut facts = vec![
        fact("رقم القيد", "Entry", code(id.to_string())),
        fact("التاريخ", "Date", ReportCell::Day(head.day)),
        ReportFact { link: document(&kind, record), ..fact("المستند", "Document", form::kind(&head.kind)) },
        fact("رقم المستند", "Document number", code(number.unwrap_or_default())),
        fact("المجموع", "Total", ReportCell::Amount(head.total)),
        fact("سُجّل في", "Recorded", ReportCell::Time(head.at)),
        fact("سجّله", "Recorded by", ReportCell::Text(Named { ar, en })),
    ];
    for (ar, en, other) in [("يعكس القيد", "Reverses", head.reverses), ("عُكس بالقيد", "Reversed by", reversed)]
    {
        let Some(other) = other else { continue };
        facts.push(ReportFact { link: link(Target::Entry, other), ..fact(ar, en, code(other.to_string())) });
    }
    facts
}
