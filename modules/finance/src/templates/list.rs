//! Lists of templates, and of what one of them made; paged by key.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{
    DocumentRef, VoucherEvery, VoucherTemplate, VoucherTemplateDraft, VoucherTemplateOnly, VoucherTemplateQuery,
    VoucherTemplateSort,
};
use diwan_kernel::{Lang, Page, PageRequest, text};
use diwan_platform::{
    Actor, Outcome,
    people::names,
    sheet::{Cell, Column, Export, ListSheet},
};
use diwan_platform_api::records::RecordKind;
use diwan_schema::{
    finance::{template_drafts, voucher_templates},
    platform::records,
};

use super::store::{self, TemplateRow};
use crate::documents::state_words;

/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;

/// One page of a list.
///
/// # Errors
/// The database fails.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, query: &VoucherTemplateQuery) -> Outcome<Page<VoucherTemplate>> {
    page(tx, actor, query, query.page.rows())
}

fn page(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    wanted: &VoucherTemplateQuery,
    limit: i64,
) -> Outcome<Page<VoucherTemplate>> {
    let active = wanted.only != Some(VoucherTemplateOnly::Ended);
    let mut query = voucher_templates::table
        .filter(voucher_templates::agency_id.eq(actor.agency_id))
        .filter(voucher_templates::active.eq(active))
        .into_boxed();
    query = match wanted.only {
        Some(VoucherTemplateOnly::Recurring) => query.filter(voucher_templates::every.is_not_null()),
        Some(VoucherTemplateOnly::Problem) => query.filter(voucher_templates::problem_at.is_not_null()),
        Some(VoucherTemplateOnly::Ended) | None => query,
    };
    if let Some(kind) = wanted.kind {
        query = query.filter(voucher_templates::kind.eq(kind.code()));
    }
    for word in wanted.q.as_deref().unwrap_or_default().split_whitespace().take(8) {
        query = query.filter(voucher_templates::fold.like(text::like_anywhere(word)).escape('\\'));
    }
    // A cursor that is not one of ours starts at the first page.
    let after = wanted.page.after.as_deref().and_then(|after| {
        let (id, fold) = after.split_once('|')?;
        Some((id.parse::<i64>().ok()?, fold.to_owned()))
    });
    query = match (wanted.sort.unwrap_or(VoucherTemplateSort::Name), after) {
        (VoucherTemplateSort::Name, None) => query.order((voucher_templates::fold, voucher_templates::id)),
        (VoucherTemplateSort::Name, Some((id, fold))) => query
            .filter(
                voucher_templates::fold
                    .gt(fold.clone())
                    .or(voucher_templates::fold.eq(fold).and(voucher_templates::id.gt(id))),
            )
            .order((voucher_templates::fold, voucher_templates::id)),
        (VoucherTemplateSort::NameDown, None) => {
            query.order((voucher_templates::fold.desc(), voucher_templates::id.desc()))
        }
        (VoucherTemplateSort::NameDown, Some((id, fold))) => query
            .filter(
                voucher_templates::fold
                    .lt(fold.clone())
                    .or(voucher_templates::fold.eq(fold).and(voucher_templates::id.lt(id))),
            )
            .order((voucher_templates::fold.desc(), voucher_templates::id.desc())),
        (VoucherTemplateSort::Newest, None) => query.order(voucher_templates::id.desc()),
        (VoucherTemplateSort::Newest, Some((id, _))) => {
            query.filter(voucher_templates::id.lt(id)).order(voucher_templates::id.desc())
        }
    };
    let rows: Vec<TemplateRow> = query.select(TemplateRow::as_select()).limit(limit + 1).load(tx.conn())?;
    let paged = Page::from_rows(rows, limit, |row| format!("{}|{}", row.id, row.fold), |row| row);
    let people = names::of_users(tx, paged.items.iter().map(|row| row.owner_id))?;
    let items = paged.items.iter().map(|row| row.view(actor, &people)).collect::<Outcome<_>>()?;
    Ok(Page { items, next: paged.next, total: None })
}

/// A draft as the database gives it.
type Made = (NaiveDate, NaiveDateTime, i64, String, Option<String>, String, String);

/// What a template made by itself, the last first.
///
/// # Errors
/// Not found; the database fails.
pub(super) fn drafts(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    id: i64,
    wanted: &PageRequest,
) -> Outcome<Page<VoucherTemplateDraft>> {
    store::load(tx, actor.agency_id, id)?;
    drafts_after(tx, id, (wanted.after.as_deref(), wanted.rows()))
}

