//! Signing and so issuing a letter (توقيع وإصدار): number, seal, delivery, all in one transaction.

use diesel::prelude::*;
use diwan_db::{Audit, Keep, NewJob, WriteTx};
use diwan_kernel::{Named, Permission};
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, RecordRow, deadlines, notes, numbers, routing, seals, state, store as record_store},
    secrets::Secrets,
};
use diwan_platform_api::records::{NoteKind, TaskKind, TaskOutcome};
use diwan_schema::tarasol::letters;
use diwan_tarasol_api::{Direction, OutgoingAction, OutgoingState, Recipient, StepNote};
use serde::Serialize;

use super::{
    deliver, step,
    store::{self, LetterRow},
};
use crate::letterhead;

/// What issuing gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Issued {
    /// The number taken.
    pub number: String,
    /// The code of the seal.
    pub verify_code: String,
}

/// Prints wait behind everything that people wait for.
const PRINT_PRIORITY: i32 = 200;

/// Signs the letter, takes the next number of the register, seals it and delivers it.
///
/// # Errors
/// Wrong state; no signature task of the actor's; the right is missing; the actor wrote the letter.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, secrets: &Secrets, id: i64, input: &StepNote) -> Outcome<Issued> {
    let (record, mut letter) = store::load_visible(tx, actor, id)?;
    step::outgoing(step::outgoing_state(&record)?, OutgoingAction::Sign)?;
    let note = step::optional_note(input.note.as_deref())?;
    let (_, on_behalf_of) =
        routing::finish_step(tx, actor, &record, &[TaskKind::Sign], TaskOutcome::Signed, note.as_deref())?;
    // A delegation of signature carries the right of the one who delegated.
    if on_behalf_of.is_none() {
        actor.require(Permission::LettersSign)?;
    }
    if let Some(note) = &note {
        notes::insert(tx, actor, id, NoteKind::Direction, note, on_behalf_of)?;
    }
    let due_on = match letter.reply_due_days {
        Some(days) => Some(deadlines::due(tx, record.agency_id, days)?),
        None => None,
    };
    state::set_due(tx, &record, OutgoingState::Issued.code(), due_on)?;
    let head = letterhead::of_unit(tx, record.agency_id, record.unit_id)?;
    letter.signed_by = Some(actor.user_id);
    letter.signed_for = on_behalf_of;
    letter.signed_at = Some(tx.now());
    letter.letterhead = Some(serde_json::to_string(&head)?);
    diesel::update(letters::table.find(id))
        .set((
            letters::signed_by.eq(letter.signed_by),
            letters::signed_for.eq(letter.signed_for),
            letters::signed_at.eq(letter.signed_at),
            letters::letterhead.eq(&letter.letterhead),
        ))
        .kept()
        .execute(tx.conn())?;
    let recipients = store::recipients(tx, id)?;
    let register = if letter.direction == Direction::InternalMemo.code() { "memo" } else { "outgoing" };
    let number = numbers::take(tx, record.agency_id, register, id, actor.user_id)?.display;
    let form = canonical(tx, actor, &record, &letter, &recipients, &number)?;
    let sealed = seals::seal(tx, secrets, record.agency_id, id, &form)?;
    deliver::all(tx, actor, &record, &letter, &recipients, &form, due_on)?;
    tx.audit(
        Audit::of_record(id)
            .after(&form)
            .detail(serde_json::json!({ "number": number, "hash": sealed.hash, "note": note })),
    )?;
    tx.enqueue(NewJob::new(crate::print::JOB, serde_json::json!({ "record_id": id })).priority(PRINT_PRIORITY))?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(id), &())?;
    Ok(Issued { number, verify_code: sealed.verify_code })
}

/// What is sealed: everything the reader of the letter relies on.
fn canonical(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    record: &RecordRow,
    letter: &LetterRow,
    recipients: &[Recipient],
    number: &str,
) -> Outcome<seals::Canonical> {
    let (agency_code, agency) = seals::agency(tx, record.agency_id)?;
    let files = seals::files(tx, record.id)?;
    Ok(seals::Canonical {
        v: 1,
        agency_code,
        agency,
        number: number.to_owned(),
        date: tx.today(),
        subject: record.subject.clone(),
        recipients: recipients.iter().map(|recipient| recipient.name.clone()).collect(),
        content: serde_json::json!({
            "addressee": letter.addressee,
            "body": serde_json::from_str::<serde_json::Value>(&letter.body)?,
            "secrecy": record.secrecy,
            "priority": record.priority,
            "form": letter.form,
        }),
        files,
        signed_by: Named { ar: actor.name_ar.clone(), en: actor.name_en.clone() },
        signed_for: letter.signed_for.map(|id| record_store::user_ref(tx, id)).transpose()?.map(|user| user.name),
    })
}
