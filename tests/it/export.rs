//! Lists as XLSX files.

use std::io::Cursor;

use actix_web::test::TestRequest;
use calamine::{Data, Range, Reader, Xlsx};
use diesel::prelude::*;
use diwan_db::DbError;
use diwan_kernel::{Permission, Priority};
use diwan_schema::platform::audit_entries;
use diwan_tarasol_api::LetterInput;
use diwan_testkit::{TestDb, both_async};

use diwan_tests::{TestApp, encode, letter};

async fn sheet(app: &TestApp, user: i64, path: &str) -> Range<Data> {
    let file = app.get(user, path).await;
    assert_eq!(file.status, 200, "{}", String::from_utf8_lossy(&file.body));
    assert_eq!(file.header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.body.to_vec())).unwrap();
    let name = book.sheet_names()[0].clone();
    assert!(book.worksheet_formula(&name).unwrap().used_cells().next().is_none());
    book.worksheet_range(&name).unwrap()
}

/// A column of text without its heading.
fn column(sheet: &Range<Data>, heading: &str) -> Vec<String> {
    let mut rows = sheet.rows();
    let at = rows.next().unwrap().iter().position(|cell| *cell == Data::String(heading.to_owned())).unwrap();
    rows.map(|row| row[at].to_string()).collect()
}

async fn write(app: &TestApp, user: i64, input: LetterInput) {
    let made = app.send(user, TestRequest::post().uri("/api/letters").set_json(input)).await;
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
}

#[test]
fn letters_are_exported_as_the_list_shows_them() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        write(&app, clerk, letter(app.world.mof.id, "=cmd|' /C calc'!A0")).await;
        write(&app, clerk, letter(app.world.mof.id, "طلب مخصصات")).await;
        write(&app, clerk, LetterInput { priority: Priority::Immediate, ..letter(app.world.mof.id, "عاجل") }).await;

        let all = sheet(&app, clerk, "/api/letters/export?direction=outgoing&sort=oldest&limit=1").await;
        assert_eq!(column(&all, "الموضوع"), ["=cmd|' /C calc'!A0", "طلب مخصصات", "عاجل"], "pages do not count");
        assert_eq!(column(&all, "الحالة"), ["مسودة"; 3]);
        // Seven in the morning in UTC is ten o'clock in Amman.
        let Some(Data::DateTime(at)) = all.get_value((1, 7)) else { panic!("{all:?}") };
        assert_eq!(at.to_ymd_hms_milli(), (2026, 11, 1, 10, 0, 0, 0));

        let some = sheet(&app, clerk, "/api/letters/export?direction=outgoing&priority=immediate&lang=en").await;
        assert_eq!(column(&some, "Subject"), ["عاجل"]);
        assert_eq!(
            (column(&some, "State"), column(&some, "Priority")),
            (vec!["Draft".into()], vec!["Immediate".into()])
        );
        let words = format!("/api/letters/export?direction=outgoing&q={}", encode("مخصصات"));
        assert_eq!(column(&sheet(&app, clerk, &words).await, "الموضوع"), ["طلب مخصصات"]);

        let noted = app.platform.db.read_now(|tx| {
            let entries = audit_entries::table.filter(audit_entries::op.eq("tarasol.letter.export"));
            Ok::<Vec<String>, DbError>(entries.select(audit_entries::detail).load(tx.conn())?)
        });
        assert_eq!(noted.unwrap().iter().filter(|detail| detail.contains("\"rows\":1")).count(), 2);
    });
}

#[test]
fn nobody_takes_away_what_they_may_not_see() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        write(&app, app.world.modee.users["clerk"], letter(app.world.mof.id, "طلب مخصصات")).await;
        let staff = app.world.modee.users["staff"];
        let path = "/api/letters/export?direction=outgoing";
        assert_eq!(app.get(staff, path).await.refused(403, "forbidden").args["permission"], "export");
        let elsewhere = sheet(&app, app.world.moh.users["clerk"], path).await;
        assert_eq!(column(&elsewhere, "الموضوع"), [""; 0]);
        app.get(staff, "/api/users/export").await.refused(403, "forbidden");
        app.get(staff, "/api/agencies/export").await.refused(403, "forbidden");
        assert_eq!(app.get(app.world.modee.users["clerk"], "/api/letters/export?direction=sideways").await.status, 400);
    });
}

#[test]
fn users_and_agencies_are_exported() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        app.grant(clerk, Permission::UsersManage);
        app.grant(clerk, Permission::AgenciesManage);
        let users = sheet(&app, clerk, "/api/users/export?sort=username&lang=en&limit=1").await;
        assert_eq!(column(&users, "User name").len(), 7);
        assert_eq!(column(&users, "User name")[0], "clerk.modee");
        assert_eq!(column(&users, "Clearance")[0], "Secret");
        let found = sheet(&app, clerk, "/api/users/export?q=registry").await;
        assert_eq!(column(&found, "اسم المستخدم"), ["registry_head.modee"]);
        let agencies = sheet(&app, clerk, "/api/agencies/export?sort=code").await;
        assert_eq!(column(&agencies, "الرمز"), ["MODEE", "MOF", "MOH"]);
        assert_eq!(column(&agencies, "النوع"), ["وزارة"; 3]);

        // The right to maintain is not the right to take away.
        let staff = app.world.mof.users["staff"];
        app.grant(staff, Permission::UsersManage);
        assert_eq!(app.get(staff, "/api/users/export").await.refused(403, "forbidden").args["permission"], "export");
    });
}
