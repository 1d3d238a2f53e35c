//! Delegations (التفويضات): a colleague does somebody's work for some days.

pub mod create;
pub mod list;
pub mod revoke;
pub(super) mod store;
