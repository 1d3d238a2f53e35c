//! What the books say, beside a small model of them: random books on both databases, every report against plain sums.

mod balances;
mod books;
mod budget;
pub(crate) mod coming;
mod currencies;
mod open;
mod open_books;
mod paper;
mod places;
mod statements;
