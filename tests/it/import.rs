//! Import of agencies, units and users: looked at first, then whole or not at all.

use actix_web::test::TestRequest;
use diesel::prelude::*;
use diwan_db::DbError;
use diwan_kernel::Permission;
use diwan_platform_api::people::ImportReport;
use diwan_schema::platform::{agencies, audit_entries, holdings, user_roles, users};
use diwan_testkit::{TestDb, both_async};

use diwan_tests::{Answer, TestApp};

const AGENCIES: &str = "الرمز,الاسم بالعربية,الاسم بالإنجليزيه,النوع,رمز الجهة الأم,المخاطب بالعربية\n\
    JCO,مؤسسة المواصفات,Standards,مؤسسة,MOF,عطوفة المدير العام\n\
    JCO-2,فرع المواصفات,,دائرة,JCO,عطوفة مدير الفرع\n";

async fn send(app: &TestApp, user: i64, path: &str, file: impl Into<Vec<u8>>) -> Answer {
    app.send(user, TestRequest::post().uri(&format!("/api/import/{path}")).set_payload(file.into())).await
}

/// An administrator of everything.
fn admin(db: TestDb) -> (TestApp, i64) {
    let app = TestApp::new(db);
    let clerk = app.world.modee.users["clerk"];
    for right in [Permission::AgenciesManage, Permission::OrgManage, Permission::UsersManage] {
        app.grant(clerk, right);
    }
    (app, clerk)
}

fn count(app: &TestApp) -> (i64, i64) {
    app.platform
        .db
        .read_now(|tx| {
            Ok::<_, DbError>((
                agencies::table.count().get_result(tx.conn())?,
                users::table.count().get_result(tx.conn())?,
            ))
        })
        .unwrap()
}

/// `line field code` of everything that is wrong.
fn wrong(report: &ImportReport) -> Vec<String> {
    let rows = report.rows.iter();
    rows.flat_map(|row| row.errors.iter().map(|error| format!("{} {} {}", row.line, error.field, error.code))).collect()
}

#[test]
fn agencies_come_in_with_their_parents_above_them() {
    both_async(async |db: TestDb| {
        let (app, admin) = admin(db);
        let before = count(&app);
        let seen: ImportReport = send(&app, admin, "agencies/preview", AGENCIES).await.ok();
        assert_eq!((seen.wrong, seen.committed, seen.rows.len()), (0, false, 2), "{seen:?}");
        assert_eq!(seen.columns, ["code", "name_ar", "name_en", "kind", "parent_code", "addressee_ar"]);
        assert_eq!(count(&app), before, "nothing stays of a preview");

        let other = format!("{AGENCIES}X,س,,وزارة,,ص\n");
        send(&app, admin, &format!("agencies/commit?hash={}", seen.hash), other).await.refused(409, "file_changed");
        send(&app, admin, "agencies/commit", AGENCIES).await.refused(422, "invalid");
        let done: ImportReport = send(&app, admin, &format!("agencies/commit?hash={}", seen.hash), AGENCIES).await.ok();
        assert!(done.committed);
        assert_eq!(count(&app), (before.0 + 2, before.1));
        let noted = app.platform.db.read_now(|tx| {
            let entries = audit_entries::table.filter(audit_entries::op.eq("platform.import.commit"));
            Ok::<i64, DbError>(entries.count().get_result(tx.conn())?)
        });
        assert_eq!(noted.unwrap(), 3, "one for each agency, one for the import");

        let again: ImportReport = send(&app, admin, "agencies/preview", AGENCIES).await.ok();
        assert_eq!(wrong(&again), ["2 code taken", "3 code taken"]);
    });
}

#[test]
fn every_wrong_row_says_what_and_nothing_is_half_imported() {
    both_async(async |db: TestDb| {
        let (app, admin) = admin(db);
        let before = count(&app);
        let file = "code;name_ar;kind;addressee_ar;parent_code;email\n\
            NEW;جهة جديدة;وزارة;معالي الوزير;;\n\
            NEW;جهة أخرى;ministry;معالي الوزير;;\n\
            A B;;سفينة;معالي;NOBODY;not-an-address\n\
            OK;=1+1;court;معالي;;\n\
            OK2;محكمة;court;معالي;;;;more\n";
        let seen: ImportReport = send(&app, admin, "agencies/preview", file).await.ok();
        let expected = ["3 code taken", "4 name_ar required", "5 name_ar formula", "6  cells_beside_columns"];
        assert_eq!(wrong(&seen), expected);
        let hash = &seen.hash;
        let done: ImportReport = send(&app, admin, &format!("agencies/commit?hash={hash}"), file).await.ok();
        assert!(!done.committed);
        assert_eq!(count(&app), before);

        let file =
            "code,name_ar,kind,addressee_ar,parent_code,email\nA B,اسم,سفينة,معالي,NOBODY,\nAB,اسم,court,معالي,,x@\n";
        let seen: ImportReport = send(&app, admin, "agencies/preview", file).await.ok();
        assert_eq!(wrong(&seen), ["2 kind unknown_word", "2 parent_code unknown", "3 email email_form"]);
        assert!(seen.rows[0].errors[0].args["known"].contains("وزارة / Ministry"), "{seen:?}");
    });
}

