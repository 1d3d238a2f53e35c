//! Limits of one extraction: time, memory, sizes. Every one is a setting with a safe default.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The limits within which one file is read. Unknown names are an error, missing ones take the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Seconds by the clock before the process group is killed.
    pub wall_seconds: u64,
    /// Seconds of processor time of each process.
    pub cpu_seconds: u64,
    /// Bytes of address space of each process.
    pub memory_bytes: u64,
    /// Bytes of the largest file that is opened at all.
    pub file_bytes: u64,
    /// Bytes of a temporary file that the process may write.
    pub scratch_bytes: u64,
    /// Files that each process may hold open.
    pub open_files: u64,
    /// Bytes of text (UTF-8) that are kept.
    pub text_bytes: usize,
    /// Pages of a PDF that are read.
    pub pages: u32,
    /// Cells with content of a workbook that are read.
    pub cells: u64,
    /// Unpacked bytes for one packed byte of a zip entry above which it is a bomb.
    pub zip_ratio: u64,
    /// Entries of a zip package.
    pub zip_entries: usize,
    /// Bytes unpacked from all packages of one file.
    pub unpacked_bytes: u64,
    /// How deep files may lie within files: a mail with a mail with a letter is 2.
    pub depth: usize,
    /// Attachments and embedded files that are read in all.
    pub attachments: usize,
    /// Seconds, by the clock and of processor time, for files that LibreOffice converts.
    pub office_seconds: u64,
    /// Bytes of address space of LibreOffice.
    pub office_memory_bytes: u64,
}

/// Files that LibreOffice may hold open: its fonts and libraries alone are more than a reader needs.
pub(crate) const OFFICE_FILES: u64 = 1024;

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            wall_seconds: 30,
            cpu_seconds: 20,
            memory_bytes: 1024 * MIB,
            file_bytes: 512 * MIB,
            scratch_bytes: 512 * MIB,
            open_files: 64,
            text_bytes: 16 * 1024 * 1024,
            pages: 5_000,
            cells: 1_000_000,
            zip_ratio: 200,
            zip_entries: 10_000,
            unpacked_bytes: 256 * MIB,
            depth: 3,
            attachments: 200,
            office_seconds: 120,
            office_memory_bytes: 4096 * MIB,
        }
    }
}

impl Limits {
    /// The limit by the clock.
    pub fn wall(&self) -> Duration {
        Duration::from_secs(self.wall_seconds)
    }

    /// These limits with the time by the clock that LibreOffice needs.
    pub(crate) fn with_office(&self) -> Self {
        Self { wall_seconds: self.wall_seconds.max(self.office_seconds), ..self.clone() }
    }

    /// The limits of LibreOffice as arguments of `prlimit`, which raises those of the child within what its hard ones allow.
    pub(crate) fn for_office(&self) -> [String; 3] {
        let (memory, seconds) = (self.office_memory_bytes, self.office_seconds);
        [format!("--as={memory}"), format!("--cpu={seconds}"), format!("--nofile={OFFICE_FILES}")]
    }

    /// Bytes of JSON that a child may answer: the text with every character escaped once, and the frame around it.
    pub(crate) fn answer_bytes(&self) -> u64 {
        const FRAME: u64 = 8 * 1024 * 1024;
        self.text_bytes as u64 * 2 + FRAME
    }
}
