//! The list of jobs for those who look after Diwan: what waits, what runs, what was set aside; try again, drop.

use chrono::NaiveDateTime;
use diesel::{dsl::count_star, prelude::*};
use diwan_db::{Audit, Db, DbError, Keep, LeasedJob, ReadTx, WriteTx};
use diwan_kernel::{Page, PageRequest, Permission};
use diwan_platform_api::work::{JobCounts, JobState, JobView};
use diwan_schema::platform::jobs;

use crate::{Actor, Outcome, Refusal};

#[derive(Queryable, Selectable)]
#[diesel(table_name = jobs)]
struct Row {
    id: i64,
    kind: String,
    payload: String,
    priority: i32,
    state: String,
    run_at: NaiveDateTime,
    lease_owner: Option<String>,
    lease_until: Option<NaiveDateTime>,
    attempts: i32,
    max_attempts: i32,
    last_error: Option<String>,
    created_at: NaiveDateTime,
}

impl Row {
    fn view(self, now: NaiveDateTime) -> JobView {
        let runs = self.lease_until.is_some_and(|until| until > now);
        let state = match (self.state.as_str(), runs) {
            ("dead", _) => JobState::Dead,
            (_, true) => JobState::Running,
            (_, false) => JobState::Waiting,
        };
        JobView {
            id: self.id,
            kind: self.kind,
            state,
            about: self.payload,
            priority: self.priority,
            run_at: self.run_at,
            worker: self.lease_owner.filter(|_| state == JobState::Running),
            attempts: self.attempts,
            max_attempts: self.max_attempts,
            last_error: self.last_error,
            created_at: self.created_at,
        }
    }
}

/// The jobs in a state, or all; the newest first.
///
/// # Errors
/// [`Refusal::Forbidden`] without the right to manage jobs.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor, state: Option<JobState>, page: &PageRequest) -> Outcome<Page<JobView>> {
    actor.require(Permission::JobsManage)?;
    Ok(read(tx, state, page)?)
}

/// [`list`] for the operator at the machine, who needs no right.
///
/// # Errors
/// The database fails.
pub fn read(tx: &mut ReadTx<'_>, state: Option<JobState>, page: &PageRequest) -> Result<Page<JobView>, DbError> {
    let (now, limit) = (tx.now(), page.rows());
    let mut query = jobs::table.select(Row::as_select()).order(jobs::id.desc()).limit(limit + 1).into_boxed();
    if let Some(before) = page.after.as_deref().and_then(|after| after.parse::<i64>().ok()) {
        query = query.filter(jobs::id.lt(before));
    }
    query = match state {
        None => query,
        Some(JobState::Dead) => query.filter(jobs::state.eq("dead")),
        Some(JobState::Running) => query.filter(jobs::state.eq("ready")).filter(jobs::lease_until.gt(now)),
        Some(JobState::Waiting) => {
            query.filter(jobs::state.eq("ready")).filter(jobs::lease_until.is_null().or(jobs::lease_until.le(now)))
        }
    };
    let rows: Vec<Row> = query.load(tx.conn())?;
    Ok(Page::from_rows(rows, limit, |row| row.id.to_string(), |row| row.view(now)))
}

/// How many jobs there are in each state.
///
/// # Errors
/// [`Refusal::Forbidden`] without the right to manage jobs.
pub fn counts(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<JobCounts> {
    actor.require(Permission::JobsManage)?;
    let now = tx.now();
    let ready = || jobs::table.filter(jobs::state.eq("ready"));
    let all: i64 = ready().select(count_star()).first(tx.conn())?;
    let running: i64 = ready().filter(jobs::lease_until.gt(now)).select(count_star()).first(tx.conn())?;
    let dead: i64 = jobs::table.filter(jobs::state.eq("dead")).select(count_star()).first(tx.conn())?;
    Ok(JobCounts { waiting: all - running, running, dead })
}

/// Lets a job run now: one that was set aside begins anew, one that waits for its next attempt waits no longer.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no such job, or it is done by now; `job_is_running`.
pub fn retry(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    actor.require(Permission::JobsManage)?;
    run_now(tx, id)
}

/// [`retry`] for the operator at the machine, who needs no right.
///
/// # Errors
/// As [`retry`].
pub fn run_now(tx: &mut WriteTx<'_>, id: i64) -> Outcome<()> {
    refuse_running(tx, id)?;
    if !tx.retry_dead(id)? {
        let now = tx.now();
        diesel::update(jobs::table.find(id)).set(jobs::run_at.eq(now)).kept().execute(tx.conn())?;
    }
    Ok(tx.audit(Audit::of("job", id))?)
}

/// Drops a job for good.
///
/// # Errors
/// As [`retry`].
pub fn drop(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    actor.require(Permission::JobsManage)?;
    let (kind, about) = refuse_running(tx, id)?;
    diesel::delete(jobs::table.find(id)).execute(tx.conn())?;
    Ok(tx.audit(Audit::of("job", id).detail(serde_json::json!({ "kind": kind, "about": about })))?)
}

/// The kind and payload of a job that no worker holds.
fn refuse_running(tx: &mut WriteTx<'_>, id: i64) -> Outcome<(String, String)> {
    let row: Row =
        jobs::table.find(id).select(Row::as_select()).first(tx.conn()).optional()?.ok_or(Refusal::NotFound("job"))?;
    if row.lease_until.is_some_and(|until| until > tx.now()) {
        return Err(Refusal::rule("job_is_running", [("id", id.to_string())]));
    }
    Ok((row.kind, row.payload))
}

/// Sets a leased job aside at once: waiting would not help.
pub(super) fn set_aside(db: &Db, job: &LeasedJob, owner: &str, error: &str) -> Result<(), DbError> {
    db.upkeep("work.jobs.set_aside", |tx| {
        let ours = jobs::table
            .filter(jobs::id.eq(job.id))
            .filter(jobs::lease_owner.eq(owner))
            .filter(jobs::attempts.eq(job.attempts));
        let error: String = error.chars().take(2000).collect();
        diesel::update(ours)
            .set((
                jobs::state.eq("dead"),
                jobs::last_error.eq(error),
                jobs::lease_owner.eq(None::<String>),
                jobs::lease_until.eq(None::<NaiveDateTime>),
            ))
            .kept()
            .execute(tx.conn())?;
        Ok(())
    })
}
