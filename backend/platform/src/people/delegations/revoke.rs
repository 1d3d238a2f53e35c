//! Taking a delegation back.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::Delegation;
use diwan_schema::platform::delegations;

use super::store::{self, Row};
use crate::{Actor, Outcome, Refusal, people::scope};

/// Takes it back at once: by whose work it is, or by those who maintain users.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Forbidden`] for the person it was given to; `delegation_over`.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<Delegation> {
    let now = tx.now();
    let row: Option<Row> = delegations::table.find(id).select(Row::as_select()).first(tx.conn()).optional()?;
    let manages = actor.can(Permission::UsersManage);
    let mut row = row
        .filter(|row| {
            row.from_user_id == actor.user_id
                || row.to_user_id == actor.user_id
                || (manages && scope::reaches(actor, row.agency_id))
        })
        .ok_or(Refusal::NotFound("delegation"))?;
    if row.from_user_id != actor.user_id {
        actor.require(Permission::UsersManage)?;
    }
    let open = delegations::table.filter(delegations::id.eq(id)).filter(delegations::revoked_at.is_null());
    if diesel::update(open).set(delegations::revoked_at.eq(now)).execute(tx.conn())? == 0 {
        return Err(Refusal::rule("delegation_over", []));
    }
    row.revoked_at = Some(now);
    let agency_id = row.agency_id;
    let revoked = store::dtos(tx, vec![row])?.pop();
    tx.audit(Audit::of("delegation", id).agency(agency_id).after(&revoked))?;
    revoked.ok_or(Refusal::NotFound("delegation"))
}
