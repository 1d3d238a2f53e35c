//! Payment runs (دفعات الصرف): one file for each step of their life.

mod add;
mod approve;
mod begin;
mod execute;
mod fail;
pub(super) mod items;
pub(super) mod list;
mod send;
mod store;
mod view;
mod void;

pub use add::{add, remove};
pub use approve::approve;
pub use begin::{begin, update};
pub use execute::execute;
pub use fail::{give_back, reject};
pub(super) use send::file;
pub use send::{Files, files, send};
pub use view::view;
pub use void::void;
