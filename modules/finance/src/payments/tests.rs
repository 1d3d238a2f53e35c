//! Payments on both databases: from the draft to the bank and back, what is refused on the way, and what nobody gets past.

mod at_bank;
mod break_in;
mod cheques;
mod deductions;
mod desk;
mod flow;
mod in_cash;
mod many;
mod midnight;
mod model;
mod ordered;
mod orders;
mod position;
mod refusals;
mod statement;
