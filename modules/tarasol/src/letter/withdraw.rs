//! Taking a letter back from its approval route (سحب).

use diwan_db::{Audit, WriteTx};
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, routing, state},
};
use diwan_tarasol_api::{OutgoingAction, OutgoingState};

use super::{step, store, update};

/// Makes it a draft again: its approvals are gone.
///
/// # Errors
/// Wrong state, stale version, not the actor's draft.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    let (record, _) = store::load_visible(tx, actor, id)?;
    step::outgoing(step::outgoing_state(&record)?, OutgoingAction::Withdraw)?;
    update::may_edit(actor, &record)?;
    state::fresh(tx, &record, version)?;
    routing::stop(tx, id)?;
    state::set(tx, &record, OutgoingState::Draft.code())?;
    tx.audit(Audit::of_record(id))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}
