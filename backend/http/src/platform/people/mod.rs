//! Routes of people and rights.

mod account;
mod agencies;
mod delegations;
mod guard;
mod import;
mod noted;
mod pick;
mod positions;
mod roles;
mod session;
mod units;
mod users;

use crate::Routes;

/// Adds them.
pub fn routes(routes: &mut Routes) {
    // Before `/agencies/{id}` and the like, which `/agencies/pick` would fit.
    pick::routes(routes);
    session::routes(routes);
    account::routes(routes);
    agencies::routes(routes);
    units::routes(routes);
    positions::routes(routes);
    users::routes(routes);
    roles::routes(routes);
    delegations::routes(routes);
    import::routes(routes);
}
