//! Letters (كتب): the lists, a letter's page, writing, templates and letterheads.

mod compose;
mod list;
mod names;
mod page;
mod pick;
mod settings;

pub use compose::{ComposeEdit, ComposeNew};
pub use list::Letters;
pub use page::LetterPage;
pub use settings::{Letterheads, Templates};
