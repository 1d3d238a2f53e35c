//! Finance (المالية): the money of an agency from the appropriation to the sealed books. See `README.md` beside this crate.

mod amounts;
pub mod bank;
pub mod budget;
pub mod closing;
pub mod documents;
mod keyset;
pub mod ledger;
pub mod parts;
pub mod payments;
pub mod port;
pub mod reports;
pub mod structure;
pub mod templates;

use diwan_db::DbError;
use diwan_http::Routes;
use diwan_platform::{Platform, work::Work};

/// Adds the work of finance after commit: reopened periods close, templates make what is due, and journal vouchers are taken back
/// on their day, by themselves.
pub fn work(work: &mut Work) {
    structure::periods::work(work);
    templates::work(work);
    documents::work(work);
}

/// Leaves the jobs that look by themselves, where none waits.
///
/// # Errors
/// The database fails.
pub fn schedule(platform: &Platform) -> Result<(), DbError> {
    templates::schedule(platform)?;
    documents::schedule(platform)
}

/// Adds the routes of finance.
pub fn routes(routes: &mut Routes) {
    structure::routes(routes);
    parts::routes(routes);
    documents::routes(routes);
    reports::routes(routes);
    bank::routes(routes);
    payments::routes(routes);
    budget::routes(routes);
    closing::routes(routes);
    templates::routes(routes);
}
