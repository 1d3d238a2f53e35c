//! The access rule of [`crate::records::visible`] for records in memory: one read serves everybody who is connected.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{Caveat, Secrecy};
use diwan_platform_api::work::RecordChanged;
use diwan_schema::platform::{record_access, record_caveats, records};

use crate::{Actor, Outcome};

/// A record with what decides who may see it.
pub(super) struct Guarded {
    pub(super) change: RecordChanged,
    agency_id: i64,
    secrecy: Secrecy,
    caveats: BTreeSet<Caveat>,
    principals: BTreeSet<String>,
}

impl Guarded {
    /// Whether the actor may see it: the same answer as `records::visible` gives in SQL, which a test holds it to.
    pub(super) fn is_visible_to(&self, actor: &Actor) -> bool {
        self.agency_id == actor.agency_id
            && self.secrecy <= actor.clearance
            && self.caveats.is_subset(&actor.caveats)
            && actor.principals.iter().any(|principal| self.principals.contains(principal))
    }
}

/// Loads these records.
pub(super) fn load(tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, Guarded>> {
    let rows: Vec<(i64, i64, String, String, String, i64)> = records::table
        .filter(records::id.eq_any(ids.to_vec()))
        .select((records::id, records::agency_id, records::kind, records::state, records::secrecy, records::version))
        .load(tx.conn())?;
    let mut guarded = BTreeMap::new();
    for (id, agency_id, kind, state, secrecy, version) in rows {
        // A code of a newer version is told to nobody here.
        let (Ok(kind), Ok(secrecy)) = (kind.parse(), secrecy.parse()) else { continue };
        let change = RecordChanged { id, kind, state, version };
        guarded
            .insert(id, Guarded { change, agency_id, secrecy, caveats: BTreeSet::new(), principals: BTreeSet::new() });
    }
    let caveats: Vec<(i64, String)> = record_caveats::table
        .filter(record_caveats::record_id.eq_any(ids.to_vec()))
        .select((record_caveats::record_id, record_caveats::caveat))
        .load(tx.conn())?;
    for (id, caveat) in caveats {
        if let Some(record) = guarded.get_mut(&id) {
            record.caveats.insert(caveat.parse()?);
        }
    }
    let principals: Vec<(i64, String)> = record_access::table
        .filter(record_access::record_id.eq_any(ids.to_vec()))
        .select((record_access::record_id, record_access::principal))
        .load(tx.conn())?;
    for (id, principal) in principals {
        if let Some(record) = guarded.get_mut(&id) {
            record.principals.insert(principal);
        }
    }
    Ok(guarded)
}
