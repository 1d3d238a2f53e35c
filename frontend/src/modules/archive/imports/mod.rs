//! Imports: bringing many files at once, and seeing what became of each.

mod dialog;
mod folders;
mod item;
mod list;
mod sending;

pub use item::ImportPage;
pub use list::Imports;
