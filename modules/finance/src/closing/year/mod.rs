//! The end of a fiscal year (إقفال السنة): what it will do, the decision on each commitment, preparing it by one person and
//! confirming it by another, which does all of it in one transaction.

mod budget;
mod carry;
mod commitments;
mod conditions;
mod decisions;
mod holds;
mod nominal;
mod opening;
mod plan;
mod routes;
mod run;
mod steps;
mod store;
mod voucher;

pub(crate) use carry::next_key;
pub use commitments::list as commitments;
pub use decisions::decide;
pub use plan::view;
pub(crate) use routes::routes;
pub use run::confirm;
pub use steps::{begin, give_back, prepare};
pub(crate) use store::{is_ended, is_over, is_voucher, last_ended, not_over, year};
