//! Documents on both databases: each kind from draft to posting, what is refused on the way, and what nobody gets past.

mod asked;
mod auto_reverse;
mod bad;
mod break_in;
mod chain;
mod drawing;
mod duties;
mod fields;
mod found;
mod holders;
mod invoices;
mod late;
mod laws;
mod many;
mod midnight;
mod model;
pub(crate) mod office;
mod orders;
mod registers;
mod releases;
mod rounding;
mod short;
mod slices;
mod sources;
mod virement;
