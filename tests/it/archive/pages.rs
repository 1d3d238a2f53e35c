//! Scanned pages: recognised by jobs, found by their words, looked at on the check desk.

use diesel::prelude::*;
use diwan_archive_api::{CheckItem, CheckedWord, CheckedWords, Document, ScanPage, ScanPages, ScanWord, SearchAnswer};
use diwan_db::DbError;
use diwan_kernel::Page;
use diwan_platform_api::files::{ContentState, PageState};
use diwan_schema::platform::{jobs, scan_pages};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document, encode, shared_data};

fn scan(name: &str) -> Vec<u8> {
    std::fs::read(shared_data("documents/derived-arabic").join(name)).unwrap()
}

/// A scan that is filed, recognised and indexed: its record and its file.
async fn recognised(app: &mut TestApp, user: i64, name: &str) -> (i64, i64) {
    let filed = app.file(user, &document("كتاب ممسوح"), &[(name, &scan(name))]).await;
    app.extract().await;
    app.index();
    (filed.head.id, filed.attachments[0].id)
}

async fn desk(app: &TestApp, user: i64) -> Vec<CheckItem> {
    app.get(user, "/api/archive/check-desk").await.ok::<Page<CheckItem>>().items
}

async fn find(app: &TestApp, user: i64, words: &str) -> SearchAnswer {
    app.find(user, &format!("q={}", encode(words))).await
}

async fn words(app: &TestApp, user: i64, file: i64) -> Vec<ScanWord> {
    app.get(user, &format!("/api/attachments/{file}/pages/1")).await.ok::<ScanPage>().words
}

#[test]
fn a_scan_is_found_by_words_that_only_its_picture_has() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let (record, file) = recognised(&mut app, clerk, "scan_01.png").await;
        // From the truth beside the file, with another alef and without the article.
        let found = find(&app, clerk, "لايحة غرامات والجزاءات المخالفات البلديه").await;
        assert_eq!(found.hits.len(), 1);
        assert_eq!((found.hits[0].id, found.hits[0].place.attachment_id), (record, Some(file)));
        assert_eq!(found.hits[0].place.page, Some(1));
        let pages: ScanPages = app.get(clerk, &format!("/api/attachments/{file}/pages")).await.ok();
        assert_eq!((pages.items.len(), pages.items[0].state), (1, PageState::Read));
        assert!(pages.items[0].confidence > 60 && pages.items[0].doubtful > 0);
        let find = encode("بلدية");
        let page: ScanPage = app.get(clerk, &format!("/api/attachments/{file}/pages/1?find={find}")).await.ok();
        let hits: Vec<&ScanWord> = page.words.iter().filter(|word| word.found).collect();
        assert!(hits.len() >= 2 && hits.iter().all(|word| word.text.contains("بلدي")), "{:?}", page.words);
        assert!(hits.iter().all(|word| word.width > 0 && word.left < 10_000 && word.top < 10_000));
    });
}

#[test]
fn a_page_is_seen_as_a_picture() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let (_, file) = recognised(&mut app, clerk, "scan_08.pdf").await;
        let sizes = ["thumbnail", "page"].map(|size| format!("/api/attachments/{file}/pages/1/picture?size={size}"));
        let small = app.get(clerk, &sizes[0]).await;
        assert_eq!(small.header("content-type"), "image/jpeg");
        let large = app.get(clerk, &sizes[1]).await;
        assert!(large.body.len() > small.body.len() && small.body.starts_with(&[0xff, 0xd8]));
        app.get(clerk, &format!("/api/attachments/{file}/pages/9/picture")).await.refused(404, "not_found");
        app.get(clerk, &format!("/api/attachments/{file}/pages/9")).await.refused(404, "not_found");
    });
}

#[test]
fn what_a_person_reads_is_found_at_once() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let (record, file) = recognised(&mut app, clerk, "scan_01.png").await;
        let waiting = desk(&app, clerk).await;
        assert_eq!((waiting.len(), waiting[0].record_id, waiting[0].attachment_id), (1, record, file));
        let doubtful: Vec<ScanWord> = words(&app, clerk, file).await.into_iter().filter(|word| word.doubtful).collect();
        assert_eq!(doubtful.len(), usize::try_from(waiting[0].doubtful).unwrap());
        let mut read: Vec<CheckedWord> =
            doubtful.iter().map(|word| CheckedWord { no: word.no, text: word.text.clone() }).collect();
        read[0].text = "زرقاوين".to_owned();
        read[1].text = String::new();
        let path = format!("/api/attachments/{file}/pages/1/words");
        let page: ScanPage = app.put(clerk, &path, &CheckedWords { words: read }).await.ok();
        assert_eq!(page.head.checked, page.head.doubtful);
        assert!(page.words.iter().any(|word| word.checked && word.text == "زرقاوين"));
        assert!(desk(&app, clerk).await.is_empty());
        app.index();
        assert_eq!(find(&app, clerk, "زرقاوين").await.hits.len(), 1);
        assert_eq!(find(&app, clerk, "المخالفات البلدية").await.hits.len(), 1, "the other words are there still");
    });
}

