//! Commands on the work after commit: the jobs and the search index.

use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use diwan_db::{Db, DbError};
use diwan_kernel::{PageRequest, Who};
use diwan_platform::{Limits, Refusal, work::queue};
use diwan_platform_api::work::{JobState, JobView};

use crate::{
    node,
    output::{say, table},
    serve,
    settings::Place,
};

/// What `diwan jobs` does.
#[derive(Subcommand)]
pub(crate) enum JobsAction {
    /// Show jobs, the newest first
    List {
        /// Which: dead ones were set aside after their last attempt
        #[arg(long, value_enum, default_value = "dead", value_name = "STATE")]
        state: Which,
    },
    /// Run jobs now that were set aside or wait for their next attempt
    Retry {
        /// The numbers of the jobs
        #[arg(required_unless_present = "all", value_name = "ID")]
        ids: Vec<i64>,
        /// All that were set aside
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
}

/// Which jobs are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Which {
    /// Set aside after the last attempt.
    Dead,
    /// To be run now or later.
    Waiting,
    /// Held by a worker.
    Running,
    /// All of them.
    All,
}

impl Which {
    fn state(self) -> Option<JobState> {
        match self {
            Self::Dead => Some(JobState::Dead),
            Self::Waiting => Some(JobState::Waiting),
            Self::Running => Some(JobState::Running),
            Self::All => None,
        }
    }
}

/// Shows jobs, or runs them again.
pub(super) fn jobs(db: &Db, action: JobsAction) -> anyhow::Result<()> {
    match action {
        JobsAction::List { state } => {
            let jobs = all(db, state.state())?;
            let mut rows =
                vec![["ID", "KIND", "STATE", "ATTEMPTS", "NEXT (UTC)", "LAST ERROR"].map(str::to_owned).to_vec()];
            rows.extend(jobs.iter().map(row));
            say(table(&rows));
            say(format_args!("{} job(s)", jobs.len()));
        }
        JobsAction::Retry { ids, all: every } => {
            let ids = if every { all(db, Some(JobState::Dead))?.iter().map(|job| job.id).collect() } else { ids };
            for id in &ids {
                retry(db, *id)?;
            }
            say(format_args!("{} job(s) will run now", ids.len()));
        }
    }
    Ok(())
}

fn retry(db: &Db, id: i64) -> anyhow::Result<()> {
    match db.write_now(Who::system(), "platform.job.retry", |tx| queue::run_now(tx, id)) {
        Err(Refusal::NotFound(_)) => bail!("there is no job {id}; it may be done by now"),
        Err(Refusal::Rule { code: "job_is_running", .. }) => bail!("job {id} runs at the moment"),
        other => Ok(other?),
    }
}

/// Page after page.
fn all(db: &Db, state: Option<JobState>) -> Result<Vec<JobView>, DbError> {
    let mut jobs = Vec::new();
    let mut page = PageRequest { after: None, limit: Some(diwan_kernel::page::MAX_PAGE) };
    loop {
        let read = db.read_now(|tx| queue::read(tx, state, &page))?;
        jobs.extend(read.items);
        match read.next {
            Some(next) => page.after = Some(next),
            None => return Ok(jobs),
        }
    }
}

fn row(job: &JobView) -> Vec<String> {
    let error = job.last_error.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
    vec![
        job.id.to_string(),
        job.kind.clone(),
        job.state.code().to_owned(),
        format!("{}/{}", job.attempts, job.max_attempts),
        job.run_at.format("%Y-%m-%d %H:%M:%S").to_string(),
        error.chars().take(120).collect(),
    ]
}

/// Builds the search index anew from the database, with no node running on it.
pub(super) fn reindex(db: Db, place: &Place) -> anyhow::Result<()> {
    let (_search, mut indexer) = node::open_index(place).context("is Diwan stopped?")?;
    let platform = serve::over(db, place, Limits::default())?;
    let records = indexer.rebuild_now(&platform)?;
    indexer.wait_for_merge()?;
    say(format_args!("the search index of {} is new: {records} entries", place.data.display()));
    Ok(())
}
