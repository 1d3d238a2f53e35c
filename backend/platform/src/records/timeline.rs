//! The timeline of a record (السجل الزمني): its entries in the audit trail, told to people.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_platform_api::records::TimelineEntry;
use diwan_schema::platform::audit_entries;

use super::{RecordRow, load_visible, store};
use crate::{Actor, Outcome};

/// The most entries shown; older ones stay in the audit trail.
const MOST: i64 = 500;

/// Id, time, person, on behalf of whom, operation, detail, agency.
type Row = (i64, chrono::NaiveDateTime, Option<i64>, Option<i64>, String, String, Option<i64>);

/// What happened to a record in the actor's scope, newest first.
///
/// # Errors
/// Not found; the database fails.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor, record_id: i64) -> Outcome<Vec<TimelineEntry>> {
    let row = load_visible(tx, actor, record_id)?;
    entries(tx, &row, MOST)
}

/// The last entry of a record that the caller has loaded in scope.
///
/// # Errors
/// The database fails.
pub fn last(tx: &mut ReadTx<'_>, row: &RecordRow) -> Outcome<Option<TimelineEntry>> {
    Ok(entries(tx, row, 1)?.pop())
}

fn entries(tx: &mut ReadTx<'_>, row: &RecordRow, most: i64) -> Outcome<Vec<TimelineEntry>> {
    let rows: Vec<Row> = audit_entries::table
        .filter(audit_entries::record_id.eq(row.id))
        .order(audit_entries::id.desc())
        .limit(most)
        .select((
            audit_entries::id,
            audit_entries::at,
            audit_entries::user_id,
            audit_entries::on_behalf_of,
            audit_entries::op,
            audit_entries::detail,
            audit_entries::agency_id,
        ))
        .load(tx.conn())?;
    let mut out = Vec::with_capacity(rows.len());
    for (id, at, user_id, on_behalf_of, op, detail, agency_id) in rows {
        // Of the other agency's people only the agency is told.
        let foreign = agency_id.filter(|id| *id != row.agency_id);
        let user = match (foreign, user_id) {
            (None, Some(id)) => Some(store::user_ref(tx, id)?),
            _ => None,
        };
        out.push(TimelineEntry {
            id,
            at,
            user,
            on_behalf_of: on_behalf_of.map(|id| store::user_ref(tx, id)).transpose()?,
            op,
            detail: serde_json::from_str(&detail).unwrap_or_default(),
            agency: foreign.map(|id| store::agency_ref(tx, id)).transpose()?.map(|agency| agency.name),
        });
    }
    Ok(out)
}
