//! A change of a unit.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::{Unit, UnitInput};

use super::{get, store};
use crate::{
    Actor, Outcome, Refusal,
    people::{checks, events},
};

/// Changes it; it stays in its agency. A unit is closed only once nothing active is in it.
///
/// # Errors
/// [`Refusal::Stale`]; wrong fields as in [`super::create`]; `unit_in_use` with the counts.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &UnitInput) -> Outcome<Unit> {
    actor.require(Permission::OrgManage)?;
    let row = store::visible(tx, actor, id)?;
    checks::version("unit", row.version, version)?;
    let input = store::checked(tx, row.agency_id, Some(id), input)?;
    if row.active && !input.active {
        let (units, positions) = store::in_use(tx, id)?;
        if units + positions > 0 {
            let args = [("units", units.to_string()), ("positions", positions.to_string())];
            return Err(Refusal::rule("unit_in_use", args));
        }
    }
    let before = get::run(tx, actor, id)?;
    store::update(tx, id, version, &input)?;
    let after = get::run(tx, actor, id)?;
    tx.audit(Audit::of("unit", id).agency(row.agency_id).before(&before).after(&after))?;
    events::changed(tx, "unit", id, row.agency_id)?;
    Ok(after)
}
