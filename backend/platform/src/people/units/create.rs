//! A new unit.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::{Unit, UnitInput};

use super::{get, store};
use crate::{
    Actor, Outcome,
    people::{events, scope},
};

/// Makes it.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for an agency out of reach; wrong fields: `taken` (code), `unknown` or `tree_loop`
/// (parent).
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: &UnitInput) -> Outcome<Unit> {
    actor.require(Permission::OrgManage)?;
    let agency_id = scope::agency(actor, input.agency_id)?;
    let input = store::checked(tx, agency_id, None, input)?;
    let id = store::insert(tx, agency_id, &input)?;
    tx.audit(Audit::of("unit", id).agency(agency_id).after(&input))?;
    events::changed(tx, "unit", id, agency_id)?;
    get::run(tx, actor, id)
}
