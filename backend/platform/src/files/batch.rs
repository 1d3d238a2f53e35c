//! Many files into the store at once: each written without waiting for the disk, all of them made safe together.

use std::{io::Read, path::Path, sync::Arc};

use bytes::Bytes;
use object_store::path::Path as Place;

use super::{BlobFault, BlobStore, Stored};

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 20;

/// Files on their way into the store. They count as stored after [`Batch::settle`] only: until then a loss of power may
/// take them.
#[derive(Debug, Clone)]
pub struct Batch {
    store: BlobStore,
    /// A folder on the disk of the store; none where the store makes every file safe by itself.
    folder: Option<std::path::PathBuf>,
}

impl BlobStore {
    /// Starts a batch.
    ///
    /// # Errors
    /// The folder of the store cannot be named.
    pub fn batch(&self) -> Result<Batch, BlobFault> {
        let Some(local) = &self.local else { return Ok(Batch { store: self.clone(), folder: None }) };
        let quick = local.clone().with_fsync(false);
        let folder = quick.path_to_filesystem(&Place::from("blobs"))?;
        Ok(Batch { store: Self { store: Arc::new(quick), local: Some(local.clone()) }, folder: Some(folder) })
    }
}

impl Batch {
    /// Stores a file of the disk; `name` is what it is known by.
    ///
    /// # Errors
    /// It is larger than `limit` bytes; it cannot be read; the store fails or is full.
    pub async fn save_file(&self, file: &Path, name: &str, limit: u64) -> Result<Stored, BlobFault> {
        let mut incoming = self.store.receive(limit);
        let mut file = std::fs::File::open(file)?;
        let length = file.metadata()?.len();
        if length > limit {
            return Err(BlobFault::TooLarge { limit });
        }
        loop {
            let mut part = vec![0; CHUNK.min(usize::try_from(length).unwrap_or(CHUNK).max(1))];
            let read = file.read(&mut part)?;
            if read == 0 {
                break;
            }
            part.truncate(read);
            incoming.write(Bytes::from(part)).await?;
        }
        incoming.finish(name).await
    }

    /// Waits until everything that was stored is on the disk.
    ///
    /// # Errors
    /// The disk fails.
    pub fn settle(&self) -> Result<(), BlobFault> {
        if let Some(folder) = self.folder.as_ref().filter(|folder| folder.exists()) {
            let folder = std::fs::File::open(folder)?;
            rustix::fs::syncfs(&folder).map_err(std::io::Error::from)?;
        }
        Ok(())
    }
}
