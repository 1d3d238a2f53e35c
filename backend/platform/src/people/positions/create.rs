//! A new position.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::{Position, PositionInput};

use super::{get, store};
use crate::{Actor, Outcome, people::events};

/// Makes it.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for a unit out of reach; wrong fields: `inactive` (unit), `unit_has_head`.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: &PositionInput) -> Outcome<Position> {
    actor.require(Permission::OrgManage)?;
    let (agency_id, input) = store::checked(tx, actor, None, input)?;
    let id = store::insert(tx, agency_id, &input)?;
    tx.audit(Audit::of("position", id).agency(agency_id).after(&input))?;
    events::changed(tx, "position", id, agency_id)?;
    get::run(tx, actor, id)
}
