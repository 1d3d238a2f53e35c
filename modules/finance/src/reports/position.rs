//! The budget position (الموقف المالي): what each budget line was given, at which stage its money is, and what of its cash is left.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{
    Bucket, Dimension, MoveKind, Report, ReportCell, ReportCheck, ReportFact, ReportQuery, ReportRow, Target,
};
use diwan_kernel::{FieldError, Named, Page, text};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::{
    finance::{budget_lines, budget_moves, fiscal_years},
    platform::records,
};

use super::{
    form::{self, code, column, document, fact, link, permille, report, total, words},
    frame::{self, Frame},
    parts::Parts,
    places::{self, Row},
};
use crate::port::{self, Held, HoldKind};

/// The position of an agency for the year of a day.
///
/// # Errors
/// `not_a_part` where it is to be grouped by what is no part of the key; those of the frame; the database fails.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, query: &ReportQuery) -> Outcome<Report> {
    let frame = frame::of(tx, actor, query)?;
    let by = query.by;
    if by.is_some_and(|by| !by.is_part() && !matches!(by, Dimension::Key | Dimension::Gfsm | Dimension::Cofog)) {
        return Err(FieldError::new("by", "not_a_part").into());
    }
    let wanted = text::fold(query.q.as_deref().unwrap_or_default().trim());
    let groups = places::of(tx, &frame, by, &wanted)?;
    let mut made = report(&frame, ("الموقف المالي", "Budget position"), columns());
    if groups.values().flatten().any(|place| !place.row.whole) {
        let of_lines =
            ("غير المخصص والمجمّد والمخصص والمتاح والحوالات", "Unallotted, frozen, allotted, available, releases");
        made.facts.push(fact("على سطر البند وحده", "On the row of the line alone", words(of_lines)));
    }
    let mut all = Row::default();
    for (group, places) in groups {
        let mut of_group = Row::default();
        let mut rows = Vec::with_capacity(places.len());
        for place in places {
            of_group.add(&place.row)?;
            let cells = cells(code(place.code), ReportCell::Text(place.name), &place.row)?;
            rows.push(ReportRow {
                level: u8::from(by.is_some()),
                ..form::row(cells, link(Target::Line, place.line_id))
            });
        }
        if by.is_some() {
            let name = group.map_or_else(
                || (ReportCell::Empty, words(("مشترك بين عدة قيم", "Several values"))),
                |one| (code(&one.code), ReportCell::Text(one.name())),
            );
            made.rows.push(total(cells(name.0, name.1, &of_group)?));
        }
        made.rows.extend(rows);
        all.add(&of_group)?;
    }
    if !made.rows.is_empty() {
        made.rows.push(total(cells(ReportCell::Empty, words(("المجموع", "Total")), &all)?));
        made.checks.push(ReportCheck {
            label: form::named((
                "المخصص المعدل = الأصلي + الملاحق + المناقلات الواردة − الصادرة + المدوّر − الملغى",
                "Revised = original + supplementary + virements in − out + carried in − lapsed",
            )),
            left: all.revised,
            right: all.figures.appropriated()?,
        });
    }
    Ok(made)
}

fn columns() -> Vec<diwan_finance_api::ReportColumn> {
    let figures = form::figures;
    vec![
        column("البند", "Line"),
        column("الاسم", "Name"),
        figures("المخصص الأصلي", "Original"),
        figures("الملاحق", "Supplementary"),
        figures("مناقلات واردة", "Virement in"),
        figures("مناقلات صادرة", "Virement out"),
        figures("مدوّر وملغى", "Carried and lapsed"),
        figures("المخصص المعدل", "Revised"),
        figures("غير مخصص بأمر مالي", "Unallotted"),
        figures("مجمّد", "Frozen"),
        figures("مخصص بأمر مالي", "Allotted"),
        figures("متاح", "Available"),
        figures("محجوز", "Pre-committed"),
        figures("ملتزم به", "Committed"),
        figures("مستحق", "Obligated"),
        figures("مدفوع", "Paid"),
        figures("محوّل", "Released"),
        figures("مأمور بصرفه ومصروف", "Ordered and used"),
        figures("المتبقي من الحوالات", "Left to pay"),
        figures("نسبة التنفيذ", "Executed"),
    ]
}

fn cells(code: ReportCell, name: ReportCell, row: &Row) -> Outcome<Vec<ReportCell>> {
    let [original, supplementary, came, went, carried, unallotted, frozen, available, pre, committed, obligated, paid] =
        row.figures.0;
    let amount = ReportCell::Amount;
    let of_line = |minor: i64| if row.whole { ReportCell::Amount(minor) } else { ReportCell::Empty };
    let given = [original, supplementary, came, went, carried, row.revised].map(amount);
    let held = [unallotted, frozen, row.allotted, available].map(of_line);
    let spent = [pre, committed, obligated, paid].map(amount);
    let cash = [row.cash.released, row.cash.drawn, row.cash.left()?].map(of_line);
    let all = [code, name].into_iter().chain(given).chain(held).chain(spent).chain(cash);
    Ok(all.chain([permille(paid, row.revised)]).collect())
}

