//! A folder that is watched, and a disk that is full in the middle of an import.

use std::{
    fmt, io,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use diwan_archive::imports::{
    folder::{self, Order},
    watch::{Watch, take},
};
use diwan_archive_api::{Import, ImportDefaults, ImportSource, ImportState};
use diwan_kernel::{Page, Secrecy};
use diwan_platform::{Limits, Refusal, files::BlobStore};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::TestApp;
use futures_util::stream::BoxStream;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, memory::InMemory, path::Path,
};

fn watch(folder: &std::path::Path) -> Watch {
    Watch { folder: folder.to_owned(), username: "clerk.modee".to_owned(), rest: Duration::ZERO }
}

fn names(folder: std::path::PathBuf) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map(|all| all.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

#[test]
fn files_of_a_watched_folder_are_filed_and_moved_away() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (clerk, source) = (app.world.modee.users["clerk"], tempfile::tempdir().unwrap());
        std::fs::write(source.path().join("كتاب.txt"), "كتاب").unwrap();
        std::fs::write(source.path().join("برنامج.bat"), "del").unwrap();
        let resting = Watch { rest: Duration::from_secs(3_600), ..watch(source.path()) };
        assert_eq!(take(&app.platform, &resting).await.unwrap(), 0, "they may still be written to");
        assert_eq!(take(&app.platform, &watch(source.path())).await.unwrap(), 2);
        assert_eq!(names(source.path().join("done")), ["كتاب.txt"]);
        assert_eq!(names(source.path().join("failed")), ["برنامج.bat", "برنامج.bat.reason.txt"]);
        let reason = std::fs::read_to_string(source.path().join("failed/برنامج.bat.reason.txt")).unwrap();
        assert!(reason.starts_with("file type_refused"), "{reason}");
        // The same name and content again: known, and put beside the first.
        std::fs::write(source.path().join("كتاب.txt"), "كتاب").unwrap();
        assert_eq!(take(&app.platform, &watch(source.path())).await.unwrap(), 1);
        assert_eq!(names(source.path().join("done")), ["كتاب (2).txt", "كتاب.txt"]);
        assert_eq!(take(&app.platform, &watch(source.path())).await.unwrap(), 0);
        let imports: Page<Import> = app.get(clerk, "/api/archive/imports").await.ok();
        let told: Vec<_> = imports.items.iter().map(|one| (one.source, one.state, one.counts.filed)).collect();
        let done = |filed| (ImportSource::Watch, ImportState::Done, filed);
        assert_eq!(told, [done(0), done(1)]);
        let nobody = Watch { username: "nobody".to_owned(), ..watch(source.path()) };
        assert!(matches!(take(&app.platform, &nobody).await, Err(Refusal::NotFound("user"))));
    });
}

/// A store with room for so many files.
#[derive(Debug)]
struct Filling(InMemory, Arc<AtomicI64>);

impl fmt::Display for Filling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("filling")
    }
}

#[async_trait]
impl ObjectStore for Filling {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        if self.1.fetch_sub(1, Ordering::SeqCst) <= 0 {
            return Err(Error::Generic {
                store: "test",
                source: Box::new(io::Error::from(io::ErrorKind::StorageFull)),
            });
        }
        self.0.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(&self, at: &Path, options: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        self.0.put_multipart_opts(at, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.0.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<bytes::Bytes>> {
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

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.0.copy_opts(from, to, options).await
    }
}

#[test]
fn an_import_that_fills_the_disk_goes_on_when_there_is_room() {
    both_async(async |db: TestDb| {
        let room = Arc::new(AtomicI64::new(250));
        let store = BlobStore::over(Arc::new(Filling(InMemory::new(), Arc::clone(&room))));
        let app = TestApp::with(db, Limits::default(), Some(store));
        let source = tempfile::tempdir().unwrap();
        for number in 0..400 {
            std::fs::write(source.path().join(format!("{number}.txt")), format!("نص {number}")).unwrap();
        }
        let defaults = ImportDefaults {
            class_code: None,
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            party: String::new(),
            doc_date: None,
            unit_id: None,
        };
        let order = Order { folder: source.path().to_owned(), name: "قرص".to_owned(), defaults, table: None };
        let clerk = app.world.modee.actor(&app.platform.db, "clerk");
        let import = folder::begin(&app.platform, &clerk, &order).await.unwrap();
        let full = import.run(|_| true).await.unwrap_err();
        assert!(matches!(full, Refusal::Rule { code: "storage_full", .. }), "{full:?}");
        let base = format!("/api/archive/imports/{}", import.id());
        let now: Import = app.get(clerk.user_id, &base).await.ok();
        assert_eq!((now.state, now.counts.filed, now.counts.waiting), (ImportState::Running, 200, 200));
        room.store(1_000, Ordering::SeqCst);
        let again = folder::begin(&app.platform, &clerk, &order).await.unwrap();
        let done = again.run(|_| true).await.unwrap();
        assert_eq!((done.id, done.state, done.counts.filed), (now.id, ImportState::Done, 400));
    });
}
