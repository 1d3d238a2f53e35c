//! What is kept is looked after: damage is found, backups are whole and come back, drills prove it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant, SystemTime},
};

use actix_web::http::StatusCode;
use diesel::prelude::*;
use diwan_archive::drill;
use diwan_archive_api::{Document, Drill, DrillState};
use diwan_db::{Backend, Db, DbConfig, DbError, DbUrl, NewJob, ReadTx, backup::facts_of};
use diwan_kernel::Permission;
use diwan_platform::{
    files::{BlobStore, Health, fixity},
    work::Work,
};
use diwan_platform_api::fixity::{BlobState, FixityReport};
use diwan_schema::{
    archive::restore_drills,
    platform::{fixity_runs, jobs},
};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document, program};

const PASSPHRASE: &str = "زيتون اخضر في كل مكان\n";

fn address(url: &DbUrl) -> String {
    match url {
        DbUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
        DbUrl::Postgres(url) => url.clone(),
    }
}

/// Runs `diwan` on the app's database and folder.
fn diwan(app: &TestApp, words: &[&str]) -> (bool, String) {
    diwan_on(&address(app.db.url()), app.folder.path(), words)
}

fn diwan_on(database: &str, data: &Path, words: &[&str]) -> (bool, String) {
    let mut child = Command::new(program())
        .args(words)
        .env("DIWAN_DATA", data)
        .env("DIWAN_DATABASE", database)
        .env("DIWAN_LOG", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(PASSPHRASE.as_bytes()).unwrap();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.success(), format!("{}{}", String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap()))
}

#[track_caller]
fn good((good, told): (bool, String)) -> String {
    assert!(good, "{told}");
    told
}

#[track_caller]
fn bad((good, told): (bool, String)) -> String {
    assert!(!good, "{told}");
    told
}

/// Documents with files of their own, one of them large; and a clerk who looks after jobs.
async fn filled(app: &TestApp) -> Vec<Document> {
    let clerk = app.world.modee.users["clerk"];
    app.grant(clerk, Permission::JobsManage);
    let mut filed = Vec::new();
    for n in 0..4 {
        let text = format!("محضر اجتماع لجنة المباني {n} في عمان بتاريخ اليوم");
        filed.push(
            app.file(clerk, &document(&format!("محضر لجنة المباني {n}")), &[("محضر.txt", text.as_bytes())]).await,
        );
    }
    let large: Vec<u8> = (0..7_000_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    filed.push(app.file(clerk, &document("مخطط كبير"), &[("مخطط.bin", &large)]).await);
    app.extract().await;
    filed
}

async fn place_of(app: &TestApp, hash: &str) -> PathBuf {
    app.platform.blobs.on_disk(hash).await.unwrap().path().to_owned()
}

#[test]
fn damage_is_found_told_and_cured_from_the_backup() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let filed = filled(&app).await;
        let clerk = app.world.modee.users["clerk"];
        let backup = app.folder.path().join("backup");
        let to = backup.to_str().unwrap();
        good(diwan(&app, &["backup", "--to", to, "--passphrase-file", "-"]));

        let hashes: Vec<String> = filed.iter().map(|one| one.attachments[0].hash.clone()).collect();
        fs::write(place_of(&app, &hashes[0]).await, "نص آخر").unwrap();
        fs::remove_file(place_of(&app, &hashes[4]).await).unwrap();
        let orphan = app.folder.path().join("files/blobs/aa").join("aa".repeat(32));
        fs::create_dir_all(orphan.parent().unwrap()).unwrap();
        fs::write(&orphan, "نسيته معاملة").unwrap();
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        fs::File::options().write(true).open(&orphan).unwrap().set_modified(old).unwrap();

        fixity::check(&app.platform).await.unwrap();
        app.get(app.world.modee.users["staff"], "/api/fixity").await.refused(403, "forbidden");
        let report: FixityReport = app.get(clerk, "/api/fixity").await.ok();
        assert_eq!((report.blobs, report.checked, report.bad_count, report.orphan_count), (5, 5, 2, 1));
        let states: Vec<_> = report.bad.iter().map(|bad| (bad.hash.as_str(), bad.state, bad.records)).collect();
        assert_eq!(states, [(hashes[0].as_str(), BlobState::Damaged, 1), (hashes[4].as_str(), BlobState::Missing, 1)]);
        assert!(report.orphans[0].place.ends_with(&"aa".repeat(32)));
        let shown: Document = app.get(clerk, &format!("/api/documents/{}", filed[0].head.id)).await.ok();
        assert_eq!(shown.attachments[0].damage, Some(BlobState::Damaged), "who opens the document is told");

        let told = bad(diwan(&app, &["fixity"]));
        assert!(told.contains(&hashes[0]) && told.contains("missing"), "{told}");
        let cure = |hash: &str| diwan(&app, &["restore", "--from", to, "--passphrase-file", "-", "--blob", hash]);
        good(cure(&hashes[0]));
        good(cure(&hashes[4]));
        bad(cure(&"bb".repeat(32)));
        let report: FixityReport = app.get(clerk, "/api/fixity").await.ok();
        assert_eq!((report.bad_count, report.bad.len()), (0, 0));
        assert_eq!(app.platform.blobs.examine(&hashes[4]).await.unwrap(), Health::Whole(7_000_000));
        fs::remove_file(&orphan).unwrap();
        app.db.clock().advance(chrono::Duration::minutes(1));
        fixity::check(&app.platform).await.unwrap();
        let report: FixityReport = app.get(clerk, "/api/fixity").await.ok();
        assert_eq!(report.orphan_count, 0, "what is gone is not told again");
    });
}

