//! The index as the rest of Diwan sees it: the reading side, its state, and the wish for a new one.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::NaiveDateTime;
use diwan_archive_api::{IndexState, IndexStatus};
use diwan_platform::work::started_back;
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

#[derive(Default)]
struct Shared {
    progress: Mutex<Progress>,
    rebuild_wanted: AtomicBool,
}

impl SearchService {
    pub(super) fn new(index: Index) -> Self {
        Self { index, shared: Arc::default() }
    }

    pub(super) fn progress(&self) -> MutexGuard<'_, Progress> {
        self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the index is, of so many records in the database.
    pub(super) fn status(&self, records: i64) -> IndexStatus {
        let progress = self.progress().clone();
        IndexStatus {
            state: progress.state(),
            entries: self.index.len(),
            records,
            built: progress.built,
            built_because: progress.built_because,
            position: progress.position,
            committed_at: progress.committed_at,
            fault: progress.fault,
        }
    }

    /// Asks for a new index; the old one serves until it is ready.
    pub fn want_rebuild(&self) {
        self.shared.rebuild_wanted.store(true, Ordering::Relaxed);
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
    let service = SearchService::new(index);
    let indexer = SearchIndexer::new(sources, service.clone(), indexer, state);
    Ok((service, indexer))
}
