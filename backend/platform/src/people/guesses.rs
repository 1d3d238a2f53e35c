//! Guesses at what a password protects beside accounts: counted and slowed down in the same way.

use diwan_db::DbError;

use super::session::attempts;
use crate::{Outcome, Platform, sessions::token_hash};

/// Counts a guess at `what`, before it is tried.
///
/// # Errors
/// [`crate::Refusal::TooMany`] while there were too many.
pub async fn count(platform: &Platform, what: String) -> Outcome<()> {
    let (db, limits) = (platform.db.clone(), platform.limits.clone());
    let counted = tokio::task::spawn_blocking(move || {
        db.upkeep("guesses.count", |tx| attempts::count(tx, &limits, &token_hash(&what)))
    });
    counted.await.unwrap_or_else(|_lost| Err(DbError::Thread.into()))
}

/// Takes `what` off the list: it was guessed right.
///
/// # Errors
/// The database fails.
pub async fn forget(platform: &Platform, what: String) -> Outcome<()> {
    attempts::forget(platform, what).await
}
