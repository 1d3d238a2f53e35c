//! Files in a bucket of an S3 server, which the test starts in its own process.

use std::net::SocketAddr;

use diesel::prelude::*;
use diwan_archive_api::Document;
use diwan_db::{DbError, DbUrl, WriteTx, backup::facts_of};
use diwan_kernel::Permission;
use diwan_platform::{
    Limits,
    backup::{self, Locks, Opener, Target, Vault},
    files::{BlobStore, Health, fixity},
    people::Passwords,
};
use diwan_platform_api::fixity::{BlobState, FixityReport};
use diwan_schema::platform::users;
use diwan_testkit::{TestDb, World, both_async};
use diwan_tests::{Server, TestApp, document};
use object_store::aws::AmazonS3Builder;

const BUCKET: &str = "diwan";
const KEY: &str = "diwan-test";
const SECRET: &str = "a-secret-of-the-tests";
const PASSWORD: &str = "زيتون-اخضر-2026";

/// An S3 server over a folder; it ends with the process.
struct S3 {
    address: SocketAddr,
    folder: tempfile::TempDir,
}

impl S3 {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let (root, (say, hear)) = (folder.path().to_owned(), std::sync::mpsc::channel());
        // On a thread of its own: the test's runtime waits for it now and then.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                say.send(listener.local_addr().unwrap()).unwrap();
                serve(listener, &root).await;
            });
        });
        Self { address: hear.recv().unwrap(), folder }
    }

    fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    fn store(&self) -> BlobStore {
        let builder = AmazonS3Builder::new().with_bucket_name(BUCKET).with_region("us-east-1");
        let builder = builder.with_access_key_id(KEY).with_secret_access_key(SECRET);
        BlobStore::of_bucket(builder, Some(&self.endpoint()), "").unwrap()
    }
}

async fn serve(listener: tokio::net::TcpListener, root: &std::path::Path) {
    let mut builder = s3s::service::S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).unwrap());
    builder.set_auth(s3s::auth::SimpleAuth::from_single(KEY, SECRET));
    let service = builder.build();
    let server = hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new());
    while let Ok((socket, _)) = listener.accept().await {
        let socket = hyper_util::rt::TokioIo::new(socket);
        let connection = server.serve_connection(socket, service.clone()).into_owned();
        // A client that goes away is no fault of the server.
        tokio::spawn(async move { connection.await.ok() });
    }
}

#[test]
fn files_live_in_a_bucket() {
    both_async(async |db: TestDb| {
        let s3 = S3::start();
        let limits = Limits { upload_bytes: 16 << 20, ..Limits::default() };
        let mut app = TestApp::with(db, limits, Some(s3.store()));
        let clerk = app.world.modee.users["clerk"];
        app.grant(clerk, Permission::JobsManage);
        let text = "محضر لجنة الأرشفة في إربد";
        let large: Vec<u8> = (0..11_000_000_u32).map(|n| u8::try_from(n % 241).unwrap()).collect();
        let filed =
            app.file(clerk, &document("في السحابة"), &[("محضر.txt", text.as_bytes()), ("كبير.bin", &large)]).await;
        assert!(!app.folder.path().join("files").exists(), "nothing of it is on this machine");

        // Read whole and in parts, extracted, and found by its words.
        let path = format!("/api/attachments/{}/content", filed.attachments[1].id);
        assert!(app.get(clerk, &path).await.body == large);
        let request = actix_web::test::TestRequest::get().uri(&path).insert_header(("range", "bytes=9000000-9000009"));
        let part = app.send(clerk, request).await;
        assert_eq!((part.status.as_u16(), &part.body[..]), (206, &large[9_000_000..9_000_010]));
        app.extract().await;
        app.index();
        assert_eq!(app.subjects(clerk, "الأرشفة في إربد").await, ["في السحابة"]);
        assert_eq!(app.platform.blobs.count().await.unwrap(), 2, "nothing is left of the upload");

        // Damage is found; the backup brings it back.
        let (opener, public) = Opener::for_once();
        let locks = Locks { recipients: vec![public], passphrase: None };
        let vault = Vault::open_or_make(&app.folder.path().join("backup"), &locks).unwrap();
        let scratch = app.folder.path().join("scratch");
        let taken = backup::take(&app.platform, &vault, &scratch, &backup::quietly).await.unwrap();
        assert_eq!((taken.new_blobs, taken.manifest.lost.len()), (2, 0));
        let hash = &filed.attachments[1].hash;
        let place = s3.folder.path().join(BUCKET).join("blobs").join(hash.get(..2).unwrap()).join(hash);
        std::fs::write(place, "تالف").unwrap();
        fixity::check(&app.platform).await.unwrap();
        let report: FixityReport = app.get(clerk, "/api/fixity").await.ok();
        assert_eq!((report.checked, report.bad_count), (2, 1));
        assert_eq!(
            backup::restore_blob((&vault, &opener), &app.platform, hash, &scratch).await.unwrap(),
            BlobState::Whole
        );
        assert_eq!(app.platform.blobs.examine(hash).await.unwrap(), Health::Whole(11_000_000));
    });
}

