//! The application from outside: what every answer has, what is served where.

use std::collections::BTreeSet;

use actix_web::{
    http::{StatusCode, header},
    test::{TestRequest, call_service, init_service, read_body, read_body_json},
};
use diwan_kernel::Problem;
use diwan_platform::{Limits, Platform, Secrets, files::BlobStore};
use diwan_platform_api::people::DemoUsers;
use diwan_testkit::{TestDb, both, both_async};

use crate::{Services, assemble, demo, documentation, fonts, node::Node};

/// Letters of a demonstration that is made for a test.
const FEW: u64 = 25;

/// The services over a database, with an index in a folder that lasts as long as the second value.
fn services(db: &TestDb) -> (Services, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let platform = platform(db);
    let sources = diwan_archive::search::Sources::default();
    let settings = diwan_search::Settings::default();
    let (search, _indexer) = diwan_archive::search::open(folder.path(), sources, settings).unwrap();
    let fonts: std::sync::Arc<_> = fonts::load().unwrap().into();
    let drills = diwan_archive::drill::Drills {
        scratch: folder.path().join("scratch"),
        backup: None,
        sources: diwan_archive::search::Sources::default(),
        fonts: std::sync::Arc::clone(&fonts),
    };
    let press = diwan_print::Press { fonts, public_url: "http://localhost".into() };
    let extractor = diwan_platform::files::extraction::Extractor { program: "none".into(), limits: Default::default() };
    let pictures = diwan_archive::Pictures::new(extractor);
    let node = Node { search, live: diwan_platform::work::Live::default(), press, pictures, drills };
    (Services::new(platform, node, 1 << 20), folder)
}

fn platform(db: &TestDb) -> Platform {
    Platform::new(db.db(), BlobStore::in_memory(), Limits::default(), Secrets::from_key([0; 32]))
}

#[test]
fn every_answer_is_guarded() {
    both_async(async |db: TestDb| {
        let (services, _folder) = services(&db);
        let app = init_service(assemble(&services)).await;
        for path in
            ["/healthz", "/readyz", "/api/openapi.json", "/api/docs", "/api/docs/page.js", "/api/nothing", "/x.js"]
        {
            let response = call_service(&app, TestRequest::get().uri(path).to_request()).await;
            for name in ["content-security-policy", "x-content-type-options", "x-request-id"] {
                assert!(response.headers().contains_key(name), "{path} lacks {name}");
            }
        }
    });
}

#[test]
fn unknown_paths_of_the_api_are_problems() {
    both_async(async |db: TestDb| {
        let (services, _folder) = services(&db);
        let app = init_service(assemble(&services)).await;
        let response = call_service(&app, TestRequest::get().uri("/api/nothing").to_request()).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        let problem: Problem = read_body_json(response).await;
        assert_eq!((problem.status, problem.code.as_str()), (404, "not_found"));
    });
}

#[test]
fn a_foreign_page_cannot_write() {
    both_async(async |db: TestDb| {
        let (services, _folder) = services(&db);
        let app = init_service(assemble(&services)).await;
        let response = call_service(&app, TestRequest::post().uri("/api/anything").to_request()).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert!(response.headers().contains_key("x-request-id"), "a middleware's refusal has the headers too");
        let problem: Problem = read_body_json(response).await;
        assert_eq!(problem.code, "csrf");
    });
}

#[test]
fn pages_are_the_app_and_missing_files_are_missing() {
    both_async(async |db: TestDb| {
        let (services, _folder) = services(&db);
        let app = init_service(assemble(&services)).await;
        for path in ["/", "/letters/17", "/login?next=%2Fletters"] {
            let response = call_service(&app, TestRequest::get().uri(path).to_request()).await;
            // Without a built UI the page says how to build it.
            assert!(matches!(response.status(), StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE), "{path}");
            assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), "text/html; charset=utf-8");
            assert!(String::from_utf8_lossy(&read_body(response).await).contains("<title>"), "{path}");
        }
        for path in ["/assets/gone-0123.js", "/assets/../Cargo.toml", "/index.html.br"] {
            let response = call_service(&app, TestRequest::get().uri(path).to_request()).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        }
    });
}

#[test]
fn the_description_names_every_route() {
    let description: serde_json::Value = serde_json::from_str(&documentation().json()).unwrap();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(description["info"]["title"], "Diwan");
}

