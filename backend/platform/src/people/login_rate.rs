//! How often one address may try to sign in.

use std::{num::NonZeroU32, sync::Arc};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

use crate::{Outcome, Refusal};

/// Addresses kept before those that may start afresh are forgotten.
const KEEP: usize = 10_000;

/// Sign-ins per address, on this node: a brake on trying many names, beside the lock on each name in the database.
#[derive(Clone)]
pub struct LoginRate(Arc<DefaultKeyedRateLimiter<String>>);

impl LoginRate {
    /// At most so many in a minute, all of them at once if need be.
    pub fn new(per_minute: u32) -> Self {
        Self(Arc::new(RateLimiter::keyed(Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN)))))
    }

    /// Counts one try of this address.
    ///
    /// # Errors
    /// [`Refusal::TooMany`] with the time until the next may come.
    pub fn check(&self, ip: &str) -> Outcome<()> {
        if self.0.len() > KEEP {
            self.0.retain_recent();
        }
        self.0.check_key(&ip.to_owned()).map_err(|wait| {
            let wait = wait.wait_time_from(governor::clock::DefaultClock::default().now());
            Refusal::TooMany { retry_after_s: wait.as_secs() + 1 }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_own_count() {
        let rate = LoginRate::new(3);
        for _ in 0..3 {
            assert!(rate.check("10.0.0.1").is_ok());
        }
        assert!(matches!(rate.check("10.0.0.1"), Err(Refusal::TooMany { retry_after_s: 1..=21 })));
        assert!(rate.check("10.0.0.2").is_ok());
    }
}
