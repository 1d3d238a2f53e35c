//! What the demonstration consists of.

use diwan_platform::Platform;

/// Writes the invented government into an empty, migrated database.
pub(crate) fn fill(_platform: &Platform) -> anyhow::Result<()> {
    Ok(())
}

/// Lines that tell the operator who can sign in.
pub(crate) fn logins() -> Vec<String> {
    Vec::new()
}
