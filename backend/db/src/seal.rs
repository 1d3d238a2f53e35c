//! The sealer: links audit entries into one hash chain per agency.
//!
//! It works in batches, after the writes, in an order it assigns itself: so no write waits for a chain, and an entry that
//! commits late is linked late, never missed. The entries that wait are in `audit_unsealed`, where a trigger puts them.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diwan_schema::platform::{audit_entries, audit_seals, audit_unsealed};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{AnyConnection, Db, DbError, audit::hex};

/// What the first link of a chain refers to.
pub(crate) const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A whole row of the trail. Its JSON form is what the chain protects: neither rename nor reorder the fields.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
pub(crate) struct Entry {
    pub(crate) id: i64,
    agency_id: Option<i64>,
    #[serde(serialize_with = "microseconds")]
    at: NaiveDateTime,
    user_id: Option<i64>,
    on_behalf_of: Option<i64>,
    op: String,
    entity: String,
    entity_id: i64,
    record_id: Option<i64>,
    before_hash: Option<String>,
    after_hash: Option<String>,
    detail: String,
    request_id: String,
    ip: String,
}

/// The same digits on both databases, whatever they cut off.
fn microseconds<S: serde::Serializer>(at: &NaiveDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&at.format("%Y-%m-%dT%H:%M:%S%.6fZ"))
}

impl Entry {
    /// The chain it belongs to: its agency's, or 0 for what belongs to none.
    pub(crate) fn chain(&self) -> i64 {
        self.agency_id.unwrap_or(0)
    }

    /// The hash that links it behind `previous`.
    pub(crate) fn link(&self, previous: &str) -> Result<String, serde_json::Error> {
        let mut hash = Sha256::new();
        hash.update(previous.as_bytes());
        hash.update(serde_json::to_vec(self)?);
        Ok(hex(&hash.finalize()))
    }
}

#[derive(Insertable)]
#[diesel(table_name = audit_seals)]
struct NewSeal {
    chain_id: i64,
    seq: i64,
    audit_id: i64,
    prev_hash: String,
    hash: String,
    sealed_at: NaiveDateTime,
}

impl Db {
    /// Links up to `limit` waiting entries (at most 1000) and returns how many. Several nodes may call it; one at a time
    /// works, the others return 0.
    ///
    /// # Errors
    /// The database refuses.
    pub fn seal_audit(&self, limit: i64) -> Result<usize, DbError> {
        let waiting = self.read_now(|tx| {
            Ok::<bool, DbError>(
                diesel::select(diesel::dsl::exists(audit_unsealed::table.select(audit_unsealed::audit_id)))
                    .get_result(tx.conn())?,
            )
        })?;
        if !waiting {
            return Ok(0);
        }
        self.upkeep("db.audit.seal", |tx| {
            let now = tx.now();
            if !alone(tx.conn())? {
                return Ok(0);
            }
            let entries: Vec<Entry> = audit_unsealed::table
                .inner_join(audit_entries::table.on(audit_entries::id.eq(audit_unsealed::audit_id)))
                .order(audit_unsealed::audit_id.asc())
                .limit(limit.clamp(1, 1000))
                .select(Entry::as_select())
                .load(tx.conn())?;
            let seals = chain(tx.conn(), &entries, now)?;
            crate::each_backend!(tx.conn(), c => diesel::insert_into(audit_seals::table).values(&seals).execute(c))?;
            let linked = seals.iter().map(|seal| seal.audit_id);
            diesel::delete(audit_unsealed::table.filter(audit_unsealed::audit_id.eq_any(linked))).execute(tx.conn())?;
            Ok(seals.len())
        })
    }
}

/// Whether this is the only sealer until the transaction ends; on SQLite every writer is.
fn alone(connection: &mut AnyConnection) -> QueryResult<bool> {
    match connection {
        // Any number will do as the lock's name, as long as it stays the same.
        AnyConnection::Postgres(c) => diesel::select(sql::<Bool>("pg_try_advisory_xact_lock(1281)")).get_result(c),
        AnyConnection::Sqlite(_) => Ok(true),
    }
}

fn chain(connection: &mut AnyConnection, entries: &[Entry], now: NaiveDateTime) -> Result<Vec<NewSeal>, DbError> {
    let mut ends: BTreeMap<i64, (i64, String)> = BTreeMap::new();
    let mut seals = Vec::with_capacity(entries.len());
    for entry in entries {
        let chain_id = entry.chain();
        let (seq, prev_hash) = match ends.remove(&chain_id) {
            Some(end) => end,
            None => end_of(connection, chain_id)?,
        };
        let hash = entry.link(&prev_hash)?;
        ends.insert(chain_id, (seq + 1, hash.clone()));
        seals.push(NewSeal { chain_id, seq: seq + 1, audit_id: entry.id, prev_hash, hash, sealed_at: now });
    }
    Ok(seals)
}

fn end_of(connection: &mut AnyConnection, chain_id: i64) -> QueryResult<(i64, String)> {
    audit_seals::table
        .filter(audit_seals::chain_id.eq(chain_id))
        .order(audit_seals::seq.desc())
        .select((audit_seals::seq, audit_seals::hash))
        .first(connection)
        .optional()
        .map(|end| end.unwrap_or((0, BEGINNING.to_owned())))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{BEGINNING, Entry};

    /// The stored chains of every installation depend on these bytes.
    #[test]
    fn the_canonical_form_of_an_entry_never_changes() {
        let entry = Entry {
            id: 7,
            agency_id: Some(2),
            at: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap().and_hms_micro_opt(7, 0, 0, 120).unwrap(),
            user_id: Some(5),
            on_behalf_of: None,
            op: "letters.letter.sign".to_owned(),
            entity: "record".to_owned(),
            entity_id: 9,
            record_id: Some(9),
            before_hash: None,
            after_hash: Some("ab".to_owned()),
            detail: r#"{"الرقم":"1/2026"}"#.to_owned(),
            request_id: "r".to_owned(),
            ip: String::new(),
        };
        assert_eq!(
            serde_json::to_string(&entry).unwrap(),
            r#"{"id":7,"agency_id":2,"at":"2026-11-01T07:00:00.000120Z","user_id":5,"on_behalf_of":null,"op":"letters.letter.sign","entity":"record","entity_id":9,"record_id":9,"before_hash":null,"after_hash":"ab","detail":"{\"الرقم\":\"1/2026\"}","request_id":"r","ip":""}"#
        );
        assert_eq!(entry.link(BEGINNING).unwrap(), "c5029a7980f323e2a442c04d88463ed92fca3e22f5d3f5330525f2f66479ad96");
    }
}
