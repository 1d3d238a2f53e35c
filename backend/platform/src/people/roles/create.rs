//! A new role.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::{Role, RoleInput};
use diwan_schema::platform::roles;

use super::store;
use crate::{Actor, Outcome, people::scope};

/// Makes it, out of rights the actor has.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for an agency out of reach; `taken` (code); [`crate::Refusal::Forbidden`].
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: &RoleInput) -> Outcome<Role> {
    actor.require(Permission::RolesManage)?;
    let agency_id = scope::agency(actor, input.agency_id)?;
    let input = store::checked(tx, actor, agency_id, None, input)?;
    let id: i64 = diesel::insert_into(roles::table)
        .values((
            roles::agency_id.eq(agency_id),
            roles::code.eq(&input.code),
            roles::name_ar.eq(&input.name.ar),
            roles::name_en.eq(&input.name.en),
            roles::version.eq(1),
        ))
        .returning(roles::id)
        .get_result(tx.conn())?;
    store::insert_permissions(tx, id, &input.permissions)?;
    tx.audit(Audit::of("role", id).agency(agency_id).after(&input))?;
    Ok(Role {
        id,
        agency_id: Some(agency_id),
        code: input.code,
        name: input.name,
        permissions: input.permissions,
        users: 0,
        version: 1,
    })
}
