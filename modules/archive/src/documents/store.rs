//! Finding documents: always within the actor's scope.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_archive_api::{Document, DocumentRow};
use diwan_db::ReadTx;
use diwan_kernel::Permission;
use diwan_platform::{
    Actor, Outcome, Refusal,
    files::store as files,
    records::{RecordRow, load_visible, store as records},
};
use diwan_schema::archive::documents;

use super::content;
use crate::{
    files::place_of,
    keeping,
    types::{tags, values},
};

/// What the archive knows of a record.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = documents)]
pub(crate) struct Filed {
    pub(crate) record_id: i64,
    pub(crate) source: String,
    pub(crate) doc_date: NaiveDate,
    pub(crate) filed_at: NaiveDateTime,
    pub(crate) type_id: Option<i64>,
    pub(crate) volume_id: Option<i64>,
}

/// Loads a document in the actor's scope.
pub(crate) fn load(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<(RecordRow, Filed)> {
    let missing = || Refusal::NotFound("document");
    let row = match load_visible(tx, actor, id) {
        Err(Refusal::NotFound(_)) => return Err(missing()),
        other => other?,
    };
    let filed =
        documents::table.find(id).select(Filed::as_select()).first(tx.conn()).optional()?.ok_or_else(missing)?;
    Ok((row, filed))
}

/// Goes on only with a document whose content is not destroyed.
pub(crate) fn still_there(row: &RecordRow, action: &str) -> Outcome<()> {
    if row.state == "destroyed" {
        return Err(Refusal::WrongState { state: row.state.clone(), action: action.to_owned() });
    }
    Ok(())
}

/// A document in the actor's scope with its files.
pub(super) fn view(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Document> {
    let (row, filed) = load(tx, actor, id)?;
    let attachments = files::of_records(tx, &[id])?.remove(&id).unwrap_or_default();
    let source = filed.source.parse()?;
    let (content, content_reason) = content::of_files(source, &attachments);
    let (doc_type, values) = values::of(tx, row.agency_id, id, filed.type_id)?;
    Ok(Document {
        doc_type,
        values,
        tags: tags::of(tx, &[id])?.remove(&id).unwrap_or_default(),
        in_file: place_of(tx, actor, id)?,
        keeping: keeping::view(tx, actor, id)?,
        head: records::head(tx, &row)?,
        source,
        doc_date: filed.doc_date,
        party: row.party,
        class_code: row.class_code,
        content,
        content_reason,
        filed_at: filed.filed_at,
        attachments,
        may_edit: actor.can(Permission::ArchiveFile) && row.state != "destroyed",
    })
}

/// The rows of these documents in the order of `ids`; those out of scope are left out.
pub(super) fn rows(tx: &mut ReadTx<'_>, actor: &Actor, ids: &[i64]) -> Outcome<Vec<DocumentRow>> {
    let mut seen: BTreeMap<i64, RecordRow> =
        records::load_visible_many(tx, actor, ids)?.into_iter().map(|row| (row.id, row)).collect();
    let mut filed = filed(tx, ids)?;
    let mut attached = files::of_records(tx, ids)?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        if let (Some(row), Some(filed)) = (seen.remove(id), filed.remove(id)) {
            let source = filed.source.parse()?;
            let (content, content_reason) = content::of_files(source, &attached.remove(id).unwrap_or_default());
            rows.push(DocumentRow {
                id: row.id,
                kind: row.kind.parse()?,
                number: row.number,
                subject: row.subject,
                party: row.party,
                doc_date: filed.doc_date,
                class_code: row.class_code,
                secrecy: row.secrecy.parse()?,
                source,
                content,
                content_reason,
                filed_at: filed.filed_at,
            });
        }
    }
    Ok(rows)
}

/// What the archive knows of these records.
pub(crate) fn filed(tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, Filed>> {
    let rows: Vec<Filed> = documents::table
        .filter(documents::record_id.eq_any(ids.to_vec()))
        .select(Filed::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.record_id, row)).collect())
}
