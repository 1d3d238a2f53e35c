//! Files under a password: whoever knows it has their text read. The password goes to the child process and nowhere else.
//!
//! The text belongs to the content, as of every other file: it is found by all who may see a record with that content.

use diesel::prelude::*;
use diwan_archive_api::FilePassword;
use diwan_db::Audit;
use diwan_extract::{Reason, Status, unlock_limited};
use diwan_kernel::FieldError;
use diwan_platform::{
    Actor, Outcome, Platform, Refusal,
    files::{extraction, store as files},
    people::guesses,
};
use diwan_platform_api::files::ContentState;
use diwan_schema::platform::extracts;

use crate::Pictures;

/// The longest password, in bytes: what a pipe takes at once and the formats allow.
const PASSWORD_MAX: usize = 1_024;

/// Tries a password on a file in the actor's scope, and has its text indexed where it is right.
pub(crate) async fn unlock(
    platform: &Platform,
    pictures: &Pictures,
    actor: Actor,
    id: i64,
    given: FilePassword,
) -> Outcome<()> {
    if given.password.is_empty() {
        return Err(Refusal::field("password", "required"));
    }
    if given.password.len() > PASSWORD_MAX {
        return Err(FieldError::new("password", "too_long").with("max", PASSWORD_MAX).into());
    }
    let asking = actor.clone();
    let (file, record, locked) = platform
        .db
        .read(move |tx| {
            let (file, record) = files::load(tx, &asking, id)?;
            let reason: Option<Option<String>> = extracts::table
                .find(&file.blob_hash)
                .filter(extracts::state.eq(ContentState::Refused.code()))
                .select(extracts::reason)
                .first(tx.conn())
                .optional()?;
            let locked = reason.flatten().as_deref() == Some(Reason::Encrypted.code());
            Ok::<_, Refusal>((file, record.id, locked))
        })
        .await?;
    if !locked {
        return Err(Refusal::rule("not_protected", []));
    }
    // Counted before it is tried, so that many at once get no more guesses than one after the other.
    let guess = format!("file {} {}", actor.user_id, file.blob_hash);
    guesses::count(platform, guess.clone()).await?;
    let content = platform.blobs.on_disk(&file.blob_hash).await?;
    let (extractor, media_type) = (pictures.extractor(), file.media_type.clone());
    let _slot = pictures.slot().await;
    let opening = tokio::task::spawn_blocking(move || {
        unlock_limited(&extractor.program, content.path(), &media_type, &given.password, &extractor.limits)
    });
    let extraction = opening.await.map_err(|_| Refusal::Internal("the thread of a file was lost".to_owned()))?;
    let opened = match extraction.status {
        Status::Refused { reason: Reason::Encrypted } => Err(Refusal::field("password", "wrong_file_password")),
        Status::Refused { reason } | Status::NoText { reason: reason @ Reason::Unsupported } => {
            Err(Refusal::rule("cannot_unlock", [("reason", reason.code().to_owned())]))
        }
        Status::Text | Status::NoText { .. } => Ok(()),
    };
    let (right, name, hash) = (opened.is_ok(), file.file_name, file.blob_hash);
    platform
        .db
        .write(actor.who(), "archive.file.unlock", move |tx| {
            if right {
                extraction::store(tx, &hash, &extraction)?;
            }
            let detail = serde_json::json!({ "file": name, "opened": right });
            Ok::<_, Refusal>(tx.audit(Audit::of_record(record).detail(detail))?)
        })
        .await?;
    if right {
        guesses::forget(platform, guess).await?;
    }
    opened
}