#[test]
fn a_walk_that_was_broken_off_goes_on_at_its_place() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        filled(&app).await;
        let clerk = app.world.modee.users["clerk"];
        app.post(clerk, "/api/fixity/run", &()).await;
        let report: FixityReport = app.get(clerk, "/api/fixity").await.ok();
        assert!(report.running.is_some() && report.last.is_none());
        app.post(clerk, "/api/fixity/run", &()).await;
        assert!(fixity::walk_on(&app.platform, fixity::Pace::AT_ONCE).await.unwrap());
        let report: FixityReport = app.get(clerk, "/api/fixity").await.ok();
        let last = report.last.unwrap();
        assert!(report.running.is_none(), "asking twice begins one walk");
        assert_eq!((last.checked, report.checked), (5, 5));
        assert!(last.bytes > 7_000_000);
    });
}

#[test]
fn whoever_asks_hurries_a_walk_that_began_by_itself() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        filled(&app).await;
        let clerk = app.world.modee.users["clerk"];
        let by_itself = |tx: &mut diwan_db::WriteTx<'_>| -> Result<(), DbError> {
            let run = (
                fixity_runs::started_at.eq(tx.now()),
                fixity_runs::place.eq(""),
                fixity_runs::checked.eq(0_i64),
                fixity_runs::bytes.eq(0_i64),
            );
            diesel::insert_into(fixity_runs::table).values(run).execute(tx.conn())?;
            tx.enqueue(
                NewJob::new("files.fixity", serde_json::json!({})).priority(900).dedupe("files.fixity".to_owned()),
            )
        };
        app.platform.db.upkeep("test", by_itself).unwrap();
        let report: FixityReport = app.get(clerk, "/api/fixity").await.ok();
        assert!(!report.running.unwrap().asked);
        app.post(clerk, "/api/fixity/run", &()).await;
        let report: FixityReport = app.get(clerk, "/api/fixity").await.ok();
        assert!(report.running.unwrap().asked);
        let urgent = |tx: &mut ReadTx<'_>| {
            let waiting = jobs::table.filter(jobs::kind.eq("files.fixity")).select(jobs::priority);
            Ok::<Vec<i32>, DbError>(waiting.load(tx.conn())?)
        };
        assert_eq!(app.platform.db.read_now(urgent).unwrap(), [150]);
        assert!(fixity::walk_on(&app.platform, fixity::Pace::AT_ONCE).await.unwrap());
        let report: FixityReport = app.get(clerk, "/api/fixity").await.ok();
        assert!(report.running.is_none() && report.last.unwrap().asked);
    });
}

