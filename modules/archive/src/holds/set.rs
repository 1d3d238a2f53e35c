//! Setting a hold.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_archive_api::{Hold, HoldInput};
use diwan_db::{Audit, WriteTx, each_backend};
use diwan_kernel::{FieldError, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{CHANGED, store as records},
};
use diwan_schema::archive::{hold_records, holds};
use serde_json::json;

use super::store;
use crate::{classes::store as classes, files::store as files, guard};

/// The most single records of one hold.
const MOST: usize = 1_000;

/// Sets a hold. A destruction under way that has not reached a document yet finds it held.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: &HoldInput) -> Outcome<Hold> {
    let reason = text::line("reason", &input.reason, text::SUBJECT_MAX)?;
    let ids = targets(tx, actor, input)?;
    // From here on no destruction of this agency goes on until this is committed.
    guard::take(tx, actor.agency_id)?;
    let now = tx.now();
    let id: i64 = diesel::insert_into(holds::table)
        .values((
            holds::agency_id.eq(actor.agency_id),
            holds::reason.eq(&reason),
            holds::class_id.eq(input.class_id),
            holds::file_id.eq(input.file_id),
            holds::set_by.eq(actor.user_id),
            holds::set_at.eq(now),
        ))
        .returning(holds::id)
        .get_result(tx.conn())?;
    for record_id in ids {
        let row = (hold_records::hold_id.eq(id), hold_records::record_id.eq(record_id));
        each_backend!(tx.conn(), c => diesel::insert_into(hold_records::table).values(row).execute(c))?;
        tx.audit(Audit::of_record(record_id).detail(json!({ "hold": id, "reason": reason })))?;
        tx.outbox(CHANGED, Some(actor.agency_id), Some(record_id), &())?;
    }
    tx.audit(Audit::of("hold", id).after(input))?;
    let row = store::load(tx, actor.agency_id, id)?;
    store::view(tx, row)
}

/// The single records, each in the actor's scope; or none, where a class or a file is named.
fn targets(tx: &mut WriteTx<'_>, actor: &Actor, input: &HoldInput) -> Outcome<BTreeSet<i64>> {
    let ids: BTreeSet<i64> = input.record_ids.iter().copied().collect();
    let named = [!ids.is_empty(), input.file_id.is_some(), input.class_id.is_some()];
    if named.into_iter().filter(|named| *named).count() != 1 {
        return Err(Refusal::field("record_ids", "hold_on_one_thing"));
    }
    if ids.len() > MOST {
        return Err(FieldError::new("record_ids", "too_many").with("max", MOST).into());
    }
    let wanted: Vec<i64> = ids.iter().copied().collect();
    if records::load_visible_many(tx, actor, &wanted)?.len() != ids.len() {
        return Err(Refusal::field("record_ids", "unknown"));
    }
    if let Some(file) = input.file_id {
        files::load(tx, actor, file).map_err(|refusal| unknown("file_id", refusal))?;
    }
    if let Some(class) = input.class_id {
        classes::load(tx, actor.agency_id, class).map_err(|refusal| unknown("class_id", refusal))?;
    }
    Ok(ids)
}

/// What is not there is a wrong field of the form.
fn unknown(field: &str, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::NotFound(_) => Refusal::field(field, "unknown"),
        other => other,
    }
}
