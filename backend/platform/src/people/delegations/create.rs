//! A new delegation.

use chrono::Days;
use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{FieldError, Permission, text};
use diwan_platform_api::people::{Delegation, DelegationInput};
use diwan_schema::platform::{delegations, users};

use super::store::{self, Row};
use crate::{
    Actor, Fields, Outcome, Refusal,
    people::{scope, scope::Power},
};

/// The most days a delegation lasts.
const DAYS_MAX: u64 = 366;

/// Makes it: of one's own work, or, with the right to maintain users, of somebody else's to a third person.
///
/// # Errors
/// [`Refusal::Forbidden`] for others' work without the right; [`Refusal::NotFound`] for a person out of reach;
/// `own_rights` for others' work to oneself; wrong fields: `unknown`, `inactive`, `same_person` (to_user_id),
/// `in_past` (starts_on), `before_start`, `too_late` with the last day (ends_on), those of the reason.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: &DelegationInput) -> Outcome<Delegation> {
    let from = input.from_user_id.unwrap_or(actor.user_id);
    let agency_id = giver(tx, actor, from, input.to_user_id)?;
    let mut fields = Fields::default();
    let reason = fields.take(text::lines("reason", &input.reason, text::NOTE_MAX));
    check_dates(tx, &mut fields, input);
    let active: Option<bool> = users::table
        .filter(users::id.eq(input.to_user_id))
        .filter(users::agency_id.eq(agency_id))
        .select(users::active)
        .first(tx.conn())
        .optional()?;
    match active {
        _ if input.to_user_id == from => fields.push(FieldError::new("to_user_id", "same_person")),
        None => fields.push(FieldError::new("to_user_id", "unknown")),
        Some(false) => fields.push(FieldError::new("to_user_id", "inactive")),
        Some(true) => {}
    }
    fields.done()?;
    let now = tx.now();
    let row: Row = {
        let id: i64 = diesel::insert_into(delegations::table)
            .values((
                delegations::agency_id.eq(agency_id),
                delegations::from_user_id.eq(from),
                delegations::to_user_id.eq(input.to_user_id),
                delegations::scope.eq(input.scope.code()),
                delegations::starts_on.eq(input.starts_on),
                delegations::ends_on.eq(input.ends_on),
                delegations::reason.eq(reason),
                delegations::created_by.eq(actor.user_id),
                delegations::created_at.eq(now),
            ))
            .returning(delegations::id)
            .get_result(tx.conn())?;
        delegations::table.find(id).select(Row::as_select()).first(tx.conn())?
    };
    let made = store::dtos(tx, vec![row.clone()])?.pop().ok_or(Refusal::NotFound("delegation"))?;
    tx.audit(Audit::of("delegation", row.id).agency(agency_id).after(&made))?;
    Ok(made)
}

/// The agency of the person whose work it is, if the actor may delegate that work to that other person.
fn giver(tx: &mut WriteTx<'_>, actor: &Actor, from: i64, to: i64) -> Outcome<i64> {
    if from == actor.user_id {
        return Ok(actor.agency_id);
    }
    actor.require(Permission::UsersManage)?;
    let agency_id: Option<i64> = users::table
        .filter(users::id.eq(from))
        .filter(users::active.eq(true))
        .select(users::agency_id)
        .first(tx.conn())
        .optional()?;
    let agency_id = agency_id.filter(|id| scope::reaches(actor, *id)).ok_or(Refusal::NotFound("user"))?;
    if to == actor.user_id {
        return Err(Refusal::Denied("own_rights"));
    }
    Power::of_user(tx, from)?.within(actor)?;
    Ok(agency_id)
}

fn check_dates(tx: &WriteTx<'_>, fields: &mut Fields, input: &DelegationInput) {
    if input.starts_on < tx.today() {
        fields.push(FieldError::new("starts_on", "in_past"));
    }
    let last = input.starts_on.checked_add_days(Days::new(DAYS_MAX)).unwrap_or(input.starts_on);
    if input.ends_on < input.starts_on {
        fields.push(FieldError::new("ends_on", "before_start"));
    } else if input.ends_on > last {
        fields.push(FieldError::new("ends_on", "too_late").with("last", last));
    }
}
