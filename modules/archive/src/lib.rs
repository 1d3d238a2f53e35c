//! The archive (الأرشيف): documents that are filed, and search over everything.
//!
//! Modules above file what they issue through [`port`] and give the index their words through
//! [`search::SearchSource`]. See `README.md` beside this crate.

mod body;
mod classes;
mod disposals;
mod documents;
mod files;
mod guard;
mod hash;
mod holds;
mod keeping;
mod order;
mod pages;
pub mod port;
mod schedules;
pub mod search;
mod types;

pub use disposals::Certificates;
use diwan_http::Routes;
use diwan_platform::work::Work;
pub use pages::Pictures;

/// Adds the routes of the archive.
pub fn routes(routes: &mut Routes) {
    documents::routes(routes);
    classes::routes(routes);
    schedules::routes(routes);
    types::routes(routes);
    files::routes(routes);
    keeping::routes(routes);
    holds::routes(routes);
    disposals::routes(routes);
    pages::routes(routes);
    search::routes(routes);
}

/// Adds what the archive leaves to be done after commit.
pub fn work(work: &mut Work, certificates: Certificates) {
    order::work(work);
    disposals::work(work, certificates);
}
