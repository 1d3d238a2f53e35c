//! A change of an agency.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::people::{Agency, AgencyInput};

use super::{get, store};
use crate::{
    Actor, Outcome, Refusal,
    people::{checks, events},
};

/// Changes it. Users of an agency that is not active cannot sign in; one's own agency stays active.
///
/// # Errors
/// [`Refusal::Stale`]; wrong fields as in [`super::create`]; `own_agency`.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &AgencyInput) -> Outcome<Agency> {
    actor.require(Permission::AgenciesManage)?;
    let row = store::visible(tx, actor, id)?;
    checks::version("agency", row.version, version)?;
    let input = store::checked(tx, Some(id), input)?;
    if id == actor.agency_id && !input.active {
        return Err(Refusal::rule("own_agency", []));
    }
    let before = get::run(tx, actor, id)?;
    store::update(tx, id, version, &input)?;
    let after = get::run(tx, actor, id)?;
    tx.audit(Audit::of("agency", id).agency(id).before(&before).after(&after))?;
    events::changed(tx, "agency", id, id)?;
    Ok(after)
}
