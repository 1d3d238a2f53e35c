//! The archive (الأرشيف): the list of what is filed, filing by upload, and one document with its files.

mod binders;
mod check;
mod disposals;
mod due;
mod extra;
mod fields;
mod filing;
mod held;
mod holding;
mod item;
mod kept;
mod linked;
mod list;
mod order;
mod plan;
mod rules;
mod scan;
mod trail;
mod types;

pub use check::CheckDesk;
pub use item::Item;
pub use list::Archive;
pub use order::Part;
