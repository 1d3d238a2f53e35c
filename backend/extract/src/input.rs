//! Where the bytes of a document come from: the file on disk, or an attachment in memory.

use std::fs::File;
use std::io::{BufReader, Cursor, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::outcome::Reason;

/// Bytes of one document.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Input<'a> {
    File(&'a Path),
    Bytes(&'a [u8]),
}

/// A reader that can go back and forth, as zip packages and compound files need.
pub(crate) trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// A document as a file on disk: the file itself, or a temporary copy that goes with this value.
pub(crate) enum OnDisk {
    Own(PathBuf),
    Copy(NamedTempFile),
}

impl OnDisk {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Own(path) => path,
            Self::Copy(file) => file.path(),
        }
    }
}

impl<'a> Input<'a> {
    /// Opens the document for reading in any order.
    pub(crate) fn open(self) -> Result<Box<dyn Source + 'a>, Reason> {
        Ok(match self {
            Self::File(path) => Box::new(BufReader::new(File::open(path).map_err(|_| Reason::Unreadable)?)),
            Self::Bytes(bytes) => Box::new(Cursor::new(bytes)),
        })
    }

    /// The whole document in memory.
    pub(crate) fn read(self) -> Result<std::borrow::Cow<'a, [u8]>, Reason> {
        Ok(match self {
            Self::File(path) => std::fs::read(path).map_err(|error| unless_memory(&error, Reason::Unreadable))?.into(),
            Self::Bytes(bytes) => bytes.into(),
        })
    }

    /// The first `count` bytes, or as many as there are.
    pub(crate) fn head(self, count: usize) -> Result<Vec<u8>, Reason> {
        let mut head = Vec::new();
        self.open()?.take(count as u64).read_to_end(&mut head).map_err(|_| Reason::Unreadable)?;
        Ok(head)
    }

    /// The document as a file, for programs that want a path.
    pub(crate) fn on_disk(self) -> Result<OnDisk, Reason> {
        match self {
            Self::File(path) => Ok(OnDisk::Own(path.to_owned())),
            Self::Bytes(bytes) => temporary(bytes).map(OnDisk::Copy),
        }
    }
}

/// The reason for an error of input: lack of memory if it was that, `otherwise` if not.
pub(crate) fn unless_memory(error: &std::io::Error, otherwise: Reason) -> Reason {
    if error.kind() == ErrorKind::OutOfMemory { Reason::OutOfMemory } else { otherwise }
}

/// A temporary file with these bytes, deleted when the value is dropped.
pub(crate) fn temporary(bytes: &[u8]) -> Result<NamedTempFile, Reason> {
    let write = || {
        let mut file = NamedTempFile::with_prefix("diwan-extract-")?;
        file.write_all(bytes)?;
        file.flush()?;
        Ok::<_, std::io::Error>(file)
    };
    write().map_err(|_| Reason::Unreadable)
}
