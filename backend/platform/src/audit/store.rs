//! Entries in the database, and as the wire has them.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_platform_api::audit::{AuditEntry, AuditRecord};
use diwan_schema::platform::{audit_entries, records};

use crate::{Actor, Outcome, people::names, records::store::visible_by_id};

/// An entry as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) agency_id: Option<i64>,
    at: NaiveDateTime,
    user_id: Option<i64>,
    on_behalf_of: Option<i64>,
    op: String,
    entity: String,
    entity_id: i64,
    pub(super) record_id: Option<i64>,
    pub(super) before_hash: Option<String>,
    pub(super) after_hash: Option<String>,
    pub(super) detail: String,
    pub(super) request_id: String,
    ip: String,
}

/// As the wire has them.
pub(super) fn dtos(tx: &mut ReadTx<'_>, actor: &Actor, rows: &[Row]) -> Outcome<Vec<AuditEntry>> {
    let people = names::of_users(tx, rows.iter().flat_map(|row| [row.user_id, row.on_behalf_of]).flatten())?;
    let agencies = names::of_agencies(tx, rows.iter().filter_map(|row| row.agency_id))?;
    let about = about(tx, actor, rows)?;
    let dto = |row: &Row| AuditEntry {
        id: row.id,
        at: row.at,
        user: row.user_id.map(|id| people.of(id)),
        on_behalf_of: row.on_behalf_of.map(|id| people.of(id)),
        agency: row.agency_id.map(|id| agencies.of(id)),
        op: row.op.clone(),
        entity: row.entity.clone(),
        entity_id: row.entity_id,
        record: row.record_id.and_then(|id| about.get(&id).cloned()),
        ip: row.ip.clone(),
    };
    Ok(rows.iter().map(dto).collect())
}

/// The records that the entries are about, as far as the actor may open them.
fn about(tx: &mut ReadTx<'_>, actor: &Actor, rows: &[Row]) -> Outcome<BTreeMap<i64, AuditRecord>> {
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.record_id).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found: Vec<(i64, String, Option<String>, String)> = records::table
        .filter(records::id.eq_any(ids))
        .filter(visible_by_id(actor))
        .select((records::id, records::kind, records::number, records::subject))
        .load(tx.conn())?;
    let record = |(id, kind, number, subject)| (id, AuditRecord { id, kind, number, subject });
    Ok(found.into_iter().map(record).collect())
}
