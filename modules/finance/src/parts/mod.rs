//! What documents name (الإعداد): parties, cost centres, parts of the budget key, currencies, bank accounts, limits.

pub mod add;
mod banks;
pub mod begin;
pub(crate) mod cells;
mod centres;
mod checks;
mod closing;
pub mod currencies;
pub(crate) mod handlers;
pub(crate) mod import;
mod levels;
mod limits;
pub(crate) mod part;
mod parties;
pub mod pick;
pub mod rates;
mod routes;
mod segments;
#[cfg(test)]
mod tests;
mod virements;
pub(crate) mod words;

pub(crate) use routes::routes;
