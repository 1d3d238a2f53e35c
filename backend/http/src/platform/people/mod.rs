//! Routes of people and rights.

mod account;
mod guard;
mod session;

use crate::Routes;

/// Adds them.
pub fn routes(routes: &mut Routes) {
    session::routes(routes);
    account::routes(routes);
}
