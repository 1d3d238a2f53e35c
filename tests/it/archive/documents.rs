//! Documents: filed, listed, changed.

use actix_web::{http::Method, test::TestRequest};
use diwan_archive_api::{Document, DocumentRow, NewDocument};
use diwan_kernel::{Caveat, Page, Secrecy};
use diwan_platform_api::files::ContentState;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Form, TestApp, document, encode};

async fn page(app: &TestApp, user: i64, query: &str) -> Page<DocumentRow> {
    app.get(user, &format!("/api/documents?{query}")).await.ok()
}

fn subjects(page: &Page<DocumentRow>) -> Vec<&str> {
    page.items.iter().map(|row| row.subject.as_str()).collect()
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

async fn change(app: &TestApp, user: i64, id: i64, version: i64, new: &NewDocument) -> diwan_tests::Answer {
    let request = TestRequest::put().uri(&format!("/api/documents/{id}"));
    app.send(user, request.insert_header(("if-match", format!("\"{version}\""))).set_json(new)).await
}

#[test]
fn a_document_is_filed_under_the_next_number() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        for seq in 1..=2 {
            let filed = app.file(clerk, &document("محضر  اجتماع"), &[("نص.txt", "نص".as_bytes())]).await;
            assert_eq!(filed.head.number.as_deref(), Some(format!("و/2026/{seq}").as_str()));
            assert_eq!((filed.head.subject.as_str(), filed.head.state.as_str()), ("محضر اجتماع", "filed"));
            assert_eq!(filed.head.unit.map(|unit| unit.id), Some(app.world.modee.units["registry"]));
            assert_eq!(filed.content, ContentState::Pending);
        }
        app.extract().await;
        let list = page(&app, clerk, "").await;
        let row = &list.items[0];
        assert_eq!((row.content, row.party.as_str()), (ContentState::Text, "ديوان المحاسبة"));
        let read: Document = app.get(clerk, &format!("/api/documents/{}", row.id)).await.ok();
        assert!(read.may_edit);
    });
}

#[test]
fn a_repeated_request_files_nothing_twice() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let send = async |text: &str| {
            let form = Form::default().text("document", &serde_json::to_string(&document("مكرر")).unwrap());
            let request = TestRequest::post().uri("/api/documents").insert_header(("idempotency-key", "k1"));
            app.send(clerk, form.file("أ.txt", text.as_bytes()).on(request)).await
        };
        let first: Document = send("x").await.created();
        assert_eq!(send("x").await.created::<Document>().head.id, first.head.id);
        send("y").await.refused(409, "idempotency_mismatch");
        assert_eq!(page(&app, clerk, "").await.items.len(), 1);
    });
}

#[test]
fn wrong_documents_are_refused_field_by_field() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let send = async |new: &NewDocument| {
            let form = Form::default().text("document", &serde_json::to_string(new).unwrap()).file("أ.txt", b"x");
            app.upload(clerk, Method::POST, "/api/documents", form).await.refused(422, "invalid")
        };
        let wrong = NewDocument {
            subject: "كتاب\u{202e}".to_owned(),
            doc_date: day("2027-01-01"),
            secrecy: Secrecy::TopSecret,
            caveats: vec![Caveat::Personal],
            ..document("")
        };
        let told: Vec<_> = send(&wrong).await.fields.into_iter().map(|field| (field.field, field.code)).collect();
        let expected = [
            ("subject", "control_characters"),
            ("doc_date", "in_future"),
            ("secrecy", "above_clearance"),
            ("caveats", "caveat_not_held"),
        ];
        assert_eq!(told, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
        for (new, field, code) in [
            (NewDocument { class_code: Some("9999".to_owned()), ..document("أ") }, "class_code", "unknown_class"),
            (NewDocument { unit_id: Some(app.world.mof.units["legal"]), ..document("أ") }, "unit_id", "unknown_unit"),
            (NewDocument { subject: "x".repeat(1 << 10), ..document("") }, "subject", "too_long"),
        ] {
            let fields = send(&new).await.fields;
            assert_eq!((fields[0].field.as_str(), fields[0].code.as_str()), (field, code));
        }
        let broken = Form::default().text("document", "{\"subject\": ").file("أ.txt", b"x");
        let problem = app.upload(clerk, Method::POST, "/api/documents", broken).await.refused(422, "invalid");
        assert_eq!((problem.fields[0].code.as_str(), problem.fields[0].args["line"].as_str()), ("bad_json", "1"));
        let huge = Form::default().text("document", &"x".repeat(1 << 20)).file("أ.txt", b"x");
        app.upload(clerk, Method::POST, "/api/documents", huge).await.refused(422, "invalid");
        let missing = Form::default().text("document", &serde_json::to_string(&document("أ")).unwrap());
        app.upload(clerk, Method::POST, "/api/documents", missing).await.refused(422, "invalid");
        let staff = app.world.modee.users["staff"];
        let form = Form::default().text("document", "{}").file("أ.txt", b"x");
        app.upload(staff, Method::POST, "/api/documents", form).await.refused(403, "forbidden");
        assert!(page(&app, clerk, "").await.items.is_empty());
    });
}

