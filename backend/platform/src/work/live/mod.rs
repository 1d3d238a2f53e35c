//! Live events: what signed-in people are told without asking. Each node follows the outbox and tells those connected to
//! it; nobody is told of a record they may not see.

mod access;
mod follower;
mod hub;

use diwan_db::OutboxPosition;
use diwan_platform_api::work::LiveKind;

pub use follower::LiveFollower;
pub use hub::{Live, Subscription};

/// One event on its way to a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveEvent {
    /// The place in the outbox behind what caused it: a browser that reconnects names the last one it saw.
    pub position: Option<OutboxPosition>,
    /// What it says.
    pub kind: LiveKind,
    /// The data as JSON; empty for kinds without.
    pub data: String,
}

impl LiveEvent {
    /// An event without data.
    pub fn bare(kind: LiveKind) -> Self {
        Self { position: None, kind, data: String::new() }
    }
}
