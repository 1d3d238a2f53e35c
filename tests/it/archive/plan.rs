//! The classification plan with its schedules: made, moved, closed, brought and taken as a table.

use actix_web::test::TestRequest;
use diesel::prelude::*;
use diwan_archive_api::{
    ClassInput, Document, DocumentClass, DocumentClasses, DocumentRow, NewDocument, Schedule, ScheduleInput,
};
use diwan_db::DbError;
use diwan_kernel::{Named, Page, Permission, Secrecy};
use diwan_platform_api::people::ImportReport;
use diwan_schema::platform::settings;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Answer, Form, TestApp, document};

/// An archivist who keeps the plan.
fn keeper(db: TestDb) -> (TestApp, i64) {
    let app = TestApp::new(db);
    let clerk = app.world.modee.users["clerk"];
    app.grant(clerk, Permission::ArchivePlan);
    (app, clerk)
}

async fn plan(app: &TestApp, user: i64) -> Vec<DocumentClass> {
    app.get(user, "/api/archive/classes").await.ok::<DocumentClasses>().items
}

fn of<'a>(plan: &'a [DocumentClass], code: &str) -> &'a DocumentClass {
    plan.iter().find(|class| class.code == code).unwrap()
}

fn input(class: &DocumentClass) -> ClassInput {
    ClassInput {
        code: class.code.clone(),
        parent_id: class.parent_id,
        name: class.name.clone(),
        note: class.note.clone(),
        secrecy: class.secrecy,
        schedule_id: class.schedule.as_ref().map(|schedule| schedule.id),
        active: class.active,
    }
}

async fn change(app: &TestApp, user: i64, class: &DocumentClass, input: &ClassInput) -> Answer {
    app.put_at(user, &format!("/api/archive/classes/{}", class.id), class.version, input).await
}

async fn filed(app: &TestApp, user: i64, new: &NewDocument) -> Answer {
    let form = Form::default().text("document", &serde_json::to_string(new).unwrap()).file("أ.txt", b"x");
    app.upload(user, actix_web::http::Method::POST, "/api/documents", form).await
}

async fn of_class(app: &TestApp, user: i64, code: &str) -> usize {
    app.get(user, &format!("/api/documents?class={code}")).await.ok::<Page<DocumentRow>>().items.len()
}

#[test]
fn an_agency_begins_with_the_standard_plan_or_its_own_older_list() {
    both_async(async |db: TestDb| {
        let (app, clerk) = keeper(db);
        let mof = app.world.mof.id;
        app.platform
            .db
            .upkeep("test.old", |tx| {
                let today = tx.today();
                let old = "{\"items\":[{\"code\":\"77\",\"name\":{\"ar\":\"قديم\",\"en\":\"\"},\"active\":true}]}";
                Ok::<_, DbError>(
                    diesel::insert_into(settings::table)
                        .values((
                            settings::agency_id.eq(mof),
                            settings::key.eq("archive.classes"),
                            settings::value.eq(old),
                            settings::valid_from.eq(today),
                        ))
                        .execute(tx.conn())?,
                )
            })
            .unwrap();
        let standard = plan(&app, clerk).await;
        assert_eq!(standard.iter().filter(|class| class.parent_id.is_none()).count(), 7);
        assert_eq!(of(&standard, "1300").path, "1000/1300");
        assert!(standard.iter().all(|class| class.files()), "class determines destiny");
        let old = plan(&app, app.world.mof.users["clerk"]).await;
        assert_eq!(old.iter().map(|class| class.code.as_str()).collect::<Vec<_>>(), ["77"]);
        assert!(old[0].schedule.is_some());
    });
}

