//! People and rights: signing in, the organisation, users, roles, delegations, imports.

mod account;
mod import;
mod list;
mod org;
pub mod password;
mod users;

pub use account::*;
pub use import::*;
pub use list::*;
pub use org::*;
pub use users::*;
