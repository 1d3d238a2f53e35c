//! What belongs to a snapshot.

use chrono::NaiveDateTime;
use diwan_db::backup::Facts;
use serde::{Deserialize, Serialize};

/// The version of the form.
pub(super) const FORM: u32 = 1;

/// A file of the snapshot, as it lies there: encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// SHA-256, hex.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
}

/// What belongs to a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this form.
    pub form: u32,
    /// When it was taken (UTC).
    pub taken_at: NaiveDateTime,
    /// The version of Diwan that took it.
    pub version: String,
    /// `sqlite` or `postgres`.
    pub kind: String,
    /// The copy of the database.
    pub database: Piece,
    /// What the database holds.
    pub facts: Facts,
    /// Contents of files by SHA-256, with their size in bytes.
    pub blobs: Vec<(String, i64)>,
    /// Those of them that were not whole in the store and are not in the backup either.
    pub lost: Vec<String>,
}
