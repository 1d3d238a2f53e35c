//! Follow-up work that commits with the write: outbox rows for followers, jobs for workers.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_schema::platform::{jobs, outbox};
use serde::Serialize;

use crate::{DbError, WriteTx};

/// A job to be run after commit by whichever node leases it first. Jobs can run twice: they must be idempotent.
#[derive(Debug, Clone)]
pub struct NewJob {
    kind: &'static str,
    payload: serde_json::Value,
    priority: i32,
    run_at: Option<NaiveDateTime>,
    max_attempts: i32,
    dedupe: Option<String>,
}

impl NewJob {
    /// A job of a registered kind.
    pub fn new(kind: &'static str, payload: serde_json::Value) -> Self {
        Self { kind, payload, priority: 100, run_at: None, max_attempts: 12, dedupe: None }
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

    /// While a job with this key waits, no second one is added.
    #[must_use]
    pub fn dedupe(mut self, key: String) -> Self {
        self.dedupe = Some(key);
        self
    }
}

impl WriteTx<'_> {
    /// Tells the followers of `topic` (search index, live views, other modules) after commit.
    ///
    /// # Errors
    /// The database refuses, or the payload has no JSON form.
    pub fn outbox(
        &mut self,
        topic: &str,
        agency_id: Option<i64>,
        record_id: Option<i64>,
        payload: &impl Serialize,
    ) -> Result<(), DbError> {
        let now = self.now();
        diesel::insert_into(outbox::table)
            .values((
                outbox::topic.eq(topic),
                outbox::agency_id.eq(agency_id),
                outbox::record_id.eq(record_id),
                outbox::payload.eq(serde_json::to_string(payload)?),
                outbox::created_at.eq(now),
            ))
            .execute(self.conn())?;
        self.left_work = true;
        Ok(())
    }

    /// Leaves a job to be run after commit.
    ///
    /// # Errors
    /// The database refuses.
    pub fn enqueue(&mut self, job: NewJob) -> Result<(), DbError> {
        let now = self.now();
        let row = (
            jobs::kind.eq(job.kind),
            jobs::payload.eq(job.payload.to_string()),
            jobs::priority.eq(job.priority),
            jobs::state.eq("ready"),
            jobs::run_at.eq(job.run_at.unwrap_or(now)),
            jobs::attempts.eq(0),
            jobs::max_attempts.eq(job.max_attempts),
            jobs::dedupe.eq(job.dedupe),
            jobs::created_at.eq(now),
        );
        crate::each_backend!(self.conn(), c => diesel::insert_into(jobs::table).values(row).on_conflict_do_nothing().execute(c))?;
        self.left_work = true;
        Ok(())
    }
}
