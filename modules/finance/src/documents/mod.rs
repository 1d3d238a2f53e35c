//! Documents of finance (المستندات المالية): one way for all kinds, from the draft over those who certify and authorise to
//! the ledgers. What a kind asks for is said by its `Shape` in the api crate, what it does to budget and books in `posting`.

mod approvals;
mod close;
mod input;
mod lines;
mod list;
mod posting;
mod print;
mod reverse;
mod routes;
mod save;
pub mod search;
mod step;
mod store;
mod submit;
#[cfg(test)]
mod tests;
mod view;
mod virement;

pub(crate) use posting::ensure_registers;
pub(crate) use routes::routes;
