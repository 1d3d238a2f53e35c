//! How the threads of the background wait: until a commit leaves work, a while has passed, or Diwan stops.

use std::time::Duration;

use diwan_db::Db;
use tokio::{
    runtime::{Builder, Runtime},
    sync::watch,
    time::timeout,
};

/// Waits for one thread.
pub(super) struct Pause {
    runtime: Runtime,
    wakes: watch::Receiver<u64>,
    stop: watch::Receiver<bool>,
}

impl Pause {
    pub(super) fn new(db: &Db, stop: watch::Receiver<bool>) -> std::io::Result<Self> {
        Ok(Self { runtime: Builder::new_current_thread().enable_all().build()?, wakes: db.wakes(), stop })
    }

    /// What this thread waits on.
    pub(super) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Whether Diwan stops.
    pub(super) fn stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Sleeps, unless Diwan stops.
    pub(super) fn sleep(&mut self, time: Duration) {
        let stop = &mut self.stop;
        // Either the time is over, or there is a reason to look up.
        let _over = self.runtime.block_on(async { timeout(time, stop.wait_for(|stop| *stop)).await.is_err() });
    }

    /// Waits for a commit on this node that left work, at most `longest`: other nodes' commits wake nobody here. Then waits
    /// `settle`, so that a burst of commits is dealt with in one go.
    pub(super) fn until_work(&mut self, longest: Duration, settle: Duration) {
        let (wakes, stop) = (&mut self.wakes, &mut self.stop);
        self.runtime.block_on(async {
            tokio::select! {
                _ = wakes.changed() => {}
                _ = stop.wait_for(|stop| *stop) => {}
                () = tokio::time::sleep(longest) => {}
            }
        });
        self.sleep(settle);
        self.wakes.mark_unchanged();
    }
}
