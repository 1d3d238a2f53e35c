//! A new index that is being filled beside the one that serves: some threads read the database and send its records on, while
//! the follower goes on with what changes.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use diesel::prelude::*;
use diwan_db::{Db, DbError};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::platform::records;
use diwan_search::{Indexer, Rebuild};

use super::{Sources, entries, failed};

/// Records read at once.
const BATCH: i64 = 500;
/// Threads that read.
const READERS: usize = 2;

/// A build under way. Dropping it gives it up.
pub(super) struct Build {
    crew: Crew,
    /// Records that changed since it began. A thread may have read them before and send them on later, so they are read once
    /// more at the end.
    changed: BTreeSet<i64>,
}

/// The threads and what they share. They end when it goes.
struct Crew {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    db: Db,
    sources: Sources,
    rebuild: Rebuild,
    /// The last record that a thread took.
    taken: Mutex<i64>,
    records: AtomicU64,
    stop: AtomicBool,
    fault: Mutex<Option<Refusal>>,
}

impl Build {
    /// Begins to fill a new index with everything.
    ///
    /// # Errors
    /// No thread can be started.
    pub(super) fn start(db: &Db, sources: &Sources, rebuild: Rebuild) -> Outcome<Self> {
        let shared = Arc::new(Shared {
            db: db.clone(),
            sources: sources.clone(),
            rebuild,
            taken: Mutex::new(0),
            records: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            fault: Mutex::new(None),
        });
        let mut crew = Crew { shared, threads: Vec::new() };
        for _ in 0..READERS {
            let shared = Arc::clone(&crew.shared);
            let thread = thread::Builder::new().name("search-build".to_owned()).spawn(move || shared.read());
            crew.threads.push(thread.map_err(|error| Refusal::Internal(error.to_string()))?);
        }
        Ok(Self { crew, changed: BTreeSet::new() })
    }

    /// Notes records that changed.
    pub(super) fn changed(&mut self, ids: &[i64]) {
        self.changed.extend(ids);
    }

    /// Records read so far.
    pub(super) fn records(&self) -> u64 {
        self.crew.shared.records.load(Ordering::Relaxed)
    }

    /// Whether the threads are done, well or not.
    pub(super) fn is_done(&self) -> bool {
        self.crew.threads.iter().all(JoinHandle::is_finished)
    }

    /// Waits for the threads, brings in what changed meanwhile, and puts the new index in force; answers how many records were
    /// read. `position` is how far the outbox was followed.
    ///
    /// # Errors
    /// A thread failed, or the index does; the old index stays in force.
    pub(super) fn finish(self, indexer: &mut Indexer, position: &str) -> Outcome<u64> {
        let Self { mut crew, changed } = self;
        for thread in std::mem::take(&mut crew.threads) {
            thread.join().map_err(|_panic| Refusal::Internal("a thread of the build panicked".to_owned()))?;
        }
        let shared = Arc::clone(&crew.shared);
        drop(crew);
        let shared = Arc::into_inner(shared).ok_or_else(|| Refusal::Internal("the build goes on".to_owned()))?;
        if let Some(fault) = shared.fault.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(fault);
        }
        let changed: Vec<i64> = changed.into_iter().collect();
        for ids in changed.chunks(usize::try_from(BATCH).unwrap_or(1)) {
            shared.rebuild.delete(ids.iter().filter_map(|id| u64::try_from(*id).ok()));
            shared.rebuild.upsert(entries::load(&shared.db, &shared.sources, ids)?).map_err(failed)?;
        }
        shared.rebuild.finish(indexer, position).map_err(failed)?;
        Ok(shared.records.into_inner())
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that panicked left nothing that is used.
            drop(thread.join());
        }
    }
}

impl Shared {
    /// Sends records on until there are none left.
    fn read(&self) {
        if let Err(fault) = self.read_all() {
            self.stop.store(true, Ordering::Relaxed);
            *lock(&self.fault) = Some(fault);
        }
    }

    fn read_all(&self) -> Outcome<()> {
        while !self.stop.load(Ordering::Relaxed) {
            let ids = {
                let mut taken = lock(&self.taken);
                let ids = next_ids(&self.db, *taken, BATCH)?;
                *taken = ids.last().copied().unwrap_or(*taken);
                ids
            };
            if ids.is_empty() {
                return Ok(());
            }
            let entries = entries::load(&self.db, &self.sources, &ids)?;
            let read = entries.len() as u64;
            // No two batches have a record in common.
            self.rebuild.add_new(entries).map_err(failed)?;
            self.records.fetch_add(read, Ordering::Relaxed);
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next records by id.
pub(super) fn next_ids(db: &Db, after: i64, limit: i64) -> Result<Vec<i64>, DbError> {
    db.read_now(|tx| {
        Ok(records::table
            .filter(records::id.gt(after))
            .order(records::id)
            .limit(limit)
            .select(records::id)
            .load(tx.conn())?)
    })
}
