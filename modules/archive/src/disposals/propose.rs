//! Proposing what is to be destroyed.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_archive_api::{DISPOSAL_MAX, DisposalInput, DisposalState};
use diwan_db::{Audit, WriteTx, each_backend};
use diwan_kernel::{FieldError, text};
use diwan_platform::{
    Actor, Fields, Outcome, Refusal,
    records::{CHANGED, store as records},
};
use diwan_schema::archive::{disposal_items, disposals};
use serde_json::json;

use super::store;
use crate::{guard, keeping};

/// Writes the act with its list; each document is one that may be destroyed today and that no other act lists.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: &DisposalInput) -> Outcome<i64> {
    let reason = text::lines("reason", &input.reason, text::NOTE_MAX)?;
    let ids: Vec<i64> = input.record_ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        return Err(Refusal::field("record_ids", "required"));
    }
    if ids.len() > DISPOSAL_MAX {
        return Err(FieldError::new("record_ids", "too_many").with("max", DISPOSAL_MAX).into());
    }
    guard::take(tx, actor.agency_id)?;
    check(tx, actor, &ids)?;
    let now = tx.now();
    let id: i64 = diesel::insert_into(disposals::table)
        .values((
            disposals::agency_id.eq(actor.agency_id),
            disposals::reason.eq(&reason),
            disposals::state.eq(DisposalState::Proposed.code()),
            disposals::proposed_by.eq(actor.user_id),
            disposals::proposed_at.eq(now),
            disposals::version.eq(1_i64),
        ))
        .returning(disposals::id)
        .get_result(tx.conn())?;
    for record_id in &ids {
        let row = (
            disposal_items::disposal_id.eq(id),
            disposal_items::record_id.eq(*record_id),
            disposal_items::state.eq("listed"),
            disposal_items::files.eq("[]"),
        );
        each_backend!(tx.conn(), c => diesel::insert_into(disposal_items::table).values(row).execute(c))?;
        tx.audit(Audit::of_record(*record_id).detail(json!({ "disposal": id })))?;
        tx.outbox(CHANGED, Some(actor.agency_id), Some(*record_id), &())?;
    }
    tx.audit(Audit::of("disposal", id).after(input))?;
    Ok(id)
}

/// Tells of every document that may not be listed why.
fn check(tx: &mut WriteTx<'_>, actor: &Actor, ids: &[i64]) -> Outcome<()> {
    let rows = records::load_visible_many(tx, actor, ids)?;
    if rows.len() != ids.len() {
        return Err(Refusal::field("record_ids", "unknown"));
    }
    let listed = keeping::listed(tx, ids)?;
    let mut fields = Fields::default();
    for row in rows {
        let why = match listed.contains(&row.id) {
            true => Some("listed_elsewhere"),
            false => store::spared(tx, actor.agency_id, row.id)?,
        };
        if let Some(why) = why {
            let number = row.number.unwrap_or_else(|| row.id.to_string());
            fields.push(FieldError::new("record_ids", why).with("number", number));
        }
    }
    fields.done()
}
