//! Imports: every file once, whatever happens on the way; what was refused says why.

use std::path::Path;
use std::process::{Command, Stdio};

use actix_web::{http::Method, test::TestRequest};
use diesel::{dsl::count_star, prelude::*};
use diwan_archive::imports::folder::{self, Order};
use diwan_archive_api::{Import, ImportDefaults, ImportFile, ImportFileState, ImportState, ImportTable, NewImport};
use diwan_db::{DbError, DbUrl};
use diwan_kernel::{Page, Secrecy};
use diwan_platform::{Actor, files::BlobStore, work::Work};
use diwan_schema::{
    archive::{documents, import_files},
    platform::{attachments, numbers},
};
use diwan_testkit::{TestDb, both, both_async};
use diwan_tests::{Form, TestApp, encode, program, until};

fn defaults() -> ImportDefaults {
    ImportDefaults {
        class_code: Some("3000".to_owned()),
        secrecy: Secrecy::Normal,
        caveats: Vec::new(),
        party: String::new(),
        doc_date: None,
        unit_id: None,
    }
}

fn order(folder: &Path) -> Order {
    Order { folder: folder.to_owned(), name: "مجلد".to_owned(), defaults: defaults(), table: None }
}

fn actor(app: &TestApp, name: &str) -> Actor {
    app.world.modee.actor(&app.platform.db, name)
}

/// A folder of so many different small files, in folders below it.
fn small_files(count: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..count {
        let below = folder.path().join(format!("صندوق {}", number / 100));
        std::fs::create_dir_all(&below).unwrap();
        std::fs::write(below.join(format!("كتاب رقم {number}.txt")), format!("نص الكتاب رقم {number}")).unwrap();
    }
    folder
}

async fn files(app: &TestApp, user: i64, import: i64, query: &str) -> Vec<ImportFile> {
    let path = format!("/api/archive/imports/{import}/files?limit=100&{query}");
    app.get(user, &path).await.ok::<Page<ImportFile>>().items
}

/// Documents, the last number of the register, files of imports that are filed, and different contents.
fn kept(db: &diwan_db::Db) -> (i64, i64, i64, i64) {
    db.read_now(|tx| {
        Ok::<_, DbError>((
            documents::table.select(count_star()).first(tx.conn())?,
            numbers::table.select(diesel::dsl::max(numbers::seq)).first::<Option<i64>>(tx.conn())?.unwrap_or(0),
            import_files::table.filter(import_files::state.eq("filed")).select(count_star()).first(tx.conn())?,
            attachments::table
                .select(diesel::dsl::count(attachments::blob_hash).aggregate_distinct())
                .first(tx.conn())?,
        ))
    })
    .unwrap()
}

async fn new_import(app: &TestApp, user: i64) -> Import {
    let new = NewImport { name: "صندوق الوارد".to_owned(), defaults: defaults() };
    app.post(user, "/api/archive/imports", &new).await.created()
}

#[test]
fn uploads_become_documents_and_the_same_content_only_one() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let import = new_import(&app, clerk).await;
        let base = format!("/api/archive/imports/{}", import.id);
        let table = "المسار,الموضوع,التاريخ,درجة السرية\nأ/كتاب.txt,طلب إجازة,5/3/2026,محدود\nب/خطأ.txt,كتاب,31/2/2026,عادي\nج/غائب.txt,لم يصل,,\n";
        let request = TestRequest::put().uri(&format!("{base}/table")).set_payload(table);
        assert_eq!(app.send(clerk, request).await.ok::<ImportTable>(), ImportTable { rows: 3, faults: Vec::new() });
        let form = Form::default()
            .file("أ/كتاب.txt", "نص الكتاب".as_bytes())
            .file("ب/خطأ.txt", b"wrong day")
            .file("نسخة_من_الكتاب.txt", "نص الكتاب".as_bytes())
            .file("صورة.pdf", b"\x89PNG\r\n\x1a\n no pdf at all")
            .file("برنامج.exe", b"MZ\x90\x00");
        let brought: Import = app.upload(clerk, Method::POST, &format!("{base}/files"), form).await.ok();
        assert_eq!((brought.state, brought.counts.waiting), (ImportState::Open, 6));
        app.post(clerk, &format!("{base}/start"), &()).await.ok::<Import>();
        let _running = app.start(Work::default());
        let done = until("the import is done", async || {
            let now: Import = app.get(clerk, &base).await.ok();
            (now.state == ImportState::Done).then_some(now)
        })
        .await;
        let counts = &done.counts;
        assert_eq!((counts.filed, counts.duplicate, counts.refused, counts.failed), (2, 1, 2, 1), "{counts:?}");
        let all = files(&app, clerk, import.id, "").await;
        let of = |path: &str| all.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} in {all:?}"));
        let code = |path: &str| of(path).faults.first().map(|fault| (fault.field.clone(), fault.code.clone()));
        let told = |field: &str, code: &str| Some((field.to_owned(), code.to_owned()));
        assert_eq!(code("ب/خطأ.txt"), told("date", "bad_date"));
        assert_eq!(code("برنامج.exe"), told("file", "type_refused"));
        assert_eq!(code("ج/غائب.txt"), told("path", "file_missing"));
        let (first, copy) = (of("أ/كتاب.txt"), of("نسخة_من_الكتاب.txt"));
        assert_eq!((first.state, copy.state), (ImportFileState::Filed, ImportFileState::Duplicate));
        assert!(first.number.is_some() && copy.record_id == first.record_id);
        let document: diwan_archive_api::Document =
            app.get(clerk, &format!("/api/documents/{}", first.record_id.unwrap())).await.ok();
        assert_eq!((document.head.subject.as_str(), document.head.secrecy), ("طلب إجازة", Secrecy::Restricted));
        assert_eq!(document.doc_date.to_string(), "2026-03-05");
        let lying = files(&app, clerk, import.id, &format!("q={}", encode("صورة"))).await;
        let document: diwan_archive_api::Document =
            app.get(clerk, &format!("/api/documents/{}", lying[0].record_id.unwrap())).await.ok();
        assert!(document.attachments[0].name_mismatch && document.attachments[0].media_type == "image/png");
        let report = app.get(clerk, &format!("{base}/report?lang=ar&state=refused")).await;
        assert!(report.body.starts_with(b"PK"), "an XLSX file");
    });
}

