//! Attachments: what goes in comes out, for those who may.

use actix_web::{http::Method, test::TestRequest};
use diesel::prelude::*;
use diwan_archive_api::Document;
use diwan_db::{Audit, DbError};
use diwan_kernel::{Priority, Secrecy, Who};
use diwan_platform::{
    Limits, Refusal,
    records::{self, NewRecord},
};
use diwan_platform_api::{
    files::{Attachments, ContentState},
    records::RecordKind,
};
use diwan_schema::platform::{attachments, audit_entries};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Form, TestApp, document};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00";

/// A letter of the clerk's ministry in some state.
fn letter(app: &TestApp, state: &'static str) -> i64 {
    let (agency, clerk) = (app.world.modee.id, app.world.modee.users["clerk"]);
    let new = NewRecord {
        agency_id: agency,
        unit_id: Some(app.world.modee.units["registry"]),
        kind: RecordKind::Outgoing,
        subject: "كتاب".to_owned(),
        party: String::new(),
        state,
        secrecy: Secrecy::Normal,
        caveats: Vec::new(),
        priority: Priority::Normal,
        due_on: None,
        class_code: None,
        created_by: clerk,
    };
    let make = |tx: &mut diwan_db::WriteTx<'_>| {
        let id = records::create(tx, &new)?;
        tx.audit(Audit::of_record(id))?;
        Ok::<_, Refusal>(id)
    };
    app.platform.db.write_now(Who::system(), "test.letter", make).unwrap()
}

#[test]
fn a_file_comes_back_as_it_went_in() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let id = letter(&app, "draft");
        let path = format!("/api/records/{id}/attachments");
        let form = Form::default().file("كتاب رسمي.pdf", PDF).file("بيان.txt", "نص البيان".as_bytes());
        let list: Attachments = app.upload(clerk, Method::POST, &path, form).await.created();
        let names: Vec<_> = list.items.iter().map(|file| (file.file_name.as_str(), file.media_type.as_str())).collect();
        assert_eq!(names, [("كتاب رسمي.pdf", "application/pdf"), ("بيان.txt", "text/plain")]);
        assert!(list.may_change && list.items.iter().all(|file| file.content == ContentState::Pending));
        assert_eq!(list.limit_bytes, 8 << 20);

        let content = format!("/api/attachments/{}/content", list.items[0].id);
        let whole = app.get(clerk, &content).await;
        assert_eq!((whole.status.as_u16(), &whole.body[..]), (200, PDF));
        assert_eq!(whole.header("content-type"), "application/pdf");
        assert_eq!(whole.header("x-content-type-options"), "nosniff");
        assert!(whole.header("content-security-policy").starts_with("sandbox"));
        assert!(
            whole
                .header("content-disposition")
                .starts_with("attachment; filename=\"____ ____.pdf\"; filename*=UTF-8''%D9")
        );
        let shown = app.get(clerk, &format!("{content}?inline=1")).await;
        assert!(shown.header("content-disposition").starts_with("inline;"));
        let text = app.get(clerk, &format!("/api/attachments/{}/content?inline=1", list.items[1].id)).await;
        assert!(text.header("content-disposition").starts_with("attachment;"), "a browser could read text as a page");

        let part = app.send(clerk, TestRequest::get().uri(&content).insert_header(("range", "bytes=1-3"))).await;
        assert_eq!((part.status.as_u16(), &part.body[..]), (206, &PDF[1..4]));
        assert_eq!(part.header("content-range"), format!("bytes 1-3/{}", PDF.len()));
        let outside = app.send(clerk, TestRequest::get().uri(&content).insert_header(("range", "bytes=900-"))).await;
        assert_eq!(outside.status.as_u16(), 416);
        let etag = whole.header("etag").to_owned();
        let seen = app.send(clerk, TestRequest::get().uri(&content).insert_header(("if-none-match", etag))).await;
        assert_eq!(seen.status.as_u16(), 304);
    });
}

#[test]
fn a_large_file_goes_in_by_parts_and_is_stored_once() {
    both_async(async |db: TestDb| {
        let app = TestApp::with(db, Limits { upload_bytes: 16 << 20, ..Limits::default() }, None);
        let clerk = app.world.modee.users["clerk"];
        let large: Vec<u8> = (0..12_000_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let first = app.file(clerk, &document("الأول"), &[("a.bin", &large), ("b.bin", &large)]).await;
        let second = app.file(clerk, &document("الثاني"), &[("c.bin", &large)]).await;
        assert_eq!(app.platform.blobs.count().await.unwrap(), 1, "one content, one blob, nothing left of the upload");
        let ids: Vec<i64> = first.attachments.iter().chain(&second.attachments).map(|file| file.id).collect();
        assert_eq!(ids.len(), 3);
        for id in ids {
            assert!(app.get(clerk, &format!("/api/attachments/{id}/content")).await.body == large);
        }
    });
}

#[test]
fn versions_follow_each_other() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let id = letter(&app, "returned");
        let path = format!("/api/records/{id}/attachments");
        let list: Attachments =
            app.upload(clerk, Method::POST, &path, Form::default().file("أ.pdf", PDF)).await.created();
        let first = list.items[0].id;
        let one = format!("/api/attachments/{first}");
        let list: Attachments =
            app.upload(clerk, Method::PUT, &one, Form::default().file("ب.pdf", b"%PDF-1.5")).await.created();
        let newest = &list.items[0];
        assert_eq!((list.items.len(), newest.version_no, newest.file_name.as_str()), (1, 2, "ب.pdf"));
        assert_eq!((newest.earlier.len(), newest.earlier[0].id), (1, first));
        assert_eq!(
            &app.get(clerk, &format!("{one}/content")).await.body[..],
            PDF,
            "an older version can still be read"
        );

        let late = app.upload(clerk, Method::PUT, &one, Form::default().file("ج.pdf", PDF)).await;
        late.refused(409, "attachment_replaced");
        let none = app.upload(clerk, Method::PUT, &format!("/api/attachments/{}", newest.id), Form::default()).await;
        assert_eq!(none.refused(422, "invalid").fields[0].field, "files");

        let gone = app.send(clerk, TestRequest::delete().uri(&format!("/api/attachments/{}", newest.id))).await;
        assert_eq!(gone.status.as_u16(), 204);
        for id in [first, newest.id] {
            app.get(clerk, &format!("/api/attachments/{id}/content")).await.refused(404, "not_found");
        }
        let list: Attachments = app.get(clerk, &path).await.ok();
        assert!(list.items.is_empty());
        let trail: i64 = app
            .platform
            .db
            .read_now(|tx| {
                let of = audit_entries::table.filter(audit_entries::record_id.eq(id));
                Ok::<_, DbError>(of.filter(audit_entries::op.like("platform.file.%")).count().get_result(tx.conn())?)
            })
            .unwrap();
        assert_eq!(trail, 3, "attached, replaced, removed");
    });
}

