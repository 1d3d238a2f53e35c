//! One's own sessions.

use diwan_db::ReadTx;
use diwan_platform_api::people::SessionItem;

use super::store;
use crate::{Limits, Outcome, sessions::Session};

/// The sessions that have not ended, the newest first.
///
/// # Errors
/// The database fails.
pub fn run(tx: &mut ReadTx<'_>, limits: &Limits, session: &Session) -> Outcome<Vec<SessionItem>> {
    let rows = store::live_of(tx, limits, session.actor.user_id)?;
    let item = |row: store::SessionRow| SessionItem {
        id: row.id,
        created_at: row.created_at.and_utc(),
        last_seen_at: row.last_seen_at.and_utc(),
        expires_at: row.expires_at.and_utc(),
        ip: row.ip,
        user_agent: row.user_agent,
        current: row.id == session.id,
    };
    Ok(rows.into_iter().map(item).collect())
}
