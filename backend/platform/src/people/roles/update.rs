//! A change of a role.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::{Role, RoleInput};
use diwan_schema::platform::{role_permissions, roles};

use super::store;
use crate::{Actor, Outcome, people::checks};

/// Changes it, for everybody who has it. Neither the rights it had nor those it gets are more than the actor's.
///
/// # Errors
/// [`crate::Refusal::NotFound`], [`crate::Refusal::Stale`], `role_builtin`, `own_rights`, `taken` (code),
/// [`crate::Refusal::Forbidden`].
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &RoleInput) -> Outcome<Role> {
    actor.require(Permission::RolesManage)?;
    let (agency_id, before) = store::editable(tx, actor, id)?;
    checks::version("role", before.version, version)?;
    before.permissions.iter().try_for_each(|permission| actor.require(*permission))?;
    let input = store::checked(tx, actor, agency_id, Some(id), input)?;
    let rows = diesel::update(roles::table.filter(roles::id.eq(id)).filter(roles::version.eq(version)))
        .set((
            roles::code.eq(&input.code),
            roles::name_ar.eq(&input.name.ar),
            roles::name_en.eq(&input.name.en),
            roles::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    checks::changed("role", rows, version)?;
    diesel::delete(role_permissions::table.filter(role_permissions::role_id.eq(id))).execute(tx.conn())?;
    store::insert_permissions(tx, id, &input.permissions)?;
    let after = Role {
        code: input.code,
        name: input.name,
        permissions: input.permissions,
        version: version + 1,
        ..before.clone()
    };
    tx.audit(Audit::of("role", id).agency(agency_id).before(&before).after(&after))?;
    Ok(after)
}
