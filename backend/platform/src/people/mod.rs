//! People and rights: signing in, agencies, units, positions, users, roles, delegations.

pub mod account;
pub mod agencies;
pub mod bootstrap;
mod checks;
pub mod delegations;
mod events;
pub mod export;
pub mod guesses;
pub mod holdings;
pub mod import;
mod login_rate;
pub mod names;
mod paging;
mod passwords;
pub mod positions;
pub mod roles;
pub(crate) mod scope;
pub mod seed;
pub mod session;
mod totp;
mod tree;
pub mod units;
mod username;
pub mod users;
pub mod words;

pub use events::CHANGED;
pub use login_rate::LoginRate;
pub use passwords::{Passwords, temporary_password};

/// The most lines a picker shows; whoever wants others types more of the name.
const PICK_LINES: i64 = 30;
