//! Tags (وسوم): free words that people put on documents.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_archive_api::{TAG_MAX, TAGS_MAX, Tag};
use diwan_db::{ReadTx, WriteTx, each_backend};
use diwan_kernel::{FieldError, text};
use diwan_platform::{Actor, Outcome, visible_records};
use diwan_schema::{archive::document_tags, platform::records};

/// The most tags that are proposed.
const PROPOSED: i64 = 50;

/// The tags as they are kept: cleaned, each once in any spelling.
pub(crate) fn check(typed: &[String]) -> Outcome<BTreeMap<String, String>> {
    let mut tags = BTreeMap::new();
    for tag in typed.iter().filter(|tag| !tag.trim().is_empty()) {
        let tag = text::line("tags", tag, TAG_MAX)?;
        tags.entry(text::fold(&tag)).or_insert(tag);
    }
    if tags.len() > TAGS_MAX {
        return Err(FieldError::new("tags", "too_many").with("max", TAGS_MAX).into());
    }
    Ok(tags)
}

/// Puts the tags of a document in place of those it had.
pub(crate) fn put(tx: &mut WriteTx<'_>, record_id: i64, tags: &BTreeMap<String, String>) -> Outcome<()> {
    diesel::delete(document_tags::table.filter(document_tags::record_id.eq(record_id))).execute(tx.conn())?;
    for (fold, tag) in tags {
        let row = (document_tags::record_id.eq(record_id), document_tags::fold.eq(fold), document_tags::tag.eq(tag));
        each_backend!(tx.conn(), c => diesel::insert_into(document_tags::table).values(row).execute(c))?;
    }
    Ok(())
}

/// The tags of these documents.
pub(crate) fn of(tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, Vec<String>>> {
    let rows: Vec<(i64, String)> = document_tags::table
        .filter(document_tags::record_id.eq_any(ids.to_vec()))
        .order((document_tags::record_id, document_tags::fold))
        .select((document_tags::record_id, document_tags::tag))
        .load(tx.conn())?;
    let mut tags = BTreeMap::<i64, Vec<String>>::new();
    for (id, tag) in rows {
        tags.entry(id).or_default().push(tag);
    }
    Ok(tags)
}

/// The tags of documents in the actor's sight, those most used first.
pub(super) fn list(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<Tag>> {
    let rows: Vec<(Option<String>, i64)> = document_tags::table
        .inner_join(records::table.on(records::id.eq(document_tags::record_id)))
        .filter(visible_records!(actor))
        .group_by(document_tags::fold)
        .select((diesel::dsl::min(document_tags::tag), diesel::dsl::count_star()))
        .order((diesel::dsl::count_star().desc(), document_tags::fold))
        .limit(PROPOSED)
        .load(tx.conn())?;
    Ok(rows.into_iter().filter_map(|(tag, count)| Some(Tag { tag: tag?, count })).collect())
}
