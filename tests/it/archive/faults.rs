//! A full disk: a clear error, and nothing half-stored.

use std::{fmt, io, ops::Range, sync::Arc};

use actix_web::http::Method;
use async_trait::async_trait;
use bytes::Bytes;
use diesel::prelude::*;
use diwan_db::DbError;
use diwan_platform::{Limits, files::BlobStore};
use diwan_schema::platform::{blobs, records};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Form, TestApp, document};
use futures_util::stream::BoxStream;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, UploadPart, memory::InMemory, path::Path,
};

/// A store on a disk that is full.
#[derive(Debug)]
struct Full(Arc<InMemory>);

fn full() -> Error {
    Error::Generic { store: "test", source: Box::new(io::Error::from(io::ErrorKind::StorageFull)) }
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("full")
    }
}

#[async_trait]
impl ObjectStore for Full {
    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        Err(full())
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Ok(Box::new(FullUpload))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.0.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.0.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.0.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(full())
    }
}

/// Takes the first part and has no room for the second.
#[derive(Debug)]
struct FullUpload;

#[async_trait]
impl MultipartUpload for FullUpload {
    fn put_part(&mut self, _: PutPayload) -> UploadPart {
        Box::pin(async { Err(full()) })
    }

    async fn complete(&mut self) -> Result<PutResult> {
        Err(full())
    }

    async fn abort(&mut self) -> Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_stored() {
    both_async(async |db: TestDb| {
        let memory = Arc::new(InMemory::new());
        let limits = Limits { upload_bytes: 32 << 20, ..Limits::default() };
        let app = TestApp::with(db, limits, Some(BlobStore::over(Arc::new(Full(memory)))));
        let clerk = app.world.modee.users["clerk"];
        let new = serde_json::to_string(&document("قرص ممتلئ")).unwrap();
        for size in [10, 12 << 20] {
            let form = Form::default().text("document", &new).file("أ.bin", &vec![1; size]);
            app.upload(clerk, Method::POST, "/api/documents", form).await.refused(507, "storage_full");
        }
        let (blobs, records): (i64, i64) = app
            .platform
            .db
            .read_now(|tx| {
                Ok::<_, DbError>((
                    blobs::table.count().get_result(tx.conn())?,
                    records::table.count().get_result(tx.conn())?,
                ))
            })
            .unwrap();
        assert_eq!((blobs, records, app.platform.blobs.count().await.unwrap()), (0, 0, 0));
    });
}
