//! Putting stamps and notes on a page, and taking them away. What was taken away stays as a row for the auditor.

use diesel::prelude::*;
use diwan_archive_api::{MarkKind, NOTE_TEXT_MAX, NewPageMark, STAMP_TEXT_MAX, WHOLE};
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{FieldError, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal, files::store as files};
use diwan_schema::{archive::page_marks, platform::extracts};
use serde_json::json;

/// Puts a mark on a page of a file in the actor's scope.
pub(super) fn add(tx: &mut WriteTx<'_>, actor: &Actor, attachment_id: i64, new: &NewPageMark) -> Outcome<()> {
    let (file, record) = files::load(tx, actor, attachment_id)?;
    let pages: Option<Option<i32>> =
        extracts::table.find(&file.blob_hash).select(extracts::pages).first(tx.conn()).optional()?;
    let mut fields = Fields::default();
    // Where nobody knows how many pages there are, only the first is sure to be there.
    let last = pages.flatten().unwrap_or(1).max(1);
    if !(1..=last).contains(&new.page) {
        fields.push(FieldError::new("page", "out_of_range").with("min", 1).with("max", last));
    }
    for (field, value) in [("x", new.x), ("y", new.y)] {
        if !(0..=WHOLE).contains(&value) {
            fields.push(FieldError::new(field, "out_of_range").with("min", 0).with("max", WHOLE));
        }
    }
    let words = match new.kind {
        MarkKind::Note => text::lines("text", &new.text, NOTE_TEXT_MAX),
        MarkKind::Stamp => text::line("text", &new.text, STAMP_TEXT_MAX),
    };
    let words = words.unwrap_or_else(|fault| {
        fields.push(fault);
        String::new()
    });
    fields.done()?;
    let now = tx.now();
    diesel::insert_into(page_marks::table)
        .values((
            page_marks::attachment_id.eq(file.id),
            page_marks::page.eq(new.page),
            page_marks::kind.eq(new.kind.code()),
            page_marks::x.eq(new.x),
            page_marks::y.eq(new.y),
            page_marks::text.eq(&words),
            page_marks::created_by.eq(actor.user_id),
            page_marks::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    let detail = json!({ "file": file.file_name, "page": new.page, "kind": new.kind.code(), "text": words });
    Ok(tx.audit(Audit::of_record(record.id).detail(detail))?)
}

/// Takes a mark away.
pub(super) fn remove(tx: &mut WriteTx<'_>, actor: &Actor, attachment_id: i64, mark_id: i64) -> Outcome<()> {
    let (file, record) = files::load(tx, actor, attachment_id)?;
    let (page, words): (i32, String) = page_marks::table
        .find(mark_id)
        .filter(page_marks::attachment_id.eq(file.id))
        .filter(page_marks::removed_at.is_null())
        .select((page_marks::page, page_marks::text))
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("mark"))?;
    let now = tx.now();
    // Two who take it away at once agree: the later one changes nothing.
    diesel::update(page_marks::table.find(mark_id).filter(page_marks::removed_at.is_null()))
        .set((page_marks::removed_at.eq(now), page_marks::removed_by.eq(actor.user_id)))
        .execute(tx.conn())?;
    let detail = json!({ "file": file.file_name, "page": page, "text": words });
    Ok(tx.audit(Audit::of_record(record.id).detail(detail))?)
}
