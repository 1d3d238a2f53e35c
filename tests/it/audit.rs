//! The audit trail as auditors read it.

use actix_web::test::TestRequest;
use diwan_kernel::{Lang, Named, Page, Permission, Secrecy};
use diwan_platform_api::{
    audit::{AuditEntry, AuditEntryInFull},
    people::{UnitInput, UnitKind, User, UserEdit},
};
use diwan_tarasol_api::{LetterInput, LetterStep};
use diwan_testkit::{TestDb, both_async};

use diwan_tests::{TestApp, letter};

async fn entries(app: &TestApp, user: i64, query: &str) -> Vec<AuditEntry> {
    let page: Page<AuditEntry> = app.get(user, &format!("/api/audit?{query}")).await.ok();
    page.items
}

/// An office where a unit was made, a person changed and a secret letter written; and its auditor, who is cleared for
/// restricted things only.
async fn office(db: TestDb) -> (TestApp, i64) {
    let app = TestApp::new(db);
    let (clerk, auditor) = (app.world.modee.users["clerk"], app.world.modee.users["other_head"]);
    app.grant(clerk, Permission::OrgManage);
    app.grant(clerk, Permission::UsersManage);
    app.grant(auditor, Permission::AuditRead);
    app.grant(auditor, Permission::RecordsReadAll);
    let unit = UnitInput {
        agency_id: None,
        parent_id: None,
        kind: UnitKind::Section,
        code: "new".to_owned(),
        name: Named { ar: "قسم جديد".to_owned(), en: String::new() },
        active: true,
    };
    app.send(clerk, TestRequest::post().uri("/api/units").set_json(unit)).await.created::<serde_json::Value>();
    let path = format!("/api/users/{}", app.world.modee.users["staff"]);
    let staff: User = app.get(clerk, &path).await.ok();
    let edit = UserEdit {
        name: Named { ar: "اسم آخر".to_owned(), en: String::new() },
        email: None,
        clearance: Secrecy::Normal,
        caveats: Vec::new(),
        role_ids: staff.roles.iter().map(|role| role.id).collect(),
        lang: Lang::Ar,
        active: true,
    };
    let put = TestRequest::put().uri(&path).insert_header(("if-match", format!("\"{}\"", staff.version)));
    app.send(clerk, put.set_json(edit)).await.ok::<User>();
    let secret = LetterInput { secrecy: Secrecy::Secret, ..letter(app.world.mof.id, "سري جدا") };
    app.send(clerk, TestRequest::post().uri("/api/letters").set_json(secret)).await.created::<LetterStep>();
    app.send(clerk, TestRequest::post().uri("/api/letters").set_json(letter(app.world.mof.id, "عادي")))
        .await
        .created::<LetterStep>();
    app.platform
        .db
        .upkeep("test.clearance", |tx| {
            use diesel::prelude::*;
            use diwan_schema::platform::users;
            let auditor = users::table.find(auditor);
            let level = users::clearance.eq(Secrecy::Restricted.code());
            Ok::<_, diwan_db::DbError>(diesel::update(auditor).set(level).execute(tx.conn())?)
        })
        .unwrap();
    (app, auditor)
}

