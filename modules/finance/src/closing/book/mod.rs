//! The sealed book of a period (دفتر الفترة المختوم): what is in it, how it is hashed and signed, and how it is checked without
//! Diwan's database. The format is written down byte for byte in the README of finance.

mod attached;
mod budget;
mod build;
pub mod cash;
mod entries;
pub mod format;
mod payments;
mod seal;
mod sums;
mod tree;
pub mod verify;

pub(crate) use build::ready;
pub use build::{Built, build};
pub use seal::{file, file_name, seal};

/// Bytes as hex.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 as hex.
fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(bytes))
}
