//! The spine (المعاملة): one row per official thing, and what every kind has.
//!
//! A module makes the row with [`create`], keeps its own fields beside it, and calls the functions here for access,
//! states, numbers, tasks, notes, links and seals. All of them work inside the caller's open transaction.

pub mod access;
mod create;
pub mod deadlines;
pub mod finish;
pub mod grants;
pub mod links;
pub mod notes;
pub mod notify;
pub mod numbers;
pub mod requests;
pub mod route_data;
pub mod routing;
pub mod seals;
pub mod state;
pub mod store;
pub mod tasks;
pub mod timeline;
pub mod views;
pub mod work;

pub use create::{NewRecord, create, set_caveats};
pub use store::{RecordRow, load_visible, visible};

/// The outbox topic that says a record, or what hangs off it, changed: followed by search and live views.
pub const CHANGED: &str = "record.changed";
