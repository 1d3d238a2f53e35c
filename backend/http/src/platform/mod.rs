//! The routes of the platform: people, organisation, the record spine, machinery.

mod people;

use crate::Routes;

/// Adds the platform's routes.
pub fn routes(routes: &mut Routes) {
    people::routes(routes);
}
