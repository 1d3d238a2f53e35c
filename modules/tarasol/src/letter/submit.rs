//! Sending a draft on its approval route (رفع للمراجعة).

use diwan_db::{Audit, WriteTx};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{CHANGED, routing, state, tasks},
};
use diwan_platform_api::records::TaskKind;
use diwan_tarasol_api::{OutgoingAction, OutgoingState};

use super::{step, store, update};

/// Starts the route: the first step's people get their tasks.
///
/// # Errors
/// Wrong state, stale version, not the actor's draft, or nobody is there to sign.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    let (record, letter) = store::load_visible(tx, actor, id)?;
    step::outgoing(step::outgoing_state(&record)?, OutgoingAction::Submit)?;
    update::may_edit(actor, &record)?;
    state::fresh(tx, &record, version)?;
    if record.state == OutgoingState::Returned.code() {
        tasks::cancel_open(tx, id, &[TaskKind::Correct], None)?;
    }
    let progress =
        routing::start(tx, actor.user_id, &record, routing::Course::signed_by(letter.signatory_position_id))?;
    let to = after(progress)?;
    state::set(tx, &record, to.code())?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "state": to.code() })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// The state a letter is in while a step of its route is open.
pub(crate) fn after(progress: routing::Progress) -> Outcome<OutgoingState> {
    match progress {
        routing::Progress::Waiting | routing::Progress::Reviewing => Ok(OutgoingState::InReview),
        routing::Progress::Signing => Ok(OutgoingState::InSignature),
        routing::Progress::Finished => Err(Refusal::rule("no_signatory", [])),
    }
}
