//! The index follows the database, and heals whatever happens to it.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use actix_web::{http::Method, test::TestRequest};
use diwan_archive_api::{IndexState, IndexStatus};
use diwan_db::Backend;
use diwan_kernel::Permission;
use diwan_platform::work::Work;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Form, TestApp, document};

async fn file(app: &TestApp, subject: &str) {
    app.file(app.world.modee.users["clerk"], &document(subject), &[("نص.txt", b"x")]).await;
}

async fn finds(app: &TestApp, words: &str) -> bool {
    !app.subjects(app.world.modee.users["clerk"], words).await.is_empty()
}

#[test]
fn a_kill_between_commit_and_index_loses_nothing() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        file(&app, "قبل القتل").await;
        app.index();
        file(&app, "بعد الالتزام").await;
        // The database has it, the index has not, and the process dies.
        let mut app = app.restart_indexer(|_| ());
        assert!(finds(&app, "القتل").await, "what was committed to the index is there at once");
        assert!(!finds(&app, "الالتزام").await);
        app.index();
        assert!(finds(&app, "الالتزام").await);
        let mut app = app.restart_indexer(|_| ());
        app.index();
        assert!(finds(&app, "القتل").await && finds(&app, "الالتزام").await);
        assert_eq!(app.find(app.world.modee.users["clerk"], "q=").await.total, 2, "nothing is there twice");
    });
}

#[test]
fn a_lost_or_damaged_index_is_made_anew() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        for n in 0..5 {
            file(&app, &format!("كتاب {n}")).await;
        }
        app.index();
        let mut app = app.restart_indexer(|folder| fs::remove_dir_all(folder).unwrap());
        app.index();
        assert_eq!(app.find(app.world.modee.users["clerk"], "q=").await.total, 5);
        let mut app = app.restart_indexer(|folder| {
            for file in files(folder) {
                fs::write(file, b"damaged").unwrap();
            }
        });
        file(&app, "أثناء البناء").await;
        app.index();
        assert_eq!(app.find(app.world.modee.users["clerk"], "q=").await.total, 6);
        assert!(finds(&app, "البناء").await);
    });
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn an_index_that_is_ahead_of_its_database_is_made_anew() {
    both_async(async |db: TestDb| {
        let backend = db.backend();
        let mut ahead = TestApp::new(db);
        for _ in 0..3 {
            file(&ahead, "من المستقبل").await;
        }
        ahead.index();
        // As if the database were restored from a backup that is older than the index.
        let old = TestApp::new(TestDb::on(backend));
        file(&old, "من النسخة").await;
        let mut old = old.restart_indexer(|folder| {
            fs::remove_dir_all(folder).unwrap();
            copy(&ahead.index_folder(), folder);
        });
        assert!(!finds(&old, "النسخة").await);
        old.index();
        assert!(finds(&old, "النسخة").await);
        // Transaction numbers are the server's on PostgreSQL: there another database of the same server is not noticed.
        if backend == Backend::Sqlite {
            assert!(!finds(&old, "المستقبل").await);
        }
    });
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { fs::copy(from, to).map(|_| ()).unwrap() }
    }
}

#[test]
fn what_is_committed_is_found_while_the_server_runs() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let _running = app.start(Work::default());
        file(&app, "كتاب عاجل").await;
        let mut found = false;
        for _ in 0..300 {
            found = finds(&app, "عاجل").await;
            if found {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(found, "not found within half a minute");
    });
}

#[test]
fn operators_see_the_index_and_have_it_rebuilt() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        file(&app, "وثيقة").await;
        app.get(clerk, "/api/index/status").await.refused(403, "forbidden");
        app.upload(clerk, Method::POST, "/api/index/rebuild", Form::default()).await.refused(403, "forbidden");
        app.grant(clerk, Permission::JobsManage);
        app.index();
        let status: IndexStatus = app.get(clerk, "/api/index/status").await.ok();
        assert_eq!((status.state, status.entries, status.records), (IndexState::Ready, 1, 1));
        assert!(status.committed_at.is_some() && status.fault.is_none());
        let asked = app.send(clerk, TestRequest::post().uri("/api/index/rebuild")).await;
        assert_eq!(asked.status.as_u16(), 204);
        assert_eq!(app.indexer.as_mut().unwrap().rebuild_now(&app.platform).unwrap(), 1);
        assert!(finds(&app, "وثيقة").await);
    });
}
