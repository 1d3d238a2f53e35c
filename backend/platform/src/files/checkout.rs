//! Holding a file for editing (حجز للتحرير): one person has it, others see who and since when, until it is checked in as
//! a new version or given up.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx, each_backend};
use diwan_kernel::{Named, Permission};
use diwan_platform_api::{files::Held, records::Ref};
use diwan_schema::{archive::checkouts, platform::users};
use serde_json::json;

use super::change::{newest, tell};
use crate::{Actor, Outcome, Refusal};

/// Takes a file for editing.
///
/// # Errors
/// As [`super::replace`]; `held_by` where somebody else was first.
pub fn take(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<i64> {
    let (row, record) = newest(tx, actor, id)?;
    let now = tx.now();
    let held = (checkouts::attachment_id.eq(row.id), checkouts::user_id.eq(actor.user_id), checkouts::taken_at.eq(now));
    // Of two at once the row lets one in; the other then sees whose it is.
    each_backend!(tx.conn(), c => diesel::insert_into(checkouts::table).values(held).on_conflict_do_nothing().execute(c))?;
    mine(tx, actor, row.id)?;
    tx.audit(Audit::of_record(record.id).detail(json!({ "file": row.file_name, "version": row.version_no })))?;
    tell(tx, &record)?;
    Ok(record.id)
}

/// Gives a file up without a new version: who holds it, or who keeps the plan of the archive.
///
/// # Errors
/// As [`take`]; `not_held` where nobody holds it.
pub fn undo(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<i64> {
    let (row, record) = newest(tx, actor, id)?;
    let Some((user_id, ..)) = holder(tx, row.id)? else {
        return Err(Refusal::rule("not_held", [("name", row.file_name)]));
    };
    if user_id != actor.user_id {
        actor.require(Permission::ArchivePlan)?;
    }
    diesel::delete(checkouts::table.find(row.id)).execute(tx.conn())?;
    tx.audit(Audit::of_record(record.id).detail(json!({ "file": row.file_name, "held_by": user_id })))?;
    tell(tx, &record)?;
    Ok(record.id)
}

/// Gives the file back as part of a change that its holder makes; a file that nobody holds may be changed by anybody.
pub(super) fn end(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    mine(tx, actor, id)?;
    diesel::delete(checkouts::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Refuses where somebody else holds the file.
fn mine(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    match holder(tx, id)? {
        Some((user_id, name, since)) if user_id != actor.user_id => {
            Err(Refusal::rule("held_by", [("by_ar", name.ar), ("by_en", name.en), ("at", since.to_string())]))
        }
        _ => Ok(()),
    }
}

fn holder(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Option<(i64, Named, NaiveDateTime)>> {
    let row: Option<(i64, String, String, NaiveDateTime)> = checkouts::table
        .inner_join(users::table.on(users::id.eq(checkouts::user_id)))
        .filter(checkouts::attachment_id.eq(id))
        .select((users::id, users::name_ar, users::name_en, checkouts::taken_at))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(id, ar, en, since)| (id, Named { ar, en }, since)))
}

/// Who holds each of these files.
pub(super) fn holders(tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, Held>> {
    let rows: Vec<(i64, i64, String, String, NaiveDateTime)> = checkouts::table
        .inner_join(users::table.on(users::id.eq(checkouts::user_id)))
        .filter(checkouts::attachment_id.eq_any(ids.to_vec()))
        .select((checkouts::attachment_id, users::id, users::name_ar, users::name_en, checkouts::taken_at))
        .load(tx.conn())?;
    let held = |(id, user, ar, en, since)| (id, Held { by: Ref { id: user, name: Named { ar, en } }, since });
    Ok(rows.into_iter().map(held).collect())
}