#[test]
fn a_backup_comes_back_into_a_bucket() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let filed = app.file(clerk, &document("إلى السحابة"), &[("a.txt", b"one"), ("b.txt", b"two")]).await;
        let (opener, public) = Opener::for_once();
        let locks = Locks { recipients: vec![public], passphrase: None };
        let vault = Vault::open_or_make(&app.folder.path().join("backup"), &locks).unwrap();
        let scratch = app.folder.path().join("scratch");
        let taken = backup::take(&app.platform, &vault, &scratch, &backup::quietly).await.unwrap();
        let s3 = S3::start();
        let blobs = s3.store();
        let empty = TestDb::empty(app.db.backend());
        let database = match empty.url() {
            DbUrl::Sqlite(_) => DbUrl::Sqlite(app.folder.path().join("back.db")),
            postgres => postgres.clone(),
        };
        let target = Target { database: &database, blobs: &blobs, scratch: &scratch, despite_damage: false };
        backup::restore((&vault, &opener), &taken.snapshot, target, &backup::quietly).await.unwrap();
        for file in &filed.attachments {
            assert_eq!(blobs.examine(&file.hash).await.unwrap(), Health::Whole(3));
        }
        assert_eq!(facts_of(&database).unwrap(), taken.manifest.facts);
    });
}

#[test]
fn the_server_takes_the_bucket_from_its_settings() {
    let s3 = S3::start();
    let db = TestDb::sqlite();
    let world = World::on(&db.db());
    let hash = Passwords::new(64, 1).hash_now(PASSWORD).unwrap();
    let set = |tx: &mut WriteTx<'_>| {
        let clerk = users::table.find(world.modee.users["clerk"]);
        Ok::<_, DbError>(diesel::update(clerk).set(users::password_hash.eq(&hash)).execute(tx.conn())?)
    };
    db.db().upkeep("test.password", set).unwrap();
    let data = tempfile::tempdir().unwrap();
    let endpoint = s3.endpoint();
    let variables = [
        ("DIWAN_FILES_URL", "s3://diwan/registry/one"),
        ("DIWAN_S3_ENDPOINT", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_REGION", "us-east-1"),
    ];
    let mut server = Server::start_with(&db, data.path(), &variables);
    server.log_in("clerk.modee", PASSWORD);
    let body = format!(
        "--XXX\r\ncontent-disposition: form-data; name=\"document\"\r\n\r\n{}\r\n--XXX\r\n\
         content-disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nin the bucket\r\n--XXX--\r\n",
        serde_json::to_string(&document("في السحابة")).unwrap()
    );
    let kind = "multipart/form-data; boundary=XXX";
    let filed: Document = server.send("POST", "/api/documents", kind, body.as_bytes()).json(201);
    let file = &filed.attachments[0];
    assert_eq!(server.get(&format!("/api/attachments/{}/content", file.id)).body, b"in the bucket");
    assert!(!data.path().join("files").exists());
    let place = format!("{BUCKET}/registry/one/blobs/{}/{}", file.hash.get(..2).unwrap(), file.hash);
    assert_eq!(std::fs::read(s3.folder.path().join(place)).unwrap(), b"in the bucket");
}
