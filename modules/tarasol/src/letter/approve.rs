//! Agreeing to a letter under review and passing it up (رفع), with a direction (شرح) where there is something to say.

use diwan_db::{Audit, WriteTx};
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, notes, routing, state},
};
use diwan_platform_api::records::{NoteKind, TaskKind, TaskOutcome};
use diwan_tarasol_api::{OutgoingAction, StepNote};

use super::{step, store, submit};

/// Ends the actor's review; the last one of a step opens the next step.
///
/// # Errors
/// Wrong state; no task of the actor's; the actor wrote the letter.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &StepNote) -> Outcome<()> {
    let (record, letter) = store::load_visible(tx, actor, id)?;
    step::outgoing(step::outgoing_state(&record)?, OutgoingAction::PassUp)?;
    let note = step::optional_note(input.note.as_deref())?;
    let kinds = [TaskKind::Review, TaskKind::Approve, TaskKind::Opinion];
    let (task, on_behalf_of) =
        routing::finish_step(tx, actor, &record, &kinds, TaskOutcome::Approved, note.as_deref())?;
    if let Some(note) = &note {
        notes::insert(tx, actor, id, NoteKind::Direction, note, on_behalf_of)?;
    }
    let progress =
        routing::advance(tx, actor.user_id, &record, routing::Course::signed_by(letter.signatory_position_id), &task)?;
    let to = submit::after(progress)?;
    state::set(tx, &record, to.code())?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "state": to.code(), "task": task.kind, "note": note })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}
