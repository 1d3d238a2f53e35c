//! Taking away what has done its work: followed outbox rows, remembered requests, forgotten drafts.

use std::time::Duration;

use chrono::{Duration as Span, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{DbError, OutboxRow, WriteTx};
use diwan_schema::platform::{drafts, idempotency, outbox};

use super::{pause::Pause, positions};
use crate::Platform;

/// How often it is done.
const EVERY: Duration = Duration::from_secs(3600);
/// Nothing of it is urgent: a start is not slowed down by it.
const FIRST: Duration = Duration::from_secs(60);
/// Rows taken in one transaction, so that nobody waits for it.
const BATCH: i64 = 1000;
/// A client repeats a request within minutes; two days are ample.
const REQUESTS_DAYS: i64 = 2;

/// How long things are kept.
#[derive(Debug, Clone, Copy)]
pub struct Keep {
    /// Outbox rows, in days: a follower that was away longer builds anew.
    pub outbox_days: u16,
    /// Drafts that were not touched, in days.
    pub drafts_days: u16,
}

/// Purges now and then until Diwan stops.
pub(super) fn run(platform: &Platform, keep: Keep, pause: &mut Pause) {
    pause.sleep(FIRST);
    while !pause.stopping() {
        if let Err(error) = purge(platform, keep) {
            tracing::warn!(%error, "What is old could not be purged");
        }
        pause.sleep(EVERY);
    }
}

/// Takes away everything that is old enough.
///
/// # Errors
/// The database fails; what was taken until then stays away.
pub fn purge(platform: &Platform, keep: Keep) -> Result<(), DbError> {
    let days = |days: u16| Span::days(i64::from(days));
    while platform.db.upkeep("work.purge.outbox", |tx| old_outbox(tx, tx.now() - days(keep.outbox_days)))? {}
    platform.db.upkeep("work.purge.rest", |tx| {
        let (requests, unused) = (tx.now() - Span::days(REQUESTS_DAYS), tx.now() - days(keep.drafts_days));
        diesel::delete(idempotency::table.filter(idempotency::created_at.lt(requests))).execute(tx.conn())?;
        diesel::delete(drafts::table.filter(drafts::updated_at.lt(unused))).execute(tx.conn())?;
        Ok(())
    })
}

/// Takes a batch of old rows; says whether there may be more. Remembers how far it went.
fn old_outbox(tx: &mut WriteTx<'_>, before: NaiveDateTime) -> Result<bool, DbError> {
    let rows: Vec<OutboxRow> =
        outbox::table.select(outbox::all_columns).order(outbox::id.asc()).limit(BATCH).load(tx.conn())?;
    let old: Vec<&OutboxRow> = rows.iter().filter(|row| row.created_at < before).collect();
    let Some(last) = old.iter().map(|row| row.position()).max() else { return Ok(false) };
    let ids: Vec<i64> = old.iter().map(|row| row.id).collect();
    diesel::delete(outbox::table.filter(outbox::id.eq_any(&ids))).execute(tx.conn())?;
    positions::note_purged(tx, last)?;
    Ok(old.len() == rows.len())
}
