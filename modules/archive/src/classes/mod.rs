//! The classification (خطة التصنيف) of an agency: a plain list of codes, kept as a setting.

mod routes;
mod store;

pub(crate) use routes::routes;
pub(crate) use store::check;
