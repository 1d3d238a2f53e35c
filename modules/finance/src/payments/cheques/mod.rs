//! The cheque register (سجل الشيكات): books, what was issued from them, and what became of it.

mod books;
mod issue;
mod list;
mod routes;
mod steps;
mod store;

pub use books::{close as close_book, open as open_book, spoil};
pub use issue::issue;
#[cfg(test)]
pub(super) use list::list;
pub(super) use list::paid;
pub(super) use routes::routes;
pub use steps::{cancel, clear, hand_over, stale, unclear};
