//! The walk itself: contents in the order of their names, then what lies in the store.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use chrono::NaiveDateTime;
use diesel::{prelude::*, upsert::excluded};
use diwan_db::{Audit, DbError, WriteTx, each_backend};
use diwan_kernel::Who;
use diwan_platform_api::fixity::BlobState;
use diwan_schema::platform::{blob_checks, blobs, fixity_runs, orphan_blobs};
use futures_util::TryStreamExt;
use serde_json::json;

use crate::{
    Outcome, Platform,
    files::{Health, Stray, extraction},
};

/// Contents checked between two notes of how far it went.
const BATCH: i64 = 50;
/// Names looked up at once.
const NAMES: usize = 500;
/// A slice of a walk takes so long.
const SLICE: Duration = Duration::from_secs(10);
/// What was stored so short a time ago may still be attached.
const YOUNG: chrono::Duration = chrono::Duration::days(1);
/// The walk's place once all contents are checked: behind every name, with the folder it is at.
const STORE: &str = "~";

/// How fast a walk reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Mebibytes a second; as fast as the disk where it is 0.
    pub mib_per_second: u32,
    /// Whether it ends after a slice.
    pub slices: bool,
}

impl Pace {
    /// To the end, as fast as it goes: for an operator who waits.
    pub const AT_ONCE: Self = Self { mib_per_second: 0, slices: false };

    fn over(self, since: Instant) -> bool {
        self.slices && since.elapsed() > SLICE
    }

    /// Waits until so many bytes may have been read since `since`.
    async fn keep(self, since: Instant, bytes: u64) {
        if self.mib_per_second > 0 {
            let due = Duration::from_millis((bytes >> 10) * 1000 / (u64::from(self.mib_per_second) << 10));
            tokio::time::sleep(due.saturating_sub(since.elapsed())).await;
        }
    }
}

#[derive(Clone, Queryable)]
struct Run {
    id: i64,
    started_at: NaiveDateTime,
    place: String,
}

/// Goes on with the walk that is under way, for a slice or to its end. Says whether it is done.
///
/// # Errors
/// The database or the store cannot be reached.
pub async fn walk_on(platform: &Platform, pace: Pace) -> Outcome<bool> {
    let started = Instant::now();
    let Some(mut run) = platform.db.read(open_run).await? else { return Ok(true) };
    let mut bytes = 0;
    while !run.place.starts_with(STORE) {
        if pace.over(started) {
            return Ok(false);
        }
        bytes += contents(platform, &mut run).await?;
        pace.keep(started, bytes).await;
    }
    while let Some(folder) = next_folder(&run.place) {
        if pace.over(started) {
            return Ok(false);
        }
        orphans_in(platform, &folder).await?;
        run.place = format!("{STORE}{folder}");
        let now_at = run.clone();
        platform.db.blocking(move |db| db.upkeep("files.fixity.place", |tx| note_place(tx, &now_at, 0, 0))).await?;
    }
    platform.db.blocking(move |db| db.upkeep("files.fixity.end", |tx| end(tx, &run))).await?;
    Ok(true)
}

/// Begins a walk where none is under way, and goes to its end.
///
/// # Errors
/// As [`walk_on`].
pub async fn check(platform: &Platform) -> Outcome<()> {
    platform.db.blocking(|db| db.upkeep("files.fixity.begin", |tx| super::begin_run(tx, None))).await?;
    walk_on(platform, Pace::AT_ONCE).await?;
    Ok(())
}

/// Checks one content now, and notes how it is.
///
/// # Errors
/// As [`walk_on`]; there is no such content.
pub async fn recheck(platform: &Platform, hash: &str) -> Outcome<BlobState> {
    let state = state_of(platform.blobs.examine(hash).await?);
    let found = vec![(hash.to_owned(), state)];
    platform.db.blocking(move |db| note(db, &found, |_| Ok(()))).await?;
    Ok(state)
}