#[test]
fn the_demonstration_keeps_to_its_own_database() {
    both(|db| {
        let platform = platform(&db);
        demo::refuse_demo_database(&platform).unwrap();
        let fonts = fonts::load().unwrap();
        demo::prepare(&platform, &fonts, FEW).unwrap();
        demo::prepare(&platform, &fonts, FEW).unwrap();
        assert!(demo::refuse_demo_database(&platform).is_err(), "serve would run with known passwords");
    });
    both(|db| {
        let platform = platform(&db);
        agency(&platform);
        let refusal = demo::prepare(&platform, &fonts::load().unwrap(), FEW).unwrap_err().to_string();
        assert!(refusal.contains("not the demonstration's"), "{refusal}");
        demo::refuse_demo_database(&platform).unwrap();
    });
}

#[test]
fn the_money_of_the_demonstration_is_played_on_any_day_of_the_year() {
    for present in ["2026-01-02", "2026-06-29", "2026-12-31"] {
        both(|db| {
            let present: chrono::NaiveDate = present.parse().unwrap();
            db.clock().set(present.and_hms_opt(9, 0, 0).unwrap());
            let platform = platform(&db);
            demo::prepare(&platform, &fonts::load().unwrap(), 1).unwrap();
            let states = states(&platform);
            if present.to_string().ends_with("12-31") {
                for state in ["draft", "in_approval", "returned", "posted", "reversed", "closed", "void"] {
                    assert!(states.contains(state), "no document is {state}: {states:?}");
                }
            }
        });
    }
}

/// The states of the documents of finance.
fn states(platform: &Platform) -> BTreeSet<String> {
    use diesel::prelude::*;
    use diwan_schema::{finance::finance_documents, platform::records};
    let all = platform.db.read_now::<_, diwan_db::DbError>(|tx| {
        let documents =
            finance_documents::table.inner_join(records::table.on(records::id.eq(finance_documents::record_id)));
        Ok(documents.select(records::state).distinct().load(tx.conn())?)
    });
    let all: Vec<String> = all.unwrap();
    all.into_iter().collect()
}

#[test]
fn a_demonstration_tells_who_can_sign_in() {
    both_async(async |db: TestDb| {
        let (services, _folder) = services(&db);
        let platform = services.platform.clone();
        let prepare = move || demo::prepare(&platform, &fonts::load().unwrap(), 1).unwrap();
        tokio::task::spawn_blocking(prepare).await.unwrap();
        let app = init_service(assemble(&services.clone().telling(demo::users()))).await;
        let response = call_service(&app, TestRequest::get().uri("/api/demo/users").to_request()).await;
        assert_eq!(response.status(), StatusCode::OK);
        let told: DemoUsers = read_body_json(response).await;
        assert!(told.users.len() > 60, "{}", told.users.len());
        assert!(told.users.iter().any(|user| user.username == "auditor.ab" && user.agency.en == "Audit Bureau"));
        let mut hashes = BTreeSet::new();
        for user in &told.users {
            let (name, hash) = stored(&services.platform, &user.username);
            assert_eq!(name, user.name.ar, "{}", user.username);
            hashes.insert(hash);
        }
        for hash in hashes {
            assert!(services.platform.passwords.verify(told.password.clone(), Some(hash)).await.unwrap());
        }
    });
}

#[test]
fn only_a_demonstration_tells_who_can_sign_in() {
    both_async(async |db: TestDb| {
        let (services, _folder) = services(&db);
        let app = init_service(assemble(&services)).await;
        let response = call_service(&app, TestRequest::get().uri("/api/demo/users").to_request()).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        let problem: Problem = read_body_json(response).await;
        assert_eq!(problem.code, "not_found");
    });
}

/// Name and password hash of a user.
fn stored(platform: &Platform, username: &str) -> (String, String) {
    use diesel::prelude::*;
    use diwan_schema::platform::users::dsl as u;
    let row = platform.db.read_now::<_, diwan_db::DbError>(|tx| {
        let one = u::users.filter(u::username.eq(username));
        Ok(one.select((u::name_ar, u::password_hash)).first(tx.conn())?)
    });
    row.unwrap()
}

fn agency(platform: &Platform) {
    use diesel::prelude::*;
    use diwan_schema::platform::agencies::dsl as a;
    platform
        .db
        .upkeep::<_, diwan_db::DbError>("test.agency", |tx| {
            let now = tx.now();
            diesel::insert_into(a::agencies)
                .values((
                    (a::code.eq("MOF"), a::name_ar.eq("وزارة المالية"), a::name_en.eq("Ministry of Finance")),
                    (a::kind.eq("ministry"), a::addressee_ar.eq("معالي وزير المالية"), a::addressee_en.eq("Minister")),
                    (a::active.eq(true), a::fold.eq(""), a::created_at.eq(now), a::version.eq(1_i64)),
                ))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
}
