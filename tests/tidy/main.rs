//! The rules of the code as tests: what a reviewer would say again and again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod code;
mod imports;
mod migrations;
mod packages;
mod tree;
