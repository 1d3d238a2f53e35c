//! The archive (الأرشيف): documents that are filed, and search over everything.
//!
//! Modules above file what they issue through [`port`] and give the index their words through
//! [`search::SearchSource`]. See `README.md` beside this crate.

mod classes;
mod documents;
pub mod drill;
pub mod imports;
mod marks;
mod pages;
mod passwords;
pub mod port;
mod renditions;
pub mod search;

use diwan_http::Routes;
use diwan_platform::{files::extraction::Extractor, work::Work};
pub use pages::Pictures;

/// Adds the work of the archive after commit: uploads are filed, renditions made.
pub fn work(work: &mut Work, extractor: &Extractor) {
    imports::work(work);
    renditions::work(work, extractor);
}

/// Adds the routes of the archive.
pub fn routes(routes: &mut Routes) {
    documents::routes(routes);
    classes::routes(routes);
    marks::routes(routes);
    pages::routes(routes);
    drill::routes(routes);
    imports::routes(routes);
    renditions::routes(routes);
    search::routes(routes);
}
