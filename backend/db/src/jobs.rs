//! Jobs: work that commits with a write and is run afterwards by whichever node leases it first.
//!
//! A job runs at least once. A lease is a promise for some seconds: who holds it may finish, fail or renew the job; who let
//! it run out may not, because another worker may have taken over. `attempts` is the fencing token: it rises with each lease.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{Duration, NaiveDateTime};
use diesel::{prelude::*, upsert::excluded};
use diwan_schema::platform::jobs;

use crate::{AnyConnection, Db, DbError, Keep, WriteTx};

/// Waiting time after the first failure; it doubles with each further one, up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::seconds(10);
/// With twelve attempts a job is tried for some four hours: a mail server may be down that long.
const LONGEST_WAIT: Duration = Duration::hours(1);
/// The longest payload.
const PAYLOAD_BYTES: usize = 64 * 1024;
/// What is kept of an error, in characters.
const ERROR_LENGTH: usize = 2000;

/// A job to be run after commit by whichever node leases it first. Jobs can run twice: they must be idempotent.
#[derive(Debug, Clone)]
pub struct NewJob {
    kind: &'static str,
    payload: String,
    priority: i32,
    run_at: Option<NaiveDateTime>,
    max_attempts: i32,
    dedupe: Option<String>,
}

impl NewJob {
    /// A job of a registered kind.
    pub fn new(kind: &'static str, payload: serde_json::Value) -> Self {
        Self { kind, payload: payload.to_string(), priority: 100, run_at: None, max_attempts: 12, dedupe: None }
    }

    /// Lower runs first; 100 unless told, prints 200.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// Not before this time (UTC).
    #[must_use]
    pub fn run_at(mut self, at: NaiveDateTime) -> Self {
        self.run_at = Some(at);
        self
    }

    /// How often it is tried before it is set aside for a person to look at; 12 unless told.
    #[must_use]
    pub fn max_attempts(mut self, max_attempts: i32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// While a job with this key waits, no second one is added. Once it is leased, the next write adds another.
    #[must_use]
    pub fn dedupe(mut self, key: String) -> Self {
        self.dedupe = Some(key);
        self
    }
}

/// A job that this worker may run until its lease is over.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct LeasedJob {
    /// Its number.
    pub id: i64,
    /// Which handler runs it.
    pub kind: String,
    /// What the handler needs, as JSON.
    pub payload: String,
    /// The how-manieth attempt this is, from 1.
    pub attempts: i32,
    /// After this many it is set aside.
    pub max_attempts: i32,
    owner: String,
}

/// What became of a job that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFailure {
    /// It is tried again at this time (UTC).
    Retry(NaiveDateTime),
    /// It was tried often enough; a person has to look at it.
    Dead,
}

impl WriteTx<'_> {
    /// Leaves a job to be run after commit.
    ///
    /// # Errors
    /// [`DbError::JobTooLarge`]: a job names what it is about, it does not carry it.
    pub fn enqueue(&mut self, job: NewJob) -> Result<(), DbError> {
        if job.payload.len() > PAYLOAD_BYTES {
            return Err(DbError::JobTooLarge(job.kind));
        }
        self.jobs.push(job);
        Ok(())
    }

    /// Writes the jobs, as the last thing before the commit and in the order of their keys: writers that share keys wait for
    /// each other for a moment only, and never in a circle.
    pub(crate) fn leave_jobs(&mut self) -> Result<(), DbError> {
        let mut jobs = std::mem::take(&mut self.jobs);
        jobs.sort_by(|a, b| a.dedupe.cmp(&b.dedupe));
        jobs.into_iter().try_for_each(|job| self.leave(job))
    }

    fn leave(&mut self, job: NewJob) -> Result<(), DbError> {
        let now = self.now();
        let row = (
            jobs::kind.eq(job.kind),
            jobs::payload.eq(job.payload),
            jobs::priority.eq(job.priority),
            jobs::state.eq("ready"),
            jobs::run_at.eq(job.run_at.unwrap_or(now)),
            jobs::attempts.eq(0),
            jobs::max_attempts.eq(job.max_attempts),
            jobs::dedupe.eq(job.dedupe),
            jobs::created_at.eq(now),
        );
        // Writing the waiting job's key again changes nothing but locks the job until this transaction has committed: it
        // must not run before what it is about can be seen.
        crate::each_backend!(self.conn(), c => diesel::insert_into(jobs::table)
            .values(row)
            .on_conflict(jobs::dedupe)
            .do_update()
            .set(jobs::dedupe.eq(excluded(jobs::dedupe)))
            .kept()
            .execute(c))?;
        self.left_work = true;
        Ok(())
    }

    /// Has the waiting job of this key done before less urgent ones: somebody looks on now.
    ///
    /// # Errors
    /// The database refuses.
    pub fn hurry_job(&mut self, dedupe: &str, priority: i32) -> Result<(), DbError> {
        let waiting = jobs::table.filter(jobs::dedupe.eq(dedupe)).filter(jobs::priority.gt(priority));
        diesel::update(waiting).set(jobs::priority.eq(priority)).execute(self.conn())?;
        Ok(())
    }

    /// Removes a job together with the writes that were its work: then it takes effect exactly once.
    ///
    /// # Errors
    /// [`DbError::LeaseLost`] when another worker may have it by now.
    pub fn finish_job(&mut self, job: &LeasedJob) -> Result<(), DbError> {
        let now = self.now();
        let done = diesel::delete(jobs::table.filter(held(job, now))).execute(self.conn())?;
        one_row(done, job)
    }

    /// Gives a job that was set aside another chance, from the first attempt on. `false`: there is no such job.
    ///
    /// # Errors
    /// The database refuses.
    pub fn retry_dead(&mut self, id: i64) -> Result<bool, DbError> {
        let now = self.now();
        let revived = diesel::update(jobs::table.filter(jobs::id.eq(id)).filter(jobs::state.eq("dead")))
            .set((jobs::state.eq("ready"), jobs::attempts.eq(0), jobs::run_at.eq(now)))
            .execute(self.conn())?;
        self.left_work = revived > 0;
        Ok(revived > 0)
    }
}

