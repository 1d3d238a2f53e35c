//! The kinds of jobs and what does them.

use std::{cell::Cell, collections::BTreeMap};

use diwan_db::{DbError, LeasedJob, WriteTx};
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;

use crate::{Outcome, Platform, Refusal};

/// Why a job was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// It may succeed later: a server is down, the disk is full.
    Later(String),
    /// It will never succeed as it is: it is set aside at once, for a person to look at.
    Never(String),
}

impl From<DbError> for JobError {
    fn from(error: DbError) -> Self {
        Self::Later(error.to_string())
    }
}

impl From<Refusal> for JobError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Database(error) => error.into(),
            Refusal::Internal(fault) => Self::Later(fault),
            // Rules and missing things do not go away by waiting.
            refusal => Self::Never(refusal.to_string()),
        }
    }
}

/// A job that is being run.
pub struct JobRun<'a> {
    /// What it runs on.
    pub platform: &'a Platform,
    job: &'a LeasedJob,
    runtime: &'a Runtime,
    finished: Cell<bool>,
}

impl JobRun<'_> {
    /// Waits for what is asynchronous (files, child processes); the worker does nothing else meanwhile.
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// The how-manieth attempt this is, from 1.
    pub fn attempt(&self) -> i32 {
        self.job.attempts
    }

    /// Ends the job in the transaction that holds its effect: then it takes effect exactly once. Without this call the
    /// job ends after the handler, and a crash in between makes it run again.
    ///
    /// # Errors
    /// Another worker may have the job by now; the transaction must be rolled back.
    pub fn finish_in(&self, tx: &mut WriteTx<'_>) -> Outcome<()> {
        tx.finish_job(self.job)?;
        self.finished.set(true);
        Ok(())
    }
}

type Handler = Box<dyn Fn(&JobRun<'_>) -> Result<(), JobError> + Send + Sync>;

/// How long jobs of a kind keep a thread busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// Milliseconds: every worker takes them.
    Quick,
    /// Seconds to minutes (extraction, prints): one worker stays free of them, so that they hold up nothing else.
    Slow,
}

/// The kinds of jobs of this build, each with its handler. Handlers run on a thread that may block, at least once per job.
#[derive(Default)]
pub struct Jobs(BTreeMap<&'static str, (Pace, Handler)>);

impl Jobs {
    /// Says who does the jobs of a kind; `payload` is what [`diwan_db::NewJob`] was given.
    pub fn on<P, F>(&mut self, kind: &'static str, handler: F)
    where
        P: DeserializeOwned,
        F: Fn(&JobRun<'_>, P) -> Result<(), JobError> + Send + Sync + 'static,
    {
        self.insert(kind, Pace::Quick, handler);
    }

    /// [`Jobs::on`] for jobs that take seconds or minutes.
    pub fn on_slow<P, F>(&mut self, kind: &'static str, handler: F)
    where
        P: DeserializeOwned,
        F: Fn(&JobRun<'_>, P) -> Result<(), JobError> + Send + Sync + 'static,
    {
        self.insert(kind, Pace::Slow, handler);
    }

    fn insert<P, F>(&mut self, kind: &'static str, pace: Pace, handler: F)
    where
        P: DeserializeOwned,
        F: Fn(&JobRun<'_>, P) -> Result<(), JobError> + Send + Sync + 'static,
    {
        let typed: Handler = Box::new(move |run| {
            let payload = serde_json::from_str(&run.job.payload)
                .map_err(|error| JobError::Never(format!("the payload does not fit the handler: {error}")))?;
            handler(run, payload)
        });
        self.0.insert(kind, (pace, typed));
    }

    /// Whether there is anything to do for a worker at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The kinds that a worker takes.
    pub(super) fn kinds(&self, with_slow: bool) -> Vec<&'static str> {
        self.0.iter().filter(|(_, (pace, _))| with_slow || *pace == Pace::Quick).map(|(kind, _)| *kind).collect()
    }

    /// Runs the handler of a job. `Ok(true)`: the handler ended the job itself.
    pub(super) fn run(&self, platform: &Platform, runtime: &Runtime, job: &LeasedJob) -> Result<bool, JobError> {
        let Some((_, handler)) = self.0.get(job.kind.as_str()) else {
            return Err(JobError::Later(format!("this version of Diwan does not know jobs of kind {}", job.kind)));
        };
        let run = JobRun { platform, job, runtime, finished: Cell::new(false) };
        // A panic is a fault of one job, not of the worker.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| handler(&run)));
        outcome.unwrap_or_else(|panic| Err(JobError::Later(format!("the handler panicked: {}", message(&*panic)))))?;
        Ok(run.finished.get())
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}
