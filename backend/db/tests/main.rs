//! The database layer on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, clippy::string_slice, clippy::type_complexity, reason = "a test fails by panicking")]

mod audit;
mod copy;
mod grant;
mod immutable;
mod jobs;
mod migrations;
mod outbox;
mod parity;
mod portable;
mod support;
mod transactions;
