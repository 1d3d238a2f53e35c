//! The routes of the platform: people, organisation, the record spine, machinery.

mod audit;
mod files;
mod people;
mod records;
mod work;

pub use files::{Form, file_answer, receive};

use crate::Routes;

/// Adds the platform's routes.
pub fn routes(routes: &mut Routes) {
    audit::routes(routes);
    files::routes(routes);
    people::routes(routes);
    records::routes(routes);
    work::routes(routes);
}
