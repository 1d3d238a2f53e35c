//! Switching one-time codes off for somebody who lost their phone.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;

use super::store;
use crate::{Actor, Outcome, people::account::totp_disable::forget_totp};

/// Forgets the secret.
///
/// # Errors
/// As in [`super::reset_password`].
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    actor.require(Permission::UsersManage)?;
    let row = store::governed(tx, actor, id)?;
    forget_totp(tx, id)?;
    tx.audit(Audit::of("user", id).agency(row.agency_id))?;
    Ok(())
}
