//! A new title, a new volume, and closing a file for new papers.

use diesel::prelude::*;
use diwan_archive_api::FileTitle;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::text;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::archive::{archive_files, archive_volumes};
use serde_json::json;

use super::store::{self, FileRow};
use crate::{guard, order};

/// Gives the file another title.
pub(super) fn rename(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &FileTitle) -> Outcome<()> {
    let row = held(tx, actor, id, version)?;
    let title = text::line("title", &input.title, text::SUBJECT_MAX)?;
    let fold = text::fold(&format!("{} {title}", row.number));
    diesel::update(archive_files::table.find(id))
        .set((archive_files::title.eq(&title), archive_files::fold.eq(fold), archive_files::version.eq(version + 1)))
        .execute(tx.conn())?;
    tx.audit(Audit::of("archive_file", id).before(&row.title).after(&title))?;
    Ok(())
}

/// Closes the last volume and opens the next one: new papers go there.
pub(super) fn next_volume(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    held(tx, actor, id, version)?;
    let today = tx.today();
    let last = store::volumes(tx, id)?.last().map_or(0, |volume| volume.number);
    close_volumes(tx, id)?;
    diesel::insert_into(archive_volumes::table)
        .values((
            archive_volumes::file_id.eq(id),
            archive_volumes::number.eq(last + 1),
            archive_volumes::opened_on.eq(today),
        ))
        .execute(tx.conn())?;
    let bumped = archive_files::version.eq(version + 1);
    diesel::update(archive_files::table.find(id)).set(bumped).execute(tx.conn())?;
    tx.audit(Audit::of("archive_file", id).detail(json!({ "volume": last + 1 })))?;
    Ok(())
}

/// Closes the file. Periods that run from this day begin.
pub(super) fn close(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    held(tx, actor, id, version)?;
    let today = tx.today();
    close_volumes(tx, id)?;
    diesel::update(archive_files::table.find(id))
        .set((
            archive_files::closed_on.eq(Some(today)),
            archive_files::closed_by.eq(Some(actor.user_id)),
            archive_files::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    tx.audit(Audit::of("archive_file", id).detail(json!({ "closed_on": today })))?;
    order::again(tx, actor.agency_id, order::Which::File(id))
}

/// The file, still open and as the client has read it, until the transaction ends.
fn held(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<FileRow> {
    store::load(tx, actor, id)?;
    guard::take(tx, actor.agency_id)?;
    let row = store::load(tx, actor, id)?;
    store::still_open(&row, version)?;
    Ok(row)
}

fn close_volumes(tx: &mut WriteTx<'_>, id: i64) -> Result<usize, Refusal> {
    let today = tx.today();
    let open =
        archive_volumes::table.filter(archive_volumes::file_id.eq(id)).filter(archive_volumes::closed_on.is_null());
    Ok(diesel::update(open).set(archive_volumes::closed_on.eq(Some(today))).execute(tx.conn())?)
}
