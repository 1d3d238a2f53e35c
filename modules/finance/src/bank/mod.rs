//! The bank (البنك): statements, matching, reconciliations.

use diwan_http::Routes;

/// Adds the routes.
pub(crate) fn routes(_routes: &mut Routes) {}
