//! Databases, apps, users and builders for tests.
//!
//! [`both`] runs one test body on SQLite and on PostgreSQL, each time with a fresh, migrated database of its own.
//! PostgreSQL is a real server in a temporary folder, started by whichever test process needs it first, shared by all
//! test processes of the user, and stopped a minute after the last of them has gone (see [`server`]).
//! Set `DIWAN_TEST_PG_URL` to use a running server instead; without PostgreSQL the tests fail, they are never skipped.

mod database;
mod fault;
pub mod server;
mod template;
mod wait;
mod world;

pub use database::{TestDb, both, both_async, on};
pub use fault::Fault;
pub use wait::wait_until;
pub use world::{TestAgency, World, give_right};
