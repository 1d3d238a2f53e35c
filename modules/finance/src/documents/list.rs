//! Lists of documents: views, filters and orders; paged by key.

use chrono::{DateTime, NaiveDate};
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::Timestamp,
};
use diwan_db::{AnyConnection, ReadTx, arabic_order, lower};
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
use crate::{
    keyset::{at, keyset},
    parts::currencies,
};

type Backend = <AnyConnection as Connection>::Backend;
type OnRecord = diesel::helper_types::Eq<finance_documents::record_id, records::id>;
type Boxed = diesel::helper_types::IntoBoxed<
    'static,
    diesel::helper_types::InnerJoin<records::table, diesel::helper_types::On<finance_documents::table, OnRecord>>,
    Backend,
>;

/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;

/// Numbers are given on posting, one after another. What is not posted has none and comes after all that have one.
const NUMBERED_AT: &str = "COALESCE(finance_documents.posted_at, '9999-12-31 00:00:00')";
/// The same moment in microseconds.
const NOT_NUMBERED: i64 = 253_402_214_400_000_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = finance_documents)]
struct Row {
    #[diesel(embed)]
    record: RecordRow,
    #[diesel(embed)]
    document: DocumentRow,
}

impl Row {
    /// Where it stands in an order, as the cursor carries it.
    fn key(&self, sort: DocumentSort) -> String {
        let of = &self.document;
        match sort {
            DocumentSort::Newest | DocumentSort::Oldest => self.record.id.to_string(),
            DocumentSort::Number | DocumentSort::NumberDown => {
                of.posted_at.map_or(NOT_NUMBERED, |at| at.and_utc().timestamp_micros()).to_string()
            }
            DocumentSort::Date | DocumentSort::DateDown => of.effective_on.to_string(),
            DocumentSort::Amount | DocumentSort::AmountDown => of.base_amount.to_string(),
            DocumentSort::Party | DocumentSort::PartyDown => self.record.party.clone(),
        }
    }
}

/// A list in its order, after the cursor.
fn sorted(tx: &mut ReadTx<'_>, query: Boxed, sort: DocumentSort, after: Option<&str>) -> Boxed {
    let id = finance_documents::record_id;
    let (day, amount) = (finance_documents::effective_on, finance_documents::base_amount);
    let numbered = || sql::<Timestamp>(NUMBERED_AT);
    let moment = || {
        let (micros, id) = at::<i64>(after)?;
        Some((DateTime::from_timestamp_micros(micros)?.naive_utc(), id))
    };
    let backend = tx.conn().backend_kind();
    let party = || arabic_order(backend, "records.party");
    match sort {
        DocumentSort::Newest => keyset!(query, records::id, records::id, at::<i64>(after), down),
        DocumentSort::Oldest => keyset!(query, records::id, records::id, at::<i64>(after), up),
        DocumentSort::Number => keyset!(query, numbered(), id, moment(), up),
        DocumentSort::NumberDown => keyset!(query, numbered(), id, moment(), down),
        DocumentSort::Date => keyset!(query, day, id, at::<NaiveDate>(after), up),
        DocumentSort::DateDown => keyset!(query, day, id, at::<NaiveDate>(after), down),
        DocumentSort::Amount => keyset!(query, amount, id, at::<i64>(after), up),
        DocumentSort::AmountDown => keyset!(query, amount, id, at::<i64>(after), down),
        DocumentSort::Party => keyset!(query, party(), id, at::<String>(after), up),
        DocumentSort::PartyDown => keyset!(query, party(), id, at::<String>(after), down),
    }
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
    let sort = wanted.sort.unwrap_or(DocumentSort::Newest);
    let query = sorted(tx, query, sort, wanted.page.after.as_deref());
    let rows: Vec<Row> = query.select(Row::as_select()).limit(limit + 1).load(tx.conn())?;
    let paged = Page::from_rows(rows, limit, |row| format!("{}|{}", row.key(sort), row.record.id), |row| row);
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
                party: match row.document.party_id {
                    Some(id) => names.iter().find(|one| one.0 == id).map(|one| one.1.clone()),
                    // Of a receipt, who paid at the counter.
                    None => {
                        Some(row.record.party).filter(|ar| !ar.is_empty()).map(|ar| Named { ar, en: String::new() })
                    }
                },
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

/// Whether an order is by what the documents say, not by their records.
const fn of_documents(sort: DocumentSort) -> bool {
    !matches!(sort, DocumentSort::Newest | DocumentSort::Oldest | DocumentSort::Party | DocumentSort::PartyDown)
}

fn filtered(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &DocumentQuery) -> Outcome<Boxed> {
    let mut query: Boxed = records::table
        .inner_join(finance_documents::table.on(finance_documents::record_id.eq(records::id)))
        .into_boxed();
    query = match wanted.sort {
        // The rows come out of an index of the documents in their order, their records by id.
        Some(sort) if of_documents(sort) => {
            query.filter(finance_documents::agency_id.eq(actor.agency_id)).filter(visible_records!(by_id, actor))
        }
        _ => query.filter(visible_records!(actor)),
    };
    query = match wanted.kind {
        // On both tables: each has its index.
        Some(kind) => query.filter(records::kind.eq(kind.code())).filter(finance_documents::kind.eq(kind.code())),
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
        DocumentView::Unposted => {
            let left = records::state.ne(DocumentState::Void.code());
            query.filter(finance_documents::posted_at.is_null()).filter(left)
        }
        DocumentView::Posted => query.filter(finance_documents::posted_at.is_not_null()),
        DocumentView::Open => query.filter(finance_documents::to_settle.gt(0).or(finance_documents::to_pay.gt(0))),
    };
    if let Some(state) = wanted.state {
        query = query.filter(records::state.eq(state.code()));
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
    if let Some(min) = wanted.min {
        query = query.filter(finance_documents::base_amount.ge(min));
    }
    if let Some(max) = wanted.max {
        query = query.filter(finance_documents::base_amount.le(max));
    }
    Ok(with_words(query, wanted.q.as_deref().unwrap_or_default()))
}

/// Every word stands in the subject, the number or the reference, or the party is known by it.
fn with_words(mut query: Boxed, words: &str) -> Boxed {
    for word in words.split_whitespace().take(8) {
        let like = text::like_anywhere(word);
        let party = parties::table
            .filter(parties::id.nullable().eq(finance_documents::party_id))
            .filter(parties::fold.like(like.clone()).escape('\\'));
        query = query.filter(
            records::fold
                .like(like.clone())
                .escape('\\')
                .or(lower("records.number").like(like.clone()).escape('\\'))
                .or(lower("finance_documents.reference").like(like).escape('\\'))
                .or(exists(party)),
        );
    }
    query
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
    let said = |names: (&'static str, &'static str)| Cell::text(lang.pick(names));
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
pub(crate) const fn state_words(state: DocumentState) -> (&'static str, &'static str) {
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
