//! Bad input and faults, in the order in which the requirements list them. What is tested elsewhere is named here.
//!
//! - wrong or missing fields: `letters::drafts`, `letters::receive`, `people`, and over all routes `requests`
//! - stale version: `letters::drafts`, `letters::settings`, `people::users`, `people::organisation`, `archive::documents`
//! - somebody else's record: `archive::files`, and over all routes the story `letter::stranger`
//! - forbidden step: `letters::issue`, `letters::drafts`, and over all routes the story `letter::insiders`
//! - an upload over the limit: below, against a real process; `archive::files` for the limit itself
//! - a file whose name lies about its type: `archive::files`
//! - a zip bomb: `archive::bad_input`, `limits` of the package diwan-extract
//! - a PDF that loops: below
//! - broken JSON: over all routes `requests`
//! - a subject of 1 MB; bidi control characters in a subject: below
//! - two clerks register the same letter at once: below
//! - 50 issuers at once on one register: below
//! - kill -9 between commit and index: below, against a real process; `archive::index` for every way an index is healed
//! - mail server down: below; `work::mail` of the package diwan-platform for what is sent once it is up
//! - disk full on upload: `archive::faults`
//! - lost network while typing: below, the server's part of it
//! - every file of the collection of bad files: `archive::bad_input`

use std::collections::BTreeSet;

use actix_web::{http::Method, test::TestRequest};
use diwan_archive_api::Document;
use diwan_db::DbError;
use diwan_kernel::{Page, Permission};
use diwan_mail::Mailer;
use diwan_platform::work::{Work, mail};
use diwan_platform_api::{
    files::ContentState,
    work::{Draft, DraftSummary, JobCounts, JobState, JobView, PutDraft},
};
use diwan_tarasol_api::{LetterStep, StepNote};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Form, TestApp, document, letter, until};
use futures_util::future::join_all;

/// A PDF whose tree of pages comes back to its own root.
const LOOP: &[u8] = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
    2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
    3 0 obj\n<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>\nendobj\n\
    trailer\n<< /Root 1 0 R /Size 4 >>\n%%EOF\n";

#[test]
fn a_pdf_that_loops_is_kept_with_a_reason() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let filed = app.file(clerk, &document("حلقة"), &[("loop.pdf", LOOP)]).await;
        app.extract().await;
        let read: Document = app.get(clerk, &format!("/api/documents/{}", filed.head.id)).await.ok();
        assert!(matches!(read.content, ContentState::Refused | ContentState::NoText), "{:?}", read.content);
        assert!(read.content_reason.is_some());
        let content = app.get(clerk, &format!("/api/attachments/{}/content", read.attachments[0].id)).await;
        assert_eq!(&content.body[..], LOOP);
    });
}

#[test]
fn a_subject_of_a_megabyte_is_refused_by_its_length() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let long = "س".repeat(1 << 19);
        assert_eq!(long.len(), 1 << 20);
        let told = app.post(clerk, "/api/letters", &letter(app.world.mof.id, &long)).await.refused(422, "invalid");
        assert_eq!((told.fields[0].field.as_str(), told.fields[0].code.as_str()), ("subject", "too_long"));
        assert!(told.fields[0].args.contains_key("max"));
        // In a form the text is held in memory, and so cut off earlier.
        let form = Form::default().text("document", &serde_json::to_string(&document(&long)).unwrap());
        let told = app.upload(clerk, Method::POST, "/api/documents", form.file("أ.txt", b"x")).await;
        assert_eq!(told.wrong_fields(), [("document".to_owned(), "too_long".to_owned())]);
        // More than the server reads of any JSON is refused before it is read.
        let huge = "س".repeat(4 << 20);
        app.post(clerk, "/api/letters", &letter(app.world.mof.id, &huge)).await.refused(413, "too_large");
        let all: Page<serde_json::Value> = app.get(clerk, "/api/letters?direction=outgoing").await.ok();
        assert!(all.items.is_empty());
    });
}

#[test]
fn direction_controls_in_a_subject_are_refused() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let controls = ["\u{202a}", "\u{202b}", "\u{202c}", "\u{202d}", "\u{202e}", "\u{2066}", "\u{2067}", "\u{2069}"];
        for control in controls.into_iter().chain(["\u{0}", "\u{7}", "\u{1b}"]) {
            let subject = format!("صرف {control}مبلغ 1000");
            let expected = [("subject".to_owned(), "control_characters".to_owned())];
            let told = app.post(clerk, "/api/letters", &letter(app.world.mof.id, &subject)).await;
            assert_eq!(told.wrong_fields(), expected, "{control:?}");
            let form = Form::default().text("document", &serde_json::to_string(&document(&subject)).unwrap());
            let told = app.upload(clerk, Method::POST, "/api/documents", form.file("أ.txt", b"x")).await;
            assert_eq!(told.wrong_fields(), expected, "{control:?}");
        }
    });
}

#[test]
fn of_two_clerks_who_register_at_once_one_wins_and_the_other_is_told() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (first, second) = (app.world.mof.users["clerk"], app.world.mof.users["staff"]);
        app.grant(second, Permission::LettersRegister);
        app.grant(second, Permission::RecordsReadAll);
        for n in 1..=5 {
            let (_, incoming) = app.issued(&letter(app.world.mof.id, "كتاب")).await;
            let version = app.letter(first, incoming).await.head.version;
            let path = format!("/api/letters/{incoming}/register");
            let (path, note) = (path.as_str(), StepNote::default());
            let register = async |who| app.post_at(who, path, version, &note).await;
            let answers = join_all([register(first), register(second)]).await;
            let won: Vec<_> = answers.iter().filter(|answer| answer.status.as_u16() == 200).collect();
            assert_eq!(won.len(), 1);
            assert_eq!(won[0].ok::<LetterStep>().number, Some(format!("2026/{n}")), "no number is lost");
            let told: diwan_kernel::Problem =
                answers.iter().find(|answer| answer.status.as_u16() != 200).unwrap().json("409".parse().unwrap());
            assert!(["stale", "wrong_state"].contains(&told.code.as_str()), "{told:?}");
        }
    });
}

