//! The audit entry that every write appends.

use diesel::prelude::*;
use diwan_schema::platform::audit_entries;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{DbError, WriteTx};

/// What was written: the entity, and its state before and after.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    entity: &'static str,
    entity_id: i64,
    agency_id: Option<i64>,
    record_id: Option<i64>,
    before: Option<String>,
    after: Option<String>,
    detail: Option<serde_json::Value>,
}

impl Audit {
    /// An entry on an entity that is not a record: `user`, `unit`, `role` …
    pub fn of(entity: &'static str, entity_id: i64) -> Self {
        Self { entity, entity_id, ..Self::default() }
    }

    /// An entry on an official record or on something that hangs off it.
    pub fn of_record(record_id: i64) -> Self {
        Self { entity: "record", entity_id: record_id, record_id: Some(record_id), ..Self::default() }
    }

    /// The agency whose chain takes the entry, where it is not the actor's.
    #[must_use]
    pub fn agency(mut self, agency_id: i64) -> Self {
        self.agency_id = Some(agency_id);
        self
    }

    /// The state before; only its hash is kept.
    #[must_use]
    pub fn before(mut self, state: &impl Serialize) -> Self {
        self.before = digest(state).ok();
        self
    }

    /// The state after; only its hash is kept.
    #[must_use]
    pub fn after(mut self, state: &impl Serialize) -> Self {
        self.after = digest(state).ok();
        self
    }

    /// What the timeline shows: never secrets, never the text of a letter.
    #[must_use]
    pub fn detail(mut self, detail: serde_json::Value) -> Self {
        self.detail = Some(detail);
        self
    }
}

impl WriteTx<'_> {
    /// Appends the entry to the trail.
    ///
    /// # Errors
    /// The database refuses.
    pub fn audit(&mut self, entry: Audit) -> Result<(), DbError> {
        let (now, who, op) = (self.now(), self.who.clone(), self.op);
        diesel::insert_into(audit_entries::table)
            .values((
                audit_entries::agency_id.eq(entry.agency_id.or(who.agency_id)),
                audit_entries::at.eq(now),
                audit_entries::user_id.eq(who.user_id),
                audit_entries::on_behalf_of.eq(who.on_behalf_of),
                audit_entries::op.eq(op),
                audit_entries::entity.eq(entry.entity),
                audit_entries::entity_id.eq(entry.entity_id),
                audit_entries::record_id.eq(entry.record_id),
                audit_entries::before_hash.eq(entry.before),
                audit_entries::after_hash.eq(entry.after),
                audit_entries::detail.eq(entry.detail.unwrap_or_default().to_string()),
                audit_entries::request_id.eq(who.request_id),
                audit_entries::ip.eq(who.ip),
            ))
            .execute(self.conn())?;
        self.audited = true;
        Ok(())
    }
}

/// SHA-256 of the value as JSON with sorted keys, in hex: the same for the same content everywhere.
///
/// # Errors
/// The value has no JSON form.
pub fn digest(value: &impl Serialize) -> Result<String, serde_json::Error> {
    // `Value` keeps object keys sorted, so equal content gives equal bytes.
    let canonical = serde_json::to_value(value)?.to_string();
    Ok(hex(&Sha256::digest(canonical.as_bytes())))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