#[test]
fn a_backup_comes_back_whole_and_is_continued() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let filed = filled(&app).await;
        let clerk = app.world.modee.users["clerk"];
        let (backup, keys) = (app.folder.path().join("backup"), app.folder.path().join("keys"));
        let (to, keys_to) = (backup.to_str().unwrap(), keys.to_str().unwrap());
        bad(diwan(&app, &["backup", "--to", to]));
        let told = good(diwan(&app, &["backup", "--to", to, "--passphrase-file", "-", "--keys-to", keys_to]));
        assert!(told.contains("5 files (5 new"), "{told}");

        // A run that was killed has left its half-written pieces behind.
        let half = backup.join("snapshots/20261101T080000Z.new");
        fs::create_dir_all(&half).unwrap();
        fs::write(half.join("database.new"), "نصف").unwrap();
        app.file(clerk, &document("بعد النسخة"), &[("a.txt", b"one more")]).await;
        app.db.clock().advance(chrono::Duration::hours(1));
        let told = good(diwan(&app, &["backup", "--to", to]));
        assert!(told.contains("6 files (1 new"), "{told}");
        assert!(!half.exists());
        let mut snapshots: Vec<_> =
            fs::read_dir(backup.join("snapshots")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        snapshots.sort();
        assert_eq!(snapshots.len(), 2);

        let target = TestDb::empty(app.db.backend());
        let place = app.folder.path().join("restored");
        let database = match target.backend() {
            Backend::Sqlite => format!("sqlite:{}", app.folder.path().join("restored.db").display()),
            Backend::Postgres => address(target.url()),
        };
        let into = place.to_str().unwrap();
        let words = ["restore", "--from", to, "--passphrase-file", "-", "--into", into, "--keys-from", keys_to];
        let told = good(diwan_on(&database, app.folder.path(), &words));
        assert!(told.contains("6 files"), "{told}");
        let url: DbUrl = database.parse().unwrap();
        assert_eq!(facts_of(&url).unwrap().rows["documents"], 6);
        let files = BlobStore::in_folder(&place.join("files")).unwrap();
        for one in &filed {
            assert!(matches!(files.examine(&one.attachments[0].hash).await.unwrap(), Health::Whole(_)));
        }
        let key = |folder: &Path| fs::read(folder.join("master.key")).unwrap();
        assert_eq!(key(&place), key(app.folder.path()));
        let report = Db::open(DbConfig::new(url)).unwrap().verify_audit(i64::from(i32::MAX)).unwrap();
        assert!(report.faults.is_empty());

        // Neither a place nor a database that holds something is written over.
        bad(diwan_on(&database, app.folder.path(), &words));
    });
}

