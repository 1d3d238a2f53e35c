//! Putting a document into a file: at the end of its last volume.

use diesel::prelude::*;
use diwan_archive_api::PlaceInput;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::Secrecy;
use diwan_platform::{Actor, Outcome, Refusal, records::CHANGED};
use diwan_schema::{
    archive::{classes, documents},
    platform::records,
};
use serde_json::json;

use super::store;
use crate::{classes::store as plan, documents as papers, guard, holds, keeping};

/// Puts it there. A document without a class gets the file's; one of another class does not belong here.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &PlaceInput) -> Outcome<()> {
    papers::load(tx, actor, id)?;
    // Closing the file, holds and destruction wait.
    guard::take(tx, actor.agency_id)?;
    let (row, _) = papers::load(tx, actor, id)?;
    papers::still_there(&row, "place")?;
    let file = match store::load(tx, actor, input.file_id) {
        Err(Refusal::NotFound(_)) => return Err(Refusal::field("file_id", "unknown")),
        other => other?,
    };
    if file.closed_on.is_some() {
        return Err(Refusal::rule("file_closed", [("number", file.number)]));
    }
    let class: String = classes::table.find(file.class_id).select(classes::code).first(tx.conn())?;
    match &row.class_code {
        Some(own) if *own != class => {
            return Err(Refusal::rule("file_of_other_class", [("own", own.clone()), ("class", class)]));
        }
        Some(_) => {}
        None => classify(tx, actor, id, &class, row.secrecy.parse()?)?,
    }
    let held: Option<i64> = documents::table.find(id).select(documents::volume_id).first(tx.conn())?;
    if held.is_some() {
        holds::store::none_on(tx, id)?;
    }
    let Some(volume) = store::volumes(tx, file.id)?.pop() else {
        return Err(Refusal::Internal(format!("file {} has no volume", file.id)));
    };
    let last: Option<i32> = documents::table
        .filter(documents::volume_id.eq(volume.id))
        .select(diesel::dsl::max(documents::volume_place))
        .first(tx.conn())?;
    diesel::update(documents::table.find(id))
        .set((documents::volume_id.eq(Some(volume.id)), documents::volume_place.eq(Some(last.unwrap_or(0) + 1))))
        .execute(tx.conn())?;
    keeping::store::place(tx, id)?;
    tx.audit(Audit::of_record(id).detail(json!({ "file": file.number, "volume": volume.number })))?;
    Ok(tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?)
}

fn classify(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, class: &str, secrecy: Secrecy) -> Outcome<()> {
    plan::check(tx, actor.agency_id, class, secrecy)?;
    diesel::update(records::table.find(id))
        .set((records::class_code.eq(Some(class)), records::version.eq(records::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}
