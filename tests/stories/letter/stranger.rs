//! A third ministry finds nothing, by any route that the product has.

use std::collections::BTreeMap;

use actix_web::test::TestRequest;
use diesel::prelude::*;
use diwan_db::DbError;
use diwan_kernel::Permission;
use diwan_platform_api::{files::Attachments, records::Note};
use diwan_schema::platform::audit_entries;
use diwan_testkit::{TestAgency, TestDb, both_async};
use diwan_tests::{ApiRoute, encode, routes, until};

use super::{
    told::{Told, letter, tell},
    words,
};

/// Ids of the story by what they are of: the part of a route's path before its parameter.
async fn ids(told: &Told) -> BTreeMap<&'static str, Vec<String>> {
    let app = &told.app;
    let sides = [
        (app.world.modee.users["clerk"], vec![told.outgoing, told.answered]),
        (app.world.mof.users["clerk"], vec![told.incoming, told.answer]),
    ];
    let (mut files, mut tasks, mut sessions) = (Vec::new(), Vec::new(), Vec::new());
    for (user, records) in &sides {
        for id in records {
            let list: Attachments = app.get(*user, &format!("/api/records/{id}/attachments")).await.ok();
            files.extend(list.items.iter().map(|file| file.id));
            tasks.extend(letter(app, *user, *id).await.tasks.iter().map(|task| task.id));
            let _: Vec<Note> = app.get(*user, &format!("/api/records/{id}/notes")).await.ok();
        }
        let own: Vec<diwan_platform_api::people::SessionItem> = app.get(*user, "/api/me/sessions").await.ok();
        sessions.extend(own.iter().map(|session| session.id));
    }
    assert!(files.len() >= 6 && tasks.len() >= 5 && sessions.len() == 2, "{files:?} {tasks:?} {sessions:?}");
    let records: Vec<i64> = sides.into_iter().flat_map(|(_, records)| records).collect();
    let entries: Vec<i64> = app
        .platform
        .db
        .read_now(|tx| {
            let of_story = audit_entries::table.filter(audit_entries::record_id.eq_any(&records));
            Ok::<_, DbError>(of_story.select(audit_entries::id).order(audit_entries::id).limit(10).load(tx.conn())?)
        })
        .unwrap();
    let of = |pick: fn(&TestAgency) -> Vec<i64>| [&app.world.modee, &app.world.mof].map(pick).concat();
    let people = of(|agency| agency.users.values().copied().collect());
    let entities = [
        ("letters", records.clone()),
        ("records", records.clone()),
        ("documents", records),
        ("attachments", files),
        ("tasks", tasks),
        ("audit", entries),
        ("sessions", sessions),
        ("users", people),
        ("units", of(|agency| agency.units.values().copied().collect())),
        ("positions", of(|agency| agency.positions.values().copied().collect())),
        ("agencies", of(|agency| vec![agency.id])),
    ];
    entities.into_iter().map(|(name, ids)| (name, ids.iter().map(i64::to_string).collect())).collect()
}

/// What the world has only one row or none of, which the story does not touch; each has tests of its own (those of the
/// archive's order in `archive::plan`, `archive::binders` and `archive::keeping`, of access in `archive::rights`, of imports
/// in `archive::imports`, of the books in `finance`, `finance_setup`, `finance_reports`, `finance_documents`,
/// `finance_bank`, `finance_closing`, `finance_payments`, `finance_budget` and `finance_templates`). The path of an import of people names a
/// kind, not a row; drills are of the whole installation.
const OUTSIDE: [&str; 45] = [
    "access-requests",
    "grants",
    "drills",
    "imports",
    "saved-searches",
    "import",
    "holdings",
    "roles",
    "delegations",
    "holidays",
    "jobs",
    "verify",
    "classes",
    "schedules",
    "types",
    "files",
    "holds",
    "disposals",
    "accounts",
    "periods",
    "parties",
    "cost-centres",
    "segments",
    "control-levels",
    "currencies",
    "rates",
    "bank-accounts",
    "authority-limits",
    "virement-rules",
    "closing-rules",
    "reopenings",
    "years",
    "provisional-rules",
    "templates",
    "pick",
    "position",
    "entries",
    "statements",
    "lines",
    "reconciliations",
    "runs",
    "books",
    "cheques",
    "cash",
    "open",
];