/// So many drafts of a template after a cursor.
fn drafts_after(
    tx: &mut ReadTx<'_>,
    id: i64,
    (after, limit): (Option<&str>, i64),
) -> Outcome<Page<VoucherTemplateDraft>> {
    let mut query = template_drafts::table
        .inner_join(records::table.on(records::id.eq(template_drafts::record_id)))
        .filter(template_drafts::template_id.eq(id))
        .into_boxed();
    if let Some(after) = after.and_then(|after| after.parse::<NaiveDate>().ok()) {
        query = query.filter(template_drafts::due_on.lt(after));
    }
    let rows: Vec<Made> = query
        .order(template_drafts::due_on.desc())
        .limit(limit + 1)
        .select((
            template_drafts::due_on,
            template_drafts::made_at,
            records::id,
            records::kind,
            records::number,
            records::subject,
            records::state,
        ))
        .load(tx.conn())?;
    let paged = Page::from_rows(rows, limit, |row| row.0.to_string(), |row| row);
    let items = paged
        .items
        .into_iter()
        .map(|(due_on, made_at, id, kind, number, subject, state)| {
            let document = DocumentRef { id, kind: kind.parse()?, number, subject, open: 0 };
            Ok(VoucherTemplateDraft { due_on, made_at, document, state })
        })
        .collect::<Outcome<_>>()?;
    Ok(Page { items, next: paged.next, total: None })
}

/// The list as a sheet: all rows of the filters; answers the file and its rows.
///
/// # Errors
/// `too_many_rows`; the file cannot be written.
pub(super) fn export(tx: &mut ReadTx<'_>, actor: &Actor, query: &VoucherTemplateQuery, lang: Lang) -> Outcome<Export> {
    let columns = [
        Column::new("القالب", "Template", 30),
        Column::new("نوع المستند", "Kind", 18),
        Column::new("البيان", "Subject", 50),
        Column::new("الدورية", "Every", 14),
        Column::new("اليوم", "Day", 8),
        Column::new("من", "From", 12),
        Column::new("إلى", "To", 12),
        Column::new("موقوف", "Paused", 10),
        Column::new("القادم", "Next", 12),
        Column::new("باسم", "In the name of", 30),
    ];
    let sheet = ListSheet::new(lang, ("قوالب المستندات", "Templates of documents"), columns);
    sheet.write(
        |after| {
            let part = PageRequest { after, limit: None };
            page(tx, actor, &VoucherTemplateQuery { page: part, ..query.clone() }, EXPORT_ROWS)
        },
        |item| cells(item, lang),
    )
}

fn cells(item: &VoucherTemplate, lang: Lang) -> Vec<Cell> {
    let said = |names: (&'static str, &'static str)| Cell::text(lang.pick(names));
    let every = |every: VoucherEvery| match every {
        VoucherEvery::Month => said(("شهري", "Monthly")),
        VoucherEvery::Quarter => said(("ربع سنوي", "Quarterly")),
    };
    let schedule = item.schedule.as_ref();
    vec![
        Cell::text(&item.name),
        item.kind.code().parse::<RecordKind>().map_or(Cell::Empty, |kind| said(kind.names())),
        Cell::text(&item.subject),
        schedule.map_or(Cell::Empty, |one| every(one.every)),
        schedule.and_then(|one| i32::try_from(one.day).ok()).map_or(Cell::Empty, Cell::Number),
        schedule.map_or(Cell::Empty, |one| Cell::Day(one.starts_on)),
        schedule.and_then(|one| one.ends_on).map_or(Cell::Empty, Cell::Day),
        schedule.map_or(Cell::Empty, |one| Cell::yes_no(one.paused, lang)),
        item.next_on.map_or(Cell::Empty, Cell::Day),
        Cell::named(&item.owner.name, lang),
    ]
}

/// What a template made by itself, as a sheet; answers the file and its rows. `minutes` is the office's clock, east of UTC.
///
/// # Errors
/// Not found; `too_many_rows`; the file cannot be written.
pub(super) fn export_drafts(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    id: i64,
    (lang, minutes): (Lang, i32),
) -> Outcome<Export> {
    store::load(tx, actor.agency_id, id)?;
    let columns = [
        Column::new("الموعد", "Due on", 12),
        Column::new("نوع المستند", "Kind", 18),
        Column::new("رقم المستند", "Number", 16),
        Column::new("البيان", "Subject", 50),
        Column::new("الحالة", "State", 14),
        Column::new("أُعد في", "Made at", 18),
    ];
    let sheet = ListSheet::new(lang, ("ما أُعد من القالب", "Drafts of the template"), columns);
    sheet
        .write(|after| drafts_after(tx, id, (after.as_deref(), EXPORT_ROWS)), |item| draft_cells(item, (lang, minutes)))
}

fn draft_cells(item: &VoucherTemplateDraft, (lang, minutes): (Lang, i32)) -> Vec<Cell> {
    let said = |names: (&'static str, &'static str)| Cell::text(lang.pick(names));
    let document = &item.document;
    vec![
        Cell::Day(item.due_on),
        document.kind.code().parse::<RecordKind>().map_or(Cell::Empty, |kind| said(kind.names())),
        Cell::text(document.number.clone().unwrap_or_default()),
        Cell::text(&document.subject),
        item.state.parse().map_or(Cell::Empty, |state| said(state_words(state))),
        Cell::Time(item.made_at + TimeDelta::minutes(i64::from(minutes))),
    ]
}
