//! Remembers what a step was built from, so that an unchanged step is skipped.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// The inputs of one step, summed up.
#[derive(Default)]
pub(crate) struct Inputs(Sha256);

impl Inputs {
    /// Adds a text that influences the result, such as a flag or a version.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text);
        self
    }

    /// Adds the content of a file, or of every file below a folder, in the order of their names.
    pub(crate) fn path(mut self, path: &Path) -> Result<Self> {
        for file in files_below(path)? {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            self = self.text(&file.to_string_lossy());
            self.0.update(bytes);
        }
        Ok(self)
    }

    /// The sum as hexadecimal text.
    pub(crate) fn sum(self) -> String {
        hex(&self.0.finalize())
    }
}

/// The first `length` hexadecimal digits of the SHA-256 of `bytes`; the part of a file name that follows its content.
pub(crate) fn content_hash(bytes: &[u8], length: usize) -> String {
    hex(&Sha256::digest(bytes)).chars().take(length).collect()
}

/// Runs `step` unless `stamp` already holds `sum` and every file of `outputs` exists.
pub(crate) fn unless_done(
    stamp: &Path,
    sum: &str,
    outputs: &[PathBuf],
    step: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let unchanged = fs::read_to_string(stamp).is_ok_and(|old| old == sum);
    if unchanged && outputs.iter().all(|file| file.exists()) {
        return Ok(());
    }
    step()?;
    fs::write(stamp, sum).with_context(|| format!("cannot write {}", stamp.display()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))? {
        files.extend(files_below(&entry?.path())?);
    }
    files.sort();
    Ok(files)
}
