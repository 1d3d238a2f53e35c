//! One page of the archive, filtered and in order.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    helper_types::{Eq, InnerJoin, IntoBoxed, On},
    prelude::*,
};
use diwan_archive_api::{DocumentQuery, DocumentRow, DocumentSort};
use diwan_db::{AnyConnection, ReadTx, lower};
use diwan_kernel::{Page, PageRequest, text};
use diwan_platform::{Actor, Outcome, Refusal, visible_records};
use diwan_schema::{
    archive::{document_tags, document_values, documents},
    platform::records,
};

use super::{content, store};
use crate::classes::store as classes;

type OnRecord = Eq<records::id, documents::record_id>;
type Query = IntoBoxed<
    'static,
    InnerJoin<documents::table, On<records::table, OnRecord>>,
    <AnyConnection as Connection>::Backend,
>;
/// What a page is ordered by.
type Key = (i64, NaiveDate, NaiveDateTime);

/// The page that is asked for.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, asked: &DocumentQuery) -> Outcome<Page<DocumentRow>> {
    let limit = PageRequest { after: None, limit: asked.limit }.rows();
    let sort = asked.sort.unwrap_or(DocumentSort::Newest);
    let classes = match &asked.class {
        Some(class) => Some(classes::subtree(tx, actor.agency_id, class)?),
        None => None,
    };
    let query = after(filtered(actor, asked, classes), sort, asked.after.as_deref())?;
    let query = match sort {
        DocumentSort::Newest => query.order((documents::doc_date.desc(), documents::record_id.desc())),
        DocumentSort::Oldest => query.order((documents::doc_date.asc(), documents::record_id.asc())),
        DocumentSort::Filed => query.order((documents::filed_at.desc(), documents::record_id.desc())),
    };
    let keys: Vec<Key> = query
        .limit(limit + 1)
        .select((documents::record_id, documents::doc_date, documents::filed_at))
        .load(tx.conn())?;
    let page = Page::from_rows(keys, limit, |key| cursor(sort, key), |(id, ..)| id);
    Ok(Page { items: store::rows(tx, actor, &page.items)?, next: page.next, total: page.total })
}

fn filtered(actor: &Actor, asked: &DocumentQuery, classes: Option<Vec<String>>) -> Query {
    let mut query = documents::table
        .inner_join(records::table.on(records::id.eq(documents::record_id)))
        .into_boxed()
        // Said of the document too, so that the list's own index is used.
        .filter(documents::agency_id.eq(actor.agency_id))
        .filter(visible_records!(actor));
    if let Some(from) = asked.from {
        query = query.filter(documents::doc_date.ge(from));
    }
    if let Some(to) = asked.to {
        query = query.filter(documents::doc_date.le(to));
    }
    if let Some(source) = asked.source {
        query = query.filter(documents::source.eq(source.code()));
    }
    if let Some(state) = asked.content {
        query = query.filter(content::filter(state));
    }
    if let Some(classes) = classes {
        query = query.filter(records::class_code.eq_any(classes));
    }
    if let Some(kind) = asked.doc_type {
        query = query.filter(documents::type_id.eq(kind));
    }
    if let (Some(field), Some(value)) = (&asked.field, &asked.value) {
        let pattern = text::like_anywhere(value);
        let saying = document_values::table
            .filter(document_values::record_id.eq(documents::record_id))
            .filter(document_values::field.eq(field.clone()))
            .filter(document_values::fold.like(pattern).escape('\\'));
        query = query.filter(diesel::dsl::exists(saying));
    }
    if let Some(tag) = &asked.tag {
        let tagged = document_tags::table
            .filter(document_tags::record_id.eq(documents::record_id))
            .filter(document_tags::fold.eq(text::fold(tag.trim())));
        query = query.filter(diesel::dsl::exists(tagged));
    }
    if let Some(secrecy) = asked.secrecy {
        query = query.filter(records::secrecy.eq(secrecy.code()));
    }
    if let Some(words) = asked.q.as_deref().filter(|words| !words.trim().is_empty()) {
        let pattern = text::like_anywhere(words);
        let in_subject = records::fold.like(pattern.clone()).escape('\\');
        query = query.filter(in_subject.or(lower("records.number").like(pattern).escape('\\')));
    }
    query
}

/// Goes on behind the row that a cursor names.
fn after(query: Query, sort: DocumentSort, cursor: Option<&str>) -> Outcome<Query> {
    let Some(cursor) = cursor else { return Ok(query) };
    let bad = || Refusal::field("after", "bad_cursor");
    let (value, id) = cursor.split_once(',').ok_or_else(bad)?;
    let id: i64 = id.parse().map_err(|_| bad())?;
    Ok(match sort {
        DocumentSort::Filed => {
            let at: NaiveDateTime = value.parse().map_err(|_| bad())?;
            query.filter(documents::filed_at.lt(at).or(documents::filed_at.eq(at).and(documents::record_id.lt(id))))
        }
        DocumentSort::Newest => {
            let day: NaiveDate = value.parse().map_err(|_| bad())?;
            query.filter(documents::doc_date.lt(day).or(documents::doc_date.eq(day).and(documents::record_id.lt(id))))
        }
        DocumentSort::Oldest => {
            let day: NaiveDate = value.parse().map_err(|_| bad())?;
            query.filter(documents::doc_date.gt(day).or(documents::doc_date.eq(day).and(documents::record_id.gt(id))))
        }
    })
}

fn cursor(sort: DocumentSort, (id, day, filed): &Key) -> String {
    match sort {
        DocumentSort::Filed => format!("{filed:?},{id}"),
        DocumentSort::Newest | DocumentSort::Oldest => format!("{day},{id}"),
    }
}
