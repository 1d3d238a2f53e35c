//! Documents (وثائق): filed letters and direct uploads.

mod content;
pub(crate) mod create;
mod edit;
mod list;
mod routes;
mod store;

pub(crate) use routes::routes;
pub(crate) use store::{Filed, filed, load, still_there};
