//! The bank on both databases: what is imported, matched and reconciled, and what nobody gets past the database.

mod break_in;
pub(crate) mod counter;
mod desk;
mod import;
mod many;
mod reconcile;
