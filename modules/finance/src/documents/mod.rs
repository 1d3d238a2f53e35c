//! Documents of finance (المستندات المالية): one way for all kinds, from the draft over those who certify and authorise to
//! the ledgers. What a kind asks for is said by its `Shape` in the api crate, what it does to budget and books in `posting`.

mod approvals;
mod auto_reverse;
mod close;
mod details;
mod given_up;
mod holder;
mod input;
mod lines;
mod list;
mod posting;
mod print;
mod reverse;
mod routes;
mod save;
pub mod search;
pub mod slices;
mod step;
mod store;
mod submit;
#[cfg(test)]
pub(crate) mod tests;
mod view;
pub(crate) mod virement;
mod worth;

pub(crate) use approvals::within_limit;
pub use approvals::{authorise, certify, send_back, void};
pub use auto_reverse::{make_due as reverse_due, schedule, work};
pub use close::run as close;
pub(crate) use list::state_words;
pub use posting::ensure_registers;
pub use reverse::start as reverse;
pub(crate) use routes::routes;
pub use save::create;
pub(crate) use store::{DocumentRow, name_of};
pub use submit::run as submit;
pub(crate) use view::run as view;
