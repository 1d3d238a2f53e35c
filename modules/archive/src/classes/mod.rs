//! The classification plan (خطة التصنيف) of an agency: a tree of classes.

mod begin;
mod export;
mod import;
mod remove;
mod routes;
mod save;
pub(crate) mod store;

pub(crate) use begin::{begin, ready};
pub(crate) use routes::routes;
pub(crate) use store::check;
