//! Hashes as text.

use sha2::{Digest, Sha256};

/// SHA-256, hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
