//! The nightly sweeper mends what was done behind the index's back.

use std::{
    fs::{self, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::Path,
};

use diesel::prelude::*;
use diwan_archive_api::{IndexStatus, SweepStatus};
use diwan_db::DbError;
use diwan_kernel::Permission;
use diwan_schema::platform::{outbox, records};
use diwan_search::{Entry, Settings, State};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document};

async fn file(app: &TestApp, subject: &str) -> i64 {
    app.file(app.world.modee.users["clerk"], &document(subject), &[("نص.txt", b"x")]).await.head.id
}

async fn finds(app: &TestApp, words: &str) -> bool {
    !app.subjects(app.world.modee.users["clerk"], words).await.is_empty()
}

fn sweep(app: &mut TestApp) -> SweepStatus {
    app.indexer.as_mut().unwrap().sweep_now(&app.platform).unwrap()
}

/// What it mended, without its counts and times.
fn mended(sweep: &SweepStatus) -> [u64; 4] {
    [sweep.missing, sweep.changed, sweep.gone, sweep.damaged]
}

#[test]
fn entries_deleted_altered_or_made_up_are_mended() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let (first, second) = (file(&app, "قرار التعيين").await, file(&app, "كتاب التهنئة").await);
        file(&app, "محضر الجلسة").await;
        app.index();
        let clean = sweep(&mut app);
        assert_eq!((clean.compared, mended(&clean)), (3, [0; 4]));

        let mut app = app.restart_indexer(|folder| {
            let (_, mut indexer, state) = diwan_search::open(folder, Settings::default()).unwrap();
            let State::Ready { payload: Some(position) } = state else { panic!("{state:?}") };
            indexer.delete([u64::try_from(first).unwrap()]);
            let other = |id: u64| Entry { id, subject: "كلام محرف".into(), ..Entry::default() };
            indexer.upsert([other(u64::try_from(second).unwrap()), other(987_654)]).unwrap();
            indexer.commit(&position).unwrap();
        });
        app.index();
        assert!(!finds(&app, "التعيين").await && !finds(&app, "التهنئة").await, "the outbox knows of nothing");
        assert_eq!(mended(&sweep(&mut app)), [1, 1, 1, 0]);
        assert!(finds(&app, "التعيين").await && finds(&app, "التهنئة").await && finds(&app, "الجلسة").await);
        assert_eq!(app.find(app.world.modee.users["clerk"], "q=").await.total, 3);
        assert_eq!(mended(&sweep(&mut app)), [0; 4]);
    });
}

#[test]
fn what_the_outbox_never_told_is_found_out() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let changed = file(&app, "العنوان القديم").await;
        app.index();
        file(&app, "ضائع بين السطور").await;
        app.platform
            .db
            .upkeep("test", |tx| {
                diesel::update(outbox::table).set(outbox::topic.eq("lost")).execute(tx.conn())?;
                diesel::update(records::table.find(changed))
                    .set(records::subject.eq("العنوان الجديد"))
                    .execute(tx.conn())?;
                Ok::<_, DbError>(())
            })
            .unwrap();
        app.index();
        assert!(!finds(&app, "السطور").await && !finds(&app, "الجديد").await);
        assert_eq!(mended(&sweep(&mut app)), [1, 1, 0, 0]);
        assert!(finds(&app, "السطور").await && finds(&app, "الجديد").await && !finds(&app, "القديم").await);
    });
}

/// Damages the bytes of the largest file in place: it is mapped, so it must keep its length.
fn damage(folder: &Path) {
    let folders = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|path| fs::read_dir(path).unwrap().flatten().map(|entry| entry.path()));
    let store = files.filter(|path| path.extension().is_some_and(|end| end == "store"));
    let largest = store.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
    let mut file = OpenOptions::new().write(true).open(largest).unwrap();
    file.seek(SeekFrom::Start(3)).unwrap();
    file.write_all(&[0xA5; 16]).unwrap();
}

#[test]
fn a_damaged_segment_is_found_and_the_index_made_anew() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        for n in 0..5 {
            file(&app, &format!("كتاب {n}")).await;
        }
        app.index();
        damage(&app.index_folder());
        let found = sweep(&mut app);
        assert!(found.damaged > 0, "{found:?}");
        let clerk = app.world.modee.users["clerk"];
        assert_eq!(app.find(clerk, "q=").await.total, 5);
        assert_eq!(mended(&sweep(&mut app)), [0; 4]);

        app.grant(clerk, Permission::JobsManage);
        let status: IndexStatus = app.get(clerk, "/api/index/status").await.ok();
        assert_eq!((status.entries, status.records, status.behind), (5, 5, 0));
        assert!(status.segments > 0 && status.bytes > 0);
        assert_eq!(status.sweep.unwrap().compared, 5);
        // It is remembered over a restart.
        let app = app.restart_indexer(|_| ());
        let status: IndexStatus = app.get(clerk, "/api/index/status").await.ok();
        assert_eq!(status.sweep.unwrap().compared, 5);
        let asked = app.send(clerk, actix_web::test::TestRequest::post().uri("/api/index/sweep")).await;
        assert_eq!(asked.status.as_u16(), 204);
        let staff = app.world.modee.users["staff"];
        let refused = app.send(staff, actix_web::test::TestRequest::post().uri("/api/index/sweep")).await;
        refused.refused(403, "forbidden");
    });
}

#[test]
fn searching_goes_on_while_the_index_is_built_anew() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        for n in 0..12 {
            file(&app, &format!("كتاب {n}")).await;
        }
        app.index();
        let (mut indexer, platform) = (app.indexer.take().unwrap(), app.platform.clone());
        let building = std::thread::spawn(move || {
            for _ in 0..5 {
                assert_eq!(indexer.rebuild_now(&platform).unwrap(), 12);
            }
        });
        let mut asked = 0;
        while !building.is_finished() || asked == 0 {
            assert_eq!(app.find(clerk, "q=").await.total, 12);
            assert_eq!(app.subjects(clerk, "كتاب").await.len(), 12);
            asked += 1;
        }
        building.join().unwrap();
    });
}
