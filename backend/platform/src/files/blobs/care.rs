//! Care for stored blobs: whether one is still what its name says, what lies in the store, putting one back; and the
//! store in an S3 bucket.

use std::{
    io::{self, Read},
    sync::Arc,
};

use bytes::Bytes;
use chrono::NaiveDateTime;
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3Builder, path::Path, prefix::PrefixStore,
};
use sha2::{Digest, Sha256};

use super::{BlobFault, BlobStore, PART, hex, place};

/// What became of a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It is what its name says; so many bytes were read.
    Whole(u64),
    /// Its content is another one, or cannot be read.
    Damaged,
    /// It is not there.
    Missing,
}

/// Something that lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Where.
    pub place: String,
    /// Bytes.
    pub size: u64,
    /// When it was written, UTC.
    pub modified: NaiveDateTime,
}

impl BlobStore {
    /// A store in an S3 bucket: `s3://BUCKET/PREFIX`, at the endpoint of an own server where one is named. Who may is told
    /// by the environment alone (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION` …).
    ///
    /// # Errors
    /// The address is none of a bucket, or the environment is incomplete.
    pub fn in_s3(url: &str, endpoint: Option<&str>) -> Result<Self, BlobFault> {
        let address = url.strip_prefix("s3://").unwrap_or(url);
        let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
        let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
        Self::of_bucket(builder, endpoint, prefix)
    }

    /// The same for somebody who says by themselves who they are.
    ///
    /// # Errors
    /// The builder knows too little.
    pub fn of_bucket(builder: AmazonS3Builder, endpoint: Option<&str>, prefix: &str) -> Result<Self, BlobFault> {
        // Whoever asks first installs it; all others would install the same.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let builder = match endpoint {
            Some(endpoint) => builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://")),
            None => builder,
        };
        let store = builder.build()?;
        let prefix = prefix.trim_matches('/');
        Ok(if prefix.is_empty() {
            Self::over(Arc::new(store))
        } else {
            Self::over(Arc::new(PrefixStore::new(store, prefix)))
        })
    }

    /// Reads a blob to its end and compares it with its name.
    ///
    /// # Errors
    /// The store cannot be reached. A disk that does not give a file back has damaged it.
    pub async fn examine(&self, hash: &str) -> Result<Health, BlobFault> {
        let mut stream = match self.read(hash, None).await {
            Ok(stream) => stream,
            Err(BlobFault::Missing(_)) => return Ok(Health::Missing),
            Err(_) if self.local.is_some() => return Ok(Health::Damaged),
            Err(fault) => return Err(fault),
        };
        let (mut digest, mut size) = (Sha256::new(), 0);
        loop {
            match stream.try_next().await {
                Ok(Some(bytes)) => {
                    size += bytes.len() as u64;
                    digest.update(&bytes);
                }
                Ok(None) => break,
                Err(_) if self.local.is_some() => return Ok(Health::Damaged),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(if hex(&digest.finalize()) == hash { Health::Whole(size) } else { Health::Damaged })
    }

    /// What lies below a folder of the store (`blobs/ab`, `incoming`).
    pub fn listing(&self, folder: &str) -> BoxStream<'static, Result<Stray, BlobFault>> {
        let entries = self.store.list(Some(&Path::from(folder)));
        let stray = |entry: object_store::ObjectMeta| Stray {
            place: entry.location.to_string(),
            size: entry.size,
            modified: entry.last_modified.naive_utc(),
        };
        entries.map(move |entry| entry.map(stray).map_err(BlobFault::from)).boxed()
    }

    /// Puts a blob in its place, over a damaged one where there is one. The file is read to its end first: nothing is
    /// written that is not what `hash` says.
    ///
    /// # Errors
    /// [`BlobFault::Disk`] when the file is another one or cannot be read; the store fails or is full.
    pub async fn put_back(&self, hash: &str, file: &std::path::Path) -> Result<(), BlobFault> {
        if hash_of(&mut std::fs::File::open(file)?)? != hash {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("the file is not {hash}")).into());
        }
        let mut from = std::fs::File::open(file)?;
        if from.metadata()?.len() <= PART as u64 {
            let mut bytes = Vec::new();
            from.read_to_end(&mut bytes)?;
            self.store.put(&place(hash), PutPayload::from(bytes)).await?;
            return Ok(());
        }
        let mut upload = self.store.put_multipart(&place(hash)).await?;
        loop {
            let mut part = Vec::with_capacity(PART);
            (&mut from).take(PART as u64).read_to_end(&mut part)?;
            if part.is_empty() {
                break;
            }
            upload.put_part(PutPayload::from(Bytes::from(part))).await?;
        }
        upload.complete().await?;
        Ok(())
    }
}

fn hash_of(from: &mut impl Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(hex(&digest.finalize())),
            n => digest.update(piece.get(..n).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_blob_is_compared_with_its_name_and_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let store = BlobStore::in_folder(&folder.path().join("files")).unwrap();
        let stored = store.save(Bytes::from_static("نص الكتاب".as_bytes()), "a.txt").await.unwrap();
        assert_eq!(store.examine(&stored.hash).await.unwrap(), Health::Whole(stored.size));

        let good = folder.path().join("good");
        std::fs::write(&good, "نص الكتاب").unwrap();
        let place = store.on_disk(&stored.hash).await.unwrap().path().to_owned();
        std::fs::write(&place, "نص آخر").unwrap();
        assert_eq!(store.examine(&stored.hash).await.unwrap(), Health::Damaged);
        assert!(store.put_back(&stored.hash, &place).await.is_err(), "a damaged file is no cure");
        store.put_back(&stored.hash, &good).await.unwrap();
        assert_eq!(store.examine(&stored.hash).await.unwrap(), Health::Whole(stored.size));

        std::fs::remove_file(&place).unwrap();
        assert_eq!(store.examine(&stored.hash).await.unwrap(), Health::Missing);
        store.put_back(&stored.hash, &good).await.unwrap();
        let lying: Vec<_> = store.listing("blobs").try_collect().await.unwrap();
        assert_eq!(lying.len(), 1);
        assert!(lying[0].place.ends_with(&stored.hash));
    }
}
