//! Business stories from end to end, on both databases.

#![expect(clippy::unwrap_used, reason = "what a test stands on fails by panicking")]

mod finance;
mod letter;
