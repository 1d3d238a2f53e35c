//! Finding attachments: always through a record that the actor may see.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{Named, Permission};
use diwan_platform_api::{
    files::{Attachment, AttachmentRole, AttachmentVersion, Attachments, ContentState},
    fixity::BlobState,
    records::{RecordKind, Ref},
};
use diwan_schema::platform::{attachments, blob_checks, extracts, users};

use super::{checkout, destroy};
use crate::{
    Actor, Outcome, Refusal,
    records::{RecordRow, load_visible},
};

/// The row of an attachment.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attachments)]
#[expect(missing_docs, reason = "the columns are those of Attachment")]
pub struct AttachmentRow {
    pub id: i64,
    pub record_id: i64,
    pub blob_hash: String,
    pub file_name: String,
    pub media_type: String,
    pub name_mismatch: bool,
    pub size: i64,
    pub role: String,
    pub version_no: i32,
    pub replaces_id: Option<i64>,
    pub created_by: Option<i64>,
    pub created_at: NaiveDateTime,
    pub removed_at: Option<NaiveDateTime>,
    pub note: Option<String>,
}

/// Loads an attachment, in any version, whose record the actor may see; what was removed does not exist.
///
/// # Errors
/// [`Refusal::NotFound`] where there is none, or none for this actor.
pub fn load(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<(AttachmentRow, RecordRow)> {
    let missing = || Refusal::NotFound("attachment");
    let row = attachments::table
        .filter(attachments::id.eq(id))
        .filter(attachments::removed_at.is_null())
        .select(AttachmentRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or_else(missing)?;
    match load_visible(tx, actor, row.record_id) {
        Ok(record) => Ok((row, record)),
        Err(Refusal::NotFound(_)) => Err(missing()),
        Err(other) => Err(other),
    }
}

/// The right that changing the record's files takes, which is that of preparing its kind; none where its state fixes them.
/// What is approved, of letters and of money, is fixed with its words; an archived document may get further files.
///
/// # Errors
/// The database holds an unknown kind.
pub(super) fn right_to_change(record: &RecordRow) -> Outcome<Option<Permission>> {
    let kind: RecordKind = record.kind.parse()?;
    let open = match kind {
        RecordKind::Document => record.state != destroy::DESTROYED,
        _ => matches!(record.state.as_str(), "draft" | "returned"),
    };
    Ok(open.then_some(kind.prepared_with()))
}

/// The attachments of a record the caller has loaded in scope.
///
/// # Errors
/// The database fails or holds an unknown code.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor, record: &RecordRow, limit_bytes: u64) -> Outcome<Attachments> {
    let items = of_records(tx, &[record.id])?.remove(&record.id).unwrap_or_default();
    let may_change = right_to_change(record)?.is_some_and(|right| actor.can(right));
    Ok(Attachments { items, may_change, limit_bytes })
}

/// The attachments of records, by record, each in its newest version with the older ones behind it. For records the
/// caller has loaded in scope.
///
/// # Errors
/// The database fails or holds an unknown code.
pub fn of_records(tx: &mut ReadTx<'_>, record_ids: &[i64]) -> Outcome<BTreeMap<i64, Vec<Attachment>>> {
    type Extract = (String, Option<String>, Option<i32>);
    type Author = (i64, String, String);
    type Whole = (AttachmentRow, Option<Extract>, Option<String>, Option<Author>);
    let rows: Vec<Whole> = attachments::table
        .left_join(extracts::table.on(extracts::blob_hash.eq(attachments::blob_hash)))
        .left_join(blob_checks::table.on(blob_checks::blob_hash.eq(attachments::blob_hash)))
        .left_join(users::table.on(users::id.nullable().eq(attachments::created_by)))
        .filter(attachments::record_id.eq_any(record_ids.to_vec()))
        .filter(attachments::removed_at.is_null())
        .order(attachments::id)
        .select((
            AttachmentRow::as_select(),
            (extracts::state, extracts::reason, extracts::pages).nullable(),
            blob_checks::state.nullable(),
            (users::id, users::name_ar, users::name_en).nullable(),
        ))
        .load(tx.conn())?;
    let mut newest = BTreeMap::<i64, Attachment>::new();
    for (row, extract, checked, author) in rows {
        let created_by = author.map(|(id, ar, en)| Ref { id, name: Named { ar, en } });
        let replaces = row.replaces_id;
        let damage = checked.map(|state| state.parse()).transpose()?.filter(|state| *state != BlobState::Whole);
        let attachment = take_over(&mut newest, replaces, attachment(row, extract, damage, created_by)?);
        newest.insert(attachment.id, attachment);
    }
    let mut held = checkout::holders(tx, &newest.keys().copied().collect::<Vec<_>>())?;
    let mut by_record = BTreeMap::<i64, Vec<Attachment>>::new();
    for mut attachment in newest.into_values() {
        attachment.held = held.remove(&attachment.id);
        by_record.entry(attachment.record_id).or_default().push(attachment);
    }
    // The place in the list is that of the first version.
    for list in by_record.values_mut() {
        list.sort_by_key(|one| one.earlier.last().map_or(one.id, |first| first.id));
    }
    Ok(by_record)
}

/// Takes the version that this one replaces, and those behind it, out of the list of newest ones.
fn take_over(newest: &mut BTreeMap<i64, Attachment>, replaces: Option<i64>, mut attachment: Attachment) -> Attachment {
    if let Some(old) = replaces.and_then(|id| newest.remove(&id)) {
        let version = AttachmentVersion {
            id: old.id,
            version_no: old.version_no,
            file_name: old.file_name,
            media_type: old.media_type,
            size: old.size,
            created_by: old.created_by,
            created_at: old.created_at,
            note: old.note,
        };
        attachment.earlier = std::iter::once(version).chain(old.earlier).collect();
    }
    attachment
}

fn attachment(
    row: AttachmentRow,
    extract: Option<(String, Option<String>, Option<i32>)>,
    damage: Option<BlobState>,
    created_by: Option<Ref>,
) -> Outcome<Attachment> {
    let (content, content_reason, pages) = match extract {
        Some((state, reason, pages)) => (state.parse()?, reason, pages),
        // A print only repeats the text of its record, which can be searched.
        None if row.role == AttachmentRole::Print.code() => (ContentState::Text, None, None),
        None => (ContentState::Pending, None, None),
    };
    Ok(Attachment {
        id: row.id,
        record_id: row.record_id,
        file_name: row.file_name,
        media_type: row.media_type,
        name_mismatch: row.name_mismatch,
        size: row.size,
        hash: row.blob_hash,
        role: row.role.parse()?,
        version_no: row.version_no,
        content,
        content_reason,
        pages,
        damage,
        created_by,
        created_at: row.created_at,
        note: row.note,
        held: None,
        earlier: Vec::new(),
    })
}
