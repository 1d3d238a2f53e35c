//! The bank (البنك): statements as banks send them, matching of their lines with the books, and reconciliations that leave
//! proof. Reading files and finding matches is the work of `diwan-bank`; here is what is kept and who may change it.

mod account;
mod books;
mod desk;
mod explain;
mod import;
mod known;
mod lines;
mod matching;
mod paid;
mod print;
mod reconcile;
mod routes;
mod statements;
#[cfg(test)]
pub(crate) mod tests;

pub use account::{BankAccountRow, load as account, standings};
pub use desk::desk;
pub use import::{Source, import, preview, read_file};
pub use matching::{accept, match_by_hand, undo};
pub(crate) use paid::{given_back, matched, not_matched, not_named};
pub use reconcile::{approve, begin, give_back, submit, view, void};
pub(crate) use routes::routes;
pub use statements::take_back;
