//! The safety of files (سلامة الملفات): every content is read now and then and compared with its name.
//!
//! A walk (`fixity_runs`) goes over all contents in the order of their names, then over the store for what no record
//! names. It goes on where it was broken off. A job does a slice of it and leaves the next one, so that one node at a time
//! is at it and other slow work gets its turn.

mod report;
mod walk;

use chrono::Duration;
use diesel::prelude::*;
use diwan_db::{DbError, NewJob, WriteTx};
use diwan_schema::platform::fixity_runs;
use serde::Deserialize;

pub use report::report;
pub use walk::{Pace, check, recheck, walk_on};

use crate::{
    Actor, Outcome, Platform,
    work::{JobError, JobRun, Work},
};

/// The kind of the job that does a slice of a walk.
const SLICE: &str = "files.fixity";
/// The kind of the job that looks whether a walk is due.
const DUE: &str = "files.fixity_due";
/// Nothing waits for a walk that is due by itself.
const PRIORITY: i32 = 900;
/// Whoever asked for one looks on: before prints.
const ASKED_PRIORITY: i32 = 150;
/// A server that starts has other things to do first.
const FIRST_LOOK: Duration = Duration::minutes(10);
/// How often it is looked whether a walk is due.
const LOOK_AGAIN: Duration = Duration::hours(1);

/// The payload of both jobs.
#[derive(Deserialize)]
struct Nothing {}

/// Has files checked by jobs: all of them once in so many days; never by themselves where that is 0.
pub fn work(work: &mut Work, days: u16, pace: Pace) {
    work.jobs.on(DUE, move |run, Nothing {}| look(run, days));
    work.jobs.on_slow(SLICE, move |run, Nothing {}| slice(run, pace));
}

/// Leaves the job that looks whether a walk is due, where none waits.
///
/// # Errors
/// The database fails.
pub fn schedule(platform: &Platform) -> Result<(), DbError> {
    platform.db.upkeep("files.fixity.schedule", |tx| {
        let first = tx.now() + FIRST_LOOK;
        tx.enqueue(due().run_at(first))
    })
}

/// Begins a walk now; one that is under way by itself goes on before other slow work.
///
/// # Errors
/// The database fails.
pub fn begin(tx: &mut WriteTx<'_>, actor: &Actor) -> Outcome<()> {
    let id = begin_run(tx, Some(actor.user_id))?;
    let by_itself = fixity_runs::table.find(id).filter(fixity_runs::asked_by.is_null());
    diesel::update(by_itself).set(fixity_runs::asked_by.eq(actor.user_id)).execute(tx.conn())?;
    tx.hurry_job(SLICE, ASKED_PRIORITY)?;
    tx.enqueue(next(true))?;
    Ok(tx.audit(diwan_db::Audit::of("fixity", id))?)
}

fn due() -> NewJob {
    NewJob::new(DUE, serde_json::json!({})).priority(PRIORITY).dedupe(DUE.to_owned())
}

fn next(asked: bool) -> NewJob {
    let priority = if asked { ASKED_PRIORITY } else { PRIORITY };
    NewJob::new(SLICE, serde_json::json!({})).priority(priority).dedupe(SLICE.to_owned())
}

/// The walk that is under way, or a new one.
fn begin_run(tx: &mut WriteTx<'_>, asked_by: Option<i64>) -> Result<i64, DbError> {
    let open = fixity_runs::table.filter(fixity_runs::finished_at.is_null()).select(fixity_runs::id);
    if let Some(id) = open.first(tx.conn()).optional()? {
        return Ok(id);
    }
    let now = tx.now();
    Ok(diesel::insert_into(fixity_runs::table)
        .values((
            fixity_runs::asked_by.eq(asked_by),
            fixity_runs::started_at.eq(now),
            fixity_runs::place.eq(""),
            fixity_runs::checked.eq(0_i64),
            fixity_runs::bytes.eq(0_i64),
        ))
        .returning(fixity_runs::id)
        .get_result(tx.conn())?)
}

/// Begins a walk where the last one is too long ago, has one that was broken off go on, and looks again later.
fn look(run: &JobRun<'_>, days: u16) -> Result<(), JobError> {
    let looked: Outcome<()> = run.platform.db.upkeep("files.fixity.look", |tx| {
        let open: i64 = fixity_runs::table.filter(fixity_runs::finished_at.is_null()).count().get_result(tx.conn())?;
        let last: Option<chrono::NaiveDateTime> =
            fixity_runs::table.select(diesel::dsl::max(fixity_runs::started_at)).first(tx.conn())?;
        let too_old = |at: chrono::NaiveDateTime| at + Duration::days(i64::from(days)) <= tx.now();
        if days > 0 && open == 0 && last.is_none_or(too_old) {
            begin_run(tx, None)?;
            tx.enqueue(next(false))?;
        } else if open > 0 {
            tx.enqueue(next(false))?;
        }
        let again = tx.now() + LOOK_AGAIN;
        tx.enqueue(due().run_at(again))?;
        run.finish_in(tx)
    });
    Ok(looked?)
}

fn slice(run: &JobRun<'_>, pace: Pace) -> Result<(), JobError> {
    let done = run.wait(walk_on(run.platform, pace))?;
    Ok(run.platform.db.upkeep("files.fixity.next", |tx| {
        if !done {
            let open = fixity_runs::table.filter(fixity_runs::finished_at.is_null()).select(fixity_runs::asked_by);
            let asked: Option<Option<i64>> = open.first(tx.conn()).optional()?;
            tx.enqueue(next(asked.flatten().is_some()))?;
        }
        run.finish_in(tx)
    })?)
}
