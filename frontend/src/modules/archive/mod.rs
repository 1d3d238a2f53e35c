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
mod imports;
mod item;
mod kept;
pub(super) mod linked;
mod list;
mod marks;
mod order;
mod plan;
mod renditions;
mod rules;
mod scan;
mod sheet;
mod trail;
mod types;
mod within;

pub use check::CheckDesk;
pub use imports::{ImportPage, Imports};
pub use item::Item;
pub use list::Archive;
pub use order::Part;
pub use scan::FileView;
