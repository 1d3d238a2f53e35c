//! Kinds of documents (أنواع الوثائق), the values of their fields, and tags (وسوم).

mod routes;
mod save;
pub(crate) mod store;
pub(crate) mod tags;
pub(crate) mod values;

pub(crate) use routes::routes;