#[test]
fn another_agency_keeps_its_own_readings() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let (ours, theirs) = (app.world.modee.users["clerk"], app.world.mof.users["clerk"]);
        let (_, file) = recognised(&mut app, ours, "scan_01.png").await;
        let (_, other) = recognised(&mut app, theirs, "scan_01.png").await;
        let first = words(&app, ours, file).await.into_iter().find(|word| word.doubtful).unwrap();
        let read = CheckedWords { words: vec![CheckedWord { no: first.no, text: "زرقاوين".to_owned() }] };
        app.put(ours, &format!("/api/attachments/{file}/pages/1/words"), &read).await.ok::<ScanPage>();
        app.index();
        assert_eq!(find(&app, ours, "زرقاوين").await.hits.len(), 1);
        assert!(find(&app, theirs, "زرقاوين").await.hits.is_empty());
        assert!(words(&app, theirs, other).await.iter().all(|word| !word.checked));
        for path in [format!("{file}/pages"), format!("{file}/pages/1"), format!("{file}/pages/1/picture")] {
            app.get(theirs, &format!("/api/attachments/{path}")).await.refused(404, "not_found");
        }
        app.put(theirs, &format!("/api/attachments/{file}/pages/1/words"), &read).await.refused(404, "not_found");
    });
}

#[test]
fn wrong_readings_are_refused() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let (clerk, staff) = (app.world.modee.users["clerk"], app.world.modee.users["staff"]);
        let (_, file) = recognised(&mut app, clerk, "scan_01.png").await;
        let path = format!("/api/attachments/{file}/pages/1/words");
        let read = |no: i32, text: &str| CheckedWords { words: vec![CheckedWord { no, text: text.to_owned() }] };
        for (no, text, field, code) in [
            (99_999, "كلمة", "words.0.no", "word_not_on_page"),
            (-1, "كلمة", "words.0.no", "word_not_on_page"),
            (0, "كلمتان هنا", "words.0.text", "one_word"),
            (0, &"ط".repeat(101), "words.0.text", "too_long"),
        ] {
            let answer = app.put(clerk, &path, &read(no, text)).await;
            answer.refused(422, "invalid");
            assert_eq!(answer.wrong_fields(), [(field.to_owned(), code.to_owned())]);
        }
        app.put(staff, &path, &read(0, "كلمة")).await.refused(403, "forbidden");
        app.get(staff, "/api/archive/check-desk").await.refused(403, "forbidden");
    });
}

#[test]
fn a_recognition_that_was_cut_off_goes_on() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let mut tiff = std::io::Cursor::new(Vec::new());
        let mut writer = tiff::encoder::TiffEncoder::new(&mut tiff).unwrap();
        for _ in 0..20 {
            let paper = vec![255_u8; 300 * 400];
            writer.write_image::<tiff::encoder::colortype::Gray8>(300, 400, &paper).unwrap();
        }
        let filed = app.file(clerk, &document("عشرون صفحة"), &[("pages.tif", tiff.get_ref())]).await;
        let path = format!("/api/attachments/{}/pages", filed.attachments[0].id);
        // The first page tells how many there are; the jobs of the others are taken up one by one.
        app.read_some(2).await;
        let pages: ScanPages = app.get(clerk, &path).await.ok();
        let states = |pages: &ScanPages, state| pages.items.iter().filter(|page| page.state == state).count();
        assert_eq!((pages.items.len(), states(&pages, PageState::Read)), (20, 1));
        let document = format!("/api/documents/{}", filed.head.id);
        assert_eq!(app.get(clerk, &document).await.ok::<Document>().content, ContentState::Pending);
        // One page of the next job was kept before the node died; the job comes again.
        app.platform
            .db
            .upkeep("test.page.read", |tx| {
                let page = diesel::update(scan_pages::table.filter(scan_pages::page.eq(2)));
                Ok::<_, DbError>(page.set(scan_pages::state.eq("read")).execute(tx.conn())?)
            })
            .unwrap();
        app.extract().await;
        let pages: ScanPages = app.get(clerk, &path).await.ok();
        assert_eq!(states(&pages, PageState::Read), 20);
        let read: Document = app.get(clerk, &document).await.ok();
        assert_eq!((read.content, read.content_reason.as_deref()), (ContentState::NoText, Some("empty")));
        assert_eq!(read.attachments[0].pages, Some(20));
        let left: i64 =
            app.platform.db.read_now(|tx| Ok::<_, DbError>(jobs::table.count().get_result(tx.conn())?)).unwrap();
        assert_eq!(left, 0, "no job is left behind");
    });
}