impl Db {
    /// Takes up to `limit` due jobs of the given kinds for `seconds`, the most urgent first. `owner` names the worker in the
    /// list of jobs. Jobs whose worker was lost on their last attempt are set aside.
    ///
    /// # Errors
    /// The database refuses.
    pub fn lease_jobs(&self, owner: &str, kinds: &[&str], limit: i64, seconds: i64) -> Result<Vec<LeasedJob>, DbError> {
        // A look costs no lock; on SQLite the lease itself would hold up every other writer.
        let waiting = self.glance_now(|tx| {
            let now = tx.now();
            Ok::<bool, DbError>(diesel::select(diesel::dsl::exists(due(kinds, now))).get_result(tx.conn())?)
        })?;
        if !waiting {
            return Ok(Vec::new());
        }
        self.upkeep("db.jobs.lease", |tx| {
            let now = tx.now();
            set_aside_lost(tx.conn(), now)?;
            let order = (jobs::priority.asc(), jobs::run_at.asc(), jobs::id.asc());
            let chosen = due(kinds, now).order(order).select(jobs::id).limit(limit);
            let ids: Vec<i64> = match tx.conn() {
                AnyConnection::Postgres(c) => chosen.for_update().skip_locked().load(c)?,
                AnyConnection::Sqlite(c) => chosen.load(c)?,
            };
            // The key is given up: what changes from now on needs a new job, this one may have read already.
            diesel::update(jobs::table.filter(jobs::id.eq_any(&ids)))
                .set((
                    jobs::lease_owner.eq(owner),
                    jobs::lease_until.eq(now + Duration::seconds(seconds)),
                    jobs::attempts.eq(jobs::attempts + 1),
                    jobs::dedupe.eq(None::<String>),
                ))
                .kept()
                .execute(tx.conn())?;
            let leased = jobs::table.filter(jobs::id.eq_any(&ids)).order(order).select((
                jobs::id,
                jobs::kind,
                jobs::payload,
                jobs::attempts,
                jobs::max_attempts,
                jobs::lease_owner.assume_not_null(),
            ));
            Ok(leased.load(tx.conn())?)
        })
    }

    /// Removes a job that is done.
    ///
    /// # Errors
    /// As [`WriteTx::finish_job`].
    pub fn finish(&self, job: &LeasedJob) -> Result<(), DbError> {
        self.upkeep("db.jobs.finish", |tx| tx.finish_job(job))
    }

