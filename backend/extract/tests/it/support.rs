//! Where the files are, and how they are read.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::data::shared_data;
use diwan_extract::{Extraction, Limits, run_limited, sniff_file};

/// The folder of test documents.
pub fn documents() -> PathBuf {
    shared_data("documents")
}

/// The executable that runs the child: the example of this package, which `cargo test` builds.
pub fn child() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let child = test.parent().and_then(Path::parent).unwrap().join("examples/extract_child");
    assert!(child.is_file(), "{} is missing: cargo build -p diwan-extract --example extract_child", child.display());
    child
}

/// Sniffs and reads a file in the child process.
pub fn read(path: &Path, limits: &Limits) -> (Extraction, Duration) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let sniffed = sniff_file(path, &name).unwrap();
    let start = Instant::now();
    let extraction = run_limited(&child(), path, &sniffed.media_type, limits);
    (extraction, start.elapsed())
}

/// Writes bytes into a file of this name in a new folder, which goes with the returned value.
pub fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}
