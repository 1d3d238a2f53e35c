//! A new agency.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::{Agency, AgencyInput};

use super::{get, store};
use crate::{Actor, Outcome, people::events};

/// Makes it.
///
/// # Errors
/// Wrong fields: `taken` (code), `unknown` or `tree_loop` (parent).
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: &AgencyInput) -> Outcome<Agency> {
    let id = make(tx, actor, input)?;
    get::run(tx, actor, id)
}

/// [`run`] that answers only the id.
pub(in crate::people) fn make(tx: &mut WriteTx<'_>, actor: &Actor, input: &AgencyInput) -> Outcome<i64> {
    actor.require(Permission::AgenciesManage)?;
    let input = store::checked(tx, None, input)?;
    let id = store::insert(tx, &input)?;
    tx.audit(Audit::of("agency", id).agency(id).after(&input))?;
    events::changed(tx, "agency", id, id)?;
    Ok(id)
}