#[test]
fn an_import_is_seen_by_who_brought_it_and_changed_by_who_may() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        let (clerk, staff, stranger) = (users["clerk"], users["staff"], app.world.mof.users["clerk"]);
        let import = new_import(&app, clerk).await;
        let base = format!("/api/archive/imports/{}", import.id);
        for path in [base.clone(), format!("{base}/files"), format!("{base}/report")] {
            app.get(stranger, &path).await.refused(404, "not_found");
            app.get(staff, &path).await.refused(403, "forbidden");
        }
        app.grant(staff, diwan_kernel::Permission::ArchiveFile);
        app.get(staff, &base).await.refused(404, "not_found");
        app.post(stranger, &format!("{base}/start"), &()).await.refused(404, "not_found");
        let form = Form::default().file("a.txt", b"a");
        app.upload(stranger, Method::POST, &format!("{base}/files"), form).await.refused(404, "not_found");
        assert!(app.get(stranger, "/api/archive/imports").await.ok::<Page<Import>>().items.is_empty());
        assert_eq!(app.get(clerk, "/api/archive/imports").await.ok::<Page<Import>>().items.len(), 1);
        let secret = NewImport {
            name: "سري".to_owned(),
            defaults: ImportDefaults { secrecy: Secrecy::TopSecret, class_code: Some("9".to_owned()), ..defaults() },
        };
        let answer = app.post(staff, "/api/archive/imports", &secret).await;
        answer.refused(422, "invalid");
        let wrong: Vec<String> = answer.wrong_fields().into_iter().map(|(field, _)| field).collect();
        assert_eq!(wrong, ["defaults.secrecy", "defaults.class_code"]);
        let table = "subject\nno path\n";
        let request = TestRequest::put().uri(&format!("{base}/table")).set_payload(table);
        let told: ImportTable = app.send(clerk, request).await.ok();
        assert_eq!(told.faults[0].code, "missing_column");
        app.post(clerk, &format!("{base}/pause"), &()).await.refused(409, "wrong_state");
    });
}

