//! Files of records: the blob store, attachments with their versions, and the extraction of their text.
//!
//! A file is received into the [`BlobStore`] first and attached in a write transaction after; what is stored and then
//! not attached is an orphan that nobody sees. Its text is read by a job after commit, in a child process of its own.

mod batch;
mod blobs;
mod change;
pub mod checkout;
pub mod destroy;
pub mod extraction;
mod file_name;
pub mod fixity;
pub mod scans;
pub mod store;

pub use batch::Batch;
pub use blobs::{BlobFault, BlobStore, Health, Incoming, OnDisk, Stored, Stray};
pub use change::{
    NewFile, Removable, add, check_attachment, check_record, insert, insert_all, note_blob, remove, replace,
};

use serde::Deserialize;

use crate::work::{JobError, Work};
use extraction::Extractor;

/// The payload of [`extraction::JOB`].
#[derive(Deserialize)]
struct Content {
    hash: String,
}

/// Has files read by jobs: their text extracted, their scanned pages recognised.
pub fn work(work: &mut Work, extractor: &Extractor) {
    let (extracting, recognising) = (extractor.clone(), extractor.clone());
    work.jobs.on_slow(extraction::JOB, move |run, content: Content| {
        run.wait(extraction::run(run.platform, &extracting, &content.hash)).map_err(JobError::from)
    });
    work.jobs.on_slow(scans::JOB, move |run, pages: scans::Pages| {
        run.wait(scans::run(run.platform, &recognising, &pages)).map_err(JobError::from)
    });
}
