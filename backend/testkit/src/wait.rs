//! Waiting for what happens on another thread.

use std::time::{Duration, Instant};

/// Asks again and again until `ready` answers, for at most ten seconds.
///
/// # Panics
/// The time is over; `what` says what was waited for.
pub fn wait_until<T>(what: &str, mut ready: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = ready() {
            return value;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "waited ten seconds in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
