//! Users (المستخدمون) as administrators see them.

pub mod create;
pub mod get;
pub mod list;
pub mod pick;
pub mod reset_password;
pub mod reset_totp;
pub(super) mod store;
pub mod unlock;
pub mod update;
