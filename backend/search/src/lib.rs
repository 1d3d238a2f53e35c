//! The full-text index: Arabic analyser, fields, access filter, ranking.

pub mod analyze;
mod error;
pub mod eval;
mod index;
mod query;
pub mod reference;

pub use error::{Result, SearchError};
pub use index::*;
pub use query::*;
