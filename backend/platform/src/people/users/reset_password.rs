//! A new password for somebody who lost theirs.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::TemporaryPassword;

use super::store;
use crate::{
    Actor, Outcome,
    people::{Passwords, temporary_password},
};

/// Sets a password that is told this once and changed at the next sign-in; every session ends.
///
/// # Errors
/// Those of an account one does not govern: [`crate::Refusal::NotFound`], [`crate::Refusal::Forbidden`], `own_rights`,
/// `clearance_beyond_yours`.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, passwords: &Passwords, id: i64) -> Outcome<TemporaryPassword> {
    actor.require(Permission::UsersManage)?;
    let row = store::governed(tx, actor, id)?;
    let temporary_password = temporary_password()?;
    store::set_temporary(tx, id, &row.username, &passwords.hash_temporary(&temporary_password)?)?;
    tx.audit(Audit::of("user", id).agency(row.agency_id))?;
    Ok(TemporaryPassword { temporary_password })
}
