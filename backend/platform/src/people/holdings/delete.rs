//! Taking back a holding that has not begun.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_schema::platform::holdings;

use super::store;
use crate::{Actor, Outcome, Refusal, people::events};

/// Takes it back.
///
/// # Errors
/// [`Refusal::NotFound`]; `holding_begun`: what was held stays on record and is ended instead.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    actor.require(Permission::OrgManage)?;
    let (holding, agency_id) = store::visible(tx, actor, id)?;
    if holding.from_date <= tx.today() {
        return Err(Refusal::rule("holding_begun", [("from", holding.from_date.to_string())]));
    }
    diesel::delete(holdings::table.find(id)).execute(tx.conn())?;
    tx.audit(Audit::of("holding", id).agency(agency_id).before(&holding))?;
    events::changed(tx, "user", holding.user.id, agency_id)?;
    Ok(())
}