#[test]
fn the_list_is_filtered_sorted_and_paged_by_key() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        for n in 1..=7 {
            let new = NewDocument {
                doc_date: day(&format!("2026-0{}-01", 1 + n % 4)),
                class_code: Some(if n % 2 == 0 { "1000" } else { "2000" }.to_owned()),
                secrecy: if n == 7 { Secrecy::Secret } else { Secrecy::Normal },
                ..document(&format!("وثيقة {n}"))
            };
            app.file(clerk, &new, &[("نص.txt", format!("نص {n}").as_bytes())]).await;
        }
        for (sort, expected) in [
            ("newest", ["وثيقة 7", "وثيقة 3", "وثيقة 6", "وثيقة 2", "وثيقة 5", "وثيقة 1", "وثيقة 4"]),
            ("oldest", ["وثيقة 4", "وثيقة 1", "وثيقة 5", "وثيقة 2", "وثيقة 6", "وثيقة 3", "وثيقة 7"]),
            ("filed", ["وثيقة 7", "وثيقة 6", "وثيقة 5", "وثيقة 4", "وثيقة 3", "وثيقة 2", "وثيقة 1"]),
        ] {
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page = page(&app, clerk, &format!("sort={sort}&limit=3{after}")).await;
                seen.extend(page.items.iter().map(|row| row.subject.clone()));
                let Some(next) = page.next else { break };
                after = format!("&after={}", encode(&next));
            }
            assert_eq!(seen, expected, "{sort}");
        }
        assert_eq!(subjects(&page(&app, clerk, "from=2026-03-01&to=2026-03-31").await), ["وثيقة 6", "وثيقة 2"]);
        assert_eq!(page(&app, clerk, "class=1000").await.items.len(), 3);
        assert_eq!(subjects(&page(&app, clerk, "secrecy=secret").await), ["وثيقة 7"]);
        assert_eq!(subjects(&page(&app, clerk, &format!("q={}", encode("وَثيقة ٣"))).await), ["وثيقة 3"]);
        assert_eq!(page(&app, clerk, &format!("q={}", encode("و/2026/5"))).await.items.len(), 1);
        assert_eq!(page(&app, clerk, "content=pending").await.items.len(), 7);
        app.extract().await;
        assert_eq!(page(&app, clerk, "content=text&source=upload").await.items.len(), 7);
        for none in ["content=pending", "content=refused", "content=no_text", "source=letter"] {
            assert!(page(&app, clerk, none).await.items.is_empty(), "{none}");
        }
        app.get(clerk, "/api/documents?after=x").await.refused(422, "invalid");
        app.get(clerk, "/api/documents?from=x").await.refused(400, "bad_query");
        app.get(app.world.modee.users["staff"], "/api/documents").await.refused(403, "forbidden");
    });
}

#[test]
fn a_document_is_changed_by_who_has_read_it() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let filed = app.file(clerk, &document("قديم"), &[("أ.txt", b"x")]).await;
        let (id, version) = (filed.head.id, filed.head.version);
        let new = NewDocument { secrecy: Secrecy::Restricted, class_code: None, ..document("جديد") };
        let changed: Document = change(&app, clerk, id, version, &new).await.ok();
        assert_eq!(
            (changed.head.subject.as_str(), changed.head.secrecy, changed.class_code),
            ("جديد", Secrecy::Restricted, None)
        );
        let stale = change(&app, clerk, id, version, &new).await.refused(409, "stale");
        assert_eq!(stale.args["current"], (version + 1).to_string());
        let request = TestRequest::put().uri(&format!("/api/documents/{id}")).set_json(&new);
        app.send(clerk, request).await.refused(428, "if_match_required");
        let above = NewDocument { secrecy: Secrecy::TopSecret, ..new };
        change(&app, clerk, id, version + 1, &above).await.refused(422, "invalid");
        for stranger in [app.world.mof.users["clerk"], app.world.moh.users["clerk"]] {
            change(&app, stranger, id, version + 1, &above).await.refused(404, "not_found");
            app.get(stranger, &format!("/api/documents/{id}")).await.refused(404, "not_found");
            assert!(page(&app, stranger, "").await.items.is_empty());
        }
    });
}
