//! Ending a referral (إنجاز الإحالة): what was asked is done, or the letter was only to be known.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::text;
use diwan_platform_api::records::{FinishTask, TaskKind, TaskOutcome};
use diwan_schema::platform::tasks;

use super::{CHANGED, load_visible, notify, state, tasks as work};
use crate::{Actor, Outcome, Refusal};

/// Ends the actor's referral and tells the one who gave it.
///
/// # Errors
/// Not found; not the actor's task; the kind of task ends in another way (a review by agreeing or returning).
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, task_id: i64, input: &FinishTask) -> Outcome<()> {
    let task: work::TaskRow = tasks::table
        .find(task_id)
        .filter(tasks::agency_id.eq(actor.agency_id))
        .select(work::TaskRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("task"))?;
    let record = load_visible(tx, actor, task.record_id).map_err(|refusal| match refusal {
        Refusal::NotFound(_) => Refusal::NotFound("task"),
        other => other,
    })?;
    if task.kind != TaskKind::Referral.code() || !matches!(input.outcome, TaskOutcome::Done | TaskOutcome::Answered) {
        return Err(Refusal::WrongState { state: task.kind, action: input.outcome.code().to_owned() });
    }
    let Some(on_behalf_of) = work::doer(actor, &task) else { return Err(Refusal::rule("not_your_task", [])) };
    let note = match input.note.as_deref().map(str::trim).filter(|note| !note.is_empty()) {
        Some(note) => Some(text::lines("note", note, text::NOTE_MAX)?),
        None => None,
    };
    work::finish(tx, actor, &task, on_behalf_of, input.outcome, note.as_deref())?;
    state::touch(tx, record.id)?;
    let args = serde_json::json!({ "by": { "ar": actor.name_ar, "en": actor.name_en } });
    let giver = Some(task.created_by).filter(|giver| *giver != actor.user_id);
    notify::tell(tx, giver, "task_done", record.id, &args)?;
    tx.audit(Audit::of_record(record.id).detail(serde_json::json!({ "outcome": input.outcome.code(), "note": note })))?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(record.id), &())?;
    Ok(())
}
