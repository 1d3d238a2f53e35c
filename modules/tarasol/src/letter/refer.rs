//! Referring an incoming letter (إحالة) to persons, positions or units, each with its instruction.

use std::collections::BTreeSet;

use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{FieldError, Permission};
use diwan_platform::{
    Actor, Fields, Outcome,
    records::{CHANGED, notes, route_data::of_agency, state, tasks},
};
use diwan_platform_api::records::{NoteKind, TaskKind};
use diwan_tarasol_api::{IncomingAction, IncomingState, ReferInput};

use super::{step, store};

/// The most targets of one referral.
const TARGETS_MAX: usize = 50;

/// Gives each target its task. Who has the letter by referral may refer it on.
///
/// # Errors
/// Wrong state; wrong targets; neither the right nor a referral of the actor's.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ReferInput) -> Outcome<()> {
    let (record, _) = store::load_visible(tx, actor, id)?;
    step::incoming(step::incoming_state(&record)?, IncomingAction::Refer)?;
    let mut on_behalf_of = None;
    if !actor.can(Permission::LettersRefer) {
        on_behalf_of = tasks::open_for(tx, actor, id, &[TaskKind::Referral])?.1;
    }
    let note = check(tx, actor, input)?;
    if let Some(note) = &note {
        notes::insert(tx, actor, id, NoteKind::Direction, note, on_behalf_of)?;
    }
    let due_on = input.due_on.or(record.due_on);
    let mut names = Vec::new();
    for target in &input.to {
        let assignee = (target.assignee.kind, target.assignee.id);
        names.push(tasks::assignee_name(tx, assignee.0, assignee.1)?);
        let task = tasks::NewTask {
            record_id: id,
            agency_id: record.agency_id,
            kind: TaskKind::Referral,
            step: None,
            assignee,
            instruction: Some(target.instruction),
            note: note.clone(),
            due_on,
        };
        tasks::give(tx, actor.user_id, &task)?;
    }
    state::set(tx, &record, IncomingState::Referred.code())?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "to": names, "note": note })))?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(id), &())?;
    Ok(())
}

fn check(tx: &mut ReadTx<'_>, actor: &Actor, input: &ReferInput) -> Outcome<Option<String>> {
    let mut fields = Fields::default();
    let note = fields.take(step::optional_note(input.note.as_deref()));
    if input.to.is_empty() {
        fields.push(FieldError::new("to", "required"));
    }
    if input.to.len() > TARGETS_MAX {
        fields.push(FieldError::new("to", "too_many").with("max", TARGETS_MAX));
    }
    if input.due_on.is_some_and(|day| day < tx.today()) {
        fields.push(FieldError::new("due_on", "in_the_past"));
    }
    let mut seen = BTreeSet::new();
    for (index, target) in input.to.iter().take(TARGETS_MAX).enumerate() {
        let field = format!("to.{index}.assignee");
        if !of_agency(tx, actor, target.assignee.kind, target.assignee.id)? {
            fields.push(FieldError::new(field, "unknown"));
        } else if !seen.insert((target.assignee.kind, target.assignee.id)) {
            fields.push(FieldError::new(field, "twice"));
        }
    }
    fields.done()?;
    Ok(note)
}
