//! Giving and asking for access to a record, and who saw what.

use chrono::Duration;
use diesel::prelude::*;
use diwan_archive_api::{Document, NewDocument};
use diwan_db::{DbError, Violation};
use diwan_kernel::{Page, Permission, Secrecy};
use diwan_platform_api::access::{
    AccessRequest, Decision, Grant, GrantTo, NewClassGrant, NewGrant, NewRequest, RequestState, ViewEntry, ViewWay,
};
use diwan_schema::platform::record_views;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document};

use super::rights::{day, to};

#[test]
fn a_grant_takes_the_right_a_reason_and_a_day_and_never_goes_beyond_the_giver() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        let (clerk, staff) = (users["clerk"], users["staff"]);
        let filed = app.file(clerk, &document("منح"), &[("a.txt", b"one")]).await;
        let path = format!("/api/records/{}/grants", filed.head.id);
        let new = to(GrantTo::User, staff, Some(day(3)));
        app.post(clerk, &path, &new).await.refused(403, "forbidden");
        app.grant(clerk, Permission::AccessGrant);
        app.grant(users["other_head"], Permission::AccessGrant);
        app.post(users["other_head"], &path, &new).await.refused(404, "not_found");
        let class = NewClassGrant { class_code: "3000".to_owned(), grant: to(GrantTo::User, staff, None) };
        app.post(users["other_head"], "/api/class-grants", &class).await.refused(403, "forbidden");

        let wrong = NewGrant { until: Some(day(-1)), reason: " ".to_owned(), ..new.clone() };
        let told = app.post(clerk, &path, &wrong).await.refused(422, "invalid");
        let codes: Vec<_> = told.fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
        assert_eq!(codes, [("reason", "required"), ("until", "day_is_over")]);
        let ever = app.post(clerk, &path, &to(GrantTo::User, staff, None)).await.refused(422, "invalid");
        assert_eq!(ever.fields[0].field, "until", "a record is never granted for ever");
        let foreign = to(GrantTo::User, app.world.mof.users["clerk"], Some(day(3)));
        assert_eq!(app.post(clerk, &path, &foreign).await.refused(422, "invalid").fields[0].field, "to_id");

        let grants: Vec<Grant> = app.post(clerk, &path, &new).await.ok();
        assert!(grants[0].in_force && grants[0].to.id == staff);
        app.grant(staff, Permission::ArchiveRead);
        let page = format!("/api/documents/{}", filed.head.id);
        let _open: Document = app.get(staff, &page).await.ok();
        app.db.clock().advance(Duration::days(3));
        let _last_day: Document = app.get(staff, &page).await.ok();
        app.db.clock().advance(Duration::days(1));
        app.get(staff, &page).await.refused(404, "not_found");
        let grants: Vec<Grant> = app.get(clerk, &path).await.ok();
        assert!(!grants[0].in_force && grants[0].revoked_at.is_none());

        let grants: Vec<Grant> = app.post(clerk, &path, &to(GrantTo::User, staff, Some(day(30)))).await.ok();
        let _open: Document = app.get(staff, &page).await.ok();
        let one = format!("/api/grants/{}", grants[0].id);
        assert_eq!(app.delete(clerk, &one).await.status.as_u16(), 204);
        app.get(staff, &page).await.refused(404, "not_found");
        app.delete(clerk, &one).await.refused(404, "not_found");
    });
}

