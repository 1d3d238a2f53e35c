//! Signing in and out, and the list of one's own sessions.

pub(super) mod attempts;
pub mod code;
pub mod list;
pub mod log_in;
pub mod log_out;
pub(super) mod me;
pub mod revoke;
pub mod state;
mod store;

pub use attempts::locked_until;
pub(super) use attempts::{begin as begin_attempt, clear as clear_attempts, forget as forget_attempts};
pub(super) use code::{purpose as totp_purpose, take as take_code};
pub(super) use store::{Account, account, end_all};

use diwan_kernel::Who;

/// Where a request to sign in comes from.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The request.
    pub request_id: String,
    /// The client's address.
    pub ip: String,
    /// The client's program.
    pub user_agent: String,
}

impl Client {
    fn who(&self, account: Option<&Account>) -> Who {
        Who {
            user_id: account.map(|account| account.id),
            on_behalf_of: None,
            agency_id: account.map(|account| account.agency_id),
            request_id: self.request_id.clone(),
            ip: self.ip.clone(),
        }
    }
}

/// A session that has just begun.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What the cookie holds; stored nowhere.
    pub token: String,
    /// Whether the one-time code is still to be given.
    pub awaits_code: bool,
}
