//! The blob store (مخزن الملفات): files by the SHA-256 of their content, in a folder or in an object store.
//!
//! A blob is written once and never changed. `blobs/ab/ab12…` is its place; what is still being received lies under
//! `incoming/` and gets its place by one rename, so a blob that can be found is whole and on the disk.

use std::{fs::File, io, ops::Range, path::PathBuf, sync::Arc};

use bytes::Bytes;
use diwan_extract::{Sniffed, sniff, sniff_file};
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    Error as StoreError, GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt, PutMode, PutOptions,
    PutPayload, local::LocalFileSystem, path::Path,
};
use sha2::{Digest, Sha256};

use crate::Refusal;

mod care;

pub use care::{Health, Stray};

/// Bytes that are kept in memory before a file is written in parts; S3 wants parts of at least 5 MiB.
const PART: usize = 5 << 20;

/// Why a blob was not stored or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobFault {
    /// The file is larger than allowed.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The disk, or the quota on it, is full; nothing was kept of the file.
    #[error("the file store is full")]
    StorageFull,
    /// There is no such blob: its file was lost, or the store is another one.
    #[error("the file {0} is missing from the store")]
    Missing(String),
    /// The store failed.
    #[error("the file store failed: {0}")]
    Store(StoreError),
    /// The disk failed.
    #[error("the file store failed: {0}")]
    Disk(#[from] io::Error),
}

impl From<StoreError> for BlobFault {
    fn from(error: StoreError) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(at) = cause {
            let full = |io: &io::Error| matches!(io.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
            if at.downcast_ref().is_some_and(full) {
                return Self::StorageFull;
            }
            cause = at.source();
        }
        match error {
            StoreError::NotFound { path, .. } => Self::Missing(path),
            error => Self::Store(error),
        }
    }
}

impl From<BlobFault> for Refusal {
    fn from(fault: BlobFault) -> Self {
        match fault {
            BlobFault::TooLarge { limit } => Self::rule("too_large", [("limit", limit.to_string())]),
            BlobFault::StorageFull => {
                tracing::error!("The file store is full");
                Self::rule("storage_full", [])
            }
            fault => Self::Internal(fault.to_string()),
        }
    }
}

/// A file in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of its content, hex: its name in the store.
    pub hash: String,
    /// Bytes.
    pub size: u64,
    /// What it is by its content, and whether its name says so too.
    pub sniffed: Sniffed,
}

/// Where files are kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct BlobStore {
    pub(super) store: Arc<dyn ObjectStore>,
    /// The folder behind the store, where it is on this machine.
    pub(super) local: Option<LocalFileSystem>,
}

impl BlobStore {
    /// A store in a folder of this machine, which is made where it is missing. What is acknowledged survives power loss.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn in_folder(folder: &std::path::Path) -> Result<Self, BlobFault> {
        std::fs::create_dir_all(folder)?;
        let local = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(local.clone()), local: Some(local) })
    }

    /// A store over another object store (S3, memory).
    pub fn over(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, local: None }
    }

    /// A store that is gone with the process: for tests.
    pub fn in_memory() -> Self {
        Self::over(Arc::new(object_store::memory::InMemory::new()))
    }

    /// Starts to receive a file of at most `limit` bytes.
    pub fn receive(&self, limit: u64) -> Incoming {
        Incoming { store: self.clone(), limit, size: 0, digest: Sha256::new(), buffer: Vec::new(), parts: None }
    }

    /// Stores a file that is already in memory.
    ///
    /// # Errors
    /// The store fails or is full.
    pub async fn save(&self, bytes: Bytes, file_name: &str) -> Result<Stored, BlobFault> {
        let mut incoming = self.receive(u64::MAX);
        incoming.write(bytes).await?;
        incoming.finish(file_name).await
    }

    /// The content of a blob, or a part of it, as a stream.
    ///
    /// # Errors
    /// The blob is missing or the store fails.
    pub async fn read(
        &self,
        hash: &str,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, BlobFault> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        Ok(self.store.get_opts(&place(hash), options).await?.into_stream())
    }

    /// The whole content of a blob.
    ///
    /// # Errors
    /// The blob is missing or the store fails.
    pub async fn bytes(&self, hash: &str) -> Result<Bytes, BlobFault> {
        Ok(self.store.get(&place(hash)).await?.bytes().await?)
    }

    /// The blob as a file on this machine's disk, for programs that read files.
    ///
    /// # Errors
    /// The blob is missing, or the store or the disk fails.
    pub async fn on_disk(&self, hash: &str) -> Result<OnDisk, BlobFault> {
        self.file_of(&place(hash)).await
    }

    async fn file_of(&self, at: &Path) -> Result<OnDisk, BlobFault> {
        if let Some(local) = &self.local {
            let path = local.path_to_filesystem(at)?;
            if !path.is_file() {
                return Err(BlobFault::Missing(at.to_string()));
            }
            return Ok(OnDisk { path, _copy: None });
        }
        let copy = tempfile::NamedTempFile::new()?;
        let mut stream = self.store.get(at).await?.into_stream();
        let mut file = copy.as_file();
        while let Some(bytes) = stream.try_next().await? {
            io::Write::write_all(&mut file, &bytes)?;
        }
        Ok(OnDisk { path: copy.path().to_owned(), _copy: Some(copy) })
    }
}

/// A blob as a file; a copy of it is removed with this value.
#[derive(Debug)]
pub struct OnDisk {
    path: PathBuf,
    _copy: Option<tempfile::NamedTempFile<File>>,
}

