//! How the files are, for those who look after Diwan.

use chrono::NaiveDateTime;
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diwan_db::ReadTx;
use diwan_platform_api::fixity::{BadBlob, FixityReport, FixityRun, OrphanBlob};
use diwan_schema::platform::{attachments, blob_checks, blobs, fixity_runs, orphan_blobs};

use crate::Outcome;

/// The most contents and orphans that are named; all are counted.
const MOST: i64 = 200;

type RunRow = (NaiveDateTime, Option<NaiveDateTime>, i64, i64, Option<i64>);

/// What the walks found until now. It takes no right: the caller has asked for one, or is the operator at the machine.
///
/// # Errors
/// The database fails or holds an unknown code.
pub fn report(tx: &mut ReadTx<'_>) -> Outcome<FixityReport> {
    // The very words of the index of contents that are not well: a bound code would not be known to agree with it.
    let bad = || blob_checks::table.filter(sql::<Bool>("blob_checks.state <> 'whole'"));
    let rows: Vec<(String, String, i64, Option<NaiveDateTime>, NaiveDateTime)> = bad()
        .inner_join(blobs::table.on(blobs::hash.eq(blob_checks::blob_hash)))
        .order((blob_checks::state, blob_checks::blob_hash))
        .limit(MOST)
        .select((blobs::hash, blob_checks::state, blobs::size, blob_checks::bad_since, blob_checks::checked_at))
        .load(tx.conn())?;
    let mut named = Vec::with_capacity(rows.len());
    for (hash, state, size, since, checked_at) in rows {
        let records = attachments::table
            .filter(attachments::blob_hash.eq(&hash))
            .filter(attachments::removed_at.is_null())
            .select(diesel::dsl::count(attachments::record_id).aggregate_distinct())
            .first(tx.conn())?;
        named.push(BadBlob { hash, state: state.parse()?, size, since: since.unwrap_or(checked_at), records });
    }
    let orphans: Vec<(String, i64, NaiveDateTime)> = orphan_blobs::table
        .order(orphan_blobs::place)
        .limit(MOST)
        .select((orphan_blobs::place, orphan_blobs::size, orphan_blobs::modified_at))
        .load(tx.conn())?;
    Ok(FixityReport {
        blobs: blobs::table.filter(blobs::destroyed_at.is_null()).count().get_result(tx.conn())?,
        checked: blob_checks::table.count().get_result(tx.conn())?,
        running: run(tx, false)?,
        last: run(tx, true)?,
        bad_count: bad().count().get_result(tx.conn())?,
        bad: named,
        orphan_count: orphan_blobs::table.count().get_result(tx.conn())?,
        orphans: orphans
            .into_iter()
            .map(|(place, size, modified_at)| OrphanBlob { place, size, modified_at })
            .collect(),
    })
}

/// The newest walk that is done, or the one that is not.
fn run(tx: &mut ReadTx<'_>, done: bool) -> Outcome<Option<FixityRun>> {
    let columns = (
        fixity_runs::started_at,
        fixity_runs::finished_at,
        fixity_runs::checked,
        fixity_runs::bytes,
        fixity_runs::asked_by,
    );
    let newest = fixity_runs::table.order(fixity_runs::id.desc()).select(columns);
    let row: Option<RunRow> = if done {
        newest.filter(fixity_runs::finished_at.is_not_null()).first(tx.conn()).optional()?
    } else {
        newest.filter(fixity_runs::finished_at.is_null()).first(tx.conn()).optional()?
    };
    Ok(row.map(|(started_at, finished_at, checked, bytes, asked_by)| FixityRun {
        started_at,
        finished_at,
        checked,
        bytes,
        asked: asked_by.is_some(),
    }))
}
