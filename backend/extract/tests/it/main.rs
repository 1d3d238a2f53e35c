//! The extractor tried on real files, through the real child process.

#![expect(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails the test")]

mod bad_input;
#[path = "../../../../tests/support/shared_data.rs"]
mod data;
mod formats;
mod limits;
mod recall;
mod scans;
mod support;
