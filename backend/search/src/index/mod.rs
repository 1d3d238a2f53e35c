//! The index on disk: opening, writing, blue/green rebuild.
//!
//! One process writes through one [`Indexer`]; any number of threads read through clones of [`Index`].
//! The index is a projection of the database: every damage is mended by a rebuild, never by repair.

mod entry;
pub(crate) mod fields;
mod generation;
mod health;
#[cfg(test)]
pub(crate) mod tests;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::index::SegmentId;
use tantivy::indexer::NoMergePolicy;
use tantivy::{FutureResult, IndexWriter, SegmentMeta, Term};

pub(crate) use entry::{EPOCH_DAYS, Source, SourcePart};
pub use entry::{Entry, MAX_LINE_BYTES, MAX_LIST, MAX_TEXT_BYTES, Part, Place};
pub(crate) use generation::Generation;
pub use health::Health;

use crate::error::{Result, SearchError};

/// How the index is written.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Memory for entries not yet written to disk, in bytes; at least 15 MB per thread.
    pub writer_memory_bytes: usize,
    /// Indexing threads, 1 to 8.
    pub writer_threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { writer_memory_bytes: 50_000_000, writer_threads: 1 }
    }
}

impl Settings {
    /// A rebuild may take all processors, and memory so that it writes few large pieces.
    fn for_rebuild(&self) -> Self {
        let threads = lanes();
        Self {
            writer_memory_bytes: self.writer_memory_bytes.max(REBUILD_MEMORY_BYTES * threads),
            writer_threads: self.writer_threads.max(threads),
        }
    }
}

/// Memory for each thread of a rebuild.
const REBUILD_MEMORY_BYTES: usize = 120_000_000;

/// Whether the opened index can be trusted to be complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Complete up to the payload of its last commit.
    Ready {
        /// Payload of the last commit (the outbox position).
        payload: Option<String>,
    },
    /// Empty: fill it with [`Indexer::rebuild`]. It can be searched meanwhile and holds what is upserted.
    NeedsRebuild(RebuildReason),
}

/// Why an index has to be rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RebuildReason {
    /// There was none.
    Missing,
    /// It was made by another version of the schema or the analyser.
    Outdated,
    /// The last rebuild was interrupted.
    Unfinished,
    /// Its files are damaged.
    Corrupt {
        /// What the engine said.
        detail: String,
    },
}

/// The reading side; clones share the same index and follow commits and rebuilds.
#[derive(Clone)]
pub struct Index {
    live: Arc<RwLock<Arc<Generation>>>,
}

impl Index {
    pub(crate) fn generation(&self) -> Arc<Generation> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, generation: Arc<Generation>) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = generation;
    }

    /// Number of entries, whoever may see them; for the status page and the sweeper only.
    pub fn len(&self) -> u64 {
        self.generation().reader.searcher().num_docs()
    }

    /// Reads every file of the index and names the damaged ones; for the nightly check.
    ///
    /// # Errors
    /// When a file cannot be read at all.
    pub fn damaged_files(&self) -> Result<Vec<PathBuf>> {
        Ok(self.generation().engine.validate_checksum()?.into_iter().collect())
    }

    /// True when no entry is committed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The writing side; keep it open as long as the server runs (dropping it stops merges).
pub struct Indexer {
    root: PathBuf,
    settings: Settings,
    index: Index,
    generation: Arc<Generation>,
    writer: IndexWriter,
    /// The merges of what a rebuild left, under way in the background.
    merging: Merges,
    /// Held as long as this process may write under the root.
    _lock: File,
}

/// Merges under way in the background.
type Merges = Vec<FutureResult<Option<SegmentMeta>>>;

/// How many threads work on one thing at most: searches read as many pieces of the index at once.
pub(crate) fn lanes() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).clamp(1, 4)
}

/// Opens the index under `root`, making the folder when needed.
///
/// # Errors
/// When the folder cannot be written or another process holds the index. A damaged index is no error but
/// [`State::NeedsRebuild`].
pub fn open(root: &Path, settings: Settings) -> Result<(Index, Indexer, State)> {
    let lock = lock(root)?;
    let (generation, reason) = match Generation::open(root)? {
        Ok(generation) => (generation, None),
        Err(reason) => (Generation::create(root)?, Some(reason)),
    };
    let state = match reason {
        None => State::Ready { payload: generation.payload()? },
        Some(reason) => State::NeedsRebuild(reason),
    };
    let writer = generation.writer(&settings)?;
    if matches!(state, State::NeedsRebuild(_)) {
        generation.make_current(root)?;
    }
    let generation = Arc::new(generation);
    let index = Index { live: Arc::new(RwLock::new(generation.clone())) };
    let root = root.to_owned();
    let indexer =
        Indexer { root, settings, index: index.clone(), generation, writer, merging: Vec::new(), _lock: lock };
    Ok((index, indexer, state))
}

/// Two writers would remove each other's folders, so the whole root is locked, not only the folder that serves.
fn lock(root: &Path) -> Result<File> {
    fs::create_dir_all(root).map_err(SearchError::io(root))?;
    let path = root.join("lock");
    let file = File::create(&path).map_err(SearchError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SearchError::Locked { path: root.to_owned() }),
        Err(TryLockError::Error(source)) => Err(SearchError::Io { path, source }),
    }
}

