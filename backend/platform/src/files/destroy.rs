//! Destroying contents whose records are destroyed, unless another record still has them.
//!
//! The row of the blob decides: it is locked by whoever destroys the content and by whoever attaches it, so that nobody
//! gets a file that is going away. What came in at the same time is refused for a while and can then be sent again.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Audit, Keep, WriteTx};
use diwan_kernel::Who;
use diwan_schema::{
    archive::{renditions, word_checks},
    finance::{bank_statements, period_seals},
    platform::{attachments, blobs, extracts, records, scan_pages},
};
use serde_json::json;

use crate::{Outcome, Platform, Refusal};

/// For so long after its destruction a content is not attached again: an upload that began before it may still be on
/// its way, and its file is gone.
const SETTLES: Duration = Duration::hours(1);

/// The state of records whose contents are destroyed.
pub(super) const DESTROYED: &str = "destroyed";

/// Destroys a content with everything read from it and made of it, where no record that still exists has it. Twice does
/// no harm: a file that is left by a crash in between is told as one without a row by the check of the store.
///
/// # Errors
/// The database or the store fails: what is left is destroyed by the next run.
pub async fn content(platform: &Platform, agency_id: i64, hash: &str) -> Outcome<()> {
    let wanted = hash.to_owned();
    let given_up =
        platform.db.write(Who::system(), "platform.file.destroy", move |tx| give_up(tx, agency_id, &wanted)).await?;
    for hash in given_up {
        platform.blobs.destroy(&hash).await?;
    }
    Ok(())
}

/// The files to remove where nothing needs the content any more; its text, its pages and its copies are gone then.
fn give_up(tx: &mut WriteTx<'_>, agency_id: i64, hash: &str) -> Outcome<Vec<String>> {
    let gone = mark(tx, hash)?;
    tx.audit(Audit::of("file", 0).agency(agency_id).detail(json!({ "hash": hash, "kept": !gone })))?;
    if !gone {
        return Ok(Vec::new());
    }
    let made = renditions::table.filter(renditions::blob_hash.eq(hash));
    let copies: Vec<Option<String>> = made.select(renditions::rendition_hash).load(tx.conn())?;
    diesel::delete(made).execute(tx.conn())?;
    let mut files = vec![hash.to_owned()];
    for copy in copies.into_iter().flatten() {
        if mark(tx, &copy)? {
            files.push(copy);
        }
    }
    diesel::delete(word_checks::table.filter(word_checks::blob_hash.eq(hash))).execute(tx.conn())?;
    diesel::delete(scan_pages::table.filter(scan_pages::blob_hash.eq(hash))).execute(tx.conn())?;
    diesel::delete(extracts::table.find(hash)).execute(tx.conn())?;
    Ok(files)
}

/// Marks a content as destroyed, if neither a record that still exists has it, nor another content's copy is the same, nor
/// a statement of a bank was read from it, nor it is a sealed book.
fn mark(tx: &mut WriteTx<'_>, hash: &str) -> Outcome<bool> {
    let now = tx.now();
    // Locks the row first; who has the content is asked after, so that nobody attaches it in between.
    diesel::update(blobs::table.find(hash)).set(blobs::destroyed_at.eq(Some(now))).execute(tx.conn())?;
    let holders: i64 = attachments::table
        .inner_join(records::table.on(records::id.eq(attachments::record_id)))
        .filter(attachments::blob_hash.eq(hash))
        .filter(records::state.ne(DESTROYED))
        .count()
        .get_result(tx.conn())?;
    let copies: i64 = renditions::table.filter(renditions::rendition_hash.eq(hash)).count().get_result(tx.conn())?;
    let statements: i64 =
        bank_statements::table.filter(bank_statements::blob_hash.eq(hash)).count().get_result(tx.conn())?;
    let books: i64 = period_seals::table.filter(period_seals::blob_hash.eq(hash)).count().get_result(tx.conn())?;
    let needed = holders + copies + statements + books > 0;
    if needed {
        let row = blobs::table.find(hash);
        diesel::update(row).set(blobs::destroyed_at.eq(None::<NaiveDateTime>)).execute(tx.conn())?;
    }
    Ok(!needed)
}

/// Takes a content for an attachment: it is there from now on, or it was destroyed a moment ago.
pub(super) fn take(tx: &mut WriteTx<'_>, hash: &str) -> Outcome<()> {
    let settled = tx.now() - SETTLES;
    let there = blobs::table
        .filter(blobs::hash.eq(hash))
        .filter(blobs::destroyed_at.is_null().or(blobs::destroyed_at.lt(settled)));
    let taken = diesel::update(there).set(blobs::destroyed_at.eq(None::<NaiveDateTime>)).kept().execute(tx.conn())?;
    if taken == 1 { Ok(()) } else { Err(Refusal::rule("content_destroyed", [])) }
}
