//! Files and volumes in the database. A file is seen by whoever may see documents of its class.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::archive::{archive_files, archive_volumes, classes};

/// A file as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = archive_files)]
pub(crate) struct FileRow {
    pub(crate) id: i64,
    pub(crate) class_id: i64,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) opened_on: NaiveDate,
    pub(crate) opened_by: i64,
    pub(crate) closed_on: Option<NaiveDate>,
    pub(crate) closed_by: Option<i64>,
    pub(crate) version: i64,
}

/// A volume as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = archive_volumes)]
pub(crate) struct VolumeRow {
    pub(crate) id: i64,
    pub(crate) number: i32,
    pub(crate) opened_on: NaiveDate,
    pub(crate) closed_on: Option<NaiveDate>,
}

/// A file in the actor's scope: of their agency, of a class whose documents they may see.
pub(crate) fn load(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<FileRow> {
    archive_files::table
        .inner_join(classes::table.on(classes::id.eq(archive_files::class_id)))
        .filter(archive_files::id.eq(id))
        .filter(archive_files::agency_id.eq(actor.agency_id))
        .filter(classes::secrecy.eq_any(actor.levels()))
        .select(FileRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("file"))
}

/// The volumes of a file in order.
pub(super) fn volumes(tx: &mut ReadTx<'_>, file_id: i64) -> Outcome<Vec<VolumeRow>> {
    Ok(archive_volumes::table
        .filter(archive_volumes::file_id.eq(file_id))
        .order(archive_volumes::number)
        .select(VolumeRow::as_select())
        .load(tx.conn())?)
}

/// Goes on only with a file that is open, of the version that the client has read.
pub(super) fn still_open(row: &FileRow, version: i64) -> Outcome<()> {
    if row.closed_on.is_some() {
        return Err(Refusal::rule("file_closed", [("number", row.number.clone())]));
    }
    if row.version == version { Ok(()) } else { Err(Refusal::stale("file", row.version, version)) }
}
