//! Ending one's other sessions: a browser left open elsewhere, or one that is not one's own.

use diwan_db::{Audit, WriteTx};
use serde_json::json;

use super::store;
use crate::{Outcome, Refusal, sessions::Session};

/// Ends one of one's sessions.
///
/// # Errors
/// [`Refusal::NotFound`] for somebody else's, or one that has ended.
pub fn run(tx: &mut WriteTx<'_>, session: &Session, id: i64) -> Outcome<()> {
    if !store::end(tx, session.actor.user_id, id)? {
        return Err(Refusal::NotFound("session"));
    }
    tx.audit(Audit::of("session", id))?;
    Ok(())
}

/// Ends all of one's sessions but the one that asks; answers how many.
///
/// # Errors
/// The database fails.
pub fn others(tx: &mut WriteTx<'_>, session: &Session) -> Outcome<usize> {
    let ended = store::end_all(tx, session.actor.user_id, Some(session.id))?;
    tx.audit(Audit::of("user", session.actor.user_id).detail(json!({ "ended": ended })))?;
    Ok(ended)
}
