//! The one source of time, so that tests can stand on a day.

use std::sync::Mutex;

use chrono::{DateTime, Duration, NaiveDateTime};

/// Tells the time. UTC, whole microseconds: what both databases keep.
pub trait Clock: Send + Sync + 'static {
    /// Now, in UTC.
    fn now(&self) -> NaiveDateTime;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> NaiveDateTime {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
        DateTime::from_timestamp_micros(micros).map(|at| at.naive_utc()).unwrap_or_default()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(Mutex<NaiveDateTime>);

impl FixedClock {
    /// Stands at `at`.
    pub fn at(at: NaiveDateTime) -> Self {
        Self(Mutex::new(at))
    }

    /// Goes to `at`.
    pub fn set(&self, at: NaiveDateTime) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = at;
    }

    /// Goes on by `by`.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> NaiveDateTime {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
