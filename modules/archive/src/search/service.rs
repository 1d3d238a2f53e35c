//! The index as the rest of Diwan sees it: the reading side, its state, and the wish for a new one.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{NaiveDateTime, TimeDelta};
use diwan_archive_api::{IndexState, IndexStatus, SweepStatus};
use diwan_db::{Db, DbError, OutboxPosition};
use diwan_platform::{Outcome, records::CHANGED, work::started_back};
use diwan_search::{Index, SearchError, Settings};

use super::{SearchIndexer, Sources};

/// What is known of the index beside its entries.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    pub(super) built: Option<u64>,
    pub(super) built_because: Option<String>,
    pub(super) position: String,
    pub(super) committed_at: Option<NaiveDateTime>,
    pub(super) fault: Option<String>,
    pub(super) sweeping: Option<u64>,
    pub(super) sweep: Option<SweepStatus>,
}

impl Progress {
    fn state(&self) -> IndexState {
        match (self.built, &self.fault) {
            (Some(_), _) => IndexState::Building,
            (None, Some(_)) => IndexState::Failing,
            (None, None) => IndexState::Ready,
        }
    }
}

/// The search of this node. Cheap to clone.
#[derive(Clone)]
pub struct SearchService {
    pub(super) index: Index,
    shared: Arc<Shared>,
}

struct Shared {
    /// Where the last sweep is kept over restarts.
    swept: PathBuf,
    /// When this node first looked whether to sweep.
    since: OnceLock<NaiveDateTime>,
    progress: Mutex<Progress>,
    rebuild_wanted: AtomicBool,
    sweep_wanted: AtomicBool,
}

/// Changes that are counted.
const BEHIND_MOST: i64 = 1_000;
/// The file of the last sweep, beside the index.
const SWEPT: &str = "swept.json";

impl SearchService {
    pub(super) fn new(index: Index, folder: &Path) -> Self {
        let swept = folder.join(SWEPT);
        // Without it the next sweep only comes sooner.
        let sweep = fs::read(&swept).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let shared = Shared {
            swept,
            since: OnceLock::new(),
            progress: Mutex::new(Progress { sweep, ..Progress::default() }),
            rebuild_wanted: AtomicBool::new(false),
            sweep_wanted: AtomicBool::new(false),
        };
        Self { index, shared: Arc::new(shared) }
    }

    pub(super) fn progress(&self) -> MutexGuard<'_, Progress> {
        self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the index is, of so many records in the database; `behind` changes wait to be taken over.
    pub(super) fn status(&self, records: i64, behind: u64) -> IndexStatus {
        let progress = self.progress().clone();
        let health = self.index.health();
        IndexStatus {
            state: progress.state(),
            entries: health.entries,
            segments: health.segments as u64,
            bytes: health.bytes,
            records,
            behind,
            sweeping: progress.sweeping,
            sweep: progress.sweep,
            built: progress.built,
            built_because: progress.built_because,
            position: progress.position,
            committed_at: progress.committed_at,
            fault: progress.fault,
        }
    }

    /// Changes that wait to be taken over, counted up to a thousand.
    pub(super) fn behind(&self, db: &Db) -> Outcome<u64> {
        let position = self.progress().position.parse::<OutboxPosition>();
        // Before the first commit there is no position to count from.
        let Ok(position) = position else { return Ok(0) };
        match db.outbox_after(position, BEHIND_MOST) {
            Ok((rows, _)) => Ok(rows.iter().filter(|row| row.topic == CHANGED).count() as u64),
            Err(DbError::OutboxPosition) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Asks for a new index; the old one serves until it is ready.
    pub fn want_rebuild(&self) {
        self.shared.rebuild_wanted.store(true, Ordering::Relaxed);
    }

    /// Asks for a comparison of every record with its entry.
    pub fn want_sweep(&self) {
        self.shared.sweep_wanted.store(true, Ordering::Relaxed);
    }

    pub(super) fn take_sweep_wanted(&self) -> bool {
        self.shared.sweep_wanted.swap(false, Ordering::Relaxed)
    }

    /// How long ago the last sweep began, or this node where it never swept, and whether it ever did.
    pub(super) fn swept_before(&self, now: NaiveDateTime) -> Option<(TimeDelta, bool)> {
        let last = self.progress().sweep.as_ref().map(|sweep| sweep.at);
        let since = *self.shared.since.get_or_init(|| now);
        let ago = now.signed_duration_since(last.unwrap_or(since));
        (ago >= TimeDelta::zero()).then_some((ago, last.is_some()))
    }

    /// Keeps what a sweep found.
    pub(super) fn swept(&self, report: SweepStatus) {
        let write = serde_json::to_vec(&report).map_err(std::io::Error::from);
        if let Err(error) = write.and_then(|text| fs::write(&self.shared.swept, text)) {
            tracing::warn!(%error, "The last sweep of the search index is not kept");
        }
        let mut progress = self.progress();
        progress.sweeping = None;
        progress.sweep = Some(report);
    }

    pub(super) fn take_rebuild_wanted(&self) -> bool {
        self.shared.rebuild_wanted.swap(false, Ordering::Relaxed)
    }
}

/// Opens the index in `folder`. An index that is missing, damaged or of another version is made anew by the indexer
/// while it serves what it has.
///
/// # Errors
/// The folder cannot be written, or another process has the index open.
pub fn open(
    folder: &Path,
    sources: Sources,
    settings: Settings,
) -> Result<(SearchService, SearchIndexer), SearchError> {
    let (index, indexer, state) = started_back(|| diwan_search::open(folder, settings))?;
    let service = SearchService::new(index, folder);
    let indexer = SearchIndexer::new(sources, service.clone(), indexer, state);
    Ok((service, indexer))
}
