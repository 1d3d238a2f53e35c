//! Closing a letter (حفظ وإغلاق) and opening it again.

use diwan_db::{Audit, WriteTx};
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, state, tasks},
};
use diwan_platform_api::records::TaskKind;
use diwan_tarasol_api::{IncomingAction, IncomingState, OutgoingAction, OutgoingState, StepNote};

use super::{step, store};

/// Closes the letter; open referrals are taken back.
///
/// # Errors
/// Wrong state or stale version.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &StepNote) -> Outcome<()> {
    let (record, _) = store::load_visible(tx, actor, id)?;
    let to = if record.kind == "incoming" {
        step::incoming(step::incoming_state(&record)?, IncomingAction::Close)?;
        IncomingState::Closed.code()
    } else {
        step::outgoing(step::outgoing_state(&record)?, OutgoingAction::Close)?;
        OutgoingState::Closed.code()
    };
    state::fresh(tx, &record, version)?;
    let note = step::optional_note(input.note.as_deref())?;
    tasks::cancel_open(tx, id, &[TaskKind::Referral], None)?;
    state::close(tx, &record, to)?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "note": note })))?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(id), &())?;
    Ok(())
}

/// Opens a closed incoming letter again.
///
/// # Errors
/// Wrong state, stale version, no reason.
pub fn reopen(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &StepNote) -> Outcome<()> {
    let (record, _) = store::load_visible(tx, actor, id)?;
    let moved = step::incoming(step::incoming_state(&record)?, IncomingAction::Reopen)?;
    state::fresh(tx, &record, version)?;
    let note = step::required_note(input.note.as_deref())?;
    state::set(tx, &record, moved.to.code())?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "note": note })))?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(id), &())?;
    Ok(())
}
