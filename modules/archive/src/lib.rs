//! The archive (الأرشيف): documents that are filed, and search over everything.
//!
//! Modules above file what they issue through [`port`] and give the index their words through
//! [`search::SearchSource`]. See `README.md` beside this crate.

mod classes;
mod documents;
pub mod drill;
mod marks;
mod pages;
pub mod port;
pub mod search;

use diwan_http::Routes;
pub use pages::Pictures;

/// Adds the routes of the archive.
pub fn routes(routes: &mut Routes) {
    documents::routes(routes);
    classes::routes(routes);
    marks::routes(routes);
    pages::routes(routes);
    drill::routes(routes);
    search::routes(routes);
}
