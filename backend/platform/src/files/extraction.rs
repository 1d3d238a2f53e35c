//! Reading the text of files (استخراج النصوص): a job after commit, in a limited child process, once per content.

use std::path::PathBuf;

use diesel::prelude::*;
use diwan_db::{DbError, WriteTx};
use diwan_extract::{Extraction, Limits, Part, Reason, Status, run_limited};
use diwan_platform_api::files::ContentState;
use diwan_schema::platform::{attachments, blobs, extracts, records};

use super::scans;
use crate::{Outcome, Platform, Refusal, files::BlobFault, records::CHANGED};

/// The kind of the job; its payload is `{"hash": …}`.
pub const JOB: &str = "files.extract";

/// How files are read.
#[derive(Debug, Clone)]
pub struct Extractor {
    /// The program that is started as `PROGRAM extract …`: Diwan's own.
    pub program: PathBuf,
    /// What it may use.
    pub limits: Limits,
}

/// Reads the text of a blob and has the records that hold it indexed again. A blob that was read already is left as it
/// is, so the job may run twice.
///
/// # Errors
/// The database or the store fails, or the server, not the file, is at fault: the job is then tried again. The reason is
/// stored in any case.
pub async fn run(platform: &Platform, extractor: &Extractor, hash: &str) -> Outcome<()> {
    let wanted = hash.to_owned();
    let found: Option<(String, Option<String>, String)> = platform
        .db
        .read(move |tx| {
            Ok::<_, DbError>(
                extracts::table
                    .inner_join(blobs::table.on(blobs::hash.eq(extracts::blob_hash)))
                    .filter(extracts::blob_hash.eq(wanted))
                    .select((extracts::state, extracts::reason, blobs::media_type))
                    .first(tx.conn())
                    .optional()?,
            )
        })
        .await?;
    let Some((state, reason, media_type)) = found else { return Ok(()) };
    let again = reason
        .as_deref()
        .is_some_and(|reason| [Reason::Unreadable, Reason::Crashed].iter().any(|r| r.code() == reason));
    if state != ContentState::Pending.code() && !again {
        return Ok(());
    }
    let extraction = read(platform, extractor, hash, media_type).await?;
    let fault = extraction.reason().filter(|reason| matches!(reason, Reason::Unreadable | Reason::Crashed));
    let (db, hash) = (platform.db.clone(), hash.to_owned());
    tokio::task::spawn_blocking(move || db.upkeep("platform.file.extract", |tx| store(tx, &hash, &extraction)))
        .await
        .map_err(|_| DbError::Thread)??;
    match fault {
        Some(reason) => Err(Refusal::Internal(format!("the text of a file could not be read: {}", reason.code()))),
        None => Ok(()),
    }
}

async fn read(platform: &Platform, extractor: &Extractor, hash: &str, media_type: String) -> Outcome<Extraction> {
    let file = match platform.blobs.on_disk(hash).await {
        Ok(file) => file,
        Err(BlobFault::Missing(_)) => return Ok(Extraction::refused(Reason::Unreadable)),
        Err(fault) => return Err(fault.into()),
    };
    let extractor = extractor.clone();
    let extraction = tokio::task::spawn_blocking(move || {
        run_limited(&extractor.program, file.path(), &media_type, &extractor.limits)
    });
    Ok(extraction.await.unwrap_or_else(|_lost| Extraction::refused(Reason::Crashed)))
}

/// Keeps what was read of a content, has its scanned pages recognised and the records that hold it indexed again.
///
/// # Errors
/// The database fails.
pub fn store(tx: &mut WriteTx<'_>, hash: &str, extraction: &Extraction) -> Outcome<()> {
    let scanned = scans::wanted(extraction);
    let needs_ocr = scans::unreadable(extraction) || extraction.reason() == Some(Reason::NeedsOcr);
    let state = match extraction.status {
        // It is still being read: by recognition.
        _ if needs_ocr => ContentState::Pending,
        Status::Text => ContentState::Text,
        Status::NoText { .. } => ContentState::NoText,
        Status::Refused { .. } => ContentState::Refused,
    };
    let reason = if needs_ocr { Some(Reason::NeedsOcr) } else { extraction.reason() };
    let now = tx.now();
    diesel::update(extracts::table.find(hash))
        .set((
            extracts::state.eq(state.code()),
            extracts::reason.eq(reason.map(Reason::code)),
            extracts::pages.eq(extraction.pages.and_then(|pages| i32::try_from(pages).ok())),
            extracts::parts.eq(serde_json::to_string(&extraction.parts)?),
            extracts::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    scans::ask(tx, hash, &scanned)?;
    tell_holders(tx, hash)
}

/// Has the records that hold a content indexed again.
///
/// # Errors
/// The database fails.
pub fn tell_holders(tx: &mut WriteTx<'_>, hash: &str) -> Outcome<()> {
    let holders: Vec<(i64, i64)> = records::table
        .inner_join(attachments::table.on(attachments::record_id.eq(records::id)))
        .filter(attachments::blob_hash.eq(hash))
        .filter(attachments::removed_at.is_null())
        .select((records::id, records::agency_id))
        .distinct()
        .load(tx.conn())?;
    for (id, agency_id) in holders {
        tx.outbox(CHANGED, Some(agency_id), Some(id), &())?;
    }
    Ok(())
}

/// The text of a blob as it is stored.
///
/// # Errors
/// The stored JSON is not what this version writes.
pub fn parts(stored: &str) -> Outcome<Vec<Part>> {
    Ok(serde_json::from_str(stored)?)
}