#[test]
fn a_damaged_backup_is_refused_and_leaves_nothing_behind() {
    both_async(async |db: TestDb| {
        if db.backend() == Backend::Postgres {
            // The pieces are the same; only the database inside is of another kind.
            return;
        }
        let app = TestApp::new(db);
        let filed = filled(&app).await;
        let backup = app.folder.path().join("backup");
        let to = backup.to_str().unwrap();
        good(diwan(&app, &["backup", "--to", to, "--passphrase-file", "-"]));
        let into = app.folder.path().join("restored");
        let fresh = format!("sqlite:{}", app.folder.path().join("restored.restoring/diwan.db").display());
        let words = ["restore", "--from", to, "--passphrase-file", "-", "--into", into.to_str().unwrap()];

        let hash = &filed[1].attachments[0].hash;
        let blob = backup.join("blobs").join(hash.get(..2).unwrap()).join(format!("{hash}.age"));
        let whole = fs::read(&blob).unwrap();
        let mut broken = whole.clone();
        let last = broken.len() - 1;
        broken[last] ^= 1;
        fs::write(&blob, &broken).unwrap();
        assert!(bad(diwan_on(&fresh, app.folder.path(), &words)).contains(hash));
        assert!(!into.exists() && !app.folder.path().join("restored.restoring").exists());
        let told = bad(diwan_on(&fresh, app.folder.path(), &[&words[..], &["--despite-damage"]].concat()));
        assert!(told.contains("4 files") && told.contains(hash), "{told}");
        fs::remove_dir_all(&into).unwrap();
        fs::write(&blob, &whole).unwrap();

        let snapshot = fs::read_dir(backup.join("snapshots")).unwrap().next().unwrap().unwrap().path();
        let database = snapshot.join("database.age");
        let mut bytes = fs::read(&database).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&database, bytes).unwrap();
        assert!(bad(diwan_on(&fresh, app.folder.path(), &words)).contains("database.age"));
        assert!(!into.exists());
    });
}

/// Waits until a drill is over, which takes longer than other things.
fn over(app: &TestApp, id: i64) {
    let ended = |tx: &mut ReadTx<'_>| {
        let one = restore_drills::table.find(id).filter(restore_drills::finished_at.is_not_null());
        Ok::<i64, DbError>(one.count().get_result(tx.conn())?)
    };
    let steps = ["brought back", "examined", "over"];
    for step in steps {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(9) {
            if app.platform.db.read_now(ended).unwrap() == 1 {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        eprintln!("the drill is not {step} yet");
    }
    panic!("drill {id} is not over");
}

#[test]
fn a_drill_proves_that_a_backup_comes_back() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let filed = filled(&app).await;
        let clerk = app.world.modee.users["clerk"];
        let begun: Drill = app.post(clerk, "/api/drills", &()).await.created();
        assert_eq!(begun.state, DrillState::Waiting);
        let same: Drill = app.post(clerk, "/api/drills", &()).await.created();
        assert_eq!(same.id, begun.id, "one at a time");
        let path = format!("/api/drills/{}", begun.id);
        app.get(clerk, &format!("{path}/certificate")).await.refused(404, "not_found");
        app.post(app.world.modee.users["staff"], "/api/drills", &()).await.refused(403, "forbidden");

        let mut work = Work::default();
        drill::work(&mut work, app.node.drills.clone(), 0);
        let _running = app.start(work);
        over(&app, begun.id);
        let drill: Drill = app.get(clerk, &path).await.ok();
        let report = drill.report.unwrap();
        assert_eq!(drill.state, DrillState::Passed, "{report:?}");
        assert!(report.fresh && report.rows > 100 && report.links >= 0);
        assert_eq!((report.files, report.documents, report.opened, report.found), (5, 5, 5, 5));
        assert!(
            !app.folder.path().join("scratch").join(format!("drill-{}", drill.id)).exists(),
            "nothing stays behind"
        );
        for lang in ["ar", "en"] {
            let pdf = app.get(clerk, &format!("{path}/certificate?lang={lang}")).await;
            assert_eq!(pdf.status, StatusCode::OK);
            assert!(pdf.body.starts_with(b"%PDF"));
        }

        let hash = &filed[2].attachments[0].hash;
        fs::write(place_of(&app, hash).await, "تالف").unwrap();
        let begun: Drill = app.post(clerk, "/api/drills", &()).await.created();
        over(&app, begun.id);
        let drill: Drill = app.get(clerk, &format!("/api/drills/{}", begun.id)).await.ok();
        assert_eq!(drill.state, DrillState::Failed);
        assert_eq!(drill.report.unwrap().lost, std::slice::from_ref(hash));
    });
}
