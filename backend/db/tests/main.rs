//! The database layer on SQLite and on PostgreSQL.

mod audit;
mod copy;
mod immutable;
mod jobs;
mod migrations;
mod outbox;
mod parity;
mod portable;
mod support;
mod transactions;
