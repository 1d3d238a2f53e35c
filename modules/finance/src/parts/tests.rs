//! The lists of the setup on both databases: rules, pages, rates, what fields offer, and tables that are read back.

mod orders;
mod rules;
mod setup;
mod spoken;
mod tables;
