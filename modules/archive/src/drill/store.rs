//! Drills in the database.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diwan_archive_api::{Drill, DrillReport, DrillState, DrillStep};
use diwan_db::{DbError, ReadTx, WriteTx};
use diwan_platform::{Outcome, Refusal, records::store as records};
use diwan_schema::archive::restore_drills;

/// Drills that are shown.
const MOST: i64 = 50;
/// One that is under way longer was lost.
const LOST_AFTER: Duration = Duration::days(1);

#[derive(Queryable, Selectable)]
#[diesel(table_name = restore_drills)]
struct Row {
    id: i64,
    asked_by: Option<i64>,
    state: String,
    step: String,
    done: i64,
    total: i64,
    created_at: NaiveDateTime,
    finished_at: Option<NaiveDateTime>,
    report: String,
}

fn drill(tx: &mut ReadTx<'_>, row: Row) -> Outcome<Drill> {
    Ok(Drill {
        id: row.id,
        state: row.state.parse()?,
        step: row.step.parse()?,
        done: row.done,
        total: row.total,
        asked_by: row.asked_by.map(|id| records::user_ref(tx, id)).transpose()?,
        created_at: row.created_at,
        finished_at: row.finished_at,
        report: row.finished_at.map(|_| serde_json::from_str(&row.report)).transpose()?,
    })
}

/// The newest drills.
pub(super) fn list(tx: &mut ReadTx<'_>) -> Outcome<Vec<Drill>> {
    let rows: Vec<Row> =
        restore_drills::table.order(restore_drills::id.desc()).limit(MOST).select(Row::as_select()).load(tx.conn())?;
    rows.into_iter().map(|row| drill(tx, row)).collect()
}

/// One drill.
pub(super) fn load(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Drill> {
    let row = restore_drills::table.find(id).select(Row::as_select()).first(tx.conn()).optional()?;
    let row = row.ok_or(Refusal::NotFound("drill"))?;
    drill(tx, row)
}

/// When the last one was asked for.
pub(super) fn last_begun(tx: &mut ReadTx<'_>) -> Result<Option<NaiveDateTime>, DbError> {
    Ok(restore_drills::table.select(diesel::dsl::max(restore_drills::created_at)).first(tx.conn())?)
}

/// The drill that waits or is under way. One that was lost is ended as failed.
pub(super) fn open(tx: &mut WriteTx<'_>) -> Outcome<Option<i64>> {
    let open: Option<(i64, NaiveDateTime)> = restore_drills::table
        .filter(restore_drills::finished_at.is_null())
        .order(restore_drills::id)
        .select((restore_drills::id, restore_drills::created_at))
        .first(tx.conn())
        .optional()?;
    match open {
        Some((id, at)) if at + LOST_AFTER < tx.now() => {
            end(tx, id, &DrillReport { fault: Some("lost".to_owned()), ..DrillReport::default() })?;
            Ok(None)
        }
        open => Ok(open.map(|(id, _)| id)),
    }
}

/// A drill that waits.
pub(super) fn insert(tx: &mut WriteTx<'_>, asked_by: Option<i64>) -> Outcome<i64> {
    let now = tx.now();
    Ok(diesel::insert_into(restore_drills::table)
        .values((
            restore_drills::asked_by.eq(asked_by),
            restore_drills::state.eq(DrillState::Waiting.code()),
            restore_drills::step.eq(DrillStep::Backup.code()),
            restore_drills::done.eq(0_i64),
            restore_drills::total.eq(0_i64),
            restore_drills::created_at.eq(now),
            restore_drills::report.eq(""),
        ))
        .returning(restore_drills::id)
        .get_result(tx.conn())?)
}

/// Says that a worker is at it; false where it is over already.
pub(super) fn start(tx: &mut WriteTx<'_>, id: i64) -> Result<bool, DbError> {
    let now = tx.now();
    let open = restore_drills::table.find(id).filter(restore_drills::finished_at.is_null());
    let begun = (restore_drills::state.eq(DrillState::Running.code()), restore_drills::started_at.eq(now));
    Ok(diesel::update(open).set(begun).execute(tx.conn())? > 0)
}

/// Notes how far it is.
pub(super) fn note(tx: &mut WriteTx<'_>, id: i64, step: DrillStep, done: u64, total: u64) -> Result<(), DbError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let open = restore_drills::table.find(id).filter(restore_drills::finished_at.is_null());
    diesel::update(open)
        .set((
            restore_drills::step.eq(step.code()),
            restore_drills::done.eq(number(done)),
            restore_drills::total.eq(number(total)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps what it found; false where it was over already.
pub(super) fn end(tx: &mut WriteTx<'_>, id: i64, report: &DrillReport) -> Outcome<bool> {
    let state = if report.is_good() { DrillState::Passed } else { DrillState::Failed };
    let now = tx.now();
    let open = restore_drills::table.find(id).filter(restore_drills::finished_at.is_null());
    let ended = (
        restore_drills::state.eq(state.code()),
        restore_drills::step.eq(DrillStep::Done.code()),
        restore_drills::finished_at.eq(now),
        restore_drills::report.eq(serde_json::to_string(report)?),
    );
    Ok(diesel::update(open).set(ended).execute(tx.conn())? > 0)
}
