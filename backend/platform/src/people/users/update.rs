//! A change of a user.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::{User, UserEdit};
use diwan_schema::platform::delegations;

use super::{get, store};
use crate::{
    Actor, Fields, Outcome, Refusal,
    people::{checks, events, holdings::store as holding_store, scope::Power, session},
};

/// Changes them. Nobody changes their own rights, gives what they do not have, or governs an account that may do more
/// than their own. Who is made inactive loses sessions, positions and delegations.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], wrong fields as in [`super::create`], [`Refusal::Forbidden`],
/// `own_rights`, `clearance_beyond_yours`.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &UserEdit) -> Outcome<User> {
    actor.require(Permission::UsersManage)?;
    let row = store::visible(tx, actor, id)?;
    checks::version("user", row.version, version)?;
    let before = get::run(tx, actor, id)?;
    Power::of_user(tx, id)?.within(actor)?;
    let input = store::checked(tx, actor, row.agency_id, Fields::default(), input)?;
    if id == actor.user_id && !same_rights(&before, &input) {
        return Err(Refusal::Denied("own_rights"));
    }
    store::update(tx, &row, &input)?;
    store::set_rights(tx, id, &input.role_ids, &input.caveats)?;
    if row.active && !input.active {
        leave(tx, id)?;
    }
    let after = get::run(tx, actor, id)?;
    tx.audit(Audit::of("user", id).agency(row.agency_id).before(&before).after(&after))?;
    events::changed(tx, "user", id, row.agency_id)?;
    Ok(after)
}

fn same_rights(before: &User, input: &UserEdit) -> bool {
    before.clearance == input.clearance
        && before.caveats == input.caveats
        && before.active == input.active
        && before.roles.iter().map(|role| role.id).eq(input.role_ids.iter().copied())
}

/// What ends with an account.
fn leave(tx: &mut WriteTx<'_>, user_id: i64) -> Outcome<()> {
    let now = tx.now();
    session::end_all(tx, user_id, None)?;
    holding_store::end_all(tx, user_id)?;
    let open = delegations::table
        .filter(delegations::from_user_id.eq(user_id).or(delegations::to_user_id.eq(user_id)))
        .filter(delegations::revoked_at.is_null());
    diesel::update(open).set(delegations::revoked_at.eq(now)).execute(tx.conn())?;
    Ok(())
}
