//! Adding, replacing and removing the files of a record.

use diesel::prelude::*;
use diwan_db::{Audit, NewJob, ReadTx, WriteTx, each_backend};
use diwan_kernel::{FieldError, text};
use diwan_platform_api::files::{AttachmentRole, ContentState};
use diwan_schema::platform::{attachments, blobs, extracts, records};
use serde_json::json;

use super::{
    Stored, checkout, destroy, extraction, file_name,
    store::{self, AttachmentRow},
};
use crate::{
    Actor, Outcome, Refusal,
    records::{CHANGED, RecordRow, load_visible, state::written},
};

/// A file that lies in the blob store and is to be attached.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// The name it came with.
    pub name: String,
    /// Where it lies.
    pub stored: Stored,
}

/// Attaches files as part of an operation that makes the record, and that audits and tells the followers itself.
///
/// # Errors
/// A refused type.
pub fn insert_all(tx: &mut WriteTx<'_>, actor: &Actor, record_id: i64, files: &[NewFile]) -> Outcome<Vec<i64>> {
    files.iter().enumerate().try_for_each(|(place, file)| check_type(place, file))?;
    // Two who attach the same contents take them in one order, so that neither waits for the other.
    let mut contents: Vec<&Stored> = files.iter().map(|file| &file.stored).collect();
    contents.sort_by(|a, b| a.hash.cmp(&b.hash));
    contents.into_iter().try_for_each(|stored| register_blob(tx, stored))?;
    let insert = |file| insert(tx, record_id, file, AttachmentRole::Attachment, None, Some(actor.user_id));
    files.iter().map(insert).collect()
}

/// Refuses programs: [`Refusal::Invalid`] with `type_refused` on the file's place in the request.
fn check_type(place: usize, file: &NewFile) -> Outcome<()> {
    if !file_name::is_program(&file.name, &file.stored.sniffed) {
        return Ok(());
    }
    let name = file_name::clean(&file.name, &file.stored.sniffed);
    let field = FieldError::new(format!("files.{place}"), "type_refused");
    Err(field.with("name", name).with("type", &file.stored.sniffed.media_type).into())
}

/// Attaches files to a record. All of them, or none.
///
/// # Errors
/// Not found, a missing right, a state that fixes the files, a refused type.
pub fn add(tx: &mut WriteTx<'_>, actor: &Actor, record_id: i64, files: &[NewFile]) -> Outcome<Vec<i64>> {
    let record = changeable(tx, actor, record_id)?;
    let ids = insert_all(tx, actor, record.id, files)?;
    tell(tx, &record)?;
    Ok(ids)
}

/// Puts a new version in the place of an attachment, with what it changes; who held the file for it gives it back.
///
/// # Errors
/// As [`add`]; `attachment_replaced` where the attachment is not the newest version any more; `held_by` where somebody
/// else holds it.
pub fn replace(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, file: &NewFile, note: Option<&str>) -> Outcome<i64> {
    let (old, record) = newest(tx, actor, id)?;
    check_type(0, file)?;
    let note = match note.map(str::trim).filter(|note| !note.is_empty()) {
        Some(note) => Some(text::line("note", note, text::SUBJECT_MAX)?),
        None => None,
    };
    checkout::end(tx, actor, old.id)?;
    let new = insert(tx, record.id, file, AttachmentRole::Attachment, Some(&old), Some(actor.user_id))?;
    if let Some(note) = note {
        diesel::update(attachments::table.find(new)).set(attachments::note.eq(Some(note))).execute(tx.conn())?;
    }
    tell(tx, &record)?;
    Ok(new)
}

