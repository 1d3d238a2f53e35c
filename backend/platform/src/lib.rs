//! Agencies, people, rights, the record spine, audit chain, outbox and jobs.

pub mod actor;
pub mod audit;
pub mod backup;
pub mod files;
pub mod people;
pub mod records;
pub mod refusal;
mod rights;
pub mod secrets;
pub mod sessions;
pub mod sheet;
mod state;
pub mod work;

pub use actor::Actor;
pub use refusal::{Fields, Outcome, Refusal};
pub use rights::Rights;
pub use secrets::Secrets;
pub use state::{Limits, Platform};