#[test]
fn users_come_in_with_roles_and_positions_and_a_first_password() {
    both_async(async |db: TestDb| {
        let (app, admin) = admin(db);
        let world = &app.world.modee;
        // The positions of the test government are held: one is set free.
        app.platform
            .db
            .upkeep("test.free", |tx| {
                let staff = holdings::table.filter(holdings::position_id.eq(world.positions["staff"]));
                Ok::<_, DbError>(diesel::delete(staff).execute(tx.conn())?)
            })
            .unwrap();
        let file = "\u{feff}اسم المستخدم\tالاسم بالعربية\tالأدوار\tدرجة الاطلاع\tرمز الوحدة\tالمركز الوظيفي\n\
            Salma.Haddad\tسلمى حداد\tclerk\tعادي\tstudies\tstaff\n";
        let seen: ImportReport = send(&app, admin, "users/preview", file).await.ok();
        assert_eq!(wrong(&seen), [""; 0]);
        assert_eq!(seen.rows[0].temporary_password, None, "a preview makes nobody");
        let done: ImportReport = send(&app, admin, &format!("users/commit?hash={}", seen.hash), file).await.ok();
        assert!(done.committed && done.rows[0].temporary_password.is_some(), "{done:?}");
        let (id, must_change): (i64, bool) = app
            .platform
            .db
            .read_now(|tx| {
                let salma = users::table.filter(users::username.eq("salma.haddad"));
                Ok::<_, DbError>(salma.select((users::id, users::must_change)).first(tx.conn())?)
            })
            .unwrap();
        assert!(must_change);
        let (roles, positions): (i64, i64) = app
            .platform
            .db
            .read_now(|tx| {
                Ok::<_, DbError>((
                    user_roles::table.filter(user_roles::user_id.eq(id)).count().get_result(tx.conn())?,
                    holdings::table.filter(holdings::user_id.eq(id)).count().get_result(tx.conn())?,
                ))
            })
            .unwrap();
        assert_eq!((roles, positions), (1, 1));
    });
}

#[test]
fn a_file_gives_no_more_than_its_importer_has() {
    both_async(async |db: TestDb| {
        let (app, admin) = admin(db);
        let file = "username,name_ar,clearance,roles,unit_code,position,lang\n\
            one.user,س,top secret,,,,\n\
            two.user,س,,sg,,,\n\
            three.user,س,,nothing of the kind,nowhere,x,klingon\n\
            four.user,س,,,,head,\n\
            five.user,س,,,studies,head,\n";
        let seen: ImportReport = send(&app, admin, "users/preview", file).await.ok();
        let expected = [
            "2 clearance clearance_beyond_yours",
            "3 roles right_beyond_yours",
            "4 lang unknown_word",
            "4 roles unknown",
            "4 unit_code unknown",
            "5 unit_code required",
            "6  position_held",
        ];
        assert_eq!(wrong(&seen), expected);
    });
}

#[test]
fn headings_are_checked_first() {
    both_async(async |db: TestDb| {
        let (app, admin) = admin(db);
        let file = "code,Name,code,kind\nX,س,X,court\n";
        let seen: ImportReport = send(&app, admin, "units/preview", file).await.ok();
        assert_eq!(wrong(&seen), ["1 Name unknown_column", "1 code duplicate_column", "1 name_ar missing_column"]);
        assert_eq!(seen.wrong, 1);
        let units = "Code,Name in Arabic,KIND\nnew,قسم جديد,قسم\n";
        let seen: ImportReport = send(&app, admin, "units/preview", units).await.ok();
        assert_eq!(wrong(&seen), [""; 0]);
    });
}

#[test]
fn only_those_who_may_import_may_look() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let staff = app.world.mof.users["staff"];
        for kind in ["agencies", "units", "users"] {
            send(&app, staff, &format!("{kind}/preview"), AGENCIES).await.refused(403, "forbidden");
            send(&app, staff, &format!("{kind}/commit?hash=x"), AGENCIES).await.refused(403, "forbidden");
            app.get(staff, &format!("/api/import/{kind}/template")).await.refused(403, "forbidden");
        }
        app.grant(staff, Permission::UsersManage);
        let path = format!("users/preview?agency_id={}", app.world.moh.id);
        send(&app, staff, &path, "username,name_ar\nabc,س\n").await.refused(404, "not_found");
        assert_eq!(send(&app, staff, "nothing/preview", AGENCIES).await.status, 404);
    });
}

#[test]
fn what_is_no_table_is_refused_with_the_reason() {
    both_async(async |db: TestDb| {
        let (app, admin) = admin(db);
        let code = async |file: Vec<u8>| {
            let problem = send(&app, admin, "users/preview", file).await.refused(422, "invalid");
            problem.fields[0].code.clone()
        };
        assert_eq!(code(Vec::new()).await, "empty");
        assert_eq!(code(b"username,name_ar\n".to_vec()).await, "empty");
        assert_eq!(code(b"%PDF-1.7 \x00".to_vec()).await, "not_a_table");
        assert_eq!(code(format!("username,name_ar\n{}", "abc,x\n".repeat(50_000)).into_bytes()).await, "too_many_rows");
        send(&app, admin, "users/preview", vec![b'x'; 9 << 20]).await.refused(413, "too_large");
    });
}

#[test]
fn the_template_is_a_file_that_can_be_imported() {
    both_async(async |db: TestDb| {
        let (app, admin) = admin(db);
        for kind in ["agencies", "units", "users"] {
            for lang in ["ar", "en"] {
                let file = app.get(admin, &format!("/api/import/{kind}/template?lang={lang}")).await;
                assert_eq!(file.status, 200);
                assert!(file.header("content-disposition").contains(&format!("{kind}.xlsx")));
                // Only the headings: they are right, but there are no rows.
                let problem =
                    send(&app, admin, &format!("{kind}/preview"), file.body.to_vec()).await.refused(422, "invalid");
                assert_eq!(problem.fields[0].code, "empty");
            }
        }
    });
}
