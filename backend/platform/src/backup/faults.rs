//! Why a backup was not made, or not brought back.

use std::{io, path::PathBuf};

use diwan_db::{DbError, OpenError, backup::BackupError};

use crate::{Refusal, files::BlobFault};

/// Why a backup was not made, or not brought back. Operators read it as it is.
#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    /// The database's part failed.
    #[error(transparent)]
    Database(#[from] BackupError),
    /// A file cannot be written or read.
    #[error("{place}: {error}")]
    Io {
        /// Which.
        place: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file store failed.
    #[error(transparent)]
    Blobs(#[from] BlobFault),
    /// A new backup needs to know whom it is for.
    #[error(
        "{0} is no backup yet: say whom it is encrypted for (--recipient) or give a passphrase (--passphrase-file)"
    )]
    NoRecipient(PathBuf),
    /// The backup is encrypted for others.
    #[error("the backup is encrypted for {0}: use these, or another folder")]
    OtherRecipients(String),
    /// A public key that is none.
    #[error("{0} is no age recipient (age1…)")]
    BadRecipient(String),
    /// A key that is none.
    #[error("no age key (AGE-SECRET-KEY-…) was found in {0}")]
    NoKey(PathBuf),
    /// There is no backup there.
    #[error("there is no backup in {0}")]
    NoBackup(PathBuf),
    /// The backup has no snapshot, or not this one.
    #[error("the backup has no whole snapshot{0}")]
    NoSnapshot(String),
    /// Another run is writing to the backup.
    #[error("another run is writing to {0}")]
    Busy(PathBuf),
    /// It does not open.
    #[error("{place} does not open: {why}")]
    Locked {
        /// Which file.
        place: PathBuf,
        /// Why.
        why: String,
    },
    /// What it opens to is not what it should be.
    #[error("{place} is damaged: {why}")]
    Damaged {
        /// Which file.
        place: PathBuf,
        /// In what way.
        why: String,
    },
    /// The place to restore into holds something.
    #[error("{0} is not empty: nothing is written over")]
    NotEmpty(PathBuf),
    /// The brought-back database does not hold what was noted when it was copied.
    #[error("the database that was brought back differs from what was copied: {0}")]
    Differs(String),
    /// The copy is of the other kind of database.
    #[error("the copy is of a {0} database: name a target of that kind (--database)")]
    OtherKind(String),
}

impl BackupFault {
    /// An [`io::Error`] with the place it happened at.
    pub fn at(place: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let place = place.into();
        move |error| Self::Io { place, error }
    }
}

impl From<DbError> for BackupFault {
    fn from(error: DbError) -> Self {
        Self::Database(error.into())
    }
}

impl From<OpenError> for BackupFault {
    fn from(error: OpenError) -> Self {
        Self::Database(error.into())
    }
}

impl From<BackupFault> for Refusal {
    fn from(fault: BackupFault) -> Self {
        Self::Internal(fault.to_string())
    }
}
