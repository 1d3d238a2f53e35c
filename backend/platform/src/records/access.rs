//! Who may see a record: rows of principals (persons, units, whole agency), never of rights.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_db::{AnyConnection, Keep, ReadTx, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::records::AssigneeKind;
use diwan_schema::platform::{positions, record_access, role_permissions, user_roles, users};

use crate::{Outcome, actor};

/// Lets these principals see the record; those who may already stay.
///
/// # Errors
/// The database fails.
pub fn grant(tx: &mut WriteTx<'_>, record_id: i64, principals: &[String]) -> Outcome<()> {
    let rows: Vec<_> = principals
        .iter()
        .map(|principal| (record_access::record_id.eq(record_id), record_access::principal.eq(principal)))
        .collect();
    let insert = diesel::insert_into(record_access::table);
    match tx.conn() {
        AnyConnection::Postgres(c) => insert.values(&rows).on_conflict_do_nothing().kept().execute(c)?,
        AnyConnection::Sqlite(c) => insert.values(&rows).on_conflict_do_nothing().execute(c)?,
    };
    Ok(())
}

/// The principals that a task's assignee stands for. A position stands for its holders today, who are `people`, and for
/// its unit's head.
///
/// # Errors
/// The database fails.
pub fn of_assignee(tx: &mut WriteTx<'_>, kind: AssigneeKind, id: i64, people: &BTreeSet<i64>) -> Outcome<Vec<String>> {
    Ok(match kind {
        AssigneeKind::User => vec![actor::person(id)],
        AssigneeKind::Unit => vec![actor::unit(id)],
        AssigneeKind::Position => {
            let unit_id: i64 = positions::table.find(id).select(positions::unit_id).first(tx.conn())?;
            people.iter().copied().map(actor::person).chain([actor::unit(unit_id)]).collect()
        }
    })
}

/// The active persons of an agency who have a right: whom to tell what waits for that right.
///
/// # Errors
/// The database fails.
pub fn holders_of(tx: &mut ReadTx<'_>, agency_id: i64, permission: Permission) -> Outcome<Vec<i64>> {
    Ok(users::table
        .inner_join(user_roles::table.on(user_roles::user_id.eq(users::id)))
        .inner_join(role_permissions::table.on(role_permissions::role_id.eq(user_roles::role_id)))
        .filter(users::agency_id.eq(agency_id))
        .filter(users::active.eq(true))
        .filter(role_permissions::permission.eq(permission.code()))
        .select(users::id)
        .distinct()
        .order(users::id)
        .load(tx.conn())?)
}
