//! Letting whoever waits for an answer have the processor first. On Linux that is a matter of the thread, not of the
//! process; threads that are started later by one that stepped back stay back too.

use std::thread;

/// How far jobs step back behind requests. No further: a job also holds the database's only writer at times, and whoever
/// waits for it waits as long as the job is kept from the processor.
pub(super) const JOBS: i32 = 5;

/// How far those step back who hold nothing that a request waits for, such as the search index: it is allowed seconds.
pub const UNHURRIED: i32 = 10;

/// Lets this thread step back.
pub(super) fn now(niceness: i32) {
    if let Err(error) = rustix::process::nice(niceness) {
        tracing::warn!(%error, "The background takes as much of the processor as requests");
    }
}

/// Runs `start` on a thread that stepped back, so that the threads which it leaves behind do not compete with requests.
///
/// # Panics
/// `start` panics.
pub fn started_back<T: Send>(start: impl FnOnce() -> T + Send) -> T {
    let unhurried = || {
        now(UNHURRIED);
        start()
    };
    match thread::scope(|scope| scope.spawn(unhurried).join()) {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
