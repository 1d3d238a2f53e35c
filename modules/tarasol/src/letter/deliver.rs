//! Delivery (تسليم): the issued letter becomes an incoming one of each agency it goes to.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_archive::port as archive;
use diwan_archive_api::DocumentSource;
use diwan_db::{Keep, WriteTx};
use diwan_kernel::Permission;
use diwan_platform::{
    Actor, Outcome,
    records::{self, CHANGED, NewRecord, RecordRow, access, links, notify, seals, state, store as record_store, tasks},
};
use diwan_platform_api::records::{AssigneeKind, Instruction, LinkKind, RecordKind, TaskKind};
use diwan_schema::{
    platform::{attachments, tasks as task_table},
    tarasol::{deliveries, letters},
};
use diwan_tarasol_api::{DeliveryState, Direction, IncomingState, Recipient};

use super::store::{self, LetterRow};

/// Delivers a letter that has just been signed, or hands a memo to its units.
pub(crate) fn all(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    record: &RecordRow,
    letter: &LetterRow,
    recipients: &[Recipient],
    form: &seals::Canonical,
    due_on: Option<NaiveDate>,
) -> Outcome<()> {
    let today = tx.today();
    archive::file(tx, record.id, DocumentSource::Letter, today)?;
    for recipient in recipients {
        match (recipient.unit_id, recipient.agency_id) {
            (Some(unit_id), _) => to_unit(tx, actor, record, unit_id, recipient)?,
            (None, Some(agency_id)) => to_agency(tx, actor, record, letter, form, due_on, (agency_id, recipient))?,
            (None, None) => {}
        }
    }
    if let Some(answered) = letter.in_reply_to.filter(|_| letter.direction == Direction::Outgoing.code()) {
        settle_answered(tx, actor, record, answered)?;
    }
    Ok(())
}

/// A memo reaches its units as tasks.
fn to_unit(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    record: &RecordRow,
    unit_id: i64,
    recipient: &Recipient,
) -> Outcome<()> {
    let task = tasks::NewTask {
        record_id: record.id,
        agency_id: record.agency_id,
        kind: TaskKind::Referral,
        step: None,
        assignee: (AssigneeKind::Unit, unit_id),
        instruction: Some(recipient.purpose.unwrap_or(Instruction::ForInformation)),
        note: None,
        due_on: record.due_on,
    };
    tasks::give(tx, actor.user_id, &task).map(|_| ())
}

fn to_agency(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    record: &RecordRow,
    letter: &LetterRow,
    form: &seals::Canonical,
    due_on: Option<NaiveDate>,
    (agency_id, recipient): (i64, &Recipient),
) -> Outcome<()> {
    let caveats = record_store::caveats(tx, record.id)?;
    let incoming = records::create(
        tx,
        &NewRecord {
            agency_id,
            unit_id: None,
            kind: RecordKind::Incoming,
            subject: record.subject.clone(),
            party: form.agency.get(letter.lang.parse()?).to_owned(),
            state: IncomingState::Received.code(),
            secrecy: record.secrecy.parse()?,
            caveats,
            priority: record.priority.parse()?,
            due_on,
            class_code: None,
            created_by: actor.user_id,
        },
    )?;
    let (now, today) = (tx.now(), tx.today());
    let original = original_of(tx, letter.in_reply_to, agency_id)?;
    diesel::insert_into(letters::table)
        .values((
            letters::record_id.eq(incoming),
            letters::agency_id.eq(agency_id),
            letters::direction.eq(Direction::Incoming.code()),
            letters::form.eq(&letter.form),
            letters::lang.eq(&letter.lang),
            letters::counterpart_id.eq(record.agency_id),
            letters::addressee.eq(&letter.addressee),
            letters::body.eq(&letter.body),
            letters::body_text.eq(&letter.body_text),
            letters::letterhead.eq(&letter.letterhead),
            letters::reply_due_days.eq(letter.reply_due_days),
            letters::in_reply_to.eq(original),
            letters::their_number.eq(&form.number),
            letters::their_date.eq(today),
            letters::signed_by.eq(letter.signed_by),
            letters::signed_for.eq(letter.signed_for),
            letters::signed_at.eq(letter.signed_at),
            letters::received_at.eq(now),
        ))
        .execute(tx.conn())?;
    if !form.files.is_empty() {
        copy_attachments(tx, record.id, incoming)?;
    }
    let delivery: i64 = diesel::insert_into(deliveries::table)
        .values((
            deliveries::record_id.eq(record.id),
            deliveries::from_agency_id.eq(record.agency_id),
            deliveries::to_agency_id.eq(agency_id),
            deliveries::role.eq(recipient.role.code()),
            deliveries::incoming_record_id.eq(incoming),
            deliveries::state.eq(DeliveryState::Delivered.code()),
            deliveries::updated_at.eq(now),
        ))
        .returning(deliveries::id)
        .get_result(tx.conn())?;
    store::delivery_event(tx, delivery, DeliveryState::Delivered, None)?;
    links::insert(tx, record.id, incoming, LinkKind::DeliveredAs, actor.user_id)?;
    if let Some(original) = original {
        links::insert(tx, incoming, original, LinkKind::ReplyTo, actor.user_id)?;
        diesel::update(letters::table.find(original)).set(letters::answered_at.eq(now)).kept().execute(tx.conn())?;
    }
    let clerks = access::holders_of(tx, agency_id, Permission::LettersRegister)?;
    notify::tell(
        tx,
        clerks,
        "letter_received",
        incoming,
        &serde_json::json!({ "from": form.agency, "number": form.number }),
    )?;
    tx.outbox(CHANGED, Some(agency_id), Some(incoming), &())?;
    Ok(())
}

