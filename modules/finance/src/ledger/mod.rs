//! The two ledgers: the budget ledger says what may still be spent, the general ledger what happened. Both are written here
//! and nowhere else, and the database refuses what does not hold, whoever writes it.

pub mod balances;
pub(crate) mod days;
pub mod moves;
pub mod only;
mod post;
mod short;
#[cfg(test)]
pub(crate) mod tests;

pub use moves::Spend;
pub use post::{Entry, LINES_MAX, Line, post};
pub(crate) use post::{accounts_take, open_period, post_closing, unbalanced};
