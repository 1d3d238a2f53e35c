//! Every list: its query string as the UI writes it, its pages one after the other.

use std::collections::BTreeSet;

use actix_web::test::TestRequest;
use diwan_kernel::{Named, Page, Permission};
use diwan_tarasol_api::LetterRow;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document, encode, letter};
use serde_json::Value;

/// The lists that are paged by key, each with the orders it knows.
const LISTS: [(&str, &[&str]); 10] = [
    ("/api/letters?direction=outgoing", &["newest", "oldest", "due", "number", "subject", "counterpart", "priority"]),
    ("/api/documents?", &["newest", "oldest", "filed"]),
    ("/api/users?", &["name", "-name", "name_en", "username", "-username"]),
    ("/api/agencies?", &["name", "-name_en", "code"]),
    ("/api/units?", &["code", "name", "-name_en"]),
    ("/api/positions?", &["title", "-title_en"]),
    ("/api/work?view=all", &["due", "newest", "oldest"]),
    ("/api/notifications?unread=false", &[]),
    ("/api/jobs?", &[]),
    ("/api/audit?", &[]),
];

/// An office with something in every list, and the clerk who may see all of it.
async fn office(db: TestDb) -> (TestApp, i64) {
    let app = TestApp::new(db);
    let clerk = app.world.modee.users["clerk"];
    for right in [
        Permission::UsersManage,
        Permission::OrgManage,
        Permission::AgenciesManage,
        Permission::JobsManage,
        Permission::AuditRead,
    ] {
        app.grant(clerk, right);
    }
    for subject in ["طلب مخصصات", "أجهزة حاسوب", "تجديد عقد", "إيجار مبنى", "صيانة مركبات"]
    {
        let written =
            app.send(clerk, TestRequest::post().uri("/api/letters").set_json(letter(app.world.mof.id, subject))).await;
        assert_eq!(written.status, 201, "{}", String::from_utf8_lossy(&written.body));
        app.file(clerk, &document(subject), &[("نص.txt", subject.as_bytes())]).await;
    }
    (app, clerk)
}

#[test]
fn every_list_takes_a_limit_and_goes_on_after_its_cursor() {
    both_async(async |db: TestDb| {
        let (app, clerk) = office(db).await;
        for (path, sorts) in LISTS {
            for sort in sorts.iter().copied().chain([""]) {
                let sort = if sort.is_empty() { String::new() } else { format!("&sort={sort}") };
                let all: Page<Value> = app.get(clerk, &format!("{path}&limit=100{sort}")).await.ok();
                assert_eq!(all.next, None, "{path}{sort}");
                let mut one_by_one = Vec::new();
                let mut after = String::new();
                loop {
                    let page: Page<Value> = app.get(clerk, &format!("{path}&limit=2{sort}{after}")).await.ok();
                    assert!(page.items.len() <= 2, "{path}{sort}");
                    one_by_one.extend(page.items);
                    let Some(next) = page.next else { break };
                    after = format!("&after={}", encode(&next));
                }
                assert_eq!(one_by_one, all.items, "{path}{sort}");
            }
        }
        let letters: Page<LetterRow> = app.get(clerk, "/api/letters?direction=outgoing&limit=20").await.ok();
        assert_eq!(letters.items.len(), 5);
        let subjects: BTreeSet<_> = letters.items.iter().map(|row| row.subject.as_str()).collect();
        assert!(subjects.contains("طلب مخصصات"));
    });
}

#[test]
fn a_wrong_limit_is_refused_and_a_large_one_is_cut() {
    both_async(async |db: TestDb| {
        let (app, clerk) = office(db).await;
        for (path, _) in LISTS {
            assert_eq!(app.get(clerk, &format!("{path}&limit=many")).await.status, 400, "{path}");
            let page: Page<Value> = app.get(clerk, &format!("{path}&limit=5000")).await.ok();
            assert!(page.items.len() <= 100, "{path}");
        }
    });
}

#[test]
fn whom_an_agency_is_addressed_by() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let staff = app.world.moh.users["staff"];
        let path = |id: i64| format!("/api/agencies/{id}/addressee");
        let named: Named = app.get(staff, &path(app.world.mof.id)).await.ok();
        assert_eq!(named.ar, "معالي وزير وزارة المالية");
        app.get(staff, &path(987_654)).await.refused(404, "not_found");
    });
}
