//! A file with its volumes and what stands in them.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_archive_api::{ArchiveFile, FileRow, InFile, Placed, Volume};
use diwan_db::ReadTx;
use diwan_kernel::Named;
use diwan_platform::{Actor, Outcome, records::store as records, visible_records};
use diwan_platform_api::records::Ref;
use diwan_schema::{
    archive::{archive_files, archive_volumes, classes, documents},
    platform::records as table,
};

use super::store;

/// The most documents of a file that its page lists.
const MOST: i64 = 2_000;

/// A file as the list has it.
pub(super) fn row(row: &store::FileRow, class_code: String) -> FileRow {
    FileRow {
        id: row.id,
        number: row.number.clone(),
        title: row.title.clone(),
        class_code,
        opened_on: row.opened_on,
        closed_on: row.closed_on,
    }
}

/// A file in the actor's scope, with the documents that they may see.
pub(super) fn one(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<ArchiveFile> {
    let file = store::load(tx, actor, id)?;
    let (code, ar, en): (String, String, String) = classes::table
        .find(file.class_id)
        .select((classes::code, classes::name_ar, classes::name_en))
        .first(tx.conn())?;
    let volumes = store::volumes(tx, id)?;
    let ids: Vec<Option<i64>> = volumes.iter().map(|volume| Some(volume.id)).collect();
    let all: i64 = documents::table.filter(documents::volume_id.eq_any(ids.clone())).count().get_result(tx.conn())?;
    let mut placed = placed(tx, actor, ids)?;
    let seen = placed.values().map(Vec::len).sum::<usize>();
    Ok(ArchiveFile {
        class: Ref { id: file.class_id, name: Named { ar, en } },
        opened_by: records::user_ref(tx, file.opened_by)?,
        closed_by: file.closed_by.map(|user| records::user_ref(tx, user)).transpose()?,
        volumes: volumes
            .into_iter()
            .map(|volume| Volume {
                documents: placed.remove(&volume.id).unwrap_or_default(),
                id: volume.id,
                number: volume.number,
                opened_on: volume.opened_on,
                closed_on: volume.closed_on,
            })
            .collect(),
        unseen: all - i64::try_from(seen).unwrap_or(all),
        version: file.version,
        row: row(&file, code),
    })
}

fn placed(tx: &mut ReadTx<'_>, actor: &Actor, volumes: Vec<Option<i64>>) -> Outcome<BTreeMap<i64, Vec<Placed>>> {
    type Row = (Option<i64>, Option<i32>, i64, Option<String>, String, NaiveDate, NaiveDateTime);
    let rows: Vec<Row> = documents::table
        .inner_join(table::table.on(table::id.eq(documents::record_id)))
        .filter(documents::volume_id.eq_any(volumes))
        .filter(visible_records!(actor))
        .order((documents::volume_id, documents::volume_place))
        .limit(MOST)
        .select((
            documents::volume_id,
            documents::volume_place,
            table::id,
            table::number,
            table::subject,
            documents::doc_date,
            documents::filed_at,
        ))
        .load(tx.conn())?;
    let mut by_volume = BTreeMap::<i64, Vec<Placed>>::new();
    for (volume, place, id, number, subject, doc_date, filed_at) in rows {
        if let (Some(volume), Some(place)) = (volume, place) {
            by_volume.entry(volume).or_default().push(Placed { id, place, number, subject, doc_date, filed_at });
        }
    }
    Ok(by_volume)
}

/// Where a document stands, if in a file that the actor may see. The caller has loaded the document in scope.
pub(crate) fn place_of(tx: &mut ReadTx<'_>, actor: &Actor, record_id: i64) -> Outcome<Option<InFile>> {
    let row: Option<(i64, String, String, i32, Option<i32>)> = documents::table
        .inner_join(archive_volumes::table.on(documents::volume_id.eq(archive_volumes::id.nullable())))
        .inner_join(archive_files::table.on(archive_files::id.eq(archive_volumes::file_id)))
        .inner_join(classes::table.on(classes::id.eq(archive_files::class_id)))
        .filter(documents::record_id.eq(record_id))
        .filter(classes::secrecy.eq_any(actor.levels()))
        .select((
            archive_files::id,
            archive_files::number,
            archive_files::title,
            archive_volumes::number,
            documents::volume_place,
        ))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(file_id, number, title, volume, place)| InFile {
        file_id,
        number,
        title,
        volume,
        place: place.unwrap_or_default(),
    }))
}
