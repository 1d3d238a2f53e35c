//! The structure of the books: fiscal years and periods, the chart of accounts, the budget key.

pub mod accounts;
pub mod chart;
pub mod keys;
pub mod kinds;
mod period_table;
pub mod periods;
mod routes;
mod table;
#[cfg(test)]
mod tests;
pub mod years;

pub(crate) use routes::routes;