#[test]
fn names_that_lie_are_marked_and_programs_refused() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let filed = app.file(clerk, &document("صورة"), &[("كتاب.pdf", PNG), ("بلا اسم", PNG)]).await;
        let told: Vec<_> =
            filed.attachments.iter().map(|file| (file.media_type.as_str(), file.name_mismatch)).collect();
        assert_eq!(told, [("image/png", true), ("image/png", false)]);

        let id = letter(&app, "draft");
        let path = format!("/api/records/{id}/attachments");
        let exe = [b"MZ\x90\x00\x03".as_slice(), &[0; 600]].concat();
        for (name, bytes) in [("فاتورة.pdf", exe.as_slice()), ("فاتورة.vbs", b"MsgBox 1")] {
            let form = Form::default().file("أ.pdf", PDF).file(name, bytes);
            let problem = app.upload(clerk, Method::POST, &path, form).await.refused(422, "invalid");
            assert_eq!(
                (problem.fields[0].field.as_str(), problem.fields[0].code.as_str()),
                ("files.1", "type_refused")
            );
            assert_eq!(problem.fields[0].args["name"], name);
        }
        let list: Attachments = app.get(clerk, &path).await.ok();
        assert!(list.items.is_empty(), "all files, or none");
    });
}

#[test]
fn too_large_a_file_leaves_nothing_behind() {
    both_async(async |db: TestDb| {
        let app = TestApp::with(db, Limits { upload_bytes: 6 << 20, ..Limits::default() }, None);
        let clerk = app.world.modee.users["clerk"];
        let id = letter(&app, "draft");
        let path = format!("/api/records/{id}/attachments");
        for size in [(6 << 20) + 1, 20 << 20] {
            let form = Form::default().file("كبير.bin", &vec![7; size]);
            let problem = app.upload(clerk, Method::POST, &path, form).await.refused(413, "too_large");
            assert_eq!(problem.args["limit"], (6 << 20).to_string());
        }
        // What was received is thrown away by another thread.
        let mut left = usize::MAX;
        for _ in 0..200 {
            left = app.platform.blobs.count().await.unwrap();
            if left == 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(left, 0);
        let exact = Form::default().file("حد.bin", &vec![7; 6 << 20]);
        let list: Attachments = app.upload(clerk, Method::POST, &path, exact).await.created();
        assert_eq!(list.items[0].size, 6 << 20);
    });
}

#[test]
fn the_state_and_the_right_decide_who_changes_files() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        for state in ["in_review", "issued", "closed"] {
            let path = format!("/api/records/{}/attachments", letter(&app, state));
            let refused = app.upload(users["clerk"], Method::POST, &path, Form::default().file("أ.pdf", PDF)).await;
            assert_eq!(refused.refused(409, "wrong_state").args["state"], state);
            let list: Attachments = app.get(users["clerk"], &path).await.ok();
            assert!(!list.may_change);
        }
        // The head of the office sees the document, but files nothing.
        let filed = app.file(users["clerk"], &document("محضر"), &[("أ.pdf", PDF)]).await;
        let path = format!("/api/records/{}/attachments", filed.head.id);
        let refused = app.upload(users["sg"], Method::POST, &path, Form::default().file("أ.pdf", PDF)).await;
        assert_eq!(refused.refused(403, "forbidden").args["permission"], "archive.file");
        assert_eq!(app.platform.blobs.count().await.unwrap(), 1);
    });
}

#[test]
fn for_others_the_files_do_not_exist() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let filed: Document = app.file(clerk, &document("سر"), &[("أ.pdf", PDF)]).await;
        let (record, file) = (filed.head.id, filed.attachments[0].id);
        let strangers = [app.world.mof.users["clerk"], app.world.moh.users["sg"], app.world.modee.users["other_head"]];
        for stranger in strangers {
            let (list, one) = (format!("/api/records/{record}/attachments"), format!("/api/attachments/{file}"));
            app.get(stranger, &list).await.refused(404, "not_found");
            app.get(stranger, &format!("{one}/content")).await.refused(404, "not_found");
            app.upload(stranger, Method::POST, &list, Form::default().file("ب.pdf", PDF))
                .await
                .refused(404, "not_found");
            app.upload(stranger, Method::PUT, &one, Form::default().file("ب.pdf", PDF)).await.refused(404, "not_found");
            app.send(stranger, TestRequest::delete().uri(&one)).await.refused(404, "not_found");
        }
        let rows: i64 =
            app.platform.db.read_now(|tx| Ok::<_, DbError>(attachments::table.count().get_result(tx.conn())?)).unwrap();
        assert_eq!(rows, 1);
    });
}
