//! The archive (الأرشيف): the list of what is filed, filing by upload, and one document with its files.

mod fields;
mod filing;
mod item;
mod list;
mod trail;

pub use item::Item;
pub use list::Archive;
