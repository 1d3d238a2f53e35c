//! Waiting for what happens on other threads, without holding up this one.

use std::time::{Duration, Instant};

/// Asks again and again until `ready` answers, for at most thirty seconds.
///
/// # Panics
/// The time is over; `what` says what was waited for.
pub async fn until<T>(what: &str, ready: impl AsyncFn() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = ready().await {
            return value;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}
