//! People and rights: signing in, agencies, units, positions, users, roles, delegations.

pub mod account;
pub mod agencies;
pub mod bootstrap;
mod checks;
pub mod delegations;
mod events;
pub mod holdings;
mod login_rate;
mod names;
mod paging;
mod passwords;
pub mod positions;
pub mod roles;
mod scope;
pub mod seed;
pub mod session;
mod totp;
mod tree;
pub mod units;
mod username;
pub mod users;

pub use events::CHANGED;
pub use login_rate::LoginRate;
pub use passwords::{Passwords, temporary_password};

/// The most lines a picker shows; whoever wants others types more of the name.
const PICK_LINES: i64 = 30;
