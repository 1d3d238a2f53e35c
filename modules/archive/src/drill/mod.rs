//! Restore drills (تجارب الاسترجاع): a backup that was never brought back is a hope. A job brings one back in a scratch
//! place, examines it, and keeps what it found; the certificate is printed of that.

mod certificate;
mod examine;
mod routes;
mod store;

use std::{path::PathBuf, sync::Arc, time::Instant};

use chrono::Duration;
use diwan_archive_api::{DrillReport, DrillStep};
use diwan_db::{Audit, DbError, NewJob, WriteTx};
use diwan_kernel::{Lang, Who};
use diwan_platform::{
    Actor, Outcome, Platform, Refusal,
    work::{JobError, JobRun, Work},
};
use diwan_print::Fonts;
use serde::Deserialize;
use serde_json::json;

pub use certificate::pdf as certificate;
pub(crate) use routes::routes;

use crate::search::Sources;

/// The kind of the job that does a drill.
const JOB: &str = "archive.drill";
/// The kind of the job that looks whether one is due.
const DUE: &str = "archive.drill_due";
/// How often it is looked whether one is due.
const LOOK_AGAIN: Duration = Duration::hours(1);
/// How often it is noted how far a drill is.
const NOTED: std::time::Duration = std::time::Duration::from_millis(700);

/// What drills need. Cheap to clone.
#[derive(Clone)]
pub struct Drills {
    /// A folder for what is brought back; what a drill leaves there is removed.
    pub scratch: PathBuf,
    /// The backup that is brought back, and the file with the key to it; none: each drill makes one of its own.
    pub backup: Option<(PathBuf, PathBuf)>,
    /// The words of the records.
    pub sources: Sources,
    /// The faces of the certificate.
    pub fonts: Arc<Fonts>,
}

/// The payload of [`JOB`].
#[derive(Deserialize)]
struct Wanted {
    id: i64,
}

/// The payload of [`DUE`].
#[derive(Deserialize)]
struct Nothing {}

/// Has drills done by jobs, one by itself after so many days; never where that is 0.
pub fn work(work: &mut Work, drills: Drills, days: u16) {
    work.jobs.on_slow(JOB, move |run, wanted: Wanted| Ok(run.wait(conduct(run.platform, &drills, wanted.id))?));
    work.jobs.on(DUE, move |run, Nothing {}| look(run, days));
}

/// Leaves the job that looks whether a drill is due, where none waits.
///
/// # Errors
/// The database fails.
pub fn schedule(platform: &Platform) -> Result<(), DbError> {
    platform.db.upkeep("drill.schedule", |tx| tx.enqueue(due()))
}

fn due() -> NewJob {
    NewJob::new(DUE, json!({})).priority(900).dedupe(DUE.to_owned())
}

fn look(run: &JobRun<'_>, days: u16) -> Result<(), JobError> {
    let db = &run.platform.db;
    let last = db.read_now(store::last_begun)?;
    let limit = db.clock().now() - Duration::days(i64::from(days));
    if days > 0 && last.is_none_or(|at| at <= limit) {
        db.write_now(Who::system(), "archive.drill.begin", |tx| begin(tx, None))?;
    }
    Ok(db.upkeep("drill.look", |tx| {
        let again = tx.now() + LOOK_AGAIN;
        tx.enqueue(due().run_at(again))?;
        run.finish_in(tx)
    })?)
}

/// Asks for a drill; where one is under way, it is that one.
pub(crate) fn begin(tx: &mut WriteTx<'_>, actor: Option<&Actor>) -> Outcome<i64> {
    let id = match store::open(tx)? {
        Some(id) => id,
        None => {
            let id = store::insert(tx, actor.map(|actor| actor.user_id))?;
            // Whoever asked looks on; one that is due by itself comes after everything.
            let priority = if actor.is_some() { 150 } else { 800 };
            tx.enqueue(NewJob::new(JOB, json!({ "id": id })).priority(priority))?;
            id
        }
    };
    tx.audit(Audit::of("drill", id))?;
    Ok(id)
}

/// Does a drill and keeps what it found. One that is over stays as it is, so the job may run twice.
async fn conduct(platform: &Platform, drills: &Drills, id: i64) -> Outcome<()> {
    if !platform.db.upkeep("drill.start", |tx| store::start(tx, id))? {
        return Ok(());
    }
    let noted = std::cell::Cell::new(None::<(DrillStep, Instant)>);
    let progress = |step: DrillStep, done: u64, total: u64| {
        let fresh = noted.get().is_some_and(|(last, at)| last == step && at.elapsed() < NOTED);
        if !fresh {
            noted.set(Some((step, Instant::now())));
            // How far it is, is for the eye only.
            if let Err(error) = platform.db.upkeep("drill.note", |tx| store::note(tx, id, step, done, total)) {
                tracing::warn!(%error, id, "How far a drill is could not be noted");
            }
        }
    };
    let report = examine::run(platform, drills, &format!("drill-{id}"), &progress).await;
    platform.db.write_now(Who::system(), "archive.drill.end", |tx| end(tx, id, &report))
}

fn end(tx: &mut WriteTx<'_>, id: i64, report: &DrillReport) -> Outcome<()> {
    if store::end(tx, id, report)? {
        tx.audit(Audit::of("drill", id).after(report).detail(json!({ "good": report.is_good() })))?;
        return Ok(());
    }
    Err(Refusal::Internal(format!("drill {id} was ended by another worker")))
}

/// A drill for the operator at the machine: what it found, and the certificate in a language.
///
/// # Errors
/// The certificate cannot be printed.
pub async fn at_once(
    platform: &Platform,
    drills: &Drills,
    lang: Lang,
    progress: &dyn Fn(DrillStep, u64, u64),
) -> Outcome<(DrillReport, Vec<u8>)> {
    let report = examine::run(platform, drills, "drill-command", progress).await;
    let pdf =
        certificate(&report, platform.db.clock().now(), platform.db.config().utc_offset_minutes, lang, &drills.fonts)?;
    Ok((report, pdf))
}