    /// Puts a job back with its error, to be tried later, or sets it aside after its last attempt.
    ///
    /// # Errors
    /// [`DbError::LeaseLost`] when another worker may have it by now.
    pub fn fail(&self, job: &LeasedJob, error: &str) -> Result<AfterFailure, DbError> {
        self.upkeep("db.jobs.fail", |tx| {
            let now = tx.now();
            let after = match job.attempts < job.max_attempts {
                true => AfterFailure::Retry(now + wait(job.id, job.attempts)),
                false => AfterFailure::Dead,
            };
            let (state, run_at) = match after {
                AfterFailure::Retry(at) => ("ready", at),
                AfterFailure::Dead => ("dead", now),
            };
            let put_back = diesel::update(jobs::table.filter(held(job, now)))
                .set((
                    jobs::state.eq(state),
                    jobs::run_at.eq(run_at),
                    jobs::last_error.eq(error.chars().take(ERROR_LENGTH).collect::<String>()),
                    jobs::lease_owner.eq(None::<String>),
                    jobs::lease_until.eq(None::<NaiveDateTime>),
                ))
                .kept()
                .execute(tx.conn())?;
            one_row(put_back, job)?;
            Ok(after)
        })
    }

    /// Holds a job for `seconds` from now: for work that takes longer than was thought.
    ///
    /// # Errors
    /// [`DbError::LeaseLost`] when another worker may have it by now.
    pub fn renew(&self, job: &LeasedJob, seconds: i64) -> Result<(), DbError> {
        self.upkeep("db.jobs.renew", |tx| {
            let now = tx.now();
            let renewed = diesel::update(jobs::table.filter(held(job, now)))
                .set(jobs::lease_until.eq(now + Duration::seconds(seconds)))
                .kept()
                .execute(tx.conn())?;
            one_row(renewed, job)
        })
    }
}

/// Jobs that may be taken now.
#[diesel::dsl::auto_type]
fn due<'a>(kinds: &'a [&'a str], now: NaiveDateTime) -> _ {
    jobs::table
        .filter(jobs::state.eq("ready"))
        .filter(jobs::kind.eq_any(kinds))
        .filter(jobs::run_at.le(now))
        .filter(jobs::lease_until.is_null().or(jobs::lease_until.le(now)))
}

/// The job, if the lease is still the one it was given.
#[diesel::dsl::auto_type]
fn held<'a>(job: &'a LeasedJob, now: NaiveDateTime) -> _ {
    let owner: &'a str = job.owner.as_str();
    let id: i64 = job.id;
    let attempts: i32 = job.attempts;
    jobs::id.eq(id).and(jobs::lease_owner.eq(owner)).and(jobs::attempts.eq(attempts)).and(jobs::lease_until.gt(now))
}

fn one_row(count: usize, job: &LeasedJob) -> Result<(), DbError> {
    if count == 1 { Ok(()) } else { Err(DbError::LeaseLost(job.id)) }
}

/// A job that takes its worker down with it must not do so for ever.
fn set_aside_lost(connection: &mut AnyConnection, now: NaiveDateTime) -> QueryResult<usize> {
    let lost = jobs::table
        .filter(jobs::state.eq("ready"))
        .filter(jobs::lease_until.le(now))
        .filter(jobs::attempts.ge(jobs::max_attempts));
    diesel::update(lost)
        .set((
            jobs::state.eq("dead"),
            jobs::last_error.eq("worker lost on the last attempt"),
            jobs::lease_owner.eq(None::<String>),
            jobs::lease_until.eq(None::<NaiveDateTime>),
        ))
        .execute(connection)
}

/// How long to wait after the given attempt: doubling, and spread over its upper half, so that jobs which failed together
/// do not come back together.
fn wait(id: i64, attempt: i32) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0).min(20);
    let longest = FIRST_WAIT.checked_mul(1 << doublings).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
    let mut hasher = DefaultHasher::new();
    (id, attempt).hash(&mut hasher);
    let thousandths = i64::try_from(hasher.finish() % 501).unwrap_or(0);
    longest - Duration::milliseconds(longest.num_seconds() * thousandths)
}

#[cfg(test)]
mod tests {
    use super::{FIRST_WAIT, LONGEST_WAIT, wait};

    #[test]
    fn waits_double_up_to_the_longest_and_differ_between_jobs() {
        for id in 0..200 {
            assert!(wait(id, 1) <= FIRST_WAIT && wait(id, 1) * 2 >= FIRST_WAIT);
            assert!(wait(id, 3) <= FIRST_WAIT * 4 && wait(id, 3) * 2 >= FIRST_WAIT * 4);
            for attempt in [12, 1000, i32::MAX] {
                assert!(wait(id, attempt) <= LONGEST_WAIT && wait(id, attempt) * 2 >= LONGEST_WAIT);
            }
        }
        assert!((0..20).any(|id| wait(id, 5) != wait(20, 5)));
    }
}
