//! The last day of a holding.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::{EndHolding, Holding, HoldingInput};
use diwan_schema::platform::holdings;

use super::store;
use crate::{
    Actor, Outcome, Refusal,
    people::{events, positions::store as position_store},
};

/// Sets it; a later day than before is a longer holding and is checked as one.
///
/// # Errors
/// [`Refusal::NotFound`]; `before_start` (to_date); `own_rights`; `position_held`.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &EndHolding) -> Outcome<Holding> {
    actor.require(Permission::OrgManage)?;
    let (before, agency_id) = store::visible(tx, actor, id)?;
    if before.user.id == actor.user_id {
        return Err(Refusal::Denied("own_rights"));
    }
    if input.to_date < before.from_date {
        return Err(Refusal::field("to_date", "before_start"));
    }
    let position = position_store::visible(tx, actor, before.position.id)?;
    let whole = HoldingInput {
        position_id: position.id,
        user_id: before.user.id,
        from_date: before.from_date,
        to_date: Some(input.to_date),
    };
    store::check_free(tx, &position, &whole, Some(id))?;
    diesel::update(holdings::table.find(id)).set(holdings::to_date.eq(input.to_date)).execute(tx.conn())?;
    let after = Holding { to_date: Some(input.to_date), ..before.clone() };
    tx.audit(Audit::of("holding", id).agency(agency_id).before(&before).after(&after))?;
    events::changed(tx, "user", before.user.id, agency_id)?;
    Ok(after)
}
