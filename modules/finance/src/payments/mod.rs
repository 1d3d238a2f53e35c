//! Payments (المدفوعات): runs of transfers from the draft to what the bank executed, cheques, cash, returned payments, and
//! the remittance of what was deducted. What is to be paid of a document is taken by one payment at a time; the database counts.

mod account;
mod alone;
mod books;
pub(crate) mod cash;
mod cheques;
mod deductions;
mod in_cash;
pub(crate) mod owed;
mod paid;
mod payable;
pub(crate) mod print;
mod routes;
mod run;
#[cfg(test)]
mod tests;

pub(crate) use account::post_covered;
pub use cheques::{cancel, clear, close_book, hand_over, issue, open_book, spoil, stale, unclear};
pub use deductions::{balances as deductions, remit};
pub use in_cash::{cancel_cash, pay_cash};
pub(crate) use paid::of as paid;
pub use payable::list as payable;
pub(crate) use routes::{exported, routes};
pub(crate) use run::list::said as run_state;
pub use run::{
    Files as TransferFiles, add, approve, begin, execute, files, give_back, reject, remove, send, update, view, void,
};
