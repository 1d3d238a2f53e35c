//! From the rows of a record to its entry in the index.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_db::{Db, ReadTx};
use diwan_kernel::Secrecy;
use diwan_platform::{Outcome, files::extraction, records::RecordRow};
use diwan_platform_api::{files::AttachmentRole, records::RecordKind};
use diwan_schema::platform::{attachments, extracts, record_access, record_caveats, records};
use diwan_search::{Entry, Part};

use super::{Content, Sources};
use crate::{classes::store as classes, pages};

/// How an agency's principal is written in the index. A person who changes agency keeps their name on old records; the
/// agency in front keeps these out of what they find, as it does in the database.
pub(super) fn principal(agency_id: i64, principal: &str) -> String {
    format!("{agency_id}/{principal}")
}

/// The entries of these records; those that are no more are left out.
pub(super) fn load(db: &Db, sources: &Sources, ids: &[i64]) -> Outcome<Vec<Entry>> {
    db.read_now(|tx| {
        let rows: Vec<RecordRow> =
            records::table.filter(records::id.eq_any(ids.to_vec())).select(RecordRow::as_select()).load(tx.conn())?;
        let mut access = pairs(tx, ids, |tx, ids| {
            let of = record_access::table.filter(record_access::record_id.eq_any(ids));
            of.select((record_access::record_id, record_access::principal)).load(tx.conn())
        })?;
        let mut caveats = pairs(tx, ids, |tx, ids| {
            let of = record_caveats::table.filter(record_caveats::record_id.eq_any(ids));
            of.select((record_caveats::record_id, record_caveats::caveat)).load(tx.conn())
        })?;
        let paths = classes::paths(tx, &rows.iter().map(|row| row.agency_id).collect())?;
        let mut contents = contents(tx, sources, &rows)?;
        let mut parts = parts(tx, &rows)?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.id;
            let content = contents.remove(&id).unwrap_or_default();
            let held = Held {
                principals: access.remove(&id).unwrap_or_default(),
                caveats: caveats.remove(&id).unwrap_or_default(),
                parts: parts.remove(&id).unwrap_or_default(),
                class: row
                    .class_code
                    .as_ref()
                    .map(|code| paths.get(&(row.agency_id, code.clone())).unwrap_or(code).clone()),
            };
            match entry(tx, row, content, held) {
                Ok(entry) => entries.push(entry),
                // One record that cannot be read must not keep all others from being found.
                Err(fault) => tracing::error!(%fault, id, "A record is not in the index"),
            }
        }
        Ok(entries)
    })
}

/// What hangs off a record.
struct Held {
    principals: Vec<String>,
    caveats: Vec<String>,
    parts: Vec<Part>,
    /// The path of its class in the plan.
    class: Option<String>,
}

fn entry(tx: &ReadTx<'_>, row: RecordRow, content: Content, held: Held) -> Outcome<Entry> {
    let secrecy: Secrecy = row.secrecy.parse()?;
    let local = |at: NaiveDateTime| tx.day_of(at);
    // What is top secret is found by its subject and number only; its words stay out of the index.
    let body = if secrecy == Secrecy::TopSecret {
        Vec::new()
    } else {
        let own = Part { label: None, page: None, text: content.body };
        std::iter::once(own).filter(|own| !own.text.is_empty()).chain(held.parts).collect()
    };
    Ok(Entry {
        id: u64::try_from(row.id).unwrap_or_default(),
        kind: row.kind,
        agency: u64::try_from(content.counterpart_id.unwrap_or(row.agency_id)).unwrap_or_default(),
        state: row.state,
        numbers: row.number.into_iter().chain(content.numbers).collect(),
        subject: row.subject,
        parties: std::iter::once(row.party).filter(|party| !party.is_empty()).chain(content.parties).collect(),
        date: content.date.unwrap_or_else(|| local(row.issued_at.unwrap_or(row.created_at))),
        class: held.class,
        secrecy: secrecy.rank(),
        caveats: held.caveats,
        principals: held.principals.iter().map(|one| principal(row.agency_id, one)).collect(),
        body,
    })
}

fn contents(tx: &mut ReadTx<'_>, sources: &Sources, rows: &[RecordRow]) -> Outcome<BTreeMap<i64, Content>> {
    let mut all = BTreeMap::new();
    for kind in RecordKind::ALL {
        let ids: Vec<i64> = rows.iter().filter(|row| row.kind == kind.code()).map(|row| row.id).collect();
        if !ids.is_empty() {
            all.extend(sources.contents(tx, *kind, &ids)?);
        }
    }
    Ok(all)
}

fn pairs(
    tx: &mut ReadTx<'_>,
    ids: &[i64],
    load: impl FnOnce(&mut ReadTx<'_>, Vec<i64>) -> QueryResult<Vec<(i64, String)>>,
) -> Outcome<BTreeMap<i64, Vec<String>>> {
    let mut by_record = BTreeMap::<i64, Vec<String>>::new();
    for (id, value) in load(tx, ids.to_vec())? {
        by_record.entry(id).or_default().push(value);
    }
    Ok(by_record)
}

/// The texts of the files in their newest versions. A record's own print only repeats its text.
fn parts(tx: &mut ReadTx<'_>, records: &[RecordRow]) -> Outcome<BTreeMap<i64, Vec<Part>>> {
    type Row = (i64, i64, Option<i64>, String, String, String);
    let agencies: BTreeMap<i64, i64> = records.iter().map(|record| (record.id, record.agency_id)).collect();
    let rows: Vec<Row> = attachments::table
        .inner_join(extracts::table.on(extracts::blob_hash.eq(attachments::blob_hash)))
        .filter(attachments::record_id.eq_any(agencies.keys().copied().collect::<Vec<_>>()))
        .filter(attachments::role.eq(AttachmentRole::Attachment.code()))
        .filter(attachments::removed_at.is_null())
        .order(attachments::id)
        .select((
            attachments::id,
            attachments::record_id,
            attachments::replaces_id,
            attachments::blob_hash,
            attachments::file_name,
            extracts::parts,
        ))
        .load(tx.conn())?;
    let hashes: Vec<String> = rows.iter().map(|row| row.3.clone()).collect();
    let agencies_asked: Vec<i64> = agencies.values().copied().collect();
    let corrected = pages::corrected(tx, &agencies_asked, &hashes)?;
    let replaced: Vec<i64> = rows.iter().filter_map(|(_, _, replaces, ..)| *replaces).collect();
    let mut by_record = BTreeMap::<i64, Vec<Part>>::new();
    for (id, record_id, _, hash, name, stored) in rows {
        if replaced.contains(&id) {
            continue;
        }
        let agency = agencies.get(&record_id).copied().unwrap_or_default();
        let part = |part: diwan_extract::Part| {
            let checked = part.page.and_then(|page| corrected.get(&(agency, (hash.clone(), page))));
            Part { label: Some(name.clone()), page: part.page, text: checked.cloned().unwrap_or(part.text) }
        };
        match extraction::parts(&stored) {
            Ok(parts) => by_record.entry(record_id).or_default().extend(parts.into_iter().map(part)),
            Err(fault) => tracing::error!(%fault, id, "The text of an attachment is not in the index"),
        }
    }
    Ok(by_record)
}
