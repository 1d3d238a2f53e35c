//! Closing (الإقفال): what stands against closing a period and who answers for it, the sealed book, and the end of a year.

pub mod book;
pub(crate) mod cockpit;
mod figures;
mod findings;
pub(crate) mod gate;
pub(crate) mod period;
pub(crate) mod reopenings;
mod root;
mod routes;
mod rules;
mod signing;
#[cfg(test)]
mod tests;
pub mod year;

pub use root::{SealedRoot, root_of};

/// Adds the routes.
pub(crate) fn routes(all: &mut diwan_http::Routes) {
    routes::routes(all);
    year::routes(all);
}
