//! Search over everything official: one index beside the database, which follows it and can always be made anew.

mod entries;
mod find;
mod follow;
mod probe;
mod routes;
mod service;
mod source;

pub use follow::SearchIndexer;
pub(crate) use probe::finds;
pub(crate) use routes::routes;
pub use service::{SearchService, open};
pub use source::{Content, SearchSource, Sources};

/// A fault of the engine is nobody's mistake: it is logged, and told as opaque.
fn failed(error: diwan_search::SearchError) -> diwan_platform::Refusal {
    diwan_platform::Refusal::Internal(error.to_string())
}
