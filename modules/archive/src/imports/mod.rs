//! Imports (الاستيراد): many files that come into the archive together.
//!
//! One mechanism below all ways in: an import and its files are rows; a file is filed in the transaction that says so in its
//! row, so an import that is cut off anywhere goes on without doubling or losing a document. What differs is where a file's
//! content comes from: a folder of this machine ([`folder`]), a folder that is watched ([`watch`]), or uploads, whose content
//! lies in the store already ([`slice`]).

mod batch;
mod change;
mod files;
pub mod folder;
mod report;
mod routes;
mod slice;
mod store;
mod table;
pub mod watch;

pub(crate) use routes::routes;
pub(crate) use slice::work;

/// Files that are filed in one transaction: as many as make its commit cheap and do not hold others up.
const BATCH: usize = 100;
