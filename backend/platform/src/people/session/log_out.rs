//! Signing out.

use diwan_db::{Audit, WriteTx};

use super::store;
use crate::{Outcome, sessions::Session};

/// Ends the session.
///
/// # Errors
/// The database fails.
pub fn run(tx: &mut WriteTx<'_>, session: &Session) -> Outcome<()> {
    store::end(tx, session.actor.user_id, session.id)?;
    tx.audit(Audit::of("session", session.id))?;
    Ok(())
}
