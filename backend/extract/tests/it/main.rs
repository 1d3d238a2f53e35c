//! The extractor tried on real files, through the real child process.

#![expect(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails the test")]

mod bad_input;
mod limits;
mod recall;
mod support;