/// The letter of `agency_id` that the answered incoming letter once was: both sides then see one thread.
fn original_of(tx: &mut WriteTx<'_>, answered: Option<i64>, agency_id: i64) -> Outcome<Option<i64>> {
    let Some(answered) = answered else { return Ok(None) };
    Ok(deliveries::table
        .filter(deliveries::incoming_record_id.eq(answered))
        .filter(deliveries::from_agency_id.eq(agency_id))
        .select(deliveries::record_id)
        .first(tx.conn())
        .optional()?)
}

/// The receiver gets its own rows of the same files.
fn copy_attachments(tx: &mut WriteTx<'_>, from: i64, to: i64) -> Outcome<()> {
    type Row = (String, String, String, bool, i64);
    let rows: Vec<Row> = attachments::table
        .filter(attachments::record_id.eq(from))
        .filter(attachments::removed_at.is_null())
        .filter(attachments::role.eq("attachment"))
        .select((
            attachments::blob_hash,
            attachments::file_name,
            attachments::media_type,
            attachments::name_mismatch,
            attachments::size,
        ))
        .order(attachments::id)
        .load(tx.conn())?;
    let now = tx.now();
    for (blob_hash, file_name, media_type, name_mismatch, size) in rows {
        diesel::insert_into(attachments::table)
            .values((
                attachments::record_id.eq(to),
                attachments::blob_hash.eq(blob_hash),
                attachments::file_name.eq(file_name),
                attachments::media_type.eq(media_type),
                attachments::name_mismatch.eq(name_mismatch),
                attachments::size.eq(size),
                attachments::role.eq("attachment"),
                attachments::version_no.eq(1),
                attachments::created_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The incoming letter that this one answers is answered now, and so are the referrals that asked for the answer.
fn settle_answered(tx: &mut WriteTx<'_>, actor: &Actor, reply: &RecordRow, answered: i64) -> Outcome<()> {
    let record = record_store::load_for_system(tx, answered)?;
    let (now, today) = (tx.now(), tx.today());
    if matches!(record.state.as_str(), "registered" | "referred" | "answered") {
        state::set(tx, &record, IncomingState::Answered.code())?;
    }
    diesel::update(letters::table.find(answered)).set(letters::answered_at.eq(now)).kept().execute(tx.conn())?;
    let wanted = [Instruction::ForReply.code(), Instruction::ForStudyAndReply.code()];
    diesel::update(
        task_table::table
            .filter(task_table::record_id.eq(answered))
            .filter(task_table::state.eq("open"))
            .filter(task_table::kind.eq(TaskKind::Referral.code()))
            .filter(task_table::instruction.eq_any(wanted)),
    )
    .set((
        task_table::state.eq("done"),
        task_table::done_at.eq(now),
        task_table::done_by.eq(reply.created_by),
        task_table::outcome.eq("answered"),
    ))
    .kept()
    .execute(tx.conn())?;
    tx.audit(
        diwan_db::Audit::of_record(answered)
            .agency(record.agency_id)
            .detail(serde_json::json!({ "answered_by": reply.id, "on": today, "signed_by": actor.user_id })),
    )?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(answered), &())?;
    Ok(())
}
