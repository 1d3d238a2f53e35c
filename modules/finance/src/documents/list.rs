//! Lists of documents: views and filters; paged by key.

use diesel::prelude::*;
use diwan_db::{AnyConnection, ReadTx, lower};
use diwan_finance_api::{DocumentItem, DocumentQuery, DocumentSort, DocumentState, DocumentView};
use diwan_kernel::{Lang, Named, Page, PageRequest, money, text};
use diwan_platform::{
    Actor, Outcome,
    records::{RecordRow, work},
    sheet::{Cell, Column, Export, ListSheet},
    visible_records,
};
use diwan_platform_api::records::RecordKind;
use diwan_schema::{
    finance::{finance_documents, parties},
    platform::records,
};

use super::store::DocumentRow;
use crate::parts::currencies;

type Backend = <AnyConnection as Connection>::Backend;
type OnRecord = diesel::helper_types::Eq<finance_documents::record_id, records::id>;
type Boxed = diesel::helper_types::IntoBoxed<
    'static,
    diesel::helper_types::InnerJoin<records::table, diesel::helper_types::On<finance_documents::table, OnRecord>>,
    Backend,
>;

/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = finance_documents)]
struct Row {
    #[diesel(embed)]
    record: RecordRow,
    #[diesel(embed)]
    document: DocumentRow,
}

/// One page of a list.
///
/// # Errors
/// The database fails.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, query: &DocumentQuery) -> Outcome<Page<DocumentItem>> {
    page(tx, actor, query, query.page.rows())
}

fn page(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &DocumentQuery, limit: i64) -> Outcome<Page<DocumentItem>> {
    let query = filtered(tx, actor, wanted)?;
    // A cursor that is not one of ours starts at the first page.
    let after: Option<i64> = wanted.page.after.as_deref().and_then(|after| after.parse().ok());
    let query = match (wanted.sort.unwrap_or(DocumentSort::Newest), after) {
        (DocumentSort::Newest, None) => query.order(records::id.desc()),
        (DocumentSort::Newest, Some(id)) => query.filter(records::id.lt(id)).order(records::id.desc()),
        (DocumentSort::Oldest, None) => query.order(records::id.asc()),
        (DocumentSort::Oldest, Some(id)) => query.filter(records::id.gt(id)).order(records::id.asc()),
    };
    let rows: Vec<Row> = query.select(Row::as_select()).limit(limit + 1).load(tx.conn())?;
    let paged = Page::from_rows(rows, limit, |row| row.record.id.to_string(), |row| row);
    let names = party_names(tx, &paged.items)?;
    let scales = currencies::scales(tx)?;
    let items = paged
        .items
        .into_iter()
        .map(|row| {
            Ok(DocumentItem {
                id: row.record.id,
                kind: row.document.kind()?,
                number: row.record.number,
                subject: row.record.subject,
                party: row
                    .document
                    .party_id
                    .and_then(|id| names.iter().find(|one| one.0 == id).map(|one| one.1.clone())),
                state: row.record.state,
                effective_on: row.document.effective_on,
                scale: currencies::scale_of(&scales, &row.document.currency),
                amount: row.document.amount,
                base_amount: row.document.base_amount,
                open: row.document.to_settle.max(row.document.to_pay),
                currency: row.document.currency,
            })
        })
        .collect::<Outcome<_>>()?;
    Ok(Page { items, next: paged.next, total: None })
}

