//! Tests of the print crate from outside: what readers and eyes get from the PDF.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise; its helpers may too")]

mod calendar;
mod corpus;
#[path = "../../../../tests/support/shared_data.rs"]
mod data;
mod extraction;
mod layout;
mod robustness;
mod samples;
mod support;
