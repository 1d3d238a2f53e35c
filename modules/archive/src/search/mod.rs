//! Search over everything official: one index beside the database, which follows it and can always be made anew.

mod build;
mod entries;
mod export;
mod find;
mod follow;
mod kinds;
mod probe;
mod propose;
mod routes;
mod saved;
mod service;
mod source;
mod sweep;
mod within;

pub use follow::SearchIndexer;
pub(crate) use probe::finds;
pub(crate) use routes::routes;
pub use service::{SearchService, open};
pub use source::{Content, SearchSource, Sources};

/// A fault of the engine is nobody's mistake: it is logged, and told as opaque.
fn failed(error: diwan_search::SearchError) -> diwan_platform::Refusal {
    diwan_platform::Refusal::Internal(error.to_string())
}
