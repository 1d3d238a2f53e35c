//! One index folder, opened for reading; and the folders under the root.
//!
//! ```text
//! root/current                     name of the folder that serves
//! root/<fingerprint>-<serial>/     one index
//! root/<fingerprint>-<serial>/.unfinished    present until a rebuild has filled it
//! ```

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use tantivy::directory::error::LockError;
use tantivy::indexer::LogMergePolicy;
use tantivy::{Index as Engine, IndexReader, IndexWriter, ReloadPolicy, TantivyError};

use super::fields::{self, Fields};
use super::{RebuildReason, Settings, lanes};
use crate::analyze;
use crate::error::{Result, SearchError};

const CURRENT: &str = "current";
const UNFINISHED: &str = ".unfinished";
/// Segments with more than this part of deleted entries are merged.
const DELETED_RATIO: f32 = 0.3;
/// How long a lock that was given back may still be held by a copy of it.
const COPIED_LOCK: Duration = Duration::from_secs(5);
/// Up to this size all files are read and checked at opening (about a second); larger ones by the nightly check.
const CHECKED_AT_OPEN_BYTES: u64 = 1 << 30;

/// An opened index folder.
pub(crate) struct Generation {
    pub(crate) folder: PathBuf,
    pub(crate) engine: Engine,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
}

impl Generation {
    /// Makes a new, empty index beside the others, marked as unfinished.
    pub(crate) fn create(root: &Path) -> Result<Self> {
        let (schema, _) = fields::schema();
        let fingerprint = fields::fingerprint(&schema)?;
        fs::create_dir_all(root).map_err(SearchError::io(root))?;
        let folder = (1_u32..)
            .map(|serial| root.join(format!("{fingerprint}-{serial}")))
            .find(|folder| !folder.exists())
            .unwrap_or_else(|| root.join(&fingerprint));
        fs::create_dir(&folder).map_err(SearchError::io(&folder))?;
        let mark = folder.join(UNFINISHED);
        File::create(&mark).map_err(SearchError::io(mark))?;
        Self::load(folder.clone(), Engine::create_in_dir(folder, schema)?)
    }

    fn load(folder: PathBuf, mut engine: Engine) -> Result<Self> {
        analyze::register(engine.tokenizers());
        engine.set_multithread_executor(lanes())?;
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let (_, fields) = fields::schema();
        Ok(Self { folder, engine, reader, fields })
    }

    /// Opens the folder that `current` names, or says why it cannot serve.
    pub(crate) fn open(root: &Path) -> Result<std::result::Result<Self, RebuildReason>> {
        let pointer = root.join(CURRENT);
        let name = match fs::read_to_string(&pointer) {
            Ok(name) => name.trim().to_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Err(RebuildReason::Missing)),
            Err(error) => return Err(SearchError::io(pointer)(error)),
        };
        let (schema, _) = fields::schema();
        if !name.starts_with(&fields::fingerprint(&schema)?) {
            return Ok(Err(RebuildReason::Outdated));
        }
        let folder = root.join(name);
        if !folder.is_dir() {
            return Ok(Err(RebuildReason::Missing));
        }
        if folder.join(UNFINISHED).exists() {
            return Ok(Err(RebuildReason::Unfinished));
        }
        Ok(Self::open_folder(folder))
    }

    /// A damaged file can make the engine fail in any way, panics included: each is the same answer, rebuild.
    fn open_folder(folder: PathBuf) -> std::result::Result<Self, RebuildReason> {
        let opened = std::panic::catch_unwind(|| -> Result<Self> {
            let engine = Engine::open_in_dir(&folder)?;
            if size(&folder) <= CHECKED_AT_OPEN_BYTES {
                let damaged = engine.validate_checksum()?;
                if let Some(file) = damaged.iter().next() {
                    let detail = format!("checksum of {} does not match", file.display());
                    return Err(TantivyError::InvalidArgument(detail).into());
                }
            }
            Self::load(folder.clone(), engine)
        });
        match opened {
            Ok(Ok(generation)) => Ok(generation),
            Ok(Err(error)) => Err(RebuildReason::Corrupt { detail: error.to_string() }),
            Err(_) => Err(RebuildReason::Corrupt { detail: "the engine could not read its files".to_owned() }),
        }
    }

    /// The writer of this folder; there can be only one.
    pub(crate) fn writer(&self, settings: &Settings) -> Result<IndexWriter> {
        let threads = settings.writer_threads.clamp(1, 8);
        let memory = settings.writer_memory_bytes.max(15_000_000 * threads);
        let writer = self.engine.writer_with_num_threads(threads, memory).map_err(|error| match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => SearchError::Locked { path: self.folder.clone() },
            other => other.into(),
        })?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DELETED_RATIO);
        writer.set_merge_policy(Box::new(policy));
        Ok(writer)
    }

    /// The writer after one that was just dropped. A program that is being started at that moment holds a copy of the lock until
    /// it runs.
    pub(crate) fn next_writer(&self, settings: &Settings) -> Result<IndexWriter> {
        let deadline = Instant::now() + COPIED_LOCK;
        loop {
            match self.writer(settings) {
                Err(SearchError::Locked { .. }) if Instant::now() < deadline => {
                    thread::sleep(Duration::from_millis(20))
                }
                opened => return opened,
            }
        }
    }

    /// What the last commit was given as its payload.
    pub(crate) fn payload(&self) -> Result<Option<String>> {
        Ok(self.engine.load_metas()?.payload)
    }

    /// Removes the mark of an index that has not been filled yet.
    pub(crate) fn mark_finished(&self) -> Result<()> {
        let mark = self.folder.join(UNFINISHED);
        fs::remove_file(&mark).map_err(SearchError::io(mark))
    }

    /// Makes this folder the one that is opened at the next start, and removes all others.
    pub(crate) fn make_current(&self, root: &Path) -> Result<()> {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let new = root.join(".current.new");
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&new)?;
            file.write_all(name.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, root.join(CURRENT))?;
            File::open(root)?.sync_all()
        };
        write().map_err(SearchError::io(&new))?;
        self.remove_others(root);
        Ok(())
    }

    /// Old folders are only a waste of space: what cannot be removed is left for the next time.
    fn remove_others(&self, root: &Path) {
        for entry in fs::read_dir(root).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir()
                && path != self.folder
                && is_index_folder(&path)
                && let Err(error) = fs::remove_dir_all(&path)
            {
                tracing::warn!(folder = %path.display(), %error, "old search index not removed");
            }
        }
    }
}

/// Bytes of the files of a folder.
pub(super) fn size(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|meta| meta.len()).sum()
}

/// `<16 hex digits>-<serial>`: nothing else under the root is ever deleted.
fn is_index_folder(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split_once('-').is_some_and(|(hash, serial)| {
        hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) && serial.parse::<u32>().is_ok()
    })
}
