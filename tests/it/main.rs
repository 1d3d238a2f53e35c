//! The API of the whole product, on both databases.

#![expect(clippy::unwrap_used, reason = "what a test stands on fails by panicking")]

mod app;
mod archive;
mod audit;
mod export;
mod import;
mod lists;
