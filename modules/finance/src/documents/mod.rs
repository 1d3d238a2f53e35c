//! Documents of finance (المستندات المالية).

use diwan_http::Routes;

/// Adds the routes.
pub(crate) fn routes(_routes: &mut Routes) {}
