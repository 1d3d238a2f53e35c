//! The rules of the code as tests: what a reviewer would say again and again.

mod code;
mod imports;
mod migrations;
mod packages;
mod tree;
