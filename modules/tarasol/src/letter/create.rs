//! Writing a draft (مسودة).

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::Permission;
use diwan_platform::{
    Actor, Outcome,
    records::{self, CHANGED, NewRecord, links, tasks},
};
use diwan_platform_api::records::{LinkKind, RecordKind, TaskKind};
use diwan_schema::tarasol::letters;
use diwan_tarasol_api::{Direction, IncomingAction, LetterInput, OutgoingState};

use super::{input, step, store};

/// Makes a draft. An answer needs the right to write letters, or a referral of the letter it answers.
///
/// # Errors
/// Wrong fields; a missing right; the answered letter is out of scope or in a state that takes no answer.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: LetterInput) -> Outcome<i64> {
    let draft = input::check(tx, actor, input)?;
    match draft.input.in_reply_to {
        Some(answered) => may_answer(tx, actor, answered)?,
        None => actor.require(Permission::LettersDraft)?,
    }
    let kind = match draft.direction {
        Direction::InternalMemo => RecordKind::InternalMemo,
        _ => RecordKind::Outgoing,
    };
    let id = records::create(
        tx,
        &NewRecord {
            agency_id: actor.agency_id,
            unit_id: Some(draft.unit_id),
            kind,
            subject: draft.input.subject.clone(),
            party: draft.party.clone(),
            state: OutgoingState::Draft.code(),
            secrecy: draft.input.secrecy,
            caveats: draft.input.caveats.clone(),
            priority: draft.input.priority,
            due_on: None,
            class_code: None,
            created_by: actor.user_id,
        },
    )?;
    let body = serde_json::to_string(&draft.input.body)?;
    diesel::insert_into(letters::table)
        .values((
            letters::record_id.eq(id),
            letters::agency_id.eq(actor.agency_id),
            letters::direction.eq(draft.direction.code()),
            letters::form.eq(draft.input.form.code()),
            letters::lang.eq(draft.input.lang.code()),
            letters::counterpart_id.eq(draft.counterpart_id),
            letters::addressee.eq(&draft.input.addressee),
            letters::body.eq(&body),
            letters::body_text.eq(draft.input.body.text()),
            letters::reply_due_days.eq(draft.input.reply_due_days),
            letters::in_reply_to.eq(draft.input.in_reply_to),
            letters::signatory_position_id.eq(draft.input.signatory_position_id),
        ))
        .execute(tx.conn())?;
    store::add_recipients(tx, id, &draft.input.recipients)?;
    if let Some(answered) = draft.input.in_reply_to {
        links::insert(tx, id, answered, LinkKind::ReplyTo, actor.user_id)?;
    }
    tx.audit(Audit::of_record(id).after(&draft.input).detail(serde_json::json!({ "to": draft.party })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(id)
}

/// The answered letter must be in scope and open for an answer; a referral is right enough.
fn may_answer(tx: &mut WriteTx<'_>, actor: &Actor, answered: i64) -> Outcome<()> {
    let (record, _) = store::load_visible(tx, actor, answered)?;
    let state = step::incoming_state(&record)?;
    step::incoming(state, IncomingAction::Answer)?;
    if actor.can(Permission::LettersDraft) {
        return Ok(());
    }
    tasks::open_for(tx, actor, answered, &[TaskKind::Referral]).map(|_| ())
}
