//! Where the real inputs are. One file, which the tests of every crate take in with `#[path]`: crates as low as print and
//! search have no test kit in common.

use std::path::PathBuf;

/// A file or folder of the shared data: below `$DIWAN_TEST_DATA`, else in `shared/data` beside the repository that is
/// being tested. (Tests run in their package's folder; a path compiled in would be that of another checkout.)
///
/// # Panics
/// It is not there.
pub fn shared_data(path: &str) -> PathBuf {
    let data = std::env::var_os("DIWAN_TEST_DATA").map(PathBuf::from).or_else(|| {
        let here = std::env::current_dir().ok()?;
        here.ancestors().map(|folder| folder.join("shared/data")).find(|data| data.is_dir())
    });
    let found = data.unwrap_or_default().join(path);
    assert!(found.exists(), "no shared data {path}: set DIWAN_TEST_DATA to the folder of the shared data");
    found
}
