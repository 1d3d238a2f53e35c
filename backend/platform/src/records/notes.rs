//! Comments (ملاحظات) and directions (شروحات) beside a record: written once, never changed.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{FieldError, Named, text};
use diwan_platform_api::records::{NewNote, Note, NoteKind};
use diwan_schema::platform::{notes, positions};

use super::{CHANGED, load_visible, state, store};
use crate::{Actor, Outcome};

/// Writes a note on a record in the actor's scope.
///
/// # Errors
/// Not found, or the text is empty or too long.
pub fn add(tx: &mut WriteTx<'_>, actor: &Actor, record_id: i64, new: &NewNote) -> Outcome<i64> {
    let row = load_visible(tx, actor, record_id)?;
    let body = text::lines("body", &new.body, text::NOTE_MAX)?;
    let id = insert(tx, actor, row.id, new.kind, &body, None)?;
    state::touch(tx, row.id)?;
    tx.audit(Audit::of_record(row.id).detail(serde_json::json!({ "kind": new.kind.code(), "note": body })))?;
    tx.outbox(CHANGED, Some(row.agency_id), Some(row.id), &())?;
    Ok(id)
}

/// Puts a note beside a record as part of another operation, which audits it. The text is checked already.
///
/// # Errors
/// The database fails.
pub fn insert(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    record_id: i64,
    kind: NoteKind,
    body: &str,
    on_behalf_of: Option<i64>,
) -> Outcome<i64> {
    let now = tx.now();
    Ok(diesel::insert_into(notes::table)
        .values((
            notes::record_id.eq(record_id),
            notes::kind.eq(kind.code()),
            notes::author_id.eq(actor.user_id),
            notes::on_behalf_of.eq(on_behalf_of),
            notes::position_id.eq(actor.held.first().map(|held| held.position_id)),
            notes::body.eq(body),
            notes::created_at.eq(now),
        ))
        .returning(notes::id)
        .get_result(tx.conn())?)
}

type Row = (i64, String, i64, Option<i64>, Option<i64>, String, chrono::NaiveDateTime);

/// The notes of a record the caller has loaded in scope, oldest first.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Vec<Note>> {
    let rows: Vec<Row> = notes::table
        .filter(notes::record_id.eq(record_id))
        .order(notes::id)
        .select((
            notes::id,
            notes::kind,
            notes::author_id,
            notes::on_behalf_of,
            notes::position_id,
            notes::body,
            notes::created_at,
        ))
        .load(tx.conn())?;
    let mut out = Vec::with_capacity(rows.len());
    for (id, kind, author_id, on_behalf_of, position_id, body, created_at) in rows {
        let position = match position_id {
            Some(id) => positions::table
                .find(id)
                .select((positions::title_ar, positions::title_en))
                .first::<(String, String)>(tx.conn())
                .optional()?
                .map(|(ar, en)| Named { ar, en }),
            None => None,
        };
        let on_behalf_of = on_behalf_of.map(|id| store::user_ref(tx, id)).transpose()?;
        let author = store::user_ref(tx, author_id)?;
        out.push(Note { id, kind: kind.parse()?, author, on_behalf_of, position, body, created_at });
    }
    Ok(out)
}

/// A word that may go with a step; blanks are none.
///
/// # Errors
/// The field `note`: too long, or with signs that turn the direction.
pub fn optional(note: Option<&str>) -> Result<Option<String>, FieldError> {
    match note.map(str::trim).filter(|note| !note.is_empty()) {
        Some(note) => text::lines("note", note, text::NOTE_MAX).map(Some),
        None => Ok(None),
    }
}

/// A word that has to go with a step: why something is sent back, voided, reversed.
///
/// # Errors
/// As [`optional`]; `required` where nothing is said.
pub fn required(note: Option<&str>) -> Result<String, FieldError> {
    text::lines("note", note.unwrap_or_default(), text::NOTE_MAX)
}
