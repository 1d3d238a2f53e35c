//! What is made of files: office files as PDF, scans as PDF that can be searched; and files under a password.

use std::process::Command;

use diwan_archive_api::{CheckedWord, CheckedWords, Document, FilePassword, Rendition, RenditionState, ScanPage};
use diwan_platform::work::Work;
use diwan_platform_api::files::ContentState;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document, shared_data, until};

fn shared(name: &str) -> Vec<u8> {
    std::fs::read(shared_data("documents").join(name)).unwrap()
}

/// A file that is filed and read: the document and its attachment.
async fn filed(app: &mut TestApp, user: i64, name: &str) -> (i64, i64) {
    let short = name.rsplit('/').next().unwrap();
    let filed = app.file(user, &document("وثيقة"), &[(short, &shared(name))]).await;
    app.extract().await;
    (filed.head.id, filed.attachments[0].id)
}

/// Asks for a rendition and waits for it.
async fn made(app: &TestApp, user: i64, file: i64, kind: &str) -> Rendition {
    let path = format!("/api/attachments/{file}/renditions/{kind}");
    app.post(user, &path, &()).await.ok::<Rendition>();
    until("the rendition has its end", async || {
        let now: Rendition = app.get(user, &path).await.ok();
        now.state.is_some_and(|state| state != RenditionState::Waiting).then_some(now)
    })
    .await
}

/// What `pdftotext` reads in a PDF.
pub(crate) fn text_of(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let output = Command::new("pdftotext").arg(file.path()).arg("-").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    // Marks of direction are poppler's own.
    text.chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{200e}' | '\u{200f}')).collect()
}

#[test]
fn office_files_are_shown_as_pdf() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let (clerk, stranger) = (app.world.modee.users["clerk"], app.world.mof.users["clerk"]);
        let (_, file) = filed(&mut app, clerk, "derived-arabic/regulation_01.docx").await;
        let (_, text) = filed(&mut app, clerk, "derived-arabic/regulation_01.truth.txt").await;
        let _running = app.start(Work::default());
        let view = made(&app, clerk, file, "view").await;
        assert_eq!((view.state, view.reason), (Some(RenditionState::Made), None));
        let path = format!("/api/attachments/{file}/renditions/view/content");
        let pdf = app.get(clerk, &path).await;
        assert!(pdf.body.starts_with(b"%PDF-"));
        assert!(pdf.header("content-disposition").starts_with("attachment; filename=\"regulation_01.pdf\""));
        app.get(stranger, &path).await.refused(404, "not_found");
        app.post(stranger, &format!("/api/attachments/{file}/renditions/view"), &()).await.refused(404, "not_found");
        app.post(clerk, &format!("/api/attachments/{text}/renditions/view"), &()).await.refused(409, "no_rendition");
        app.get(clerk, &format!("/api/attachments/{text}/renditions/view/content")).await.refused(404, "not_found");
    });
}

#[test]
fn a_scan_becomes_a_pdf_whose_words_are_found_as_they_are_written() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let (_, file) = filed(&mut app, clerk, "derived-arabic/scan_01.png").await;
        let page: ScanPage = app.get(clerk, &format!("/api/attachments/{file}/pages/1")).await.ok();
        let doubt = page.words.iter().find(|word| word.doubtful).unwrap().no;
        let read = CheckedWords { words: vec![CheckedWord { no: doubt, text: "زرقاوين".to_owned() }] };
        app.put(clerk, &format!("/api/attachments/{file}/pages/1/words"), &read).await.ok::<ScanPage>();
        let original = app.get(clerk, &format!("/api/attachments/{file}/content")).await.body;
        let _running = app.start(Work::default());
        let copy = made(&app, clerk, file, "searchable").await;
        assert_eq!((copy.state, copy.reason, copy.done), (Some(RenditionState::Made), None, 1));
        let path = format!("/api/attachments/{file}/renditions/searchable/content");
        let text = text_of(&app.get(clerk, &path).await.body);
        let words: Vec<&str> = text.split_whitespace().collect();
        let arabic = |word: &&str| word.chars().filter(|c| ('ء'..='ي').contains(c)).count() >= 3;
        let wanted: Vec<&str> =
            page.words.iter().filter(|word| word.no != doubt).map(|word| word.text.as_str()).filter(arabic).collect();
        let found = wanted.iter().filter(|word| words.contains(word)).count();
        assert!(wanted.len() > 50 && found * 100 >= wanted.len() * 95, "{found} of {} in {text}", wanted.len());
        assert!(words.contains(&"زرقاوين"), "what a person read is in it: {text}");
        assert_eq!(app.get(clerk, &format!("/api/attachments/{file}/content")).await.body, original);
    });
}

#[test]
fn a_protected_file_is_read_with_its_password_which_is_kept_nowhere() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let (clerk, stranger) = (app.world.modee.users["clerk"], app.world.mof.users["clerk"]);
        let (record, file) = filed(&mut app, clerk, "bad-input/bug53475-password-is-solrcell.docx").await;
        let document = format!("/api/documents/{record}");
        let locked: Document = app.get(clerk, &document).await.ok();
        assert_eq!((locked.content, locked.content_reason.as_deref()), (ContentState::Refused, Some("encrypted")));
        let path = format!("/api/attachments/{file}/password");
        let given = |password: &str| FilePassword { password: password.to_owned() };
        app.post(stranger, &path, &given("solrcell")).await.refused(404, "not_found");
        let wrong = app.post(clerk, &path, &given("غير صحيحة")).await;
        wrong.refused(422, "invalid");
        assert_eq!(wrong.wrong_fields(), [("password".to_owned(), "wrong_file_password".to_owned())]);
        assert_eq!(app.post(clerk, &path, &given("solrcell")).await.status, 204);
        let opened: Document = app.get(clerk, &document).await.ok();
        assert_eq!((opened.content, opened.content_reason), (ContentState::Text, None));
        app.post(clerk, &path, &given("solrcell")).await.refused(409, "not_protected");
        let (_, other) = filed(&mut app, clerk, "bad-input/password-is-test.pdf").await;
        let path = format!("/api/attachments/{other}/password");
        for _ in 0..5 {
            app.post(clerk, &path, &given("no")).await.refused(422, "invalid");
        }
        app.post(clerk, &path, &given("test")).await.refused(429, "too_many");
    });
}
