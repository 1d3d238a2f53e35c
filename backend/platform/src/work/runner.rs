//! The threads of the background: workers that run jobs, one thread per follower, the sealer and the purge.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use diwan_db::{AfterFailure, Db, DbError, LeasedJob};
use tokio::{runtime::Runtime, sync::watch};

use super::{JobError, Jobs, Keep, Work, follow, pause::Pause, purge, queue, step_back};
use crate::Platform;

/// A job whose worker dies is taken over after this time; living workers renew three times in it.
const LEASE_S: i64 = 60;
const RENEW: Duration = Duration::from_secs(20);
/// A job that another node left is found after this time at the latest; one that is due later, too.
const POLL: Duration = Duration::from_secs(1);
/// Workers let the commit's other jobs arrive before they look.
const SETTLE: Duration = Duration::from_millis(20);
/// The sealer looks this often: an entry is linked within a second of its commit.
const SEAL_EVERY: Duration = Duration::from_millis(500);
/// Who saw what is written down this often.
const WRITE_VIEWS_EVERY: Duration = Duration::from_secs(1);
/// Entries linked in one go; as many may be waiting still when that many were linked.
const SEAL_BATCH: usize = 1000;
/// The background waits this long after the database failed.
const AFTER_FAULT: Duration = Duration::from_secs(3);

/// How many threads run jobs.
#[derive(Debug, Clone, Copy)]
pub struct Threads(pub u16);

/// The running background. Ends with [`Background::stop`].
pub struct Background {
    stop: watch::Sender<bool>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    pub(super) fn start(platform: &Platform, work: Work, threads: Threads, keep: Keep) -> Self {
        let mut background = Self { stop: watch::Sender::new(false), threads: Vec::new() };
        let jobs = Arc::new(work.jobs);
        let held = Arc::<Held>::default();
        let workers = if jobs.is_empty() { 0 } else { threads.0 };
        for number in 0..workers {
            // The first of several workers stays free of slow jobs.
            let kinds = jobs.kinds(number > 0 || workers == 1);
            let worker = Worker { owner: owner(number), kinds, jobs: Arc::clone(&jobs), held: Arc::clone(&held) };
            background.spawn(platform, format!("job-{number}"), move |platform, pause| worker.run(platform, pause));
        }
        if workers > 0 {
            background.spawn(platform, "job-renew".to_owned(), move |platform, pause| held.renew(&platform.db, pause));
        }
        for mut follower in work.followers {
            let name = format!("follow-{}", follower.name());
            background.spawn(platform, name, move |platform, pause| {
                step_back::now(follower.niceness());
                follow::run(platform, &mut *follower, pause);
            });
        }
        for (name, run) in work.threads {
            let stop = background.stop.subscribe();
            background.spawn(platform, name.to_owned(), move |_platform, _pause| run(stop));
        }
        background.spawn(platform, "seal".to_owned(), seal);
        background.spawn(platform, "views".to_owned(), views);
        background.spawn(platform, "purge".to_owned(), move |platform, pause| purge::run(platform, keep, pause));
        background
    }

    /// Tells every thread to stop, and waits until running jobs are done, at most `patience`. What is not done by then is
    /// taken over by another node, or after the next start.
    pub fn stop(self, patience: Duration) {
        self.stop.send_replace(true);
        let until = Instant::now() + patience;
        for thread in self.threads {
            while !thread.is_finished() && Instant::now() < until {
                thread::sleep(Duration::from_millis(10));
            }
            if thread.is_finished() {
                // Only a panic could come out, and that was logged where it happened.
                let _ended = thread.join();
            }
        }
    }

    fn spawn(&mut self, platform: &Platform, name: String, work: impl FnOnce(&Platform, &mut Pause) + Send + 'static) {
        let (platform, stop) = (platform.clone(), self.stop.subscribe());
        let started = Pause::new(&platform.db, stop)
            .and_then(|mut pause| thread::Builder::new().name(name.clone()).spawn(move || work(&platform, &mut pause)));
        match started {
            Ok(thread) => self.threads.push(thread),
            Err(error) => no_thread(&name, &error),
        }
    }
}

