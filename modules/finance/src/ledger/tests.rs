//! The two ledgers on both databases: what they take, what they refuse, and what nobody gets past them.

mod apart;
pub(crate) mod books;
mod break_in;
mod budget;
mod invariants;
mod many;
mod model;
