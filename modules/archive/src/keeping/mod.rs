//! How long documents are kept (الاستبقاء): one schedule for each, the day it is due, what people decide about it.

mod decide;
mod due;
mod routes;
pub(crate) mod store;
mod view;

pub(crate) use due::listed;
pub(crate) use routes::routes;
pub(crate) use view::view;
