//! The files of an agency, latest number first.

use diesel::prelude::*;
use diwan_archive_api::{FileQuery, FileRow};
use diwan_db::ReadTx;
use diwan_kernel::{Page, PageRequest, text};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::archive::{archive_files, classes};

use super::store;
use crate::classes::store as plan;

/// The page that is asked for.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, asked: &FileQuery) -> Outcome<Page<FileRow>> {
    let limit = PageRequest { after: None, limit: asked.limit }.rows();
    let mut query = archive_files::table
        .inner_join(classes::table.on(classes::id.eq(archive_files::class_id)))
        .into_boxed()
        .filter(archive_files::agency_id.eq(actor.agency_id))
        .filter(classes::secrecy.eq_any(actor.levels()))
        .order(archive_files::seq.desc())
        .limit(limit + 1);
    if let Some(class) = &asked.class {
        query = query.filter(classes::code.eq_any(plan::subtree(tx, actor.agency_id, class)?));
    }
    query = match asked.open {
        Some(true) => query.filter(archive_files::closed_on.is_null()),
        Some(false) => query.filter(archive_files::closed_on.is_not_null()),
        None => query,
    };
    if let Some(words) = asked.q.as_deref().filter(|words| !words.trim().is_empty()) {
        query = query.filter(archive_files::fold.like(text::like_anywhere(words)).escape('\\'));
    }
    if let Some(after) = &asked.after {
        let after: i64 = after.parse().map_err(|_| Refusal::field("after", "bad_cursor"))?;
        query = query.filter(archive_files::seq.lt(after));
    }
    let rows: Vec<(store::FileRow, i64, String)> =
        query.select((store::FileRow::as_select(), archive_files::seq, classes::code)).load(tx.conn())?;
    Ok(Page::from_rows(rows, limit, |(_, seq, _)| seq.to_string(), |(row, _, code)| super::view::row(&row, code)))
}
