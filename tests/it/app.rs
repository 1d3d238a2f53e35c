//! The routes of the product over a test government, with files in a folder and an index of their own.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use actix_web::{
    App,
    body::to_bytes,
    cookie::Cookie,
    http::{Method, StatusCode, header::HeaderMap},
    test::{TestRequest, init_service},
    web,
};
use bytes::Bytes;
use chrono::Duration;
use diesel::prelude::*;
use diwan_archive::search::{SearchIndexer, SearchService, Sources};
use diwan_archive_api::{Document, NewDocument, SearchAnswer};
use diwan_db::{Backend, DbError};
use diwan_http::{Routes, SESSION_COOKIE};
use diwan_kernel::{Permission, Problem, Secrecy};
use diwan_platform::{
    Limits, Platform, Secrets,
    files::{
        BlobStore,
        extraction::{self, Extractor},
    },
    sessions::token_hash,
    work::Live,
};
use diwan_schema::platform::{jobs, outbox, role_permissions, sessions, user_roles};
use diwan_testkit::{TestDb, World, wait_until};
use serde::de::DeserializeOwned;

/// What a test runs against.
pub(crate) struct TestApp {
    pub(crate) db: TestDb,
    pub(crate) world: World,
    pub(crate) platform: Platform,
    pub(crate) search: SearchService,
    pub(crate) indexer: SearchIndexer,
    pub(crate) folder: tempfile::TempDir,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl TestApp {
    pub(crate) fn new(db: TestDb) -> Self {
        Self::with(db, Limits { upload_bytes: 8 << 20, ..Limits::default() }, None)
    }

    pub(crate) fn with(db: TestDb, limits: Limits, blobs: Option<BlobStore>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs.unwrap_or_else(|| BlobStore::in_folder(&folder.path().join("files")).unwrap());
        let world = World::on(&db.db());
        let platform = Platform::new(db.db(), blobs, limits, Secrets::from_key([7; 32]));
        let (search, indexer) = open_index(&folder.path().join("index"));
        Self { db, world, platform, search, indexer, folder }
    }

    pub(crate) fn index_folder(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    /// Ends the indexer as a kill would, without its last words, does something to its folder, and starts it again.
    pub(crate) fn restart_indexer(self, meanwhile: impl FnOnce(&Path)) -> Self {
        let Self { db, world, platform, search, indexer, folder } = self;
        drop((search, indexer));
        let index = folder.path().join("index");
        meanwhile(&index);
        let (search, indexer) = open_index(&index);
        Self { db, world, platform, search, indexer, folder }
    }

    /// Runs the indexer until it has nothing to do. On PostgreSQL a message waits for older transactions of the whole
    /// server, those of other tests included.
    pub(crate) fn index(&mut self) {
        let last: Option<i64> = self
            .platform
            .db
            .read_now(|tx| Ok::<_, DbError>(outbox::table.select(diesel::dsl::max(outbox::xid)).first(tx.conn())?))
            .unwrap();
        if self.platform.db.backend() == Backend::Postgres {
            wait_until("older transactions have ended", || {
                let head = self.platform.db.outbox_head().unwrap().to_string();
                let horizon: i64 = head.split(':').next()?.parse().ok()?;
                (last? < horizon).then_some(())
            });
        }
        self.indexer.catch_up(&self.platform).unwrap();
    }

    /// Reads the files that wait to be read.
    pub(crate) async fn extract(&self) {
        let extractor =
            Extractor { program: env!("CARGO_BIN_EXE_diwan-extract-child").into(), limits: Default::default() };
        loop {
            let next: Option<(i64, String)> = self
                .platform
                .db
                .read_now(|tx| {
                    let waiting = jobs::table.filter(jobs::kind.eq(extraction::JOB)).order(jobs::id);
                    Ok::<_, DbError>(waiting.select((jobs::id, jobs::payload)).first(tx.conn()).optional()?)
                })
                .unwrap();
            let Some((id, payload)) = next else { return };
            let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
            let hash = payload["hash"].as_str().unwrap();
            extraction::run(&self.platform, &extractor, hash).await.unwrap();
            self.platform
                .db
                .upkeep("test.job.done", |tx| {
                    Ok::<_, DbError>(diesel::delete(jobs::table.find(id)).execute(tx.conn())?)
                })
                .unwrap();
        }
    }

    /// Gives a person's role a further right.
    pub(crate) fn grant(&self, user_id: i64, right: Permission) {
        self.platform
            .db
            .upkeep("test.grant", |tx| {
                let roles = user_roles::table.filter(user_roles::user_id.eq(user_id));
                let role: i64 = roles.select(user_roles::role_id).first(tx.conn())?;
                let row = (role_permissions::role_id.eq(role), role_permissions::permission.eq(right.code()));
                Ok::<_, DbError>(diesel::insert_into(role_permissions::table).values(row).execute(tx.conn())?)
            })
            .unwrap();
    }

    /// Signs a person in and answers the token of the session.
    pub(crate) fn token(&self, user_id: i64) -> String {
        let token = format!("token-{user_id}");
        self.platform
            .db
            .upkeep("test.session", |tx| {
                let now = tx.now();
                let known: i64 = sessions::table
                    .filter(sessions::token_hash.eq(token_hash(&token)))
                    .count()
                    .get_result(tx.conn())?;
                if known == 0 {
                    diesel::insert_into(sessions::table)
                        .values((
                            sessions::token_hash.eq(token_hash(&token)),
                            sessions::user_id.eq(user_id),
                            sessions::created_at.eq(now),
                            sessions::last_seen_at.eq(now),
                            sessions::expires_at.eq(now + Duration::hours(12)),
                            sessions::ip.eq(""),
                            sessions::user_agent.eq(""),
                            sessions::awaits_totp.eq(false),
                        ))
                        .execute(tx.conn())?;
                }
                Ok::<_, DbError>(())
            })
            .unwrap();
        token
    }

    /// Sends a request as a person.
    pub(crate) async fn send(&self, user_id: i64, request: TestRequest) -> Answer {
        let mut routes = Routes::default();
        diwan_http::platform::routes(&mut routes);
        diwan_archive::routes(&mut routes);
        diwan_tarasol::routes(&mut routes);
        let app = init_service(
            App::new()
                .app_data(web::Data::new(self.platform.clone()))
                .app_data(web::Data::new(self.search.clone()))
                .app_data(web::Data::new(Live::default()))
                .app_data(diwan_http::query_config())
                .app_data(diwan_http::path_config())
                .app_data(diwan_http::json_config(1 << 20))
                .configure(|config| routes.mount(config)),
        )
        .await;
        let request = request.cookie(Cookie::new(SESSION_COOKIE, self.token(user_id))).to_request();
        let (status, headers, body) = match actix_web::dev::Service::call(&app, request).await {
            Ok(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                (status, headers, to_bytes(response.into_body()).await.unwrap_or_default())
            }
            Err(error) => {
                let response = error.error_response();
                (response.status(), response.headers().clone(), to_bytes(response.into_body()).await.unwrap())
            }
        };
        Answer { status, headers, body }
    }

    pub(crate) async fn get(&self, user_id: i64, path: &str) -> Answer {
        self.send(user_id, TestRequest::get().uri(path)).await
    }

    pub(crate) async fn upload(&self, user_id: i64, method: Method, path: &str, form: Form) -> Answer {
        self.send(user_id, form.on(TestRequest::with_uri(path).method(method))).await
    }

    /// Files a document and answers it.
    pub(crate) async fn file(&self, user_id: i64, document: &NewDocument, files: &[(&str, &[u8])]) -> Document {
        let form = Form::default().text("document", &serde_json::to_string(document).unwrap());
        let form = files.iter().fold(form, |form, (name, bytes)| form.file(name, bytes));
        self.upload(user_id, Method::POST, "/api/documents", form).await.created()
    }

    pub(crate) async fn find(&self, user_id: i64, query: &str) -> SearchAnswer {
        self.get(user_id, &format!("/api/search?{query}")).await.ok()
    }

    /// The subjects found for words.
    pub(crate) async fn subjects(&self, user_id: i64, words: &str) -> Vec<String> {
        self.find(user_id, &format!("q={}", encode(words))).await.hits.into_iter().map(|hit| hit.subject.text).collect()
    }
}

pub(crate) fn open_index(folder: &Path) -> (SearchService, SearchIndexer) {
    let settings = diwan_search::Settings { writer_memory_bytes: 15_000_000, writer_threads: 1 };
    diwan_archive::search::open(folder, Sources::default(), settings).unwrap()
}

impl Answer {
    #[track_caller]
    pub(crate) fn ok<T: DeserializeOwned>(&self) -> T {
        self.json(StatusCode::OK)
    }

    #[track_caller]
    pub(crate) fn created<T: DeserializeOwned>(&self) -> T {
        self.json(StatusCode::CREATED)
    }

    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self, status: StatusCode) -> T {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The refusal, which has this status and code.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> Problem {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.code, code, "{problem:?}");
        problem
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A multipart form.
#[derive(Default)]
pub(crate) struct Form(Vec<u8>);

impl Form {
    pub(crate) fn text(mut self, name: &str, text: &str) -> Self {
        self.0.extend(format!("--XXX\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").bytes());
        self
    }

    pub(crate) fn file(mut self, name: &str, bytes: &[u8]) -> Self {
        let head = format!("--XXX\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n");
        self.0.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
        self
    }

    pub(crate) fn on(mut self, request: TestRequest) -> TestRequest {
        self.0.extend(b"--XXX--\r\n");
        request.insert_header(("content-type", "multipart/form-data; boundary=XXX")).set_payload(self.0)
    }
}

/// A plain document of a subject.
pub(crate) fn document(subject: &str) -> NewDocument {
    NewDocument {
        subject: subject.to_owned(),
        doc_date: chrono::NaiveDate::from_ymd_opt(2026, 10, 18).unwrap(),
        party: "ديوان المحاسبة".to_owned(),
        class_code: Some("3000".to_owned()),
        secrecy: Secrecy::Normal,
        caveats: Vec::new(),
        unit_id: None,
    }
}

/// Percent-encodes a value of a query string.
pub(crate) fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A folder of the shared data: below `$DIWAN_TEST_DATA`, else `../shared/data` beside the repository.
pub(crate) fn shared(path: &str) -> PathBuf {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"));
    let folder = std::env::var_os("DIWAN_TEST_DATA").map_or_else(beside, PathBuf::from).join(path);
    assert!(folder.exists(), "{} is missing: set DIWAN_TEST_DATA to the folder of the shared data", folder.display());
    folder
}

/// A failing or plain store over memory.
pub(crate) fn store(store: impl object_store::ObjectStore) -> BlobStore {
    BlobStore::over(Arc::new(store))
}
