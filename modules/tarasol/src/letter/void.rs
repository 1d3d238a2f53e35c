//! Voiding (إلغاء): a draft goes away; an issued letter keeps its number, marked void with the reason.

use diwan_db::{Audit, WriteTx};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{CHANGED, numbers, routing, state, tasks},
};
use diwan_platform_api::records::TaskKind;
use diwan_tarasol_api::{OutgoingAction, OutgoingState, StepNote};

use super::{recall, step, store, update};

/// Voids the letter. One that somebody has registered cannot be voided: a letter that cancels it must be sent.
///
/// # Errors
/// Wrong state, stale version, a missing right, no reason; rule `registered_elsewhere`.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &StepNote) -> Outcome<()> {
    let (record, _) = store::load_visible(tx, actor, id)?;
    let state_now = step::outgoing_state(&record)?;
    let moved = step::outgoing(state_now, OutgoingAction::Void)?;
    state::fresh(tx, &record, version)?;
    let reason = step::required_note(input.note.as_deref())?;
    if state_now == OutgoingState::Issued {
        if let Some(right) = moved.permission {
            actor.require(right)?;
        }
        let registered: Vec<String> = store::deliveries_of(tx, id)?
            .into_iter()
            .filter(|delivery| delivery.state == "registered")
            .filter_map(|delivery| delivery.their_number)
            .collect();
        if !registered.is_empty() {
            return Err(Refusal::rule("registered_elsewhere", [("numbers", registered.join("، "))]));
        }
        recall::unregistered(tx, id, &reason)?;
        numbers::void(tx, actor, id, &reason)?;
    } else {
        update::may_edit(actor, &record)?;
    }
    routing::stop(tx, id)?;
    tasks::cancel_open(tx, id, &[TaskKind::Correct, TaskKind::Referral], None)?;
    state::close(tx, &record, OutgoingState::Void.code())?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "reason": reason })))?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(id), &())?;
    Ok(())
}
