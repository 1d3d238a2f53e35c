//! Documents on both databases: each kind from draft to posting, what is refused on the way, and what nobody gets past.

mod asked;
mod auto_reverse;
mod bad;
mod break_in;
mod chain;
mod duties;
mod fields;
mod invoices;
mod many;
mod midnight;
pub(crate) mod office;
mod rounding;
mod short;
mod slices;
mod sources;
mod virement;
