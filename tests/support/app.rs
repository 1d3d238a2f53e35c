//! The assembled server over a test government, with files in a folder and an index of their own.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
    sync::Arc,
};

use actix_web::{
    Error,
    body::BoxBody,
    cookie::Cookie,
    dev::{Service, ServiceResponse},
    http::Method,
    test::{TestRequest, init_service},
};
use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diwan_archive::{
    Pictures,
    drill::Drills,
    search::{SearchIndexer, SearchService, Sources},
};
use diwan_archive_api::{Document, NewDocument, SearchAnswer};
use diwan_db::{Backend, Clock, DbError, ReadTx};
use diwan_http::{CSRF_COOKIE, SESSION_COOKIE};
use diwan_kernel::Permission;
use diwan_platform::{
    Limits, Platform, Secrets,
    files::{
        BlobStore,
        extraction::{self, Extractor},
        scans,
    },
    sessions::token_hash,
    work::Live,
};
use diwan_print::Press;
use diwan_schema::platform::{jobs, outbox, sessions};
use diwan_server::{Node, Services, assemble};
use diwan_testkit::{TestDb, World, wait_until};
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use tokio::sync::OnceCell;

use crate::{Answer, Events, Form, encode, program};

/// Where the tests' Diwan says it is reached.
const PUBLIC_URL: &str = "https://diwan.example";
/// The CSRF cookie of requests that are sent as a person.
const CSRF: &str = "csrf-of-the-tests";

type Called = LocalBoxFuture<'static, Result<ServiceResponse<BoxBody>, Error>>;

/// What a test runs against.
pub struct TestApp {
    /// The database, with its clock.
    pub db: TestDb,
    /// The people.
    pub world: World,
    /// What operations run on.
    pub platform: Platform,
    /// Search, live events, prints.
    pub node: Node,
    /// The writer of the index, while the background does not run.
    pub indexer: Option<SearchIndexer>,
    /// Files and index.
    pub folder: tempfile::TempDir,
    service: OnceCell<Rc<dyn Fn(TestRequest) -> Called>>,
    /// When each person's session was last renewed.
    sessions: RefCell<BTreeMap<i64, NaiveDateTime>>,
}

impl TestApp {
    /// An app that takes files of at most 8 MiB.
    pub fn new(db: TestDb) -> Self {
        Self::with(db, Limits { upload_bytes: 8 << 20, ..Limits::default() }, None)
    }

    /// An app with these limits, over this store or a folder of its own.
    pub fn with(db: TestDb, limits: Limits, blobs: Option<BlobStore>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs.unwrap_or_else(|| BlobStore::in_folder(&folder.path().join("files")).unwrap());
        let world = World::on(&db.db());
        let platform = Platform::new(db.db(), blobs, limits, Secrets::from_key([7; 32]));
        let (search, indexer) = open_index(&folder.path().join("index"));
        let fonts = Arc::new(diwan_server::load_fonts().unwrap());
        let scratch = folder.path().join("scratch");
        let drills = Drills { scratch, backup: None, sources: sources(), fonts: Arc::clone(&fonts) };
        let press = Press { fonts, public_url: PUBLIC_URL.into() };
        let pictures = Pictures::new(extractor());
        let node = Node { search, live: Live::default(), press, pictures, drills };
        let indexer = Some(indexer);
        Self { db, world, platform, node, indexer, folder, service: OnceCell::new(), sessions: RefCell::default() }
    }

    /// Where the index is.
    pub fn index_folder(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    /// Ends the indexer as a kill would, without its last words, does something to its folder, and starts it again.
    pub fn restart_indexer(self, meanwhile: impl FnOnce(&Path)) -> Self {
        let Self { db, world, platform, node, indexer, folder, service, sessions: _ } = self;
        let Node { search, live, press, pictures, drills } = node;
        drop((search, indexer, service));
        let index = folder.path().join("index");
        meanwhile(&index);
        let (search, indexer) = open_index(&index);
        let node = Node { search, live, press, pictures, drills };
        let indexer = Some(indexer);
        Self { db, world, platform, node, indexer, folder, service: OnceCell::new(), sessions: RefCell::default() }
    }

    /// Runs the indexer until it has nothing to do. On PostgreSQL a message waits for older transactions of the whole
    /// server, those of other tests included.
    pub fn index(&mut self) {
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
        self.indexer.as_mut().unwrap().catch_up(&self.platform).unwrap();
    }

    /// Reads the files that wait to be read, and recognises the pages that need it.
    pub async fn extract(&self) {
        self.read_some(usize::MAX).await;
    }

    /// Does at most so many of the jobs that read files.
    pub async fn read_some(&self, most: usize) {
        for _ in 0..most {
            let Some((id, kind, payload)) = self.next_reading() else { return };
            if kind == scans::JOB {
                scans::run(&self.platform, &extractor(), &serde_json::from_str(&payload).unwrap()).await.unwrap();
            } else {
                let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
                extraction::run(&self.platform, &extractor(), payload["hash"].as_str().unwrap()).await.unwrap();
            }
            self.platform
                .db
                .upkeep("test.job.done", |tx| {
                    Ok::<_, DbError>(diesel::delete(jobs::table.find(id)).execute(tx.conn())?)
                })
                .unwrap();
        }
    }

    fn next_reading(&self) -> Option<(i64, String, String)> {
        let next = |tx: &mut ReadTx<'_>| {
            let waiting = jobs::table.filter(jobs::kind.eq_any([extraction::JOB, scans::JOB])).order(jobs::id);
            Ok::<_, DbError>(waiting.select((jobs::id, jobs::kind, jobs::payload)).first(tx.conn()).optional()?)
        };
        self.platform.db.read_now(next).unwrap()
    }

