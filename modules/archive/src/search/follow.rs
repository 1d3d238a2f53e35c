//! The one writer of the index: follows the outbox, and builds a new index beside the old one when it must.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use diesel::prelude::*;
use diwan_db::{Db, DbError, OutboxPosition};
use diwan_platform::{Refusal, records::CHANGED};
use diwan_schema::platform::records;
use diwan_search::{Indexer, Rebuild, SearchError, State};
use tokio::sync::watch;

use super::{SearchService, Sources, entries};

/// The longest time that changes are gathered before they are committed; a commit costs some 50 ms.
const GATHER: Duration = Duration::from_secs(1);
/// The pause after a wake: changes come in bunches.
const BREATH: Duration = Duration::from_millis(150);
/// How often the outbox is looked at without a wake: other nodes write too.
const LOOK: Duration = Duration::from_secs(1);
/// The pause after a failure.
const PAUSE: Duration = Duration::from_secs(5);
/// How long a build goes on before the outbox is looked at again.
const BUILD_SLICE: Duration = Duration::from_millis(700);
/// Messages read at once.
const MESSAGES: i64 = 1_000;
/// Records read at once.
const BATCH: usize = 200;

/// Why the index does not follow.
#[derive(Debug, thiserror::Error)]
pub enum IndexFault {
    /// The database fails.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A record cannot be read.
    #[error(transparent)]
    Record(#[from] Refusal),
    /// The index fails.
    #[error(transparent)]
    Index(#[from] SearchError),
}

/// A new index that is being filled.
struct Build {
    rebuild: Rebuild,
    /// Where the outbox stood before the first record was read.
    from: OutboxPosition,
    /// The last record read.
    last_id: i64,
    records: u64,
}

/// Keeps the index in step with the database. There is one per node, and it is open as long as the node runs.
pub struct SearchIndexer {
    db: Db,
    sources: Sources,
    service: SearchService,
    indexer: Indexer,
    /// How far the committed index is.
    position: OutboxPosition,
    build: Option<Build>,
    /// Whether the position was held against the database.
    checked: bool,
    failed_before: bool,
}

impl SearchIndexer {
    pub(super) fn new(db: Db, sources: Sources, service: SearchService, indexer: Indexer, state: State) -> Self {
        let committed = match state {
            State::Ready { payload } => payload.as_deref().and_then(|text| text.parse().ok()).ok_or("position".to_owned()),
            State::NeedsRebuild(reason) => Err(format!("{reason:?}")),
        };
        let position = committed.as_ref().copied().unwrap_or_default();
        if let Err(reason) = committed {
            service.want_rebuild();
            service.progress().built_because = Some(reason);
        }
        Self { db, sources, service, indexer, position, build: None, checked: false, failed_before: false }
    }

    /// Follows until `stop` turns true or its sender is gone. What is not committed by then is done after the next start.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut wakes = self.db.wakes();
        while !*stop.borrow() {
            let step = tokio::task::spawn_blocking(move || {
                let outcome = self.step();
                (self, outcome)
            });
            let Ok((indexer, outcome)) = step.await else {
                tracing::error!("The indexer broke down; search stands still until the next start");
                return;
            };
            self = indexer;
            let rest = match outcome {
                Ok(true) => continue,
                Ok(false) => LOOK,
                Err(fault) => {
                    tracing::error!(%fault, "The search index does not follow");
                    PAUSE
                }
            };
            tokio::select! {
                _ = stop.changed() => {}
                _ = tokio::time::sleep(rest) => {}
                _ = wakes.changed() => tokio::time::sleep(BREATH).await,
            }
        }
    }

    /// One round on this thread: takes over what changed, then builds on for a while. Tells whether there is more to do
    /// at once.
    ///
    /// # Errors
    /// What failed; nothing is lost, the next round begins where the last commit was.
    pub fn step(&mut self) -> Result<bool, IndexFault> {
        let outcome = self.round();
        let mut progress = self.service.progress();
        progress.fault = outcome.as_ref().err().map(ToString::to_string);
        progress.built = self.build.as_ref().map(|build| build.records);
        drop(progress);
        // A writer that has failed may be beyond use: the second time a new one is made with a new index.
        let twice = outcome.is_err() && std::mem::replace(&mut self.failed_before, outcome.is_err());
        if twice && matches!(outcome, Err(IndexFault::Index(_))) {
            self.build = None;
            self.service.want_rebuild();
        }
        outcome
    }

    /// Makes a new index of everything at once, and takes over what changed meanwhile; answers how many records it holds.
    ///
    /// # Errors
    /// The database or the index fails; the old index stays in force.
    pub fn rebuild_now(&mut self) -> Result<u64, IndexFault> {
        self.service.want_rebuild();
        while self.step()? {}
        Ok(self.service.index.len())
    }

    fn round(&mut self) -> Result<bool, IndexFault> {
        if !self.checked {
            self.checked = true;
            // A database that was restored from a backup, or is another one, has not come this far.
            if self.position > self.db.outbox_head()? {
                self.begin_again("database");
            }
        }
        if self.service.take_rebuild_wanted() && self.build.is_none() {
            let from = self.db.outbox_head()?;
            self.build = Some(Build { rebuild: self.indexer.rebuild()?, from, last_id: 0, records: 0 });
        }
        let behind = match self.follow() {
            Err(IndexFault::Database(DbError::OutboxPosition)) => {
                self.begin_again("database");
                true
            }
            other => other?,
        };
        Ok(self.build_on()? || behind)
    }

    fn begin_again(&mut self, reason: &str) {
        self.position = OutboxPosition::default();
        self.service.progress().built_because = Some(reason.to_owned());
        self.service.want_rebuild();
    }

    /// Takes over changes until there are none left or the time of one commit is over.
    fn follow(&mut self) -> Result<bool, IndexFault> {
        let started = Instant::now();
        let (mut position, mut wrote, mut more) = (self.position, false, true);
        while more && started.elapsed() < GATHER {
            let (messages, next) = self.db.outbox_after(position, MESSAGES)?;
            more = i64::try_from(messages.len()).is_ok_and(|count| count == MESSAGES);
            let changed: BTreeSet<i64> =
                messages.iter().filter(|message| message.topic == CHANGED).filter_map(|message| message.record_id).collect();
            wrote |= !changed.is_empty();
            for ids in changed.into_iter().collect::<Vec<_>>().chunks(BATCH) {
                let entries = entries::load(&self.db, &self.sources, ids)?;
                let gone = ids.iter().filter_map(|id| u64::try_from(*id).ok()).filter(|id| entries.iter().all(|e| e.id != *id));
                self.indexer.delete(gone.collect::<Vec<_>>());
                self.indexer.upsert(entries)?;
            }
            position = next;
        }
        if wrote {
            self.indexer.commit(&position.to_string())?;
            self.committed();
        }
        self.position = position;
        self.service.progress().position = position.to_string();
        Ok(more)
    }

    /// Fills the new index for a while; the last slice puts it in force.
    fn build_on(&mut self) -> Result<bool, IndexFault> {
        let Some(mut build) = self.build.take() else { return Ok(false) };
        let started = Instant::now();
        while started.elapsed() < BUILD_SLICE {
            let ids = next_ids(&self.db, build.last_id)?;
            let Some(last) = ids.last() else {
                build.rebuild.finish(&mut self.indexer, &build.from.to_string())?;
                self.position = build.from;
                self.committed();
                tracing::info!(records = build.records, "The search index was built anew");
                return Ok(true);
            };
            build.last_id = *last;
            let entries = entries::load(&self.db, &self.sources, &ids)?;
            build.records += entries.len() as u64;
            build.rebuild.upsert(entries)?;
        }
        self.build = Some(build);
        Ok(true)
    }

    fn committed(&self) {
        self.service.progress().committed_at = Some(self.db.clock().now());
    }
}

/// The next records by id. What commits with a lower id meanwhile lies behind the outbox position of the build.
fn next_ids(db: &Db, after: i64) -> Result<Vec<i64>, DbError> {
    let batch = i64::try_from(BATCH).unwrap_or(i64::MAX);
    db.read_now(|tx| {
        Ok(records::table.filter(records::id.gt(after)).order(records::id).limit(batch).select(records::id).load(tx.conn())?)
    })
}
