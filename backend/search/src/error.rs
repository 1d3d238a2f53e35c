//! What can go wrong, with what to do about it.

use std::path::PathBuf;

use thiserror::Error;

/// An error of the index. A query never fails because of its text: text is bounded and cut, not refused.
#[derive(Debug, Error)]
pub enum SearchError {
    /// Another process holds the index; only one may write.
    #[error("the search index {path} is open in another process; stop it or give this one its own folder")]
    Locked {
        /// Folder of the index.
        path: PathBuf,
    },
    /// A file of the index could not be read or written.
    #[error("search index {path}: {source}; check that the folder is writable and the disk is not full")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The engine failed; the index can always be rebuilt from the database.
    #[error("search engine: {0}; if it happens again, rebuild the index")]
    Engine(#[from] tantivy::TantivyError),
    /// An entry could not be packed for storage, or a stored one could not be read.
    #[error("search entry: {0}; if it happens again, rebuild the index")]
    Entry(#[from] serde_json::Error),
}

impl SearchError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}

/// Result of an index operation.
pub type Result<T> = std::result::Result<T, SearchError>;
