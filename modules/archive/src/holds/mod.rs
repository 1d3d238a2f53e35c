//! Legal holds (وقف الإتلاف): what they freeze is neither destroyed nor loses a file until they are lifted.

mod lift;
mod routes;
mod set;
pub(crate) mod store;

pub(crate) use routes::routes;
