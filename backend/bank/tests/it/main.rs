//! Statements of banks as they come: every file of the shared data, what is refused and why, matching, and speed.

#![expect(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails the test")]

mod camt;
#[path = "../../../../tests/support/shared_data.rs"]
mod data;
mod matching;
mod mt940;
mod mutations;
mod refusals;
mod sheets;
mod speed;
mod support;
