//! Files (ملفات) and their volumes (مجلدات): the papers of one matter in order.

mod change;
mod list;
mod open;
mod place;
mod routes;
pub(crate) mod store;
mod view;

pub(crate) use routes::routes;
pub(crate) use view::place_of;
