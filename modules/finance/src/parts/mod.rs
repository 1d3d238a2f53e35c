//! What documents name (الإعداد): parties, cost centres, parts of the budget key, currencies, bank accounts, limits.

use diwan_http::Routes;

/// Adds the routes.
pub(crate) fn routes(_routes: &mut Routes) {}