fn open_run(tx: &mut diwan_db::ReadTx<'_>) -> Result<Option<Run>, DbError> {
    Ok(fixity_runs::table
        .filter(fixity_runs::finished_at.is_null())
        .order(fixity_runs::id)
        .select((fixity_runs::id, fixity_runs::started_at, fixity_runs::place))
        .first(tx.conn())
        .optional()?)
}

fn state_of(health: Health) -> BlobState {
    match health {
        Health::Whole(_) => BlobState::Whole,
        Health::Damaged => BlobState::Damaged,
        Health::Missing => BlobState::Missing,
    }
}

/// Checks the next contents; answers the bytes read.
async fn contents(platform: &Platform, run: &mut Run) -> Outcome<u64> {
    let after = run.place.clone();
    let hashes: Vec<String> = platform
        .db
        .read(move |tx| {
            let kept = blobs::table.filter(blobs::destroyed_at.is_null());
            let later = kept.filter(blobs::hash.gt(after)).order(blobs::hash).limit(BATCH);
            Ok::<_, DbError>(later.select(blobs::hash).load(tx.conn())?)
        })
        .await?;
    let (mut found, mut bytes) = (Vec::with_capacity(hashes.len()), 0);
    for hash in hashes {
        let health = platform.blobs.examine(&hash).await?;
        if let Health::Whole(size) = health {
            bytes += size;
        }
        found.push((hash, state_of(health)));
    }
    run.place = match found.last() {
        Some((last, _)) if i64::try_from(found.len()) == Ok(BATCH) => last.clone(),
        _ => STORE.to_owned(),
    };
    let at = run.clone();
    let checked = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let read = i64::try_from(bytes).unwrap_or(i64::MAX);
    platform.db.blocking(move |db| note(db, &found, |tx| note_place(tx, &at, checked, read))).await?;
    Ok(bytes)
}

/// Notes how contents are. What is found bad, or well again, goes into the trail, and whoever looks at it is told.
fn note(
    db: &diwan_db::Db,
    found: &[(String, BlobState)],
    also: impl FnOnce(&mut WriteTx<'_>) -> Result<(), DbError>,
) -> Outcome<()> {
    let names: Vec<&str> = found.iter().map(|(hash, _)| hash.as_str()).collect();
    let known: Vec<(String, String)> = db.read_now(|tx| {
        let of = blob_checks::table.filter(blob_checks::blob_hash.eq_any(names));
        Ok::<_, DbError>(of.select((blob_checks::blob_hash, blob_checks::state)).load(tx.conn())?)
    })?;
    let before = |hash: &str| known.iter().find(|(known, _)| known == hash).map(|(_, state)| state.as_str());
    let changed: Vec<_> =
        found.iter().filter(|(hash, state)| before(hash).unwrap_or(BlobState::Whole.code()) != state.code()).collect();
    let write = |tx: &mut WriteTx<'_>| -> Outcome<()> {
        for (hash, state) in found {
            write_check(tx, hash, *state)?;
        }
        for (hash, state) in &changed {
            extraction::tell_holders(tx, hash)?;
            tx.audit(Audit::of("blob", 0).detail(json!({ "hash": hash, "state": state.code() })))?;
        }
        Ok(also(tx)?)
    };
    if changed.is_empty() {
        return db.upkeep("files.fixity.note", write);
    }
    for (hash, state) in &changed {
        tracing::error!(hash, state = state.code(), "A stored file changed its state");
    }
    db.write_now(Who::system(), "platform.blob.state", write)
}

fn write_check(tx: &mut WriteTx<'_>, hash: &str, state: BlobState) -> Result<(), DbError> {
    let now = tx.now();
    let since = (state != BlobState::Whole).then_some(now);
    let row = (
        blob_checks::blob_hash.eq(hash),
        blob_checks::state.eq(state.code()),
        blob_checks::checked_at.eq(now),
        blob_checks::bad_since.eq(since),
    );
    let again = (
        blob_checks::state.eq(excluded(blob_checks::state)),
        blob_checks::checked_at.eq(now),
        blob_checks::bad_since.eq(since),
    );
    // Since when something is bad stays as it was first found.
    let still = blob_checks::table
        .find(hash)
        .filter(blob_checks::state.eq(state.code()))
        .filter(blob_checks::bad_since.is_not_null());
    if diesel::update(still).set(blob_checks::checked_at.eq(now)).execute(tx.conn())? == 0 {
        each_backend!(tx.conn(), c => diesel::insert_into(blob_checks::table)
            .values(row).on_conflict(blob_checks::blob_hash).do_update().set(again).execute(c))?;
    }
    Ok(())
}