fn party_names(tx: &mut ReadTx<'_>, rows: &[Row]) -> Outcome<Vec<(i64, Named)>> {
    let mut ids: Vec<i64> = rows.iter().filter_map(|row| row.document.party_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut names = Vec::with_capacity(ids.len());
    for some in ids.chunks(1_000) {
        let found: Vec<(i64, String, String)> = parties::table
            .filter(parties::id.eq_any(some))
            .select((parties::id, parties::name_ar, parties::name_en))
            .load(tx.conn())?;
        names.extend(found.into_iter().map(|(id, ar, en)| (id, Named { ar, en })));
    }
    Ok(names)
}

fn filtered(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &DocumentQuery) -> Outcome<Boxed> {
    let mut query = records::table
        .inner_join(finance_documents::table.on(finance_documents::record_id.eq(records::id)))
        .filter(visible_records!(actor))
        .into_boxed();
    query = match wanted.kind {
        Some(kind) => query.filter(records::kind.eq(kind.code())),
        None => query,
    };
    query = match wanted.view.unwrap_or(DocumentView::All) {
        DocumentView::All => query,
        DocumentView::Mine => query.filter(records::id.eq_any(work::record_ids(tx, actor)?)),
        DocumentView::Drafts => {
            let open = [DocumentState::Draft.code(), DocumentState::Returned.code()];
            query.filter(records::state.eq_any(open)).filter(records::created_by.eq(actor.user_id))
        }
        DocumentView::InApproval => query.filter(records::state.eq(DocumentState::InApproval.code())),
        DocumentView::Posted => query.filter(finance_documents::posted_at.is_not_null()),
        DocumentView::Open => query.filter(finance_documents::to_settle.gt(0).or(finance_documents::to_pay.gt(0))),
    };
    for word in wanted.q.as_deref().unwrap_or_default().split_whitespace().take(8) {
        let like = text::like_anywhere(word);
        query = query.filter(
            records::fold
                .like(like.clone())
                .escape('\\')
                .or(lower("records.number").like(like.clone()).escape('\\'))
                .or(lower("finance_documents.reference").like(like).escape('\\')),
        );
    }
    if let Some(party) = wanted.party_id {
        query = query.filter(finance_documents::party_id.eq(party));
    }
    if let Some(from) = wanted.from {
        query = query.filter(finance_documents::effective_on.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(finance_documents::effective_on.le(to));
    }
    Ok(query)
}

/// The list as a sheet: all rows of the filters; answers the file and its rows.
///
/// # Errors
/// `too_many_rows`; the file cannot be written.
pub(super) fn export(tx: &mut ReadTx<'_>, actor: &Actor, query: &DocumentQuery, lang: Lang) -> Outcome<Export> {
    let columns = [
        Column::new("النوع", "Kind", 18),
        Column::new("الرقم", "Number", 16),
        Column::new("التاريخ", "Date", 12),
        Column::new("البيان", "Subject", 50),
        Column::new("الجهة", "Party", 30),
        Column::new("الحالة", "State", 14),
        Column::new("العملة", "Currency", 8),
        Column::new("المبلغ", "Amount", 18),
        Column::new("المبلغ بالدينار", "Amount in JOD", 18),
        Column::new("الرصيد", "Open", 18),
    ];
    let sheet = ListSheet::new(lang, ("المستندات المالية", "Financial documents"), columns);
    sheet.write(
        |after| {
            let part = PageRequest { after, limit: None };
            page(tx, actor, &DocumentQuery { page: part, ..query.clone() }, EXPORT_ROWS)
        },
        |item| cells(item, lang),
    )
}

fn cells(item: &DocumentItem, lang: Lang) -> Vec<Cell> {
    let said = |(ar, en): (&'static str, &'static str)| Cell::text(if lang == Lang::Ar { ar } else { en });
    let base = |minor| Cell::Amount(minor, money::JOD_SCALE);
    vec![
        item.kind.code().parse::<RecordKind>().map_or(Cell::Empty, |kind| said(kind.names())),
        Cell::text(item.number.clone().unwrap_or_default()),
        Cell::Day(item.effective_on),
        Cell::text(&item.subject),
        item.party.as_ref().map_or(Cell::Empty, |party| Cell::named(party, lang)),
        item.state.parse().map_or(Cell::Empty, |state| said(state_words(state))),
        Cell::text(&item.currency),
        Cell::Amount(item.amount, item.scale),
        base(item.base_amount),
        base(item.open),
    ]
}

/// A state in Arabic and English.
pub(super) const fn state_words(state: DocumentState) -> (&'static str, &'static str) {
    match state {
        DocumentState::Draft => ("مسودة", "Draft"),
        DocumentState::InApproval => ("قيد الاعتماد", "In approval"),
        DocumentState::Returned => ("معاد للتصويب", "Returned"),
        DocumentState::Posted => ("مرحّل", "Posted"),
        DocumentState::Closed => ("مغلق", "Closed"),
        DocumentState::Reversed => ("معكوس", "Reversed"),
        DocumentState::Void => ("ملغى", "Void"),
    }
}
