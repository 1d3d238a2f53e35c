//! The audit trail (سجل التدقيق) as auditors read it.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{PageRequest, dto};

use crate::people::Ref;

dto! {
    /// Which entries are wanted.
    #[derive(Default)]
    pub struct AuditQuery {
        /// Of this agency's chain; one's own unless told (others take `agencies.manage`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agency_id: Option<i64>,
        /// By this person, or on their behalf.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub user_id: Option<i64>,
        /// Operations whose name begins so: `tarasol.letter.sign`, or `tarasol.` for all of a module.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub op: Option<String>,
        /// On this kind of thing: `user`, `unit`, `record` …
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub entity: Option<String>,
        /// On the thing of this id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub entity_id: Option<i64>,
        /// On this record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub record_id: Option<i64>,
        /// From this day of the government's calendar.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// To this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// Which page; the newest entries come first.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// An entry of the trail.
    pub struct AuditEntry {
        /// Its id; goes up.
        pub id: i64,
        /// When, UTC.
        pub at: NaiveDateTime,
        /// Who; none for Diwan itself.
        pub user: Option<Ref>,
        /// For whom, under a delegation (عن).
        pub on_behalf_of: Option<Ref>,
        /// Whose chain it is in; none for what belongs to no agency.
        pub agency: Option<Ref>,
        /// The operation, `module.entity.verb`.
        pub op: String,
        /// On what kind of thing.
        pub entity: String,
        /// On which.
        pub entity_id: i64,
        /// The record, where the reader may open it.
        pub record: Option<AuditRecord>,
        /// The address it came from; empty for Diwan's own work.
        pub ip: String,
    }

    /// The record an entry is about.
    pub struct AuditRecord {
        /// Its id.
        pub id: i64,
        /// Its kind's code.
        pub kind: String,
        /// Its number, once taken.
        pub number: Option<String>,
        /// Its subject.
        pub subject: String,
    }

    /// An entry with all that is kept of it.
    pub struct AuditEntryInFull {
        /// The entry.
        pub entry: AuditEntry,
        /// SHA-256 of the state before, as JSON with sorted keys.
        pub before_hash: Option<String>,
        /// SHA-256 of the state after.
        pub after_hash: Option<String>,
        /// The state before. Of records only the hash is kept.
        pub before: serde_json::Value,
        /// The state after.
        pub after: serde_json::Value,
        /// What else was noted; nothing of a record that the reader may not open.
        pub detail: serde_json::Value,
        /// Names the request in the server's log.
        pub request_id: String,
        /// Its link in the chain; none until the sealer has come by.
        pub link: Option<AuditLink>,
    }

    /// A link of the hash chain.
    pub struct AuditLink {
        /// The chain: the agency, or 0 for what belongs to none.
        pub chain_id: i64,
        /// The place in the chain, from 1.
        pub seq: i64,
        /// The hash of the link before it.
        pub prev_hash: String,
        /// Its own hash.
        pub hash: String,
        /// When it was linked, UTC.
        pub sealed_at: NaiveDateTime,
    }
}
