//! Work after commit: jobs and their workers, followers of the outbox, the sealer, live events, notifications, mail
//! copies; and what keeps work from being lost or done twice: drafts and the memory of repeated requests.
//!
//! Nothing here holds state that another node needs: jobs are leased rows, followers go by their position in the outbox,
//! and what a browser is told live it could also have read.

pub mod drafts;
mod follow;
mod jobs;
pub mod live;
pub mod mail;
pub mod notifications;
pub mod once;
mod pause;
mod positions;
mod purge;
pub mod queue;
mod runner;
mod step_back;

pub use follow::Follower;
pub use jobs::{JobError, JobRun, Jobs};
pub use live::Live;
pub use purge::{Keep, purge};
pub use runner::{Background, Threads};
pub use step_back::{UNHURRIED, started_back};

use tokio::sync::watch;

use crate::Platform;

/// What has to be done after commit in this build: filled by each module at the start.
#[derive(Default)]
pub struct Work {
    /// The kinds of jobs and who does them.
    pub jobs: Jobs,
    followers: Vec<Box<dyn Follower>>,
    threads: Vec<(&'static str, Thread)>,
}

/// Something of a module's own that runs until the channel says stop.
type Thread = Box<dyn FnOnce(watch::Receiver<bool>) + Send>;

impl Work {
    /// Adds a follower of the outbox; it gets a thread of its own.
    pub fn follower(&mut self, follower: impl Follower) {
        self.followers.push(Box::new(follower));
    }

    /// Adds a thread for something that is neither a job nor a follower; it has to end when the channel turns true.
    pub fn thread(&mut self, name: &'static str, run: impl FnOnce(watch::Receiver<bool>) + Send + 'static) {
        self.threads.push((name, Box::new(run)));
    }

    /// Starts everything; it runs until [`Background::stop`].
    pub fn start(self, platform: &Platform, threads: Threads, keep: Keep) -> Background {
        Background::start(platform, self, threads, keep)
    }
}