/// `diwan import` killed in the middle of it, three times, ends with every file exactly once.
#[test]
fn an_import_that_is_killed_three_times_has_every_file_once() {
    const FILES: i64 = 2_000;
    both(|db| {
        let world = diwan_testkit::World::on(&db.db());
        let (source, data) = (small_files(2_000), tempfile::tempdir().unwrap());
        let start = || {
            let database = match db.url() {
                DbUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
                DbUrl::Postgres(url) => url.clone(),
            };
            let mut command = Command::new(program());
            command.args(["import", "--agency", "MODEE", "--as", "clerk.modee", "--log", "error", "--data"]);
            command.arg(data.path()).arg(source.path()).env("DIWAN_DATABASE", database);
            command.stdout(Stdio::null()).spawn().unwrap()
        };
        for part in [200, 700, 1_300] {
            let mut import = start();
            // As long as it lives it files; a busy machine may take its time.
            while kept(&db.db()).0 < part {
                assert!(import.try_wait().unwrap().is_none(), "it ended before {part} files were filed");
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            import.kill().unwrap();
            import.wait().unwrap();
        }
        assert!(kept(&db.db()).0 < FILES, "it was cut off");
        assert!(start().wait().unwrap().success());
        assert_eq!(kept(&db.db()), (FILES, FILES, FILES, FILES));
        let blobs = BlobStore::in_folder(&data.path().join("files")).unwrap();
        let stored = tokio::runtime::Runtime::new().unwrap().block_on(blobs.count()).unwrap();
        assert_eq!(i64::try_from(stored).unwrap(), FILES);
        // Once more: nothing is new.
        assert!(start().wait().unwrap().success());
        assert_eq!(kept(&db.db()).0, FILES);
        assert!(world.modee.id > 0);
    });
}

#[test]
fn two_imports_of_one_folder_at_once_file_every_content_once() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        app.grant(app.world.modee.users["staff"], diwan_kernel::Permission::ArchiveFile);
        let source = small_files(400);
        let order = order(source.path());
        let run = async |name: &str| {
            let import = folder::begin(&app.platform, &actor(&app, name), &order).await.unwrap();
            import.run(|_| true).await.unwrap()
        };
        // The same person's second run joins the first, another person's is an import of its own.
        let (one, same, other) = tokio::join!(run("clerk"), run("clerk"), run("staff"));
        assert_eq!(one.id, same.id);
        assert_eq!(kept(&app.platform.db), (400, 400, 400, 400));
        let clerk = app.world.modee.users["clerk"];
        let mine: Import = app.get(clerk, &format!("/api/archive/imports/{}", one.id)).await.ok();
        let theirs: Import = app.get(clerk, &format!("/api/archive/imports/{}", other.id)).await.ok();
        let (mine, theirs) = (mine.counts, theirs.counts);
        assert_eq!((mine.filed + theirs.filed, mine.duplicate + theirs.duplicate), (400, 400), "{mine:?} {theirs:?}");
    });
}

#[test]
fn an_import_can_be_stopped_and_goes_on() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (clerk, source) = (app.world.modee.users["clerk"], small_files(300));
        let by = actor(&app, "clerk");
        let import = folder::begin(&app.platform, &by, &order(source.path())).await.unwrap();
        let seen = import.run(|_| false).await.unwrap();
        assert_eq!((seen.state, seen.counts.filed, seen.counts.waiting), (ImportState::Running, 100, 200));
        let base = format!("/api/archive/imports/{}", seen.id);
        assert_eq!(app.post(clerk, &format!("{base}/pause"), &()).await.ok::<Import>().state, ImportState::Paused);
        assert_eq!(import.run(|_| true).await.unwrap().counts.filed, 100, "what was stopped stays so");
        let again = folder::begin(&app.platform, &by, &order(source.path())).await.unwrap();
        let done = again.run(|_| true).await.unwrap();
        assert_eq!((done.id, done.state, done.counts.filed), (seen.id, ImportState::Done, 300));
        app.post(clerk, &format!("{base}/start"), &()).await.refused(409, "wrong_state");
    });
}

#[test]
fn names_of_255_bytes_and_files_that_are_none_are_told() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (clerk, source) = (app.world.modee.users["clerk"], tempfile::tempdir().unwrap());
        let long = format!("{}.txt", "ك".repeat(125));
        assert_eq!(long.len(), 254);
        let long = format!("{}a.txt", "ك".repeat(125));
        assert_eq!(long.len(), 255);
        std::fs::write(source.path().join(&long), "طويل").unwrap();
        std::fs::write(source.path().join("فارغ.txt"), "").unwrap();
        std::fs::write(source.path().join(".hidden"), "x").unwrap();
        std::fs::write(source.path().join("Thumbs.db"), "x").unwrap();
        std::fs::write(source.path().join("كبير.bin"), vec![0; 9 << 20]).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", source.path().join("رابط.txt")).unwrap();
        let import = folder::begin(&app.platform, &actor(&app, "clerk"), &order(source.path())).await.unwrap();
        let done = import.run(|_| true).await.unwrap();
        assert_eq!((done.counts.filed, done.counts.failed, done.counts.all()), (1, 2, 3));
        let failed = files(&app, clerk, done.id, "state=failed").await;
        let mut codes: Vec<&str> = failed.iter().map(|file| file.faults[0].code.as_str()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["file_empty", "too_large"]);
        let filed = files(&app, clerk, done.id, "state=filed").await;
        let document: diwan_archive_api::Document =
            app.get(clerk, &format!("/api/documents/{}", filed[0].record_id.unwrap())).await.ok();
        assert_eq!(
            (filed[0].path.as_str(), document.attachments[0].file_name.as_str()),
            (long.as_str(), long.as_str())
        );
    });
}
