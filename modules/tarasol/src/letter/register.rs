//! Registering an incoming letter (تسجيل الوارد): it gets the agency's own number, and its sender learns it.

use diwan_archive::port as archive;
use diwan_archive_api::DocumentSource;
use diwan_db::{Audit, Keep, WriteTx};
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, notes, numbers, state, store as record_store},
};
use diwan_platform_api::records::NoteKind;
use diwan_tarasol_api::{DeliveryState, IncomingAction, IncomingState, OutgoingState, RegisterInput};

use super::{step, store};

/// Takes the next incoming number. Of two clerks who register at once, one is told that it is done.
///
/// # Errors
/// Wrong state or stale version.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &RegisterInput) -> Outcome<String> {
    let (record, letter) = store::load_visible(tx, actor, id)?;
    step::incoming(step::incoming_state(&record)?, IncomingAction::Register)?;
    state::fresh(tx, &record, version)?;
    let note = step::optional_note(input.note.as_deref())?;
    state::set(tx, &record, IncomingState::Registered.code())?;
    if let Some(note) = &note {
        notes::insert(tx, actor, id, NoteKind::Comment, note, None)?;
    }
    let date = letter.their_date.unwrap_or_else(|| tx.today());
    archive::file(tx, id, DocumentSource::Letter, date)?;
    let number = numbers::take(tx, record.agency_id, "incoming", id, actor.user_id)?.display;
    set_registered(tx, actor, id)?;
    if let Some(delivery) = store::delivery_by_incoming(tx, id)? {
        let from = [DeliveryState::Delivered, DeliveryState::Opened];
        store::move_delivery(tx, &delivery, &from, DeliveryState::Registered, Some(&number))?;
        tx.audit(
            Audit::of_record(delivery.record_id)
                .agency(record.agency_id)
                .detail(serde_json::json!({ "their_number": number })),
        )?;
        confirm(tx, delivery.record_id)?;
        tx.outbox(CHANGED, Some(delivery.from_agency_id), Some(delivery.record_id), &())?;
    }
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "number": number, "note": note })))?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(id), &())?;
    Ok(number)
}

fn set_registered(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    use diesel::prelude::*;
    use diwan_schema::tarasol::letters;
    let now = tx.now();
    diesel::update(letters::table.find(id))
        .set((letters::registered_at.eq(now), letters::registered_by.eq(actor.user_id)))
        .kept()
        .execute(tx.conn())?;
    Ok(())
}

/// The outgoing letter is delivered once nobody it went to still has to register it.
fn confirm(tx: &mut WriteTx<'_>, outgoing_id: i64) -> Outcome<()> {
    let open = store::deliveries_of(tx, outgoing_id)?
        .iter()
        .any(|delivery| matches!(delivery.state.as_str(), "delivered" | "opened"));
    let record = record_store::load_for_system(tx, outgoing_id)?;
    if !open && record.state == OutgoingState::Issued.code() {
        state::set(tx, &record, OutgoingState::Delivered.code())?;
    }
    Ok(())
}