#[test]
fn entries_are_found_by_who_what_and_when() {
    both_async(async |db: TestDb| {
        let (app, auditor) = office(db).await;
        let clerk = app.world.modee.users["clerk"];
        let all = entries(&app, auditor, "limit=100").await;
        assert!(all.windows(2).all(|pair| pair[0].id > pair[1].id), "the newest first");
        assert!(all.iter().all(|entry| entry.agency.as_ref().unwrap().id == app.world.modee.id));

        let made = entries(&app, auditor, "op=platform.unit.create").await;
        assert_eq!(made.len(), 1);
        let by = made[0].user.as_ref().unwrap();
        assert_eq!((by.id, by.name.ar.as_str(), made[0].entity.as_str()), (clerk, "clerk MODEE", "unit"));
        assert_eq!(entries(&app, auditor, &format!("entity=unit&entity_id={}", made[0].entity_id)).await, made);
        assert_eq!(entries(&app, auditor, "op=tarasol.").await.len(), 2);
        assert_eq!(entries(&app, auditor, "op=tarasol_").await.len(), 0, "a pattern is no pattern here");
        assert_eq!(entries(&app, auditor, &format!("user_id={clerk}&op=tarasol")).await.len(), 2);
        assert_eq!(entries(&app, auditor, &format!("user_id={auditor}")).await.len(), 0);

        // The clock of the tests stands at ten in the morning of 1 November in Amman.
        let of_today = entries(&app, auditor, "from=2026-11-01&to=2026-11-01&limit=100").await;
        assert_eq!(of_today.len(), all.len());
        assert_eq!(entries(&app, auditor, "from=2026-11-02").await.len(), 0);
        assert_eq!(entries(&app, auditor, "to=2026-10-31").await.len(), 0);

        let first: Page<AuditEntry> = app.get(auditor, "/api/audit?limit=3").await.ok();
        let after = first.next.unwrap();
        let second = entries(&app, auditor, &format!("limit=100&after={after}")).await;
        assert_eq!([first.items, second].concat(), all);
        app.get(auditor, "/api/audit?after=x").await.refused(422, "invalid");
    });
}

#[test]
fn an_entry_in_full_has_the_states_before_and_after() {
    both_async(async |db: TestDb| {
        let (app, auditor) = office(db).await;
        let changed = &entries(&app, auditor, "op=platform.user.update").await[0];
        let path = format!("/api/audit/{}", changed.id);
        let full: AuditEntryInFull = app.get(auditor, &path).await.ok();
        assert_eq!(full.before["name"]["ar"], "staff MODEE");
        assert_eq!(full.after["name"]["ar"], "اسم آخر");
        assert_eq!(full.after_hash.as_ref().map(String::len), Some(64));
        assert_eq!(full.link, None);
        assert!(!String::from_utf8_lossy(&app.get(auditor, &path).await.body).contains("password"));

        while app.platform.db.seal_audit(100).unwrap() > 0 {}
        let full: AuditEntryInFull = app.get(auditor, &path).await.ok();
        assert_eq!(full.link.unwrap().chain_id, app.world.modee.id);
    });
}

#[test]
fn what_is_beyond_the_auditor_is_known_by_its_number_alone() {
    both_async(async |db: TestDb| {
        let (app, auditor) = office(db).await;
        let written = entries(&app, auditor, "op=tarasol.letter.create").await;
        assert_eq!(written.len(), 2);
        let closed: Vec<_> = written.iter().filter(|entry| entry.record.is_none()).collect();
        assert_eq!(closed.len(), 1, "{written:?}");
        let page = app.get(auditor, "/api/audit?op=tarasol").await;
        assert!(!String::from_utf8_lossy(&page.body).contains("سري جدا"));
        let full: AuditEntryInFull = app.get(auditor, &format!("/api/audit/{}", closed[0].id)).await.ok();
        assert!(full.detail.is_null() && full.before.is_null(), "{full:?}");
    });
}

#[test]
fn the_trail_is_for_those_who_may_read_it_and_ends_at_the_agency() {
    both_async(async |db: TestDb| {
        let (app, auditor) = office(db).await;
        let clerk = app.world.modee.users["clerk"];
        assert_eq!(app.get(clerk, "/api/audit").await.refused(403, "forbidden").args["permission"], "audit.read");
        let one = entries(&app, auditor, "op=tarasol").await[0].id;
        app.get(clerk, &format!("/api/audit/{one}")).await.refused(403, "forbidden");

        let stranger = app.world.moh.users["staff"];
        app.grant(stranger, Permission::AuditRead);
        assert!(entries(&app, stranger, "op=tarasol").await.is_empty());
        app.get(stranger, &format!("/api/audit/{one}")).await.refused(404, "not_found");
        app.get(stranger, &format!("/api/audit?agency_id={}", app.world.modee.id)).await.refused(404, "not_found");
        app.get(auditor, "/api/audit/987654").await.refused(404, "not_found");

        app.grant(stranger, Permission::AgenciesManage);
        let of_other = entries(&app, stranger, &format!("agency_id={}&op=tarasol", app.world.modee.id)).await;
        assert_eq!(of_other.len(), 2);
        assert!(of_other.iter().all(|entry| entry.record.is_none()), "records stay with their agency");
    });
}
