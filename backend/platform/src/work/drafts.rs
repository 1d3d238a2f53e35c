//! Drafts of forms (المسودات غير المحفوظة): what somebody typed and did not send yet. One's own only; the last write wins.

use diesel::{dsl::count_star, prelude::*};
use diwan_db::{DbError, ReadTx, WriteTx, each_backend};
use diwan_kernel::FieldError;
use diwan_platform_api::work::{DRAFT_MAX_BYTES, Draft, DraftSummary};
use diwan_schema::platform::drafts;

use crate::{Actor, Fields, Outcome, Platform, Refusal};

/// The longest key.
const KEY_MAX: usize = 100;
/// Drafts that one person may have; the oldest make room.
const DRAFTS_MAX: i64 = 200;

/// Keeps a draft under a key that the form chose: `letter:new`, `letter:17`.
///
/// # Errors
/// Wrong key (`wrong_format`), or more than [`DRAFT_MAX_BYTES`] (`too_long`).
pub async fn put(platform: &Platform, actor: &Actor, key: String, body: String) -> Outcome<Draft> {
    let mut wrong = Fields::default();
    if !is_key(&key) {
        wrong.push(FieldError::new("key", "wrong_format"));
    }
    if body.len() > DRAFT_MAX_BYTES {
        wrong.push(FieldError::new("body", "too_long").with("max", DRAFT_MAX_BYTES));
    }
    wrong.done()?;
    let user_id = actor.user_id;
    upkeep(platform, "work.draft.put", move |tx| {
        let now = tx.now();
        let row =
            (drafts::user_id.eq(user_id), drafts::key.eq(&key), drafts::body.eq(&body), drafts::updated_at.eq(now));
        each_backend!(tx.conn(), c => diesel::insert_into(drafts::table)
            .values(row)
            .on_conflict((drafts::user_id, drafts::key))
            .do_update()
            .set((drafts::body.eq(&body), drafts::updated_at.eq(now)))
            .execute(c))?;
        make_room(tx, user_id)?;
        Ok(Draft { key, body, updated_at: now })
    })
    .await
}

/// The draft under a key.
///
/// # Errors
/// [`Refusal::NotFound`] where there is none.
pub fn get(tx: &mut ReadTx<'_>, actor: &Actor, key: &str) -> Outcome<Draft> {
    let row: Option<(String, String, chrono::NaiveDateTime)> = drafts::table
        .find((actor.user_id, key))
        .select((drafts::key, drafts::body, drafts::updated_at))
        .first(tx.conn())
        .optional()?;
    let (key, body, updated_at) = row.ok_or(Refusal::NotFound("draft"))?;
    Ok(Draft { key, body, updated_at })
}

/// One's drafts without their content, the newest first.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<DraftSummary>> {
    let rows: Vec<(String, chrono::NaiveDateTime)> = drafts::table
        .filter(drafts::user_id.eq(actor.user_id))
        .select((drafts::key, drafts::updated_at))
        .order((drafts::updated_at.desc(), drafts::key.asc()))
        .limit(DRAFTS_MAX)
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(key, updated_at)| DraftSummary { key, updated_at }).collect())
}

/// Forgets the draft under a key; one that is not there is forgotten already.
///
/// # Errors
/// The database fails.
pub async fn delete(platform: &Platform, actor: &Actor, key: String) -> Outcome<()> {
    let user_id = actor.user_id;
    upkeep(platform, "work.draft.delete", move |tx| {
        diesel::delete(drafts::table.find((user_id, key))).execute(tx.conn())?;
        Ok(())
    })
    .await
}

fn is_key(key: &str) -> bool {
    (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b":._-".contains(&b))
}

fn make_room(tx: &mut WriteTx<'_>, user_id: i64) -> Result<(), DbError> {
    let mine = drafts::table.filter(drafts::user_id.eq(user_id));
    let count: i64 = mine.select(count_star()).first(tx.conn())?;
    if count > DRAFTS_MAX {
        let order = (drafts::updated_at.asc(), drafts::key.asc());
        let oldest: Vec<String> = mine.select(drafts::key).order(order).limit(count - DRAFTS_MAX).load(tx.conn())?;
        diesel::delete(mine.filter(drafts::key.eq_any(oldest))).execute(tx.conn())?;
    }
    Ok(())
}

/// Writes what is no official act, on a thread that may block.
pub(super) async fn upkeep<T: Send + 'static>(
    platform: &Platform,
    op: &'static str,
    work: impl FnOnce(&mut WriteTx<'_>) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let db = platform.db.clone();
    tokio::task::spawn_blocking(move || db.upkeep(op, work)).await.unwrap_or_else(|_lost| Err(DbError::Thread.into()))
}
