//! People and rights: signing in, agencies, units, positions, users, roles, delegations.

pub mod account;
mod login_rate;
mod passwords;
pub mod session;
mod totp;
mod username;

pub use login_rate::LoginRate;
pub use passwords::{Passwords, temporary_password};
