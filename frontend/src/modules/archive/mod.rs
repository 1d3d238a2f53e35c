//! The archive (الأرشيف): the list of what is filed, filing by upload, and one document with its files.

mod check;
mod fields;
mod filing;
mod imports;
mod item;
mod list;
mod marks;
mod renditions;
mod scan;
mod sheet;
mod trail;
mod within;

pub use check::CheckDesk;
pub use imports::{ImportPage, Imports};
pub use item::Item;
pub use list::Archive;
