//! Search over everything official: one index beside the database, which follows it and can always be made anew.

mod entries;
mod find;
mod follow;
mod routes;
mod service;
mod source;

pub(crate) use routes::routes;
pub use follow::{IndexFault, SearchIndexer};
pub use service::{SearchService, open};
pub use source::{Content, SearchSource, Sources};