impl Indexer {
    /// Adds or replaces entries; searchable after [`Indexer::commit`].
    ///
    /// # Errors
    /// When the engine's writer has failed (disk full); what was not committed is then lost and must be sent again.
    pub fn upsert(&mut self, entries: impl IntoIterator<Item = Entry>) -> Result<()> {
        add(&self.writer, &self.generation, entries)
    }

    /// Removes entries; effective after [`Indexer::commit`].
    pub fn delete(&mut self, ids: impl IntoIterator<Item = u64>) {
        for id in ids {
            self.writer.delete_term(Term::from_field_u64(self.generation.fields.id, id));
        }
    }

    /// Makes everything since the last commit durable and searchable, together with `payload` (the outbox position).
    ///
    /// # Errors
    /// When the disk is full or the engine failed; the previous commit stays in force.
    pub fn commit(&mut self, payload: &str) -> Result<()> {
        commit(&mut self.writer, payload)?;
        Ok(self.generation.reader.reload()?)
    }

    /// Waits until what a rebuild left is in few pieces, and reads these: for a process that ends soon. A running node has them
    /// with its next commit.
    ///
    /// # Errors
    /// When the disk is full or the engine failed; the index is as good as before, only slower.
    pub fn wait_for_merge(&mut self) -> Result<()> {
        for merging in self.merging.drain(..) {
            merging.wait()?;
        }
        Ok(self.generation.reader.reload()?)
    }

    /// Payload of the last commit.
    ///
    /// # Errors
    /// When the index folder cannot be read.
    pub fn payload(&self) -> Result<Option<String>> {
        self.generation.payload()
    }

    /// Begins a new index beside the one that serves.
    ///
    /// # Errors
    /// When the new folder cannot be made.
    pub fn rebuild(&self) -> Result<Rebuild> {
        let generation = Generation::create(&self.root)?;
        let writer = generation.writer(&self.settings.for_rebuild())?;
        // Merging by the way would read and write every entry again and again, and leave as many pieces as chance has it.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Rebuild { generation: Arc::new(generation), writer })
    }
}

/// An index being filled while another one serves; several threads may fill it at once. Dropping it leaves the old one in
/// force.
pub struct Rebuild {
    generation: Arc<Generation>,
    writer: IndexWriter,
}

impl Rebuild {
    /// Adds or replaces entries. Of two threads that send the same entry the later one wins.
    ///
    /// # Errors
    /// As [`Indexer::upsert`].
    pub fn upsert(&self, entries: impl IntoIterator<Item = Entry>) -> Result<()> {
        add(&self.writer, &self.generation, entries)
    }

    /// Adds entries that are not there yet, which spares looking for them.
    ///
    /// # Errors
    /// As [`Indexer::upsert`].
    pub fn add_new(&self, entries: impl IntoIterator<Item = Entry>) -> Result<()> {
        for entry in entries {
            self.writer.add_document(entry.document(&self.generation.fields)?)?;
        }
        Ok(())
    }

    /// Removes entries.
    pub fn delete(&self, ids: impl IntoIterator<Item = u64>) {
        for id in ids {
            self.writer.delete_term(Term::from_field_u64(self.generation.fields.id, id));
        }
    }

    /// Puts the new index in force for `indexer` and all its readers, and removes the old one. `payload` is the outbox
    /// position up to which changes are in it.
    ///
    /// # Errors
    /// When the disk is full or the engine failed; the old index stays in force.
    pub fn finish(mut self, indexer: &mut Indexer, payload: &str) -> Result<()> {
        commit(&mut self.writer, payload)?;
        self.generation.reader.reload()?;
        // The writer of a rebuild holds much memory: everyday changes get another one, which merges what this one left into
        // one piece for each lane. That begins before its first commit, which would begin smaller merges of the same pieces.
        drop(self.writer);
        let mut writer = self.generation.next_writer(&indexer.settings)?;
        let merging = merge(&mut writer, self.generation.engine.searchable_segment_metas()?);
        commit(&mut writer, payload)?;
        self.generation.mark_finished()?;
        self.generation.make_current(&indexer.root)?;
        indexer.writer = writer;
        indexer.merging = merging;
        indexer.generation = self.generation.clone();
        indexer.index.replace(self.generation);
        Ok(())
    }
}

/// Begins to merge pieces into one of about the same size for each lane.
fn merge(writer: &mut IndexWriter, mut pieces: Vec<SegmentMeta>) -> Merges {
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.num_docs()));
    let mut lanes: Vec<(u64, Vec<SegmentId>)> = vec![(0, Vec::new()); lanes()];
    for piece in pieces {
        if let Some((entries, lane)) = lanes.iter_mut().min_by_key(|(entries, _)| *entries) {
            *entries += u64::from(piece.num_docs());
            lane.push(piece.id());
        }
    }
    lanes.into_iter().filter(|(_, lane)| lane.len() > 1).map(|(_, lane)| writer.merge(&lane)).collect()
}

fn add(writer: &IndexWriter, generation: &Generation, entries: impl IntoIterator<Item = Entry>) -> Result<()> {
    for entry in entries {
        writer.delete_term(Term::from_field_u64(generation.fields.id, entry.id));
        writer.add_document(entry.document(&generation.fields)?)?;
    }
    Ok(())
}

fn commit(writer: &mut IndexWriter, payload: &str) -> Result<()> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(payload);
    prepared.commit()?;
    Ok(())
}
