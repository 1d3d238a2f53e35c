//! Kinds of documents with their fields, tags, files with volumes, files held for editing.

use std::collections::BTreeMap;

use actix_web::http::Method;
use diwan_archive_api::{
    ArchiveFile, Document, DocumentClasses, DocumentRow, DocumentType, DocumentTypeInput, FieldDef, FileInput, FileRow,
    NewDocument, PlaceInput, Tag, ValueKind,
};
use diwan_kernel::{Named, Page, Permission};
use diwan_platform_api::files::Attachments;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Answer, Form, TestApp, document, encode};
use futures_util::future::join_all;

fn name(ar: &str) -> Named {
    Named { ar: ar.to_owned(), en: String::new() }
}

fn field(code: &str, kind: ValueKind, required: bool) -> FieldDef {
    FieldDef { code: code.to_owned(), name: name(code), kind, required, min: None, max: None, options: Vec::new() }
}

fn contract() -> DocumentTypeInput {
    let status =
        FieldDef { options: vec!["ساري".into(), "منته".into()], ..field("status", ValueKind::Choice, false) };
    DocumentTypeInput {
        code: "contract".into(),
        name: name("عقد"),
        fields: vec![
            field("contractor", ValueKind::Party, true),
            FieldDef { min: Some(1), ..field("value", ValueKind::Number, true) },
            status,
        ],
        active: true,
    }
}

async fn send(app: &TestApp, user: i64, new: &NewDocument) -> Answer {
    let form = Form::default().text("document", &serde_json::to_string(new).unwrap()).file("أ.txt", b"x");
    app.upload(user, Method::POST, "/api/documents", form).await
}

async fn subjects(app: &TestApp, user: i64, query: &str) -> Vec<String> {
    let page: Page<DocumentRow> = app.get(user, &format!("/api/documents?{query}")).await.ok();
    page.items.into_iter().map(|row| row.subject).collect()
}

#[test]
fn the_fields_of_a_kind_are_checked_kept_filtered_and_found() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        app.post(clerk, "/api/archive/types", &contract()).await.refused(403, "forbidden");
        app.grant(clerk, Permission::ArchivePlan);
        let kind: DocumentType = app.post(clerk, "/api/archive/types", &contract()).await.created();
        let values = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(code, value)| ((*code).to_owned(), (*value).to_owned())).collect()
        };
        let with = |pairs: &[(&str, &str)]| NewDocument {
            type_id: Some(kind.id),
            values: values(pairs),
            tags: vec!["عاجل".into(), " عاجل ".into(), "طرق".into()],
            ..document("عقد صيانة")
        };
        let told = send(&app, clerk, &with(&[("value", "0"), ("status", "معلق"), ("color", "x")])).await.wrong_fields();
        let told: Vec<_> = told.iter().map(|(field, code)| format!("{field} {code}")).collect();
        let expected = [
            "values.contractor required",
            "values.value out_of_range",
            "values.status not_a_choice",
            "values.color unknown",
        ];
        assert_eq!(told, expected);
        let filed: Document =
            send(&app, clerk, &with(&[("contractor", "شركة الأُردن للطرق"), ("value", "١٥٠٠"), ("status", "ساري")]))
                .await
                .created();
        assert_eq!((filed.values["value"].as_str(), filed.tags.len()), ("1500", 2));
        let by = |field: &str, value: &str| format!("doc_type={}&field={field}&value={}", kind.id, encode(value));
        assert_eq!(subjects(&app, clerk, &by("contractor", "الاردن")).await.len(), 1);
        assert_eq!(subjects(&app, clerk, &by("value", "99")).await.len(), 0);
        assert_eq!(subjects(&app, clerk, &format!("tag={}", encode("طرق"))).await.len(), 1);
        let tags: Vec<Tag> = app.get(clerk, "/api/archive/tags").await.ok();
        assert_eq!(tags.len(), 2);
        app.index();
        assert_eq!(app.subjects(clerk, "شركة الأردن للطرق").await, ["عقد صيانة"], "the fields are in the index");

        let mut other = contract();
        other.fields[0].kind = ValueKind::Number;
        let path = format!("/api/archive/types/{}", kind.id);
        let told = app.put_at(clerk, &path, kind.version, &other).await.wrong_fields();
        assert_eq!(told, [("fields.0.kind".to_owned(), "field_in_use".to_owned())]);
        let closed = DocumentTypeInput { active: false, ..contract() };
        app.put_at(clerk, &path, kind.version, &closed).await.ok::<DocumentType>();
        let told = send(&app, clerk, &with(&[("contractor", "س"), ("value", "2")])).await.wrong_fields();
        assert_eq!(told, [("type_id".to_owned(), "type_inactive".to_owned())]);
        let stranger = app.world.mof.users["clerk"];
        app.grant(stranger, Permission::ArchivePlan);
        app.put_at(stranger, &path, 1, &closed).await.refused(404, "not_found");
        assert!(app.get(stranger, "/api/archive/tags").await.ok::<Vec<Tag>>().is_empty());
    });
}

async fn opened(app: &TestApp, user: i64, class: &str) -> ArchiveFile {
    let input = FileInput { title: format!("ملف {class}"), class_code: class.to_owned() };
    app.post(user, "/api/archive/files", &input).await.created()
}

