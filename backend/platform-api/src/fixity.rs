//! The safety of files (سلامة الملفات): whether each stored content is still what it was.

use chrono::NaiveDateTime;
use diwan_kernel::{codes, dto};

codes! {
    /// What the last check of a content found.
    pub enum BlobState {
        /// سليم: as it was stored.
        Whole = "whole",
        /// تالف: its content is another one.
        Damaged = "damaged",
        /// مفقود: it is not in the store.
        Missing = "missing",
    }
}

dto! {
    /// A walk over all files.
    #[derive(Eq)]
    pub struct FixityRun {
        /// When it began (UTC).
        pub started_at: NaiveDateTime,
        /// When it was done (UTC).
        pub finished_at: Option<NaiveDateTime>,
        /// Contents checked.
        pub checked: i64,
        /// Bytes read.
        pub bytes: i64,
        /// Whether somebody asked for it; else it began by itself, and goes on after more urgent work.
        pub asked: bool,
    }

    /// A content that is not well.
    #[derive(Eq)]
    pub struct BadBlob {
        /// SHA-256 of what it should be, hex: its name in the store and in backups.
        pub hash: String,
        /// What is wrong.
        pub state: BlobState,
        /// Bytes it should have.
        pub size: i64,
        /// Since when that is known (UTC).
        pub since: NaiveDateTime,
        /// How many records hold it.
        pub records: i64,
    }

    /// Something in the store that no record names.
    #[derive(Eq)]
    pub struct OrphanBlob {
        /// Where it lies in the store.
        pub place: String,
        /// Bytes.
        pub size: i64,
        /// When it was written (UTC).
        pub modified_at: NaiveDateTime,
    }

    /// How the files are.
    #[derive(Eq)]
    pub struct FixityReport {
        /// Contents there are.
        pub blobs: i64,
        /// Contents that were checked at least once.
        pub checked: i64,
        /// The walk that is under way.
        pub running: Option<FixityRun>,
        /// The last walk that was done.
        pub last: Option<FixityRun>,
        /// How many contents are not well.
        pub bad_count: i64,
        /// The first of them.
        pub bad: Vec<BadBlob>,
        /// How many orphans there are, older than a day.
        pub orphan_count: i64,
        /// The first of them.
        pub orphans: Vec<OrphanBlob>,
    }
}
