//! Holdings (إشغال المراكز): who holds a position, from one day to another.

pub mod create;
pub mod delete;
pub mod end;
pub mod list;
pub(super) mod store;
