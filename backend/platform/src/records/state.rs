//! Moving a record from one state to another.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_platform_api::records::RecordStep;
use diwan_schema::platform::records;

use super::{RecordRow, store, timeline};
use crate::{Outcome, Refusal};

/// Where a record stands, inside the transaction that moved it.
///
/// # Errors
/// Not found.
pub fn step(tx: &mut ReadTx<'_>, id: i64) -> Outcome<RecordStep> {
    let row = store::load_for_system(tx, id)?;
    Ok(RecordStep { id, state: row.state, number: row.number, version: row.version })
}

/// Refuses a client that has read an older version.
///
/// # Errors
/// [`Refusal::Stale`] names both versions and the last change.
pub fn fresh(tx: &mut ReadTx<'_>, row: &RecordRow, given: i64) -> Outcome<()> {
    if row.version == given {
        return Ok(());
    }
    Err(stale(tx, row, row.version, given))
}

fn stale(tx: &mut ReadTx<'_>, row: &RecordRow, current: i64, given: i64) -> Refusal {
    match timeline::last(tx, row) {
        Ok(last) => Refusal::Stale { entity: "record", current, given, last: last.map(Box::new) },
        Err(failed) => failed,
    }
}

/// Moves the record on. The row decides: where another transaction was first, nothing is written.
///
/// # Errors
/// [`Refusal::Stale`] when the record is no longer as `row` has it.
pub fn set(tx: &mut WriteTx<'_>, row: &RecordRow, state: &str) -> Outcome<()> {
    let now = tx.now();
    let moved = diesel::update(unchanged(row))
        .set((records::state.eq(state), records::updated_at.eq(now), records::version.eq(row.version + 1)))
        .kept()
        .execute(tx.conn())?;
    written(tx, row, moved)
}

/// The record, if it is still as `row` has it.
#[diesel::dsl::auto_type(no_type_alias)]
fn unchanged<'a>(row: &'a RecordRow) -> _ {
    let (id, version): (i64, i64) = (row.id, row.version);
    let state: &'a str = row.state.as_str();
    records::table.filter(records::id.eq(id)).filter(records::version.eq(version)).filter(records::state.eq(state))
}

/// As [`set`], with the day by which an answer is due.
///
/// # Errors
/// As [`set`].
pub fn set_due(tx: &mut WriteTx<'_>, row: &RecordRow, state: &str, due_on: Option<NaiveDate>) -> Outcome<()> {
    let now = tx.now();
    let version = row.version + 1;
    let moved = diesel::update(unchanged(row))
        .set((
            records::state.eq(state),
            records::due_on.eq(due_on),
            records::updated_at.eq(now),
            records::version.eq(version),
        ))
        .kept()
        .execute(tx.conn())?;
    written(tx, row, moved)
}

/// As [`set`], for a record that ends here.
///
/// # Errors
/// As [`set`].
pub fn close(tx: &mut WriteTx<'_>, row: &RecordRow, state: &str) -> Outcome<()> {
    set(tx, row, state)?;
    let now = tx.now();
    diesel::update(records::table.find(row.id)).set(records::closed_at.eq(now)).kept().execute(tx.conn())?;
    Ok(())
}

/// Tells a lost race from success after a guarded update of `row`.
///
/// # Errors
/// [`Refusal::Stale`] where nothing was updated.
pub fn written(tx: &mut WriteTx<'_>, row: &RecordRow, updated: usize) -> Outcome<()> {
    if updated == 1 {
        return Ok(());
    }
    let current = records::table.find(row.id).select(records::version).first(tx.conn())?;
    Err(stale(tx, row, current, row.version))
}

/// Marks the record as changed by something that hangs off it (a note, a task): its version stays.
///
/// # Errors
/// The database fails.
pub fn touch(tx: &mut WriteTx<'_>, record_id: i64) -> Outcome<()> {
    let now = tx.now();
    diesel::update(records::table.find(record_id)).set(records::updated_at.eq(now)).kept().execute(tx.conn())?;
    Ok(())
}
