//! Letting somebody sign in at once after too many wrong passwords.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;

use super::store;
use crate::{Actor, Outcome, people::session};

/// Forgets the wrong passwords.
///
/// # Errors
/// As in [`super::reset_password`].
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    actor.require(Permission::UsersManage)?;
    let row = store::governed(tx, actor, id)?;
    session::clear_attempts(tx, &row.username)?;
    tx.audit(Audit::of("user", id).agency(row.agency_id))?;
    Ok(())
}
