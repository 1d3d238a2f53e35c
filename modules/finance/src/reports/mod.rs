//! What the books say (الدفاتر والكشوف): position, journal, balances, statements.

use diwan_http::Routes;

/// Adds the routes.
pub(crate) fn routes(_routes: &mut Routes) {}
