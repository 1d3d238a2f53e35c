//! What a search finds, as an XLSX file: every hit checked in the database like those on the screen.

use diwan_archive_api::{Hit, SearchQuery};
use diwan_db::Db;
use diwan_kernel::{Lang, Page, Permission, Secrecy};
use diwan_platform::{
    Actor, Outcome, Refusal,
    sheet::{Cell, Column, Export, ListSheet},
};

use super::{SearchService, find};

/// The most rows of a file; the filters of the search make it shorter.
pub(super) const MOST: usize = 5_000;
/// Hits read at once.
const BATCH: usize = 500;

/// The file, and how many hits are in it.
///
/// # Errors
/// [`Refusal::Forbidden`] without the right to export; `too_many_rows` with the limit; the index or the database fails.
pub(super) fn run(service: &SearchService, db: &Db, actor: &Actor, asked: &SearchQuery, lang: Lang) -> Outcome<Export> {
    actor.require(Permission::Export)?;
    let ids = find::all(service, actor, asked, MOST)?;
    let mut batches = ids.chunks(BATCH);
    let page = |_: Option<String>| {
        let items = match batches.next() {
            Some(ids) => find::shown(db, actor, ids)?,
            None => Vec::new(),
        };
        Ok(Page { items, next: (batches.len() > 0).then(String::new), total: None })
    };
    ListSheet::new(lang, ("نتائج البحث", "Search results"), columns()).write(page, |hit| cells(hit, lang))
}

/// What is refused where there are more hits than a file may have.
pub(super) fn too_many() -> Refusal {
    Refusal::rule("too_many_rows", [("max", MOST.to_string())])
}

fn columns() -> [Column; 8] {
    [
        Column::new("النوع", "Kind", 16),
        Column::new("الرقم", "Number", 18),
        Column::new("الموضوع", "Subject", 60),
        Column::new("الجهة", "Agency", 34),
        Column::new("التاريخ", "Date", 14),
        Column::new("الرمز", "Class", 14),
        Column::new("درجة السرية", "Secrecy", 14),
        Column::new("المعرّف", "Id", 12),
    ]
}

fn cells(hit: &Hit, lang: Lang) -> Vec<Cell> {
    let said = |names: (&str, &str)| Cell::text(lang.pick(names));
    vec![
        said(hit.kind.names()),
        Cell::text(hit.number.clone().unwrap_or_default()),
        Cell::text(&hit.subject.text),
        Cell::named(&hit.agency, lang),
        Cell::Day(hit.date),
        Cell::text(hit.class_code.clone().unwrap_or_default()),
        said(secrecy(hit.secrecy)),
        Cell::text(hit.id.to_string()),
    ]
}

const fn secrecy(level: Secrecy) -> (&'static str, &'static str) {
    match level {
        Secrecy::Normal => ("عادي", "Normal"),
        Secrecy::Restricted => ("محدود", "Restricted"),
        Secrecy::Secret => ("سري", "Secret"),
        Secrecy::TopSecret => ("سري للغاية", "Top secret"),
    }
}
