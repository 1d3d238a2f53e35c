//! Who is connected to this node, and telling them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::mpsc;

use super::LiveEvent;
use crate::Actor;

/// Events that may wait for a slow connection; one that is slower is cut off and comes again.
const WAITING: usize = 256;
/// Connections (tabs) of one person; the oldest makes room.
const PER_PERSON: usize = 12;

/// The people connected to this node. Cheap to clone.
#[derive(Clone, Default)]
pub struct Live(Arc<Mutex<Hub>>);

#[derive(Default)]
struct Hub {
    next: u64,
    stopped: bool,
    connected: BTreeMap<u64, Connected>,
}

struct Connected {
    actor: Arc<Actor>,
    events: mpsc::Sender<LiveEvent>,
}

/// One connection. Dropping it ends it.
pub struct Subscription {
    live: Live,
    id: u64,
    events: mpsc::Receiver<LiveEvent>,
}

impl Live {
    /// Connects somebody.
    pub fn subscribe(&self, actor: Actor) -> Subscription {
        let (sender, events) = mpsc::channel(WAITING);
        let mut hub = self.hub();
        let id = hub.next;
        hub.next += 1;
        let mine: Vec<u64> = hub.of_person(actor.user_id).collect();
        if let Some(oldest) = mine.first().filter(|_| mine.len() >= PER_PERSON) {
            hub.connected.remove(oldest);
        }
        // After the stop the sender is dropped here, and the subscription ends at once.
        if !hub.stopped {
            hub.connected.insert(id, Connected { actor: Arc::new(actor), events: sender });
        }
        Subscription { live: self.clone(), id, events }
    }

    /// Tells one person on this node, in every tab.
    pub fn tell(&self, user_id: i64, event: &LiveEvent) {
        let mut hub = self.hub();
        let theirs: Vec<u64> = hub.of_person(user_id).collect();
        hub.send(&theirs, event);
    }

    /// Ends all connections, and those that come later.
    pub fn stop(&self) {
        let mut hub = self.hub();
        hub.stopped = true;
        hub.connected.clear();
    }

    /// The people who are connected now, each connection by its number.
    pub(super) fn connected(&self) -> Vec<(u64, Arc<Actor>)> {
        self.hub().connected.iter().map(|(id, one)| (*id, Arc::clone(&one.actor))).collect()
    }

    /// Tells some connections.
    pub(super) fn send(&self, ids: &[u64], event: &LiveEvent) {
        self.hub().send(ids, event);
    }

    fn hub(&self) -> MutexGuard<'_, Hub> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    fn of_person(&self, user_id: i64) -> impl Iterator<Item = u64> + '_ {
        self.connected.iter().filter(move |(_, one)| one.actor.user_id == user_id).map(|(id, _)| *id)
    }

    fn send(&mut self, ids: &[u64], event: &LiveEvent) {
        for id in ids {
            let slow = self.connected.get(id).is_some_and(|one| one.events.try_send(event.clone()).is_err());
            if slow {
                self.connected.remove(id);
            }
        }
    }
}

impl Subscription {
    /// The next event; none when the connection was ended from this side.
    pub async fn next(&mut self) -> Option<LiveEvent> {
        self.events.recv().await
    }

    /// From now on this connection's rights are those of `actor`, who is the same person, loaded again.
    pub fn refresh(&self, actor: Actor) {
        if let Some(one) = self.live.hub().connected.get_mut(&self.id) {
            one.actor = Arc::new(actor);
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.live.hub().connected.remove(&self.id);
    }
}
