//! Putting a person into a position.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{FieldError, Permission};
use diwan_platform_api::people::{Holding, HoldingInput};
use diwan_schema::platform::users;

use super::store;
use crate::{
    Actor, Fields, Outcome, Refusal,
    people::{events, positions::store as position_store},
};

/// Puts the person there. Nobody puts themselves into a position.
///
/// # Errors
/// [`Refusal::NotFound`] for a position out of reach; wrong fields: `inactive` (position, user), `unknown` (user),
/// `before_start` (to_date); `own_rights`; `position_held`.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: &HoldingInput) -> Outcome<Holding> {
    actor.require(Permission::OrgManage)?;
    let position = position_store::visible(tx, actor, input.position_id)?;
    if input.user_id == actor.user_id {
        return Err(Refusal::Denied("own_rights"));
    }
    let mut fields = Fields::default();
    let active: Option<bool> = users::table
        .filter(users::id.eq(input.user_id))
        .filter(users::agency_id.eq(position.agency_id))
        .select(users::active)
        .first(tx.conn())
        .optional()?;
    match active {
        None => fields.push(FieldError::new("user_id", "unknown")),
        Some(false) => fields.push(FieldError::new("user_id", "inactive")),
        Some(true) => {}
    }
    if !position.active {
        fields.push(FieldError::new("position_id", "inactive"));
    }
    if input.to_date.is_some_and(|to| to < input.from_date) {
        fields.push(FieldError::new("to_date", "before_start"));
    }
    fields.done()?;
    store::check_free(tx, &position, input, None)?;
    let id = store::insert(tx, input)?;
    tx.audit(Audit::of("holding", id).agency(position.agency_id).after(input))?;
    events::changed(tx, "user", input.user_id, position.agency_id)?;
    store::load(tx, store::Of::Id(id))?.pop().ok_or(Refusal::NotFound("holding"))
}
