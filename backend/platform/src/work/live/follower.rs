//! From outbox rows to events for those who are connected.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use diwan_db::{OutboxPosition, OutboxRow, ReadTx};
use diwan_platform_api::work::LiveKind;

use super::{Live, LiveEvent, access};
use crate::{
    Actor, Outcome, Platform, Refusal,
    records::notify::{NOTIFIED, Notified},
    work::{Follower, notifications},
};

/// Rows that are told again to a browser that was away; for one that missed more it is cheaper to load anew.
const REPLAY: i64 = 500;

/// Tells those connected to this node what happens.
pub struct LiveFollower(Live);

impl LiveFollower {
    /// For the connections of `live`.
    pub fn new(live: Live) -> Self {
        Self(live)
    }
}

impl Follower for LiveFollower {
    fn name(&self) -> &'static str {
        "live"
    }

    fn start(&mut self, platform: &Platform, _lost: bool) -> Outcome<OutboxPosition> {
        // Nobody was connected before; who connects reads what is there.
        Ok(platform.db.outbox_head()?)
    }

    fn follow(&mut self, platform: &Platform, rows: &[OutboxRow], position: OutboxPosition) -> Outcome<OutboxPosition> {
        let connected = self.0.connected();
        if connected.is_empty() {
            return Ok(position);
        }
        let happened = Happened::of(rows);
        let people: BTreeMap<i64, Arc<Actor>> =
            connected.iter().map(|(_, actor)| (actor.user_id, Arc::clone(actor))).collect();
        let told = platform.db.read_now(|tx| {
            let records = access::load(tx, &happened.record_ids())?;
            people.values().map(|actor| Ok((actor.user_id, happened.events_for(tx, actor, &records)?))).collect()
        });
        let told: BTreeMap<i64, Vec<LiveEvent>> = told.map_err(|refusal: Refusal| refusal)?;
        for (user_id, events) in told {
            let theirs: Vec<u64> =
                connected.iter().filter(|(_, actor)| actor.user_id == user_id).map(|(id, _)| *id).collect();
            events.iter().for_each(|event| self.0.send(&theirs, event));
        }
        Ok(position)
    }
}

impl Live {
    /// What a browser missed since `position`, the last it saw; a lone [`LiveKind::Reset`] when that is too much.
    ///
    /// # Errors
    /// The database fails.
    pub async fn missed(platform: &Platform, actor: Actor, position: OutboxPosition) -> Outcome<Vec<LiveEvent>> {
        let db = platform.db.clone();
        let reset = || vec![LiveEvent::bare(LiveKind::Reset)];
        let read = move || match db.outbox_after(position, REPLAY) {
            Ok((rows, _)) if i64::try_from(rows.len()).is_ok_and(|count| count < REPLAY) => {
                let happened = Happened::of(&rows);
                db.read_now(|tx| {
                    let records = access::load(tx, &happened.record_ids())?;
                    happened.events_for(tx, &actor, &records)
                })
            }
            // Too much, or a position of another database.
            Ok(_) | Err(diwan_db::DbError::OutboxPosition) => Ok(reset()),
            Err(error) => Err(error.into()),
        };
        tokio::task::spawn_blocking(read).await.unwrap_or_else(|_lost| Err(diwan_db::DbError::Thread.into()))
    }
}

/// A batch of rows, each record and each notification once, at its last place.
#[derive(Default)]
struct Happened {
    records: BTreeMap<i64, OutboxPosition>,
    notified: BTreeMap<i64, Vec<(i64, OutboxPosition)>>,
}

impl Happened {
    fn of(rows: &[OutboxRow]) -> Self {
        let mut happened = Self::default();
        for row in rows {
            if row.topic == NOTIFIED {
                // One that a newer version wrote differently is told by that version's nodes.
                if let Ok(notified) = serde_json::from_str::<Notified>(&row.payload) {
                    happened.notified.entry(notified.user_id).or_default().push((notified.id, row.position()));
                }
            } else if let Some(id) = row.record_id {
                happened.records.insert(id, row.position());
            }
        }
        happened
    }

    fn record_ids(&self) -> Vec<i64> {
        self.records.keys().copied().collect()
    }

    /// What one person is told, in the order of the outbox, so that the last position told covers all before it.
    fn events_for(
        &self,
        tx: &mut ReadTx<'_>,
        actor: &Actor,
        records: &BTreeMap<i64, access::Guarded>,
    ) -> Outcome<Vec<LiveEvent>> {
        let mut events = Vec::new();
        for (id, position) in &self.records {
            if let Some(record) = records.get(id).filter(|record| record.is_visible_to(actor)) {
                let data = serde_json::to_string(&record.change)?;
                events.push(LiveEvent { position: Some(*position), kind: LiveKind::Record, data });
            }
        }
        if let Some(notified) = self.notified.get(&actor.user_id) {
            let places: BTreeMap<i64, OutboxPosition> = notified.iter().copied().collect();
            let ids: BTreeSet<i64> = places.keys().copied().collect();
            for view in notifications::by_ids(tx, actor, &ids.into_iter().collect::<Vec<_>>())? {
                let data = serde_json::to_string(&view)?;
                events.push(LiveEvent { position: places.get(&view.id).copied(), kind: LiveKind::Notification, data });
            }
        }
        events.sort_by_key(|event| event.position);
        if let Some(position) = events.last().and_then(|event| event.position) {
            events.push(LiveEvent { position: Some(position), kind: LiveKind::Work, data: String::new() });
        }
        Ok(events)
    }
}