fn note_place(tx: &mut WriteTx<'_>, run: &Run, checked: i64, bytes: i64) -> Result<(), DbError> {
    diesel::update(fixity_runs::table.find(run.id))
        .set((
            fixity_runs::place.eq(&run.place),
            fixity_runs::checked.eq(fixity_runs::checked + checked),
            fixity_runs::bytes.eq(fixity_runs::bytes + bytes),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The folder of the store behind the one that the walk was in last; none behind the last one.
fn next_folder(place: &str) -> Option<String> {
    match place.strip_prefix(STORE)?.strip_prefix("blobs/") {
        Some(two) => u8::from_str_radix(two, 16).ok()?.checked_add(1).map(|next| format!("blobs/{next:02x}")),
        None if place == STORE => Some("incoming".to_owned()),
        None => Some("blobs/00".to_owned()),
    }
}

/// Notes what lies in a folder of the store, is no longer young, and is the content of nothing.
async fn orphans_in(platform: &Platform, folder: &str) -> Outcome<()> {
    let old = platform.db.clock().now() - YOUNG;
    let lying = platform.blobs.listing(folder).try_filter(|stray| std::future::ready(stray.modified < old));
    let mut chunks = lying.try_chunks(NAMES);
    while let Some(strays) = chunks.try_next().await.map_err(|broken| broken.1)? {
        platform.db.blocking(move |db| db.upkeep("files.fixity.orphans", |tx| note_orphans(tx, &strays))).await?;
    }
    Ok(())
}

fn note_orphans(tx: &mut WriteTx<'_>, strays: &[Stray]) -> Result<(), DbError> {
    let names: Vec<&str> = strays.iter().filter_map(|stray| stray.place.rsplit('/').next()).collect();
    let kept = blobs::table.filter(blobs::hash.eq_any(names)).filter(blobs::destroyed_at.is_null());
    let known: BTreeSet<String> = kept.select(blobs::hash).load(tx.conn())?.into_iter().collect();
    let now = tx.now();
    for stray in strays.iter().filter(|stray| stray.place.rsplit('/').next().is_none_or(|name| !known.contains(name))) {
        let values = (
            orphan_blobs::size.eq(i64::try_from(stray.size).unwrap_or(i64::MAX)),
            orphan_blobs::modified_at.eq(stray.modified),
            orphan_blobs::found_at.eq(now),
        );
        each_backend!(tx.conn(), c => diesel::insert_into(orphan_blobs::table)
            .values((orphan_blobs::place.eq(&stray.place), values))
            .on_conflict(orphan_blobs::place).do_update().set(values).execute(c))?;
    }
    Ok(())
}

/// Ends the walk; orphans that it did not meet again are gone.
fn end(tx: &mut WriteTx<'_>, run: &Run) -> Result<(), DbError> {
    diesel::delete(orphan_blobs::table.filter(orphan_blobs::found_at.lt(run.started_at))).execute(tx.conn())?;
    let now = tx.now();
    diesel::update(fixity_runs::table.find(run.id)).set(fixity_runs::finished_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_is_walked_folder_by_folder() {
        let mut place = STORE.to_owned();
        let mut folders = Vec::new();
        while let Some(folder) = next_folder(&place) {
            place = format!("{STORE}{folder}");
            folders.push(folder);
        }
        assert_eq!(folders.len(), 257);
        assert_eq!(
            (folders[0].as_str(), folders[1].as_str(), folders[256].as_str()),
            ("incoming", "blobs/00", "blobs/ff")
        );
    }
}