/// All rights that an agency gives: only the scope is left to hide things.
fn all_rights(told: &Told) -> i64 {
    let stranger = told.app.world.moh.users["sg"];
    let own = told.app.world.moh.actor(&told.app.platform.db, "sg").permissions;
    for right in Permission::ALL {
        if *right != Permission::AgenciesManage && !own.contains(right) {
            told.app.grant(stranger, *right);
        }
    }
    stranger
}

/// The request as somebody who knows ids and forms would send it.
fn request(route: &ApiRoute, path: &str) -> TestRequest {
    let request = TestRequest::with_uri(path).method(route.method.clone()).insert_header(("if-match", "\"1\""));
    match &route.body {
        Some(body) => request.set_json(body),
        None if route.path.contains("attachments") && route.changes() => {
            diwan_tests::Form::default().file("x.txt", b"x").on(request)
        }
        None => request,
    }
}

#[test]
fn a_stranger_gets_404_for_every_id_of_the_story() {
    both_async(async |db: TestDb| {
        let told = tell(db).await;
        let stranger = all_rights(&told);
        let ids = ids(&told).await;
        let mut wrong = Vec::new();
        let mut tried = 0;
        for route in routes() {
            let Some(entity) = route.entity().filter(|entity| !OUTSIDE.contains(entity)) else { continue };
            if entity == "drafts" {
                continue;
            }
            let known = ids.get(entity).unwrap_or_else(|| panic!("{}: tell this test an id of {entity}", route.name()));
            for id in known {
                let answer = told.app.send(stranger, request(&route, &route.at(id))).await;
                tried += 1;
                // Names of agencies are public; the agency itself takes a right over all of them.
                let expected = match route.path.as_str() {
                    "/api/agencies/{id}/addressee" => 200,
                    path if path.starts_with("/api/agencies/") => 403,
                    _ => 404,
                };
                if answer.status.as_u16() != expected {
                    wrong.push(format!("{} with {id}: {} {}", route.name(), answer.status, answer.text()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(tried > 150, "only {tried} requests");
    });
}

#[test]
fn no_list_no_count_and_no_search_tells_a_stranger() {
    both_async(async |db: TestDb| {
        let told = tell(db).await;
        let stranger = all_rights(&told);
        let finder = told.app.world.mof.users["clerk"];
        until("the index knows the story", async || {
            let answer = told.app.find(finder, &format!("q={}", encode(words::IN_DOCX))).await;
            (answer.total > 0).then_some(())
        })
        .await;
        let mut queries = vec![String::new()];
        for word in [words::SUBJECT, words::ANSWER, words::IN_PDF, words::IN_DOCX, "MODEE/2026/1", "MOF/2026/1"] {
            queries.push(format!("q={}", encode(word)));
        }
        for direction in ["outgoing", "incoming", "internal_memo"] {
            queries.push(format!("direction={direction}"));
            queries.push(format!("direction={direction}&q={}", encode("تخصيص")));
        }
        for agency in [told.app.world.modee.id, told.app.world.mof.id] {
            queries.push(format!("agency={agency}"));
        }
        // Words of the story that nothing else has; `total` of searches is checked through the hits and facets.
        let secrets = [words::SUBJECT, words::ANSWER, words::IN_PDF, words::IN_DOCX, "/2026/1"];
        let mut read = 0;
        // Live events do not end; who is told of them has tests of its own.
        for route in routes().iter().filter(|route| !route.changes() && !route.path.contains('{')) {
            if route.path == "/api/events" {
                continue;
            }
            for query in &queries {
                let answer = told.app.get(stranger, &format!("{}?{query}", route.path)).await;
                if answer.status.as_u16() != 200 {
                    continue;
                }
                read += 1;
                let text = answer.text();
                for secret in secrets {
                    assert!(!text.contains(secret), "{} with {query} tells {secret}: {text}", route.name());
                }
            }
        }
        assert!(read > 100, "only {read} lists were read");
        let counts: diwan_platform_api::records::WorkCounts = told.app.get(stranger, "/api/work/counts").await.ok();
        assert_eq!((counts.open, counts.unread, counts.to_register), (0, 0, 0));
    });
}