/// Diwan serves on without this thread; other nodes and the next start make up for it.
fn no_thread(name: &str, error: &io::Error) {
    tracing::error!(name, %error, "A background thread cannot be started");
}

/// Names a worker in the list of jobs.
fn owner(number: u16) -> String {
    format!("{}:{number}", std::process::id())
}

struct Worker {
    owner: String,
    kinds: Vec<&'static str>,
    jobs: Arc<Jobs>,
    held: Arc<Held>,
}

impl Worker {
    fn run(&self, platform: &Platform, pause: &mut Pause) {
        step_back::now(step_back::JOBS);
        while !pause.stopping() {
            match platform.db.lease_jobs(&self.owner, &self.kinds, 1, LEASE_S) {
                Ok(leased) if leased.is_empty() => pause.until_work(POLL, SETTLE),
                Ok(leased) => leased.iter().for_each(|job| self.one(platform, pause.runtime(), job)),
                Err(error) => {
                    tracing::warn!(%error, "Jobs cannot be leased");
                    pause.sleep(AFTER_FAULT);
                }
            }
        }
    }

    fn one(&self, platform: &Platform, runtime: &Runtime, job: &LeasedJob) {
        self.held.add(job);
        let outcome = self.jobs.run(platform, runtime, job);
        self.held.remove(job);
        let (id, kind, attempt) = (job.id, job.kind.as_str(), job.attempts);
        let ended = match outcome {
            Ok(true) => Ok(()),
            Ok(false) => platform.db.finish(job),
            Err(JobError::Later(error)) => platform.db.fail(job, &error).map(|after| match after {
                AfterFailure::Retry(at) => tracing::warn!(id, kind, attempt, error, again = %at, "Job failed"),
                AfterFailure::Dead => tracing::error!(id, kind, attempt, error, "Job failed too often, set aside"),
            }),
            Err(JobError::Never(error)) => {
                tracing::error!(id, kind, attempt, error, "Job cannot be done, set aside");
                queue::set_aside(&platform.db, job, &self.owner, &error)
            }
        };
        if let Err(error) = ended {
            // The lease runs out, and the job is taken again.
            tracing::warn!(id, kind, %error, "The end of a job could not be noted");
        }
    }
}

/// The jobs that this node's workers are at.
#[derive(Default)]
struct Held(Mutex<Vec<LeasedJob>>);

impl Held {
    fn add(&self, job: &LeasedJob) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(job.clone());
    }

    fn remove(&self, job: &LeasedJob) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|held| held.id != job.id);
    }

    fn renew(&self, db: &Db, pause: &mut Pause) {
        while !pause.stopping() {
            pause.sleep(RENEW);
            let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
            for job in held {
                match db.renew(&job, LEASE_S) {
                    // It was done in the meantime, or another worker has it: the fencing token keeps the two apart.
                    Ok(()) | Err(DbError::LeaseLost(_)) => {}
                    Err(error) => tracing::warn!(id = job.id, %error, "A lease could not be renewed"),
                }
            }
        }
    }
}

/// Writes down who saw what, the last time after the last request was answered.
fn views(platform: &Platform, pause: &mut Pause) {
    loop {
        let stopping = pause.stopping();
        if let Err(error) = platform.views.write(&platform.db) {
            tracing::error!(%error, "Who saw what could not be written; it is tried again");
        }
        if stopping {
            return;
        }
        pause.sleep(WRITE_VIEWS_EVERY);
    }
}

/// Links new entries of the audit trail into their chains.
fn seal(platform: &Platform, pause: &mut Pause) {
    while !pause.stopping() {
        match platform.db.seal_audit(i64::try_from(SEAL_BATCH).unwrap_or(i64::MAX)) {
            Ok(linked) if linked >= SEAL_BATCH => {}
            Ok(_) => pause.sleep(SEAL_EVERY),
            Err(error) => {
                tracing::warn!(%error, "The audit trail could not be sealed");
                pause.sleep(AFTER_FAULT);
            }
        }
    }
}
