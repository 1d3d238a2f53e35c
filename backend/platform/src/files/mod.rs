//! Files of records: the blob store, attachments with their versions, and the extraction of their text.
//!
//! A file is received into the [`BlobStore`] first and attached in a write transaction after; what is stored and then
//! not attached is an orphan that nobody sees. Its text is read by a job after commit, in a child process of its own.

mod blobs;
mod change;
pub mod extraction;
mod file_name;
pub mod store;

pub use blobs::{BlobFault, BlobStore, Incoming, OnDisk, Stored};
pub use change::{NewFile, add, check_attachment, check_record, insert, insert_all, remove, replace};