    /// Gives a person's role a further right.
    pub fn grant(&self, user_id: i64, right: Permission) {
        diwan_testkit::give_right(&self.platform.db, user_id, right);
    }

    /// Signs a person in and answers the token of the session. It stays good however far the clock is moved.
    pub fn token(&self, user_id: i64) -> String {
        let token = format!("token-{user_id}");
        let now = self.db.clock().now();
        if self.sessions.borrow_mut().insert(user_id, now) == Some(now) {
            return token;
        }
        let hash = token_hash(&token);
        self.platform
            .db
            .upkeep("test.session", |tx| {
                let known = sessions::table.filter(sessions::token_hash.eq(&hash));
                let times = (sessions::last_seen_at.eq(now), sessions::expires_at.eq(now + Duration::hours(12)));
                if diesel::update(known).set(times).execute(tx.conn())? == 0 {
                    diesel::insert_into(sessions::table)
                        .values((
                            times,
                            sessions::token_hash.eq(&hash),
                            sessions::user_id.eq(user_id),
                            sessions::created_at.eq(now),
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

    /// Sends a request just as it is.
    pub async fn call(&self, request: TestRequest) -> Answer {
        Answer::of(self.answer(request).await).await
    }

    /// Sends a request as a person, with what their browser adds.
    pub async fn send(&self, user_id: i64, request: TestRequest) -> Answer {
        let request = request.cookie(Cookie::new(CSRF_COOKIE, CSRF)).insert_header(("x-diwan-csrf", CSRF));
        self.call(request.cookie(Cookie::new(SESSION_COOKIE, self.token(user_id)))).await
    }

    /// Reads.
    pub async fn get(&self, user_id: i64, path: &str) -> Answer {
        self.send(user_id, TestRequest::get().uri(path)).await
    }

    /// Does something.
    pub async fn post(&self, user_id: i64, path: &str, body: &impl Serialize) -> Answer {
        self.send(user_id, TestRequest::post().uri(path).set_json(body)).await
    }

    /// Does something with a thing of the version that was read.
    pub async fn post_at(&self, user_id: i64, path: &str, version: i64, body: &impl Serialize) -> Answer {
        self.send(user_id, at(TestRequest::post().uri(path), version).set_json(body)).await
    }

    /// Puts something in place.
    pub async fn put(&self, user_id: i64, path: &str, body: &impl Serialize) -> Answer {
        self.send(user_id, TestRequest::put().uri(path).set_json(body)).await
    }

    /// Changes a thing of the version that was read.
    pub async fn put_at(&self, user_id: i64, path: &str, version: i64, body: &impl Serialize) -> Answer {
        self.send(user_id, at(TestRequest::put().uri(path), version).set_json(body)).await
    }

    /// Takes something away.
    pub async fn delete(&self, user_id: i64, path: &str) -> Answer {
        self.send(user_id, TestRequest::delete().uri(path)).await
    }

    /// The live events of a person.
    pub async fn events(&self, user_id: i64) -> Events {
        let request = TestRequest::get().uri("/api/events");
        let request = request.cookie(Cookie::new(SESSION_COOKIE, self.token(user_id)));
        Events::of(self.answer(request).await.unwrap())
    }

    /// Sends a form.
    pub async fn upload(&self, user_id: i64, method: Method, path: &str, form: Form) -> Answer {
        self.send(user_id, form.on(TestRequest::with_uri(path).method(method))).await
    }

    /// Files a document and answers it.
    pub async fn file(&self, user_id: i64, document: &NewDocument, files: &[(&str, &[u8])]) -> Document {
        let form = Form::default().text("document", &serde_json::to_string(document).unwrap());
        let form = files.iter().fold(form, |form, (name, bytes)| form.file(name, bytes));
        self.upload(user_id, Method::POST, "/api/documents", form).await.created()
    }

    /// Searches.
    pub async fn find(&self, user_id: i64, query: &str) -> SearchAnswer {
        self.get(user_id, &format!("/api/search?{query}")).await.ok()
    }

    /// The subjects found for words.
    pub async fn subjects(&self, user_id: i64, words: &str) -> Vec<String> {
        self.find(user_id, &format!("q={}", encode(words))).await.hits.into_iter().map(|hit| hit.subject.text).collect()
    }

    async fn answer(&self, request: TestRequest) -> Result<ServiceResponse<BoxBody>, Error> {
        let service = self.service.get_or_init(|| async {
            let services = Services::new(self.platform.clone(), self.node.clone(), 4 << 20);
            let service = Rc::new(init_service(assemble(&services)).await);
            let call = move |request: TestRequest| -> Called {
                let service = Rc::clone(&service);
                Box::pin(async move {
                    let response = service.call(request.to_request()).await?;
                    Ok(response.map_into_boxed_body())
                })
            };
            Rc::new(call) as Rc<dyn Fn(TestRequest) -> Called>
        });
        service.await(request).await
    }
}

fn at(request: TestRequest, version: i64) -> TestRequest {
    request.insert_header(("if-match", format!("\"{version}\"")))
}

/// What reads the files: the built program, as the server does it.
pub(crate) fn extractor() -> Extractor {
    Extractor { program: program(), limits: Default::default() }
}

fn open_index(folder: &Path) -> (SearchService, SearchIndexer) {
    let settings = diwan_search::Settings { writer_memory_bytes: 15_000_000, writer_threads: 1 };
    diwan_archive::search::open(folder, sources(), settings).unwrap()
}

fn sources() -> Sources {
    Sources::default().with(diwan_tarasol::search::Letters)
}
