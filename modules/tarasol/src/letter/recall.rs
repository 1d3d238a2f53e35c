//! Recalling an issued letter (سحب) from the agencies that have not registered it yet.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{CHANGED, access, notify, state, store as record_store},
};
use diwan_tarasol_api::{DeliveryState, IncomingState, OutgoingAction, StepNote};

use super::{step, store};

/// Takes the letter back wherever it is not registered; who has registered it keeps it.
///
/// # Errors
/// Wrong state, no reason; a rule `nothing_to_recall` where everybody has registered it.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &StepNote) -> Outcome<()> {
    let (record, _) = store::load_visible(tx, actor, id)?;
    step::outgoing(step::outgoing_state(&record)?, OutgoingAction::Recall)?;
    state::fresh(tx, &record, version)?;
    let reason = step::required_note(input.note.as_deref())?;
    if unregistered(tx, id, &reason)? == 0 {
        return Err(Refusal::rule("nothing_to_recall", []));
    }
    state::set(tx, &record, &record.state.clone())?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "reason": reason })))?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(id), &())?;
    Ok(())
}

/// Recalls every delivery that is not registered; says how many.
pub(crate) fn unregistered(tx: &mut WriteTx<'_>, id: i64, reason: &str) -> Outcome<usize> {
    let mut recalled = 0;
    for delivery in store::deliveries_of(tx, id)? {
        let from = [DeliveryState::Delivered, DeliveryState::Opened];
        if !store::move_delivery(tx, &delivery, &from, DeliveryState::Recalled, Some(reason))? {
            continue;
        }
        recalled += 1;
        let Some(incoming) = delivery.incoming_record_id else { continue };
        let row = record_store::load_for_system(tx, incoming)?;
        state::close(tx, &row, IncomingState::Recalled.code())?;
        let clerks = access::holders_of(tx, delivery.to_agency_id, Permission::LettersRegister)?;
        notify::tell(tx, clerks, "letter_recalled", incoming, &serde_json::json!({ "reason": reason }))?;
        tx.audit(
            Audit::of_record(incoming).agency(delivery.from_agency_id).detail(serde_json::json!({ "reason": reason })),
        )?;
        tx.outbox(CHANGED, Some(delivery.to_agency_id), Some(incoming), &())?;
    }
    Ok(recalled)
}
