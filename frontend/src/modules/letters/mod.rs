//! Letters (كتب): the lists, a letter's page, writing.

mod compose;
mod list;
mod names;
mod page;
mod pick;

pub use compose::{ComposeEdit, ComposeNew, FIELDS};
pub use list::Letters;
pub use page::LetterPage;
