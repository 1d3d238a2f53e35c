//! Roles (الأدوار): sets of rights; some are built in, agencies make their own.

mod builtin;
pub mod create;
pub mod delete;
pub mod list;
pub(super) mod store;
pub mod update;

pub use builtin::ensure_builtin;
