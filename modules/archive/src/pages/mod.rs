//! Scanned pages: their pictures, their words, and the check desk where people look at what recognition doubts.

mod check;
mod pictures;
mod routes;
mod store;

pub use pictures::Pictures;
pub(crate) use routes::routes;
pub(crate) use store::{CorrectedPage, corrected, corrected_pages};
