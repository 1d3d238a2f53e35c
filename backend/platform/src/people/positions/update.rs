//! A change of a position.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::{Position, PositionInput};

use super::{get, store};
use crate::{
    Actor, Outcome, Refusal,
    people::{checks, events},
};

/// Changes it; it stays in its unit. One that is held is not closed, and does not become a head's: its holders would
/// become heads unseen.
///
/// # Errors
/// [`Refusal::Stale`]; wrong fields as in [`super::create`], `fixed` (unit); `position_in_use` with the count.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &PositionInput) -> Outcome<Position> {
    actor.require(Permission::OrgManage)?;
    let row = store::visible(tx, actor, id)?;
    checks::version("position", row.version, version)?;
    if input.unit_id != row.unit_id {
        return Err(Refusal::field("unit_id", "fixed"));
    }
    let (agency_id, input) = store::checked(tx, actor, Some(id), input)?;
    if (row.active && !input.active) || (!row.is_head && input.is_head) {
        let holdings = store::in_use(tx, id)?;
        if holdings > 0 {
            return Err(Refusal::rule("position_in_use", [("holdings", holdings.to_string())]));
        }
    }
    let before = get::run(tx, actor, id)?;
    store::update(tx, id, version, &input)?;
    let after = get::run(tx, actor, id)?;
    tx.audit(Audit::of("position", id).agency(agency_id).before(&before).after(&after))?;
    events::changed(tx, "position", id, agency_id)?;
    Ok(after)
}