#[test]
fn a_class_is_added_moved_and_closed_with_what_is_below_it() {
    both_async(async |db: TestDb| {
        let (app, clerk) = keeper(db);
        let all = plan(&app, clerk).await;
        let (legal, budget) = (of(&all, "1300"), of(&all, "3100"));
        let new = ClassInput { code: "1310".into(), parent_id: Some(legal.id), ..input(legal) };
        let made: DocumentClass = app.post(clerk, "/api/archive/classes", &new).await.created();
        assert_eq!(made.path, "1000/1300/1310");
        filed(&app, clerk, &NewDocument { class_code: Some("1310".into()), ..document("أ") })
            .await
            .created::<Document>();
        assert_eq!((of_class(&app, clerk, "1000").await, of_class(&app, clerk, "3000").await), (1, 0));

        let below = ClassInput { parent_id: Some(made.id), ..input(legal) };
        let told = change(&app, clerk, legal, &below).await.wrong_fields();
        assert_eq!(told, [("parent_id".to_owned(), "class_below_itself".to_owned())]);
        let moved = ClassInput { parent_id: Some(budget.id), ..input(legal) };
        change(&app, clerk, legal, &moved).await.ok::<DocumentClass>();
        assert_eq!(of(&plan(&app, clerk).await, "1310").path, "3000/3100/1300/1310");
        assert_eq!((of_class(&app, clerk, "1000").await, of_class(&app, clerk, "3000").await), (0, 1));
        change(&app, clerk, legal, &moved).await.refused(409, "stale");

        let told = app.delete(clerk, &format!("/api/archive/classes/{}", made.id)).await.refused(409, "class_in_use");
        assert_eq!((told.args["documents"].as_str(), told.args["classes"].as_str()), ("1", "0"));
        change(&app, clerk, &made, &ClassInput { active: false, ..input(&made) }).await.ok::<DocumentClass>();
        let refused = filed(&app, clerk, &NewDocument { class_code: Some("1310".into()), ..document("ب") }).await;
        assert_eq!(refused.wrong_fields(), [("class_code".to_owned(), "class_inactive".to_owned())]);
        let vehicles = of(&all, "5000").id;
        app.delete(clerk, &format!("/api/archive/classes/{vehicles}")).await.done();
        let stranger = app.world.mof.users["clerk"];
        app.grant(stranger, Permission::ArchivePlan);
        app.delete(stranger, &format!("/api/archive/classes/{}", made.id)).await.refused(404, "not_found");
        change(&app, stranger, &made, &input(&made)).await.refused(404, "not_found");
    });
}

#[test]
fn the_class_sets_the_least_secrecy_and_without_a_schedule_files_nothing() {
    both_async(async |db: TestDb| {
        let (app, clerk) = keeper(db);
        let all = plan(&app, clerk).await;
        let finance = of(&all, "3000");
        let strict = ClassInput { secrecy: Secrecy::Restricted, ..input(finance) };
        change(&app, clerk, finance, &strict).await.ok::<DocumentClass>();
        let told = filed(&app, clerk, &document("أ")).await.wrong_fields();
        assert_eq!(told, [("secrecy".to_owned(), "below_class".to_owned())]);
        filed(&app, clerk, &NewDocument { secrecy: Secrecy::Secret, ..document("أ") }).await.created::<Document>();
        let head = ClassInput { code: "3900".into(), schedule_id: None, parent_id: Some(finance.id), ..input(finance) };
        app.post(clerk, "/api/archive/classes", &head).await.created::<DocumentClass>();
        let told = filed(&app, clerk, &NewDocument { class_code: Some("3900".into()), ..document("ب") }).await;
        assert_eq!(told.wrong_fields(), [("class_code".to_owned(), "class_without_schedule".to_owned())]);
    });
}

