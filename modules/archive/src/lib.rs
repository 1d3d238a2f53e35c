//! The archive (الأرشيف): documents that are filed, and search over everything.
//!
//! Modules above file what they issue through [`port`] and give the index their words through
//! [`search::SearchSource`]. See `README.md` beside this crate.

mod body;
mod classes;
mod disposals;
mod documents;
pub mod drill;
mod files;
mod guard;
mod hash;
mod holds;
pub mod imports;
mod keeping;
mod marks;
mod order;
mod pages;
mod passwords;
pub mod port;
mod renditions;
mod schedules;
pub mod search;
mod types;

use diwan_http::Routes;
use diwan_platform::{files::extraction::Extractor, work::Work};
use diwan_print::Press;
pub use pages::Pictures;

/// Adds the work of the archive after commit: uploads are filed, renditions made, the order kept, certificates written.
pub fn work(work: &mut Work, extractor: &Extractor, press: Press) {
    imports::work(work);
    renditions::work(work, extractor);
    order::work(work);
    disposals::work(work, press);
}

/// Adds the routes of the archive.
pub fn routes(routes: &mut Routes) {
    documents::routes(routes);
    classes::routes(routes);
    marks::routes(routes);
    schedules::routes(routes);
    types::routes(routes);
    files::routes(routes);
    keeping::routes(routes);
    holds::routes(routes);
    disposals::routes(routes);
    pages::routes(routes);
    drill::routes(routes);
    imports::routes(routes);
    renditions::routes(routes);
    search::routes(routes);
}