impl OnDisk {
    /// The file.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }
}

/// A file that is being received. Dropped before [`Incoming::finish`], nothing is left of it.
pub struct Incoming {
    store: BlobStore,
    limit: u64,
    size: u64,
    digest: Sha256,
    buffer: Vec<u8>,
    /// The temporary object, once the file is too large for the buffer.
    parts: Option<(Path, Box<dyn MultipartUpload>)>,
}

impl Incoming {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// The file is too large, or the store fails or is full.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), BlobFault> {
        self.size += bytes.len() as u64;
        if self.size > self.limit {
            return Err(BlobFault::TooLarge { limit: self.limit });
        }
        self.digest.update(&bytes);
        self.buffer.extend_from_slice(&bytes);
        if self.buffer.len() >= PART { self.put_part().await } else { Ok(()) }
    }

    async fn put_part(&mut self) -> Result<(), BlobFault> {
        let part = PutPayload::from(std::mem::take(&mut self.buffer));
        let (_, upload) = match &mut self.parts {
            Some(parts) => parts,
            none => {
                let at = incoming();
                let upload = self.store.store.put_multipart(&at).await?;
                none.insert((at, upload))
            }
        };
        Ok(upload.put_part(part).await?)
    }

    /// Stores the file under its hash; content that is there already is not stored twice.
    ///
    /// # Errors
    /// The store fails or is full.
    pub async fn finish(mut self, file_name: &str) -> Result<Stored, BlobFault> {
        let hash = hex(&self.digest.clone().finalize());
        let sniffed = match self.parts.is_some() {
            false => self.put_whole(&hash, file_name).await?,
            true => self.put_together(&hash, file_name).await?,
        };
        Ok(Stored { hash, size: self.size, sniffed })
    }

    async fn put_whole(&mut self, hash: &str, file_name: &str) -> Result<Sniffed, BlobFault> {
        let bytes = Bytes::from(std::mem::take(&mut self.buffer));
        let sniffed = sniff(&bytes, file_name);
        let options = PutOptions::from(PutMode::Create);
        match self.store.store.put_opts(&place(hash), bytes.clone().into(), options).await {
            Ok(_) => Ok(sniffed),
            Err(StoreError::AlreadyExists { .. }) => self.store.mend(hash, bytes).await.map(|()| sniffed),
            Err(error) => Err(error.into()),
        }
    }

    async fn put_together(&mut self, hash: &str, file_name: &str) -> Result<Sniffed, BlobFault> {
        if !self.buffer.is_empty() {
            self.put_part().await?;
        }
        let Some((at, mut upload)) = self.parts.take() else { return Err(BlobFault::Missing(hash.to_owned())) };
        let completed = upload.complete().await;
        drop(upload);
        completed?;
        let settled = self.store.settle(&at, hash, (self.size, file_name)).await;
        if settled.is_err() {
            self.store.forget(&at).await;
        }
        settled
    }
}

impl BlobStore {
    /// Writes a blob again whose file is not what its name says: a batch that lost its power before it was made safe may
    /// leave an empty file behind.
    async fn mend(&self, hash: &str, bytes: Bytes) -> Result<(), BlobFault> {
        if self.bytes(hash).await.is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        tracing::warn!(hash, "A file in the store was not what its name says and was written again");
        self.store.put(&place(hash), bytes.into()).await?;
        Ok(())
    }

    /// Gives a temporary object its place.
    async fn settle(&self, at: &Path, hash: &str, (size, file_name): (u64, &str)) -> Result<Sniffed, BlobFault> {
        let (file, name) = (self.file_of(at).await?, file_name.to_owned());
        let sniffed = tokio::task::spawn_blocking(move || sniff_file(file.path(), &name))
            .await
            .map_err(|lost| io::Error::other(lost.to_string()))??;
        match self.store.head(&place(hash)).await {
            Ok(there) if there.size == size => self.forget(at).await,
            // One of another size is what a batch without power left behind.
            Ok(_) | Err(StoreError::NotFound { .. }) => self.store.rename(at, &place(hash)).await?,
            Err(error) => return Err(error.into()),
        }
        Ok(sniffed)
    }

    /// Destroys a blob for good; one that is gone already is no fault. [`super::destroy`] says when.
    ///
    /// # Errors
    /// The store fails.
    pub(super) async fn destroy(&self, hash: &str) -> Result<(), BlobFault> {
        match self.store.delete(&place(hash)).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a temporary object; one that stays is only a waste of space.
    async fn forget(&self, at: &Path) {
        if let Err(error) = self.store.delete(at).await {
            tracing::warn!(%error, %at, "A temporary file stays behind");
        }
    }

    /// How many objects the store holds, temporary ones included: for checks and tests.
    ///
    /// # Errors
    /// The store fails.
    pub async fn count(&self) -> Result<usize, BlobFault> {
        Ok(self.store.list(None).map(|entry| entry.map(|_| ())).try_fold(0, async |n, ()| Ok(n + 1)).await?)
    }
}

/// Bytes as small hex digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn place(hash: &str) -> Path {
    Path::from(format!("blobs/{}/{hash}", hash.get(..2).unwrap_or_default()))
}

fn incoming() -> Path {
    let mut name = [0_u8; 16];
    // Without entropy the name may repeat within the process's life only if time stands still; the store then refuses.
    if getrandom::fill(&mut name).is_err() {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        name.copy_from_slice(&now.as_nanos().to_be_bytes());
    }
    Path::from(format!("incoming/{}", hex(&name)))
}
