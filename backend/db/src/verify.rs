//! Walking the audit chains: what `diwan verify` and `diwan copy-db` rely on.

use std::fmt;

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diwan_schema::platform::{audit_entries, audit_seals};
use serde::{Deserialize, Serialize};

use crate::{
    AnyConnection, Db, DbError,
    seal::{BEGINNING, Entry},
};

/// Links read at a time.
const BATCH: i64 = 2000;

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyReport {
    /// The end of each chain. Kept outside the database they also prove that no end was cut off.
    pub heads: Vec<ChainHead>,
    /// Links walked.
    pub links: i64,
    /// The first fault of each chain that has one.
    pub faults: Vec<ChainFault>,
    /// Entries that should have been linked by now.
    pub late: Option<LateEntries>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty() && self.late.is_none()
    }
}

/// The last link of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// The agency, or 0 for what belongs to none.
    pub chain_id: i64,
    /// Its place, which is also the chain's length.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// The first place where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainFault {
    /// The agency, or 0 for what belongs to none.
    pub chain_id: i64,
    /// The place in the chain.
    pub seq: i64,
    /// The entry that is linked there.
    pub audit_id: i64,
    /// What is wrong there.
    pub why: Break,
}

/// In what way a chain can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// The links before this one are gone.
    LinksMissing,
    /// The link does not continue the one before it.
    NotContinued,
    /// The entry is gone.
    EntryMissing,
    /// The entry or its hash was changed, or it belongs to another chain.
    EntryChanged,
}

impl fmt::Display for ChainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            Break::LinksMissing => "links before it are missing",
            Break::NotContinued => "it does not continue the link before it",
            Break::EntryMissing => "the entry is missing",
            Break::EntryChanged => "the entry was changed",
        };
        write!(f, "agency {}, link {}, entry {}: {why}", self.chain_id, self.seq, self.audit_id)
    }
}

/// Entries without a link that are older than the sealer ever leaves them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateEntries {
    /// How many.
    pub count: i64,
    /// The first of them.
    pub first_id: i64,
    /// When it was written (UTC).
    pub first_at: NaiveDateTime,
}

#[derive(Queryable)]
struct Link {
    chain_id: i64,
    seq: i64,
    audit_id: i64,
    prev_hash: String,
    hash: String,
    entry: Option<Entry>,
}

impl Link {
    /// What is wrong with this link, behind the given one.
    fn broken(&self, before: &ChainHead) -> Result<Option<Break>, DbError> {
        if self.seq != before.seq + 1 {
            return Ok(Some(Break::LinksMissing));
        }
        if self.prev_hash != before.hash {
            return Ok(Some(Break::NotContinued));
        }
        let Some(entry) = &self.entry else { return Ok(Some(Break::EntryMissing)) };
        let holds = entry.chain() == self.chain_id && entry.link(&self.prev_hash)? == self.hash;
        Ok(if holds { None } else { Some(Break::EntryChanged) })
    }
}

impl Db {
    /// Walks every chain and every row of the trail. Entries without a link count as late after `seconds`; the sealer takes
    /// about one.
    ///
    /// # Errors
    /// The database refuses.
    pub fn verify_audit(&self, seconds: i64) -> Result<VerifyReport, DbError> {
        self.read_now(|tx| {
            let limit = tx.now() - Duration::seconds(seconds);
            let mut report = walk(tx.conn())?;
            report.late = late(tx.conn(), limit)?;
            Ok(report)
        })
    }
}

/// Walks all chains, each up to its first fault.
pub(crate) fn walk(connection: &mut AnyConnection) -> Result<VerifyReport, DbError> {
    let mut report = VerifyReport::default();
    let mut place = (i64::MIN, 0);
    loop {
        let links = links_after(connection, place)?;
        let Some(last) = links.last() else { return Ok(report) };
        place = (last.chain_id, last.seq);
        for link in links {
            report.links += 1;
            if report.heads.last().is_none_or(|head| head.chain_id != link.chain_id) {
                report.heads.push(ChainHead { chain_id: link.chain_id, seq: 0, hash: BEGINNING.to_owned() });
            }
            let known = report.faults.last().is_some_and(|fault| fault.chain_id == link.chain_id);
            let Some(head) = report.heads.last_mut() else { continue };
            if let Some(why) = if known { None } else { link.broken(head)? } {
                let Link { chain_id, seq, audit_id, .. } = link;
                report.faults.push(ChainFault { chain_id, seq, audit_id, why });
            }
            (head.seq, head.hash) = (link.seq, link.hash);
        }
    }
}

fn links_after(connection: &mut AnyConnection, (chain_id, seq): (i64, i64)) -> QueryResult<Vec<Link>> {
    audit_seals::table
        .left_join(audit_entries::table.on(audit_entries::id.eq(audit_seals::audit_id)))
        .filter(audit_seals::chain_id.ge(chain_id))
        .filter(audit_seals::chain_id.gt(chain_id).or(audit_seals::seq.gt(seq)))
        .order((audit_seals::chain_id.asc(), audit_seals::seq.asc()))
        .limit(BATCH)
        .select((
            audit_seals::chain_id,
            audit_seals::seq,
            audit_seals::audit_id,
            audit_seals::prev_hash,
            audit_seals::hash,
            Option::<Entry>::as_select(),
        ))
        .load(connection)
}

/// Asks the rows, not the sealer's queue: an entry that was taken out of the queue is found too.
fn late(connection: &mut AnyConnection, limit: NaiveDateTime) -> QueryResult<Option<LateEntries>> {
    let unlinked = || {
        audit_entries::table
            .left_join(audit_seals::table.on(audit_seals::audit_id.eq(audit_entries::id)))
            .filter(audit_seals::audit_id.is_null())
            .filter(audit_entries::at.lt(limit))
    };
    let first = unlinked().order(audit_entries::id.asc()).select((audit_entries::id, audit_entries::at));
    let Some((first_id, first_at)) = first.first(connection).optional()? else { return Ok(None) };
    let count = unlinked().count().get_result(connection)?;
    Ok(Some(LateEntries { count, first_id, first_at }))
}