/// A move as the database gives it.
#[derive(Queryable)]
struct MoveRow {
    seq: i64,
    kind: String,
    source: String,
    target: String,
    amount: i64,
    day: chrono::NaiveDate,
    at: chrono::NaiveDateTime,
    available: i64,
    record: Option<(i64, String, Option<String>)>,
}

/// The moves of a budget line with their documents, the last one first.
///
/// # Errors
/// Not found; the database fails.
pub(super) fn moves(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, query: &ReportQuery, limit: i64) -> Outcome<Report> {
    let line: (String, i64, i32) = budget_lines::table
        .inner_join(fiscal_years::table.on(fiscal_years::id.eq(budget_lines::year_id)))
        .filter(budget_lines::id.eq(id))
        .filter(budget_lines::agency_id.eq(actor.agency_id))
        .select((budget_lines::code, budget_lines::year_id, fiscal_years::year))
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("budget_line"))?;
    let of_its_year = ReportQuery { year: Some(line.2), ..query.clone() };
    let mut frame = Frame { year_id: Some(line.1), ..frame::of(tx, actor, &of_its_year)? };
    // What is owed at the end of a year is paid in the next one.
    if query.to.is_none() {
        frame.to = frame.to.max(tx.today());
    }
    let mut rows = budget_moves::table
        .left_join(records::table.on(records::id.nullable().eq(budget_moves::record_id)))
        .filter(budget_moves::line_id.eq(id))
        .filter(budget_moves::effective_on.ge(frame.from))
        .filter(budget_moves::effective_on.le(frame.to))
        .into_boxed();
    if let Some(known_at) = frame.known_at {
        rows = rows.filter(budget_moves::recorded_at.le(known_at));
    }
    if let Some(after) = query.page.after.as_deref().and_then(|after| after.parse::<i64>().ok()) {
        rows = rows.filter(budget_moves::seq.lt(after));
    }
    let rows: Vec<MoveRow> = rows
        .order(budget_moves::seq.desc())
        .limit(limit + 1)
        .select((
            budget_moves::seq,
            budget_moves::kind,
            budget_moves::source,
            budget_moves::target,
            budget_moves::amount,
            budget_moves::effective_on,
            budget_moves::recorded_at,
            budget_moves::after_available,
            (records::id, records::kind, records::number).nullable(),
        ))
        .load(tx.conn())?;
    let columns = vec![
        column("التاريخ", "Date"),
        column("المستند", "Document"),
        column("الحركة", "Move"),
        column("من", "From"),
        column("إلى", "To"),
        form::figures("المبلغ", "Amount"),
        form::figures("المتاح بعدها", "Available after"),
        column("سُجّلت في", "Recorded"),
    ];
    let mut made = report(&frame, ("حركات بند الموازنة", "Moves of the budget line"), columns);
    made.facts.push(fact("البند", "Line", code(line.0)));
    let name = Parts::of(tx, &frame)?.name(id);
    made.facts.push(fact("الاسم", "Name", ReportCell::Text(name.name())));
    if frame.known_at.is_none() {
        made.facts.extend(port::holding(tx, id)?.into_iter().map(held));
    }
    let page = Page::from_rows(rows, limit, |row| row.seq.to_string(), |row| row);
    made.next = page.next;
    made.rows = page.items.into_iter().map(move_row).collect::<Outcome<_>>()?;
    Ok(made)
}

/// What a record of another module holds of the line, with the way to it.
fn held(one: Held) -> ReportFact {
    let (ar, en) = match one.kind {
        HoldKind::Reservation => ("محجوز", "Pre-committed"),
        HoldKind::Commitment => ("ملتزم به", "Committed"),
    };
    let label = Named { ar: format!("{ar}: {}", one.name), en: format!("{en}: {}", one.name) };
    ReportFact { label, value: ReportCell::Amount(one.open), link: document(&one.record_kind, one.record_id) }
}

fn move_row(row: MoveRow) -> Outcome<ReportRow> {
    let [source, target] = [row.source.parse::<Bucket>()?, row.target.parse::<Bucket>()?];
    let (number, link) = match row.record {
        Some((id, kind, number)) => (code(number.unwrap_or_default()), document(&kind, id)),
        None => (ReportCell::Empty, None),
    };
    Ok(form::row(
        vec![
            ReportCell::Day(row.day),
            number,
            words(form::move_kind(row.kind.parse::<MoveKind>()?)),
            words(form::bucket(source)),
            words(form::bucket(target)),
            ReportCell::Amount(row.amount),
            ReportCell::Amount(row.available),
            ReportCell::Time(row.at),
        ],
        link,
    ))
}
