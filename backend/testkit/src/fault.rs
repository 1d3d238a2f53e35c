//! Why a test cannot get its surroundings.

use std::{fmt, io, path::Path};

/// What is missing or refused, in words that say what to do.
#[derive(Debug)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// Names the file or step beside the error.
pub(crate) fn at<E: fmt::Display>(what: impl fmt::Display) -> impl FnOnce(E) -> Fault {
    move |error| Fault(format!("{what}: {error}"))
}

/// A folder for test data of this user, below the system's temporary folder.
pub(crate) fn base() -> Result<std::path::PathBuf, Fault> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    let uid = uid()?;
    let base = std::env::temp_dir().join(format!("diwan-test-{uid}"));
    match std::fs::DirBuilder::new().mode(0o755).create(&base) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(at(base.display())(error)),
    }
    let owner = owner(&base)?;
    if owner.uid() != uid {
        return Err(Fault(format!("{} belongs to another user (uid {}): remove it", base.display(), owner.uid())));
    }
    Ok(base)
}

/// The user this process runs as; 0 is root.
pub(crate) fn uid() -> Result<u32, Fault> {
    use std::os::unix::fs::MetadataExt;
    Ok(owner(Path::new("/proc/self"))?.uid())
}

fn owner(path: &Path) -> Result<std::fs::Metadata, Fault> {
    std::fs::metadata(path).map_err(at(path.display()))
}