#[test]
fn papers_stand_in_the_volumes_of_a_file_in_order_until_it_is_closed() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        app.get(clerk, "/api/archive/classes").await.ok::<DocumentClasses>();
        let file = opened(&app, clerk, "3000").await;
        assert_eq!((file.row.number.as_str(), file.volumes.len()), ("م/1", 1));
        assert_eq!(opened(&app, clerk, "4000").await.row.number, "م/2");
        let put = async |id: i64| {
            app.post(clerk, &format!("/api/documents/{id}/file"), &PlaceInput { file_id: file.row.id }).await
        };
        let mut papers = Vec::new();
        for (n, class) in [(1, Some("3000")), (2, None), (3, Some("3000"))] {
            let new = NewDocument { class_code: class.map(str::to_owned), ..document(&format!("ورقة {n}")) };
            papers.push(app.file(clerk, &new, &[("أ.txt", b"x")]).await.head.id);
        }
        put(papers[0]).await.done();
        put(papers[1]).await.done();
        let path = format!("/api/archive/files/{}", file.row.id);
        let next: ArchiveFile = app.post_at(clerk, &format!("{path}/volumes"), file.version, &()).await.ok();
        put(papers[2]).await.done();
        let shown: ArchiveFile = app.get(clerk, &path).await.ok();
        let places: Vec<Vec<(i32, i64)>> = shown
            .volumes
            .iter()
            .map(|volume| volume.documents.iter().map(|paper| (paper.place, paper.id)).collect())
            .collect();
        assert_eq!(places, [vec![(1, papers[0]), (2, papers[1])], vec![(1, papers[2])]]);
        let classified: Document = app.get(clerk, &format!("/api/documents/{}", papers[1])).await.ok();
        assert_eq!((classified.class_code.as_deref(), classified.in_file.unwrap().volume), (Some("3000"), 1));
        let other = NewDocument { class_code: Some("4000".into()), ..document("غريبة") };
        let other = app.file(clerk, &other, &[("أ.txt", b"x")]).await.head.id;
        put(other).await.refused(409, "file_of_other_class");

        app.post_at(clerk, &format!("{path}/close"), file.version, &()).await.refused(409, "stale");
        app.post_at(clerk, &format!("{path}/close"), next.version, &()).await.ok::<ArchiveFile>();
        let late = app.file(clerk, &document("متأخرة"), &[("أ.txt", b"x")]).await.head.id;
        put(late).await.refused(409, "file_closed");
        app.post_at(clerk, &format!("{path}/volumes"), next.version + 1, &()).await.refused(409, "file_closed");
        let open: Page<FileRow> = app.get(clerk, "/api/archive/files?open=true").await.ok();
        assert_eq!(open.items.iter().map(|row| row.number.as_str()).collect::<Vec<_>>(), ["م/2"]);
        let stranger = app.world.mof.users["clerk"];
        app.get(stranger, &path).await.refused(404, "not_found");
        app.post_at(stranger, &format!("{path}/close"), 1, &()).await.refused(404, "not_found");
    });
}

#[test]
fn files_that_are_opened_at_once_get_numbers_without_gap_or_double() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let wrong = FileInput { title: " ".into(), class_code: "9999".into() };
        app.post(clerk, "/api/archive/files", &wrong).await.refused(422, "invalid");
        let opened = join_all((0..8).map(|_| opened(&app, clerk, "3000"))).await;
        let mut numbers: Vec<_> = opened.into_iter().map(|file| file.row.number).collect();
        numbers.sort();
        assert_eq!(numbers, (1..=8).map(|n| format!("م/{n}")).collect::<Vec<_>>());
    });
}

#[test]
fn one_person_holds_a_file_and_brings_the_new_version() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (clerk, other) = (app.world.modee.users["clerk"], app.world.modee.users["staff"]);
        for right in [Permission::ArchiveFile, Permission::ArchiveRead, Permission::RecordsReadAll] {
            app.grant(other, right);
        }
        let filed = app.file(clerk, &document("مسودة"), &[("أ.txt", b"1")]).await;
        let id = filed.attachments[0].id;
        let bring = async |user: i64, id: i64, text: &[u8]| {
            let form = Form::default().text("note", "صُحح البند").file("أ.txt", text);
            app.upload(user, Method::PUT, &format!("/api/attachments/{id}"), form).await
        };
        let path = format!("/api/attachments/{id}/checkout");
        let path = path.as_str();
        let take = async |user: i64| app.post(user, path, &()).await;
        let answers = join_all([take(clerk), take(other)]).await;
        assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 200).count(), 1, "one holds it");
        let (holder, loser) = if answers[0].status.as_u16() == 200 { (clerk, other) } else { (other, clerk) };
        let told = take(loser).await.refused(409, "held_by");
        assert!(told.args.contains_key("by_ar") && told.args.contains_key("at"));
        bring(loser, id, b"2").await.refused(409, "held_by");
        app.delete(loser, path).await.refused(403, "forbidden");
        let list: Attachments = app.get(loser, &format!("/api/records/{}/attachments", filed.head.id)).await.ok();
        assert_eq!(list.items[0].held.as_ref().unwrap().by.id, holder);

        let answers = join_all([bring(holder, id, b"2"), bring(holder, id, b"3")]).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert!(statuses.contains(&201) && statuses.contains(&409), "of two windows one wins: {statuses:?}");
        let list: Attachments = app.get(clerk, &format!("/api/records/{}/attachments", filed.head.id)).await.ok();
        let newest = &list.items[0];
        assert_eq!((newest.version_no, newest.note.as_deref(), newest.held.is_some()), (2, Some("صُحح البند"), false));

        let path = format!("/api/attachments/{}/checkout", newest.id);
        app.post(holder, &path, &()).await.ok::<Attachments>();
        app.grant(loser, Permission::ArchivePlan);
        app.delete(loser, &path).await.ok::<Attachments>();
        app.delete(loser, &path).await.refused(409, "not_held");
        app.post(app.world.mof.users["clerk"], &path, &()).await.refused(404, "not_found");
    });
}
