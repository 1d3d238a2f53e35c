//! One entry with all that is kept of it.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::Permission;
use diwan_platform_api::audit::{AuditEntryInFull, AuditLink};
use diwan_schema::platform::{audit_entries, audit_seals};
use serde_json::Value;

use super::store::{Row, dtos};
use crate::{Actor, Outcome, Refusal, people::scope};

/// The entry, if its agency is in the actor's reach; of a record that the actor may not open no detail is told.
///
/// # Errors
/// [`Refusal::Forbidden`] without the right to read the trail; [`Refusal::NotFound`].
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<AuditEntryInFull> {
    actor.require(Permission::AuditRead)?;
    let row: Option<Row> = audit_entries::table.find(id).select(Row::as_select()).first(tx.conn()).optional()?;
    let reached = row.filter(|row| row.agency_id.is_some_and(|agency_id| scope::reaches(actor, agency_id)));
    let row = reached.ok_or(Refusal::NotFound("audit_entry"))?;
    let entry = dtos(tx, actor, std::slice::from_ref(&row))?.pop().ok_or(Refusal::NotFound("audit_entry"))?;
    let link = audit_seals::table
        .filter(audit_seals::audit_id.eq(id))
        .select((
            audit_seals::chain_id,
            audit_seals::seq,
            audit_seals::prev_hash,
            audit_seals::hash,
            audit_seals::sealed_at,
        ))
        .first(tx.conn())
        .optional()?
        .map(|(chain_id, seq, prev_hash, hash, sealed_at)| AuditLink { chain_id, seq, prev_hash, hash, sealed_at });
    let closed = row.record_id.is_some() && entry.record.is_none();
    let mut detail: Value = if closed { Value::Null } else { serde_json::from_str(&row.detail).unwrap_or_default() };
    let mut taken = |name: &str| detail.as_object_mut().and_then(|all| all.remove(name)).unwrap_or_default();
    let (before, after) = (taken("before"), taken("after"));
    Ok(AuditEntryInFull {
        entry,
        before_hash: row.before_hash,
        after_hash: row.after_hash,
        before,
        after,
        detail,
        request_id: row.request_id,
        link,
    })
}