#[test]
fn a_request_tells_nothing_and_is_decided_by_somebody_else() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        let (clerk, staff) = (users["clerk"], users["staff"]);
        app.grant(clerk, Permission::AccessGrant);
        app.grant(staff, Permission::ArchiveRead);
        let filed = app.file(clerk, &document("مطلوب"), &[("a.txt", b"one")]).await;
        let number = filed.head.number.clone().unwrap();
        let ask =
            |number: &str| NewRequest {
                number: number.to_owned(), record_id: None, reason: "للدراسة".to_owned()
            };
        let (there, not_there) = (
            app.post(staff, "/api/access-requests", &ask(&number)).await,
            app.post(staff, "/api/access-requests", &ask("ARC/9/9999")).await,
        );
        assert_eq!((there.status.as_u16(), &there.body), (204, &not_there.body));
        assert_eq!(not_there.status.as_u16(), 204);
        let mine: Vec<AccessRequest> = app.get(staff, "/api/access-requests/mine").await.ok();
        assert!(mine.iter().all(|one| one.record.is_none() && one.state == RequestState::Open));
        app.get(staff, "/api/access-requests").await.refused(403, "forbidden");

        let open: Vec<AccessRequest> = app.get(clerk, "/api/access-requests").await.ok();
        assert_eq!(open.iter().map(|one| one.record.is_some()).collect::<Vec<_>>(), [true, false]);
        let decide = |id: i64| format!("/api/access-requests/{id}/decide");
        let (until, refused) = (
            Decision { until: Some(day(2)), note: String::new() },
            Decision { until: None, note: "لا علاقة لكم بها".to_owned() },
        );
        app.post(clerk, &decide(open[1].id), &until).await.refused(409, "request_names_nothing");
        let empty = Decision { until: None, note: String::new() };
        assert_eq!(app.post(clerk, &decide(open[1].id), &empty).await.refused(422, "invalid").fields[0].field, "note");
        assert_eq!(app.post(clerk, &decide(open[1].id), &refused).await.status.as_u16(), 204);
        assert_eq!(app.post(clerk, &decide(open[0].id), &until).await.status.as_u16(), 204);
        app.post(clerk, &decide(open[0].id), &until).await.refused(404, "not_found");
        let _open: Document = app.get(staff, &format!("/api/documents/{}", filed.head.id)).await.ok();
        let mine: Vec<AccessRequest> = app.get(staff, "/api/access-requests/mine").await.ok();
        let states: Vec<_> = mine.iter().map(|one| (one.state, one.record.is_some())).collect();
        assert_eq!(states, [(RequestState::Refused, false), (RequestState::Approved, true)]);

        // Nobody decides on their own request, and another agency hears of none.
        app.post(clerk, "/api/access-requests", &ask("X/1")).await;
        let open: Vec<AccessRequest> = app.get(clerk, "/api/access-requests").await.ok();
        assert!(!open[0].may_decide);
        app.post(clerk, &decide(open[0].id), &refused).await.refused(409, "own_request");
        let other = app.world.mof.users["clerk"];
        app.grant(other, Permission::AccessGrant);
        let none: Vec<AccessRequest> = app.get(other, "/api/access-requests").await.ok();
        assert!(none.is_empty());
        app.post(other, &decide(open[0].id), &refused).await.refused(404, "not_found");
    });
}

#[test]
fn who_saw_what_is_written_down_and_stays() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        let clerk = users["clerk"];
        app.grant(clerk, Permission::ViewsRead);
        let plain = app.file(clerk, &document("عادي"), &[("a.txt", b"one")]).await;
        let secret = NewDocument { secrecy: Secrecy::Secret, ..document("سري") };
        let secret = app.file(clerk, &secret, &[("b.txt", b"two")]).await;
        for one in [&plain, &secret] {
            for _ in 0..3 {
                let _seen: Document = app.get(clerk, &format!("/api/documents/{}", one.head.id)).await.ok();
                app.get(clerk, &format!("/api/attachments/{}/content", one.attachments[0].id)).await;
            }
        }
        let of = |id: i64| format!("/api/views?record_id={id}");
        let written: Page<ViewEntry> = app.get(clerk, &of(secret.head.id)).await.ok();
        assert_eq!(written.items.len(), 6, "of a secret record each view is written before the answer");
        let none: Page<ViewEntry> = app.get(clerk, &of(plain.head.id)).await.ok();
        assert!(none.items.is_empty());
        app.platform.views.write(&app.platform.db).unwrap();
        let written: Page<ViewEntry> = app.get(clerk, &of(plain.head.id)).await.ok();
        let ways: Vec<_> = written.items.iter().map(|entry| (entry.way, entry.file_name.as_str())).collect();
        assert_eq!(ways, [(ViewWay::Download, "a.txt"), (ViewWay::Open, "")], "one for a person, a way and an hour");
        app.db.clock().advance(Duration::hours(1));
        let _seen: Document = app.get(clerk, &format!("/api/documents/{}", plain.head.id)).await.ok();
        app.platform.views.write(&app.platform.db).unwrap();
        let written: Page<ViewEntry> = app.get(clerk, &of(plain.head.id)).await.ok();
        assert_eq!(written.items.len(), 3);

        let filtered: Page<ViewEntry> = app.get(clerk, "/api/views?way=download&secrecy=secret").await.ok();
        assert_eq!(filtered.items.len(), 3);
        let sheet = app.get(clerk, "/api/views/export?secrecy=secret&lang=en").await;
        assert!(sheet.status.is_success() && sheet.body.starts_with(b"PK"));
        app.get(users["staff"], "/api/views").await.refused(403, "forbidden");
        app.grant(users["other_head"], Permission::ViewsRead);
        let theirs: Page<ViewEntry> = app.get(users["other_head"], "/api/views").await.ok();
        assert!(theirs.items.is_empty(), "who does not see a record does not see who saw it");

        for statement in ["UPDATE record_views SET way = 'print'", "DELETE FROM record_views"] {
            let changed = app
                .platform
                .db
                .upkeep("test.change", |tx| Ok::<_, DbError>(diesel::sql_query(statement).execute(tx.conn())?));
            assert_eq!(changed.err().and_then(|error| error.violation()), Some(Violation::Immutable), "{statement}");
        }
        let rows: i64 = app
            .platform
            .db
            .read_now(|tx| Ok::<_, DbError>(record_views::table.count().get_result(tx.conn())?))
            .unwrap();
        assert_eq!(rows, 9);
    });
}