#[test]
fn fifty_issuers_at_once_leave_no_gap_and_no_duplicate() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let sg = app.world.modee.users["sg"];
        let mut ready = Vec::new();
        for n in 0..50 {
            ready.push(app.approved(&letter(app.world.mof.id, &format!("كتاب {n}"))).await);
        }
        let sign = async |id: i64| app.step(sg, id, "sign", &StepNote::default()).await.ok::<LetterStep>().number;
        let signed = join_all(ready.iter().map(|id| sign(*id))).await;
        let numbers: BTreeSet<String> = signed.into_iter().flatten().collect();
        let expected: BTreeSet<String> = (1..=50).map(|n| format!("MODEE/2026/{n}")).collect();
        assert_eq!(numbers, expected);
    });
}

#[test]
fn a_mail_server_that_is_down_is_seen_and_tried_again() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let (clerk, operator) = (app.world.mof.users["clerk"], app.world.modee.users["staff"]);
        app.grant(operator, Permission::JobsManage);
        with_email(&app, clerk);
        // A port where nobody listens.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mailer = Mailer::new(&format!("smtp://127.0.0.1:{port}"), "Diwan <diwan@gov.example>").unwrap();
        let mut work = Work::default();
        mail::register(&mut work, mailer, "https://diwan.example".to_owned());
        let _running = app.start(work);
        mail_follows(&app).await;
        app.issued(&letter(app.world.mof.id, "كتاب")).await;
        let mails = async || {
            let jobs: Page<JobView> = app.get(operator, "/api/jobs?limit=100").await.ok();
            jobs.items.into_iter().filter(|job| job.kind == mail::JOB).collect::<Vec<_>>()
        };
        let failed =
            until("the failure shows", async || mails().await.pop().filter(|job| job.last_error.is_some())).await;
        assert_eq!((failed.state, failed.attempts), (JobState::Waiting, 1));
        app.get(clerk, "/api/jobs").await.refused(403, "forbidden");
        app.post(operator, &format!("/api/jobs/{}/retry", failed.id), &()).await.done();
        until("it was tried again", async || mails().await.pop().filter(|job| job.attempts >= 2)).await;
        app.delete(operator, "/api/jobs/999999").await.refused(404, "not_found");
        let counts: JobCounts = app.get(operator, "/api/jobs/count").await.ok();
        assert!(counts.waiting + counts.running >= 1);
    });
}

fn with_email(app: &TestApp, user_id: i64) {
    use diesel::prelude::*;
    use diwan_schema::platform::users;
    let set = |tx: &mut diwan_db::WriteTx<'_>| {
        let address = users::email.eq("clerk@mof.gov.example");
        Ok::<_, DbError>(diesel::update(users::table.find(user_id)).set(address).execute(tx.conn())?)
    };
    app.platform.db.upkeep("test.email", set).unwrap();
}

/// The follower of mails begins at the end of the outbox: wait until it has begun.
async fn mail_follows(app: &TestApp) {
    use diesel::prelude::*;
    use diwan_schema::platform::follower_positions::dsl as f;
    until("the mails have a position", async || {
        let known = app.platform.db.read_now::<_, DbError>(|tx| {
            Ok(f::follower_positions.find("mail").select(f::name).first::<String>(tx.conn()).optional()?)
        });
        known.unwrap()
    })
    .await;
}

#[test]
fn what_was_typed_is_kept_while_the_network_is_gone() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (clerk, other) = (app.world.modee.users["clerk"], app.world.modee.users["staff"]);
        let draft = |body: &str| PutDraft { body: body.to_owned() };
        let path = "/api/drafts/letter-new";
        app.get(clerk, path).await.refused(404, "not_found");
        for body in ["{\"subject\":\"طلب\"}", "{\"subject\":\"طلب تخصيص\"}"] {
            app.put(clerk, path, &draft(body)).await.ok::<Draft>();
        }
        assert_eq!(app.get(clerk, path).await.ok::<Draft>().body, "{\"subject\":\"طلب تخصيص\"}");
        app.get(other, path).await.refused(404, "not_found");
        let list: Vec<DraftSummary> = app.get(clerk, "/api/drafts").await.ok();
        assert_eq!(list[0].key, "letter-new");
        let large = app.put(clerk, path, &draft(&"x".repeat((1 << 20) + 1))).await;
        assert!(large.status.is_client_error(), "{}", large.text());
        app.delete(clerk, path).await.done();
        app.get(clerk, path).await.refused(404, "not_found");
    });
}

#[test]
fn a_form_that_breaks_off_is_told_as_such() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        for body in
            ["", "--XXX\r\n", "--XXX\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\nhalf"]
        {
            let request = TestRequest::post().uri("/api/documents").set_payload(body);
            let request = request.insert_header(("content-type", "multipart/form-data; boundary=XXX"));
            app.send(clerk, request).await.refused(400, "bad_form");
        }
        assert_eq!(app.platform.blobs.count().await.unwrap(), 0);
    });
}
