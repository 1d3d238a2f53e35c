//! Retention schedules (جداول مدد الاستبقاء) of an agency.

mod routes;
pub(crate) mod save;
pub(crate) mod store;

pub(crate) use routes::routes;
