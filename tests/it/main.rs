//! The API of the whole product, on both databases.

#![expect(clippy::unwrap_used, reason = "what a test stands on fails by panicking")]

mod archive;
mod audit;
mod bad_input;
mod export;
mod finance;
mod finance_again;
mod finance_bank;
mod finance_budget;
mod finance_closing;
mod finance_desk;
mod finance_documents;
mod finance_killed;
mod finance_lists;
mod finance_payments;
mod finance_port;
mod finance_reports;
mod finance_setup;
mod finance_slices;
mod finance_templates;
mod finance_vouchers;
mod import;
mod letters;
mod lists;
mod people;
mod process;
mod requests;
