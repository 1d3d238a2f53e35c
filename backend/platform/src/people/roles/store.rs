//! Roles in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::{FieldError, Named, Permission};
use diwan_platform_api::people::{Role, RoleInput};
use diwan_schema::platform::{role_permissions, roles, user_roles, users};

use crate::{
    Actor, Fields, Outcome, Refusal,
    people::{checks, scope},
};

/// The most roles an agency has.
const ROLES_MAX: i64 = 200;

/// The roles of an agency, the built-in ones first, each with its users in that agency.
pub(super) fn of_agency(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<Role>> {
    let rows: Vec<(i64, Option<i64>, String, String, String, i64)> = roles::table
        .filter(roles::agency_id.is_null().or(roles::agency_id.eq(agency_id)))
        .order((roles::agency_id.is_not_null(), roles::id))
        .limit(ROLES_MAX)
        .load(tx.conn())?;
    let granted: Vec<(i64, String)> = role_permissions::table
        .filter(role_permissions::role_id.eq_any(rows.iter().map(|row| row.0).collect::<Vec<_>>()))
        .load(tx.conn())?;
    let held: Vec<i64> = user_roles::table
        .inner_join(users::table.on(users::id.eq(user_roles::user_id)))
        .filter(users::agency_id.eq(agency_id))
        .select(user_roles::role_id)
        .load(tx.conn())?;
    let mut permissions = BTreeMap::<i64, Vec<Permission>>::new();
    for (role_id, code) in granted {
        permissions.entry(role_id).or_default().extend(code.parse::<Permission>().ok());
    }
    let mut users = BTreeMap::<i64, i64>::new();
    for role_id in held {
        *users.entry(role_id).or_default() += 1;
    }
    let role = |(id, agency_id, code, ar, en, version)| {
        let mut permissions = permissions.remove(&id).unwrap_or_default();
        permissions.sort_unstable();
        let users = users.get(&id).copied().unwrap_or_default();
        Role { id, agency_id, code, name: Named { ar, en }, permissions, users, version }
    };
    Ok(rows.into_iter().map(role).collect())
}

/// A role of the actor's own making: neither built in nor out of reach, nor one the actor has.
///
/// # Errors
/// [`Refusal::NotFound`]; `role_builtin`; `own_rights`.
pub(super) fn editable(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<(i64, Role)> {
    let agency_id: Option<Option<i64>> = roles::table.find(id).select(roles::agency_id).first(tx.conn()).optional()?;
    let agency_id = match agency_id {
        Some(Some(agency_id)) if scope::reaches(actor, agency_id) => agency_id,
        Some(None) => return Err(Refusal::rule("role_builtin", [])),
        _ => return Err(Refusal::NotFound("role")),
    };
    let own: i64 = user_roles::table
        .filter(user_roles::role_id.eq(id))
        .filter(user_roles::user_id.eq(actor.user_id))
        .count()
        .get_result(tx.conn())?;
    if own > 0 {
        return Err(Refusal::Denied("own_rights"));
    }
    let role = of_agency(tx, agency_id)?.into_iter().find(|role| role.id == id).ok_or(Refusal::NotFound("role"))?;
    Ok((agency_id, role))
}

/// The form with clean text; `id` is the role that is changed.
///
/// # Errors
/// Wrong fields: `taken` (code); [`Refusal::Forbidden`] for a right the actor does not have.
pub(super) fn checked(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    agency_id: i64,
    id: Option<i64>,
    input: &RoleInput,
) -> Outcome<RoleInput> {
    let mut fields = Fields::default();
    let mut permissions = input.permissions.clone();
    permissions.sort_unstable();
    permissions.dedup();
    let clean = RoleInput {
        agency_id: Some(agency_id),
        code: checks::code(&mut fields, "code", &input.code),
        name: checks::name(&mut fields, "name", &input.name),
        permissions,
    };
    let same: Option<i64> = roles::table
        .filter(roles::agency_id.is_null().or(roles::agency_id.eq(agency_id)))
        .filter(roles::code.eq(&clean.code))
        .select(roles::id)
        .first(tx.conn())
        .optional()?;
    if same.is_some_and(|same| Some(same) != id) {
        fields.push(FieldError::new("code", "taken"));
    }
    fields.done()?;
    clean.permissions.iter().try_for_each(|permission| actor.require(*permission))?;
    Ok(clean)
}

/// The rights of a role, in their order.
pub(super) fn permissions(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Vec<Permission>> {
    let codes: Vec<String> = role_permissions::table
        .filter(role_permissions::role_id.eq(id))
        .select(role_permissions::permission)
        .load(tx.conn())?;
    let mut permissions: Vec<Permission> = codes.iter().filter_map(|code| code.parse().ok()).collect();
    permissions.sort_unstable();
    Ok(permissions)
}

pub(super) fn insert_permissions(tx: &mut WriteTx<'_>, id: i64, permissions: &[Permission]) -> Outcome<()> {
    for permission in permissions {
        diesel::insert_into(role_permissions::table)
            .values((role_permissions::role_id.eq(id), role_permissions::permission.eq(permission.code())))
            .execute(tx.conn())?;
    }
    Ok(())
}
