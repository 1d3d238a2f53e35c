//! Returning a letter to its writer for correction (إعادة للتصويب), from review or from signature.

use diwan_db::{Audit, WriteTx};
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, notes, routing, state, tasks},
};
use diwan_platform_api::records::{AssigneeKind, NoteKind, TaskKind, TaskOutcome};
use diwan_tarasol_api::{OutgoingAction, OutgoingState, StepNote};

use super::{step, store};

/// Sends the letter back with the reason: its approvals are gone, its writer gets a task.
///
/// # Errors
/// Wrong state; no reason; no task of the actor's.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &StepNote) -> Outcome<()> {
    let (record, _) = store::load_visible(tx, actor, id)?;
    step::outgoing(step::outgoing_state(&record)?, OutgoingAction::Return)?;
    let note = step::required_note(input.note.as_deref())?;
    let (_, on_behalf_of) =
        routing::finish_step(tx, actor, &record, routing::ROUTE_TASKS, TaskOutcome::Returned, Some(&note))?;
    notes::insert(tx, actor, id, NoteKind::Direction, &note, on_behalf_of)?;
    routing::stop(tx, id)?;
    tasks::give(
        tx,
        actor.user_id,
        &tasks::NewTask {
            record_id: id,
            agency_id: record.agency_id,
            kind: TaskKind::Correct,
            step: None,
            assignee: (AssigneeKind::User, record.created_by),
            instruction: None,
            note: Some(note.clone()),
            due_on: None,
        },
    )?;
    state::set(tx, &record, OutgoingState::Returned.code())?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "note": note })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}
