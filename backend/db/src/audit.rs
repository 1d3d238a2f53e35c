//! The audit entry that every write appends.

use diesel::prelude::*;
use diwan_schema::platform::audit_entries;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{DbError, WriteTx};

/// The longest state that is kept beside its hash, in bytes of JSON.
const STATE_MAX: usize = 16 << 10;

/// What was written: the entity, and its state before and after.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    entity: &'static str,
    entity_id: i64,
    agency_id: Option<i64>,
    record_id: Option<i64>,
    before: Option<State>,
    after: Option<State>,
    detail: Option<serde_json::Value>,
}

/// A state of the entity: its hash, and what it was.
#[derive(Debug, Clone)]
struct State {
    hash: String,
    value: serde_json::Value,
}

impl State {
    fn of(state: &impl Serialize) -> Option<Self> {
        let value = serde_json::to_value(state).ok()?;
        Some(Self { hash: hex(&Sha256::digest(value.to_string().as_bytes())), value })
    }
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

    /// The state before, without secrets: of a record only its hash is kept, of anything else also what it was.
    #[must_use]
    pub fn before(mut self, state: &impl Serialize) -> Self {
        self.before = State::of(state);
        self
    }

    /// The state after; kept as the one before.
    #[must_use]
    pub fn after(mut self, state: &impl Serialize) -> Self {
        self.after = State::of(state);
        self
    }

    /// What the timeline shows: never secrets, never the text of a letter.
    #[must_use]
    pub fn detail(mut self, detail: serde_json::Value) -> Self {
        self.detail = Some(detail);
        self
    }

    /// What is noted beside the hashes.
    fn noted(&mut self) -> String {
        let mut detail = self.detail.take().unwrap_or_default();
        if self.record_id.is_none() {
            let states = [("before", &mut self.before), ("after", &mut self.after)];
            for (name, state) in states.into_iter().filter_map(|(name, state)| Some((name, state.as_mut()?))) {
                let value = state.value.take();
                if value.to_string().len() > STATE_MAX {
                    continue;
                }
                if detail.is_null() {
                    detail = serde_json::json!({});
                }
                if let Some(detail) = detail.as_object_mut() {
                    detail.insert(name.to_owned(), value);
                }
            }
        }
        detail.to_string()
    }
}

impl WriteTx<'_> {
    /// Appends the entry to the trail.
    ///
    /// # Errors
    /// The database refuses.
    pub fn audit(&mut self, mut entry: Audit) -> Result<(), DbError> {
        let detail = entry.noted();
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
                audit_entries::before_hash.eq(entry.before.map(|state| state.hash)),
                audit_entries::after_hash.eq(entry.after.map(|state| state.hash)),
                audit_entries::detail.eq(detail),
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