#[test]
fn the_plan_goes_out_as_a_table_and_comes_back() {
    both_async(async |db: TestDb| {
        let (app, clerk) = keeper(db);
        let before = plan(&app, clerk).await;
        let send = async |path: &str, file: Vec<u8>| {
            app.send(clerk, TestRequest::post().uri(&format!("/api/archive/plan/import/{path}")).set_payload(file))
                .await
        };
        for query in ["", "?csv=1", "?lang=en"] {
            let file = app.get(clerk, &format!("/api/archive/plan/export{query}")).await.body.to_vec();
            let seen: ImportReport = send("preview", file.clone()).await.ok();
            assert_eq!((seen.wrong, seen.rows.len()), (0, before.len()), "{query}: {seen:?}");
            send(&format!("commit?hash={}", seen.hash), file).await.ok::<ImportReport>();
            assert_eq!(plan(&app, clerk).await, before, "nothing changes that says the same");
        }
        let table = "code,name_ar,parent_code,secrecy,schedule\n8000,الرقابة,,محدود,P\n8100,التدقيق,8000,سري,P\n\
            8200,خطأ,9999,أزرق,ZZ\n8000,مرة ثانية,,,P\n,بلا رمز,,,\n";
        let seen: ImportReport = send("preview", table.as_bytes().to_vec()).await.ok();
        let wrong: Vec<_> = seen
            .rows
            .iter()
            .flat_map(|row| row.errors.iter().map(|error| format!("{} {} {}", row.line, error.field, error.code)))
            .collect();
        assert_eq!(wrong, ["4 parent_code unknown", "4 schedule unknown", "4 secrecy unknown_word", "6 code required"]);
        let refused: ImportReport = send(&format!("commit?hash={}", seen.hash), table.as_bytes().to_vec()).await.ok();
        assert!(!refused.committed);
        assert_eq!(plan(&app, clerk).await, before, "whole or not at all");
        let good = "الرمز;الاسم بالعربية;رمز الفئة الأعلى;رمز مدة الاستبقاء\n8000;الرقابة;;P\n8100;التدقيق;8000;P\n";
        let seen: ImportReport = send("preview", good.as_bytes().to_vec()).await.ok();
        send(&format!("commit?hash={}", seen.hash), b"code,name_ar\n1,x\n".to_vec()).await.refused(409, "file_changed");
        send(&format!("commit?hash={}", seen.hash), good.as_bytes().to_vec()).await.ok::<ImportReport>();
        assert_eq!(of(&plan(&app, clerk).await, "8100").path, "8000/8100");
    });
}

#[test]
fn schedules_are_an_agencys_own_and_checked() {
    both_async(async |db: TestDb| {
        let (app, clerk) = keeper(db);
        let list: Vec<Schedule> = app.get(clerk, "/api/archive/schedules").await.ok();
        let fallback = list.iter().find(|one| one.fallback).unwrap();
        let write = |one: &Schedule| ScheduleInput {
            code: one.code.clone(),
            name: one.name.clone(),
            starts: one.starts,
            years: one.years,
            months: one.months,
            new_year: one.new_year,
            action: one.action,
            mandate: one.mandate.clone(),
            valid_from: one.valid_from,
            valid_to: one.valid_to,
        };
        let path = format!("/api/archive/schedules/{}", fallback.id);
        let destroys = ScheduleInput { action: diwan_archive_api::Fate::Destroy, ..write(fallback) };
        let told = app.put_at(clerk, &path, fallback.version, &destroys).await.wrong_fields();
        assert_eq!(told, [("action".to_owned(), "fallback_keeps".to_owned())]);
        let wrong = ScheduleInput {
            code: "P".into(),
            years: 999,
            months: 12,
            mandate: String::new(),
            name: Named::default(),
            valid_to: Some("2000-01-01".parse().unwrap()),
            ..write(fallback)
        };
        let told = app.post(clerk, "/api/archive/schedules", &wrong).await.wrong_fields();
        let fields: Vec<_> = told.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["name.ar", "mandate", "years", "months", "valid_to", "code"]);
        let stranger = app.world.mof.users["clerk"];
        app.grant(stranger, Permission::ArchivePlan);
        app.put_at(stranger, &path, 1, &write(fallback)).await.refused(404, "not_found");
        app.post(app.world.modee.users["staff"], "/api/archive/schedules", &wrong).await.refused(403, "forbidden");
    });
}
