//! Finance (المالية): the money of an agency from the appropriation to the sealed books. See `README.md` beside this crate.

pub mod bank;
pub mod documents;
pub mod ledger;
pub mod parts;
pub mod reports;
pub mod structure;

use diwan_http::Routes;
use diwan_platform::work::Work;

/// Adds the work of finance after commit: reopened periods close by themselves.
pub fn work(work: &mut Work) {
    structure::periods::work(work);
}

/// Adds the routes of finance.
pub fn routes(routes: &mut Routes) {
    structure::routes(routes);
    parts::routes(routes);
    documents::routes(routes);
    reports::routes(routes);
    bank::routes(routes);
}