/// What a module above says about taking a file away from a record: it may be frozen.
#[derive(Debug, Clone, Copy)]
pub struct Removable(pub fn(&mut ReadTx<'_>, i64) -> Outcome<()>);

/// Removes an attachment with its versions from the record. The rows and the content stay for the auditor.
///
/// # Errors
/// As [`replace`]; what `removable` says.
pub fn remove(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, removable: Removable) -> Outcome<()> {
    let (row, record) = newest(tx, actor, id)?;
    removable.0(tx, record.id)?;
    checkout::end(tx, actor, row.id)?;
    let now = tx.now();
    let mut version = Some(row.id);
    while let Some(id) = version {
        diesel::update(attachments::table.find(id)).set(attachments::removed_at.eq(now)).execute(tx.conn())?;
        version = attachments::table.find(id).select(attachments::replaces_id).first(tx.conn())?;
    }
    tx.audit(Audit::of_record(record.id).detail(json!({ "file": row.file_name, "version": row.version_no })))?;
    tell(tx, &record)
}

/// Puts a file beside a record as part of another operation, which has checked the right and tells the followers.
/// The entry in the trail is written here: it names the content.
///
/// # Errors
/// The database fails.
pub fn insert(
    tx: &mut WriteTx<'_>,
    record_id: i64,
    file: &NewFile,
    role: AttachmentRole,
    replaces: Option<&AttachmentRow>,
    by: Option<i64>,
) -> Outcome<i64> {
    let (now, stored) = (tx.now(), &file.stored);
    let size = bytes(stored)?;
    match role {
        AttachmentRole::Attachment => register_blob(tx, stored)?,
        AttachmentRole::Print => note_blob(tx, stored)?,
    }
    let name = file_name::clean(&file.name, &stored.sniffed);
    let version_no = replaces.map_or(1, |old| old.version_no + 1);
    let id = diesel::insert_into(attachments::table)
        .values((
            attachments::record_id.eq(record_id),
            attachments::blob_hash.eq(&stored.hash),
            attachments::file_name.eq(&name),
            attachments::media_type.eq(&stored.sniffed.media_type),
            attachments::name_mismatch.eq(!stored.sniffed.matches_name),
            attachments::size.eq(size),
            attachments::role.eq(role.code()),
            attachments::version_no.eq(version_no),
            attachments::replaces_id.eq(replaces.map(|old| old.id)),
            attachments::created_by.eq(by),
            attachments::created_at.eq(now),
        ))
        .returning(attachments::id)
        .get_result(tx.conn())?;
    let detail = json!({ "file": name, "size": size, "hash": stored.hash, "version": version_no, "role": role.code() });
    tx.audit(Audit::of_record(record_id).detail(detail))?;
    Ok(id)
}

/// Notes the content, and has its text read unless that was done for the same content before.
fn register_blob(tx: &mut WriteTx<'_>, stored: &Stored) -> Outcome<()> {
    note_blob(tx, stored)?;
    let now = tx.now();
    let extract = (
        extracts::blob_hash.eq(&stored.hash),
        extracts::state.eq(ContentState::Pending.code()),
        extracts::parts.eq("[]"),
        extracts::updated_at.eq(now),
    );
    each_backend!(tx.conn(), c => diesel::insert_into(extracts::table).values(extract).on_conflict_do_nothing().execute(c))?;
    let state: String = extracts::table.find(&stored.hash).select(extracts::state).first(tx.conn())?;
    if state == ContentState::Pending.code() {
        let payload = json!({ "hash": stored.hash });
        tx.enqueue(NewJob::new(extraction::JOB, payload).dedupe(format!("{}:{}", extraction::JOB, stored.hash)))?;
    }
    Ok(())
}

/// Notes a content; its text is nobody's business.
///
/// # Errors
/// The database fails.
pub fn note_blob(tx: &mut WriteTx<'_>, stored: &Stored) -> Outcome<()> {
    let (now, size) = (tx.now(), bytes(stored)?);
    let blob = (
        blobs::hash.eq(&stored.hash),
        blobs::size.eq(size),
        blobs::media_type.eq(&stored.sniffed.media_type),
        blobs::created_at.eq(now),
    );
    each_backend!(tx.conn(), c => diesel::insert_into(blobs::table).values(blob).on_conflict_do_nothing().execute(c))?;
    destroy::take(tx, &stored.hash)
}

fn bytes(stored: &Stored) -> Outcome<i64> {
    i64::try_from(stored.size).map_err(|_| Refusal::Internal("a file of more than 2^63 bytes".to_owned()))
}

/// Refuses, before a file is received, those who may not attach it.
///
/// # Errors
/// As [`add`].
pub fn check_record(tx: &mut ReadTx<'_>, actor: &Actor, record_id: i64) -> Outcome<()> {
    permitted(tx, actor, record_id).map(|_record| ())
}

/// As [`check_record`], for a new version; answers the record of the attachment.
///
/// # Errors
/// As [`replace`].
pub fn check_attachment(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<i64> {
    let (_, record) = store::load(tx, actor, id)?;
    permitted(tx, actor, record.id).map(|record| record.id)
}

fn permitted(tx: &mut ReadTx<'_>, actor: &Actor, record_id: i64) -> Outcome<RecordRow> {
    let record = load_visible(tx, actor, record_id)?;
    let Some(right) = store::right_to_change(&record)? else {
        return Err(Refusal::WrongState { state: record.state, action: "change_files".to_owned() });
    };
    actor.require(right)?;
    Ok(record)
}

/// Loads the record and holds it in the state that lets its files be changed, until the transaction ends.
fn changeable(tx: &mut WriteTx<'_>, actor: &Actor, record_id: i64) -> Outcome<RecordRow> {
    let record = permitted(tx, actor, record_id)?;
    let now = tx.now();
    let held =
        diesel::update(records::table.filter(records::id.eq(record.id)).filter(records::state.eq(&record.state)))
            .set(records::updated_at.eq(now))
            .execute(tx.conn())?;
    written(tx, &record, held)?;
    Ok(record)
}

pub(super) fn newest(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<(AttachmentRow, RecordRow)> {
    let (row, record) = store::load(tx, actor, id)?;
    let record = changeable(tx, actor, record.id)?;
    if row.role != AttachmentRole::Attachment.code() {
        return Err(Refusal::WrongState { state: row.role, action: "change_files".to_owned() });
    }
    let replaced: Option<i64> = attachments::table
        .filter(attachments::replaces_id.eq(row.id))
        .select(attachments::id)
        .first(tx.conn())
        .optional()?;
    match replaced {
        Some(_) => Err(Refusal::rule("attachment_replaced", [("name", row.file_name)])),
        None => Ok((row, record)),
    }
}

/// Tells the followers after commit.
pub(super) fn tell(tx: &mut WriteTx<'_>, record: &RecordRow) -> Outcome<()> {
    Ok(tx.outbox(CHANGED, Some(record.agency_id), Some(record.id), &())?)
}
