//! Routes around the records: notifications, live events, drafts, jobs.

mod drafts;
mod events;
mod jobs;
mod notifications;

use crate::Routes;

/// Adds them.
pub fn routes(routes: &mut Routes) {
    notifications::routes(routes);
    events::routes(routes);
    drafts::routes(routes);
    jobs::routes(routes);
}
