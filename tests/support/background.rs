//! The work after commit, as a node does it.

use std::time::Duration;

use diwan_platform::{
    files,
    work::{Background, Keep, Threads, Work, live::LiveFollower},
};

use crate::{TestApp, app::extractor};

/// A running background, which ends with the value.
pub struct Running(Option<Background>);

impl TestApp {
    /// Starts the work of a node: prints, extraction, live events, the index, and what is in `work` already. From then on
    /// [`TestApp::index`] has nothing to run.
    ///
    /// # Panics
    /// It runs already.
    pub fn start(&mut self, mut work: Work) -> Running {
        files::work(&mut work, &extractor());
        diwan_archive::work(&mut work, &extractor(), self.node.press.clone());
        diwan_tarasol::work(&mut work, self.node.press.clone());
        work.follower(LiveFollower::new(self.node.live.clone()));
        work.follower(self.indexer.take().unwrap());
        Running(Some(work.start(&self.platform, Threads(2), Keep { outbox_days: 7, drafts_days: 90 })))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(background) = self.0.take() {
            background.stop(Duration::from_secs(10));
        }
    }
}
