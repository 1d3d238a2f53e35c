//! Payments in cash (الصرف النقدي): money handed out of a box for a document, the register of it, and the receipt to be signed.
//! A payment stands by itself: its box, who paid it, and its number in the box are all that shifts and receipt books need of it.

mod list;
mod pay;
mod print;
mod routes;
mod store;

pub(super) use list::paid;
#[cfg(test)]
pub(super) use list::{list, view};
pub use pay::{cancel as cancel_cash, pay as pay_cash};
pub(super) use routes::routes;
