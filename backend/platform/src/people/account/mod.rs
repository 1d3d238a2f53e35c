//! One's own account: password, one-time codes, preferences.

pub mod change_password;
pub mod preferences;
mod reauthenticate;
pub mod totp_confirm;
pub mod totp_disable;
pub mod totp_enrol;
