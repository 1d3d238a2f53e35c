//! Taking a role away.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_schema::platform::{role_permissions, roles};

use super::store;
use crate::{Actor, Outcome, Refusal};

/// Takes it away, once nobody has it.
///
/// # Errors
/// [`Refusal::NotFound`], `role_builtin`, `own_rights`, `role_in_use` with the count.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    actor.require(Permission::RolesManage)?;
    let (agency_id, role) = store::editable(tx, actor, id)?;
    if role.users > 0 {
        return Err(Refusal::rule("role_in_use", [("users", role.users.to_string())]));
    }
    diesel::delete(role_permissions::table.filter(role_permissions::role_id.eq(id))).execute(tx.conn())?;
    diesel::delete(roles::table.find(id)).execute(tx.conn())?;
    tx.audit(Audit::of("role", id).agency(agency_id).before(&role))?;
    Ok(())
}
