//! Documents on both databases: each kind from draft to posting, what is refused on the way, and what nobody gets past.

mod bad;
mod break_in;
mod chain;
mod many;
pub(crate) mod office;
mod rounding;
mod sources;
