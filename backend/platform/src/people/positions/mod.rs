//! Positions (المراكز الوظيفية) of units.

pub mod create;
pub mod get;
pub mod list;
pub mod pick;
pub(super) mod store;
pub mod update;
