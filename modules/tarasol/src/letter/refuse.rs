//! Sending an incoming letter back to its sender (إعادة الكتاب مع بيان السبب) instead of registering it.

use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, access, notify, state, store as record_store},
};
use diwan_tarasol_api::{DeliveryState, IncomingAction, IncomingState, StepNote};

use super::{step, store};

/// Refuses the letter with the reason, which its sender reads.
///
/// # Errors
/// Wrong state, stale version, no reason.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &StepNote) -> Outcome<()> {
    let (record, letter) = store::load_visible(tx, actor, id)?;
    step::incoming(step::incoming_state(&record)?, IncomingAction::Refuse)?;
    state::fresh(tx, &record, version)?;
    let reason = step::required_note(input.note.as_deref())?;
    state::close(tx, &record, IncomingState::Refused.code())?;
    if let Some(delivery) = store::delivery_by_incoming(tx, id)? {
        let from = [DeliveryState::Delivered, DeliveryState::Opened];
        store::move_delivery(tx, &delivery, &from, DeliveryState::Refused, Some(&reason))?;
        let clerks = access::holders_of(tx, delivery.from_agency_id, Permission::LettersRegister)?;
        let by = record_store::agency_ref(tx, record.agency_id)?.name;
        let args = serde_json::json!({ "by": by, "number": letter.their_number, "reason": reason });
        notify::tell(tx, clerks, "letter_refused", delivery.record_id, &args)?;
        tx.audit(
            Audit::of_record(delivery.record_id)
                .agency(record.agency_id)
                .detail(serde_json::json!({ "reason": reason })),
        )?;
        tx.outbox(CHANGED, Some(delivery.from_agency_id), Some(delivery.record_id), &())?;
    }
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "reason": reason })))?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(id), &())?;
    Ok(())
}
