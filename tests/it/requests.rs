//! What holds for every route: CSRF, sessions, bodies that do not fit. The table of routes says which there are.

use actix_web::{cookie::Cookie, test::TestRequest};
use diwan_http::{CSRF_COOKIE, SESSION_COOKIE};
use diwan_kernel::Permission;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{ApiRoute, TestApp, routes};
use serde_json::{Value, json};

/// A request for the route with what its handler wants to see.
fn request(route: &ApiRoute, body: Option<&Value>) -> TestRequest {
    let request = TestRequest::with_uri(&route.at("1")).method(route.method.clone());
    let request = request.insert_header(("if-match", "\"1\""));
    match body {
        Some(body) => request.set_json(body),
        None => request,
    }
}

/// Somebody who may do everything in their agency and beyond.
fn admin(app: &TestApp) -> i64 {
    let admin = app.world.modee.users["sg"];
    let own = app.world.modee.actor(&app.platform.db, "sg").permissions;
    for right in Permission::ALL.iter().filter(|right| !own.contains(right)) {
        app.grant(admin, *right);
    }
    admin
}

#[test]
fn nothing_is_changed_from_a_foreign_page() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let token = app.token(admin(&app));
        let signed_in = |request: TestRequest| request.cookie(Cookie::new(SESSION_COOKIE, token.clone()));
        for route in routes().iter().filter(|route| route.changes()) {
            let plain = || signed_in(request(route, route.body.as_ref()));
            let cookie = |value: &'static str| Cookie::new(CSRF_COOKIE, value);
            let foreign = [
                plain(),
                plain().cookie(cookie("a")),
                plain().insert_header(("x-diwan-csrf", "a")),
                plain().cookie(cookie("a")).insert_header(("x-diwan-csrf", "b")),
                plain().cookie(cookie("")).insert_header(("x-diwan-csrf", "")),
                plain()
                    .cookie(cookie("a"))
                    .insert_header(("x-diwan-csrf", "a"))
                    .insert_header(("sec-fetch-site", "cross-site")),
            ];
            for (way, request) in foreign.into_iter().enumerate() {
                let answer = app.call(request).await;
                assert_eq!(answer.status.as_u16(), 403, "{} in way {way}: {}", route.name(), answer.text());
                answer.refused(403, "csrf");
            }
        }
    });
}

#[test]
fn nothing_is_told_without_a_session() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let csrf =
            |request: TestRequest| request.cookie(Cookie::new(CSRF_COOKIE, "a")).insert_header(("x-diwan-csrf", "a"));
        for route in routes().iter().filter(|route| !route.public) {
            // Neither with a body that fits nor with one that does not: nobody learns what a route takes.
            let broken =
                csrf(request(route, None)).insert_header(("content-type", "application/json")).set_payload("{");
            for request in [csrf(request(route, route.body.as_ref())), broken] {
                let answer = app.call(request).await;
                assert_eq!(answer.status.as_u16(), 401, "{}: {}", route.name(), answer.text());
                answer.refused(401, "signed_out");
            }
            let unknown = csrf(request(route, None)).cookie(Cookie::new(SESSION_COOKIE, "guessed"));
            app.call(unknown).await.refused(401, "signed_out");
        }
    });
}

#[test]
fn a_broken_body_is_told_by_its_place_and_a_wrong_value_by_its_field() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let admin = admin(&app);
        let (mut wrong, mut fields) = (Vec::new(), 0);
        for route in routes().iter().filter(|route| route.body.is_some() && !takes_a_form(route)) {
            let json = |text: &str| {
                let request = request(route, None).insert_header(("content-type", "application/json"));
                request.set_payload(text.to_owned())
            };
            for text in ["", "{", "{\"a\": tru", "\u{feff}{}", "not json"] {
                let problem = app.send(admin, json(text)).await.refused(400, "bad_json");
                assert!(problem.args.contains_key("line") && problem.args.contains_key("column"), "{}", route.name());
            }
            let plain = request(route, None).insert_header(("content-type", "text/plain")).set_payload("{}");
            app.send(admin, plain).await.refused(415, "not_json");
            for field in route.body.as_ref().and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name) {
                let mut body = route.body.clone().unwrap();
                // No field of the whole API is a list of lists.
                body[field] = json!([[[]]]);
                if !flattens(route) {
                    wrong.extend(told(&app, admin, route, &body, field, "wrong_type").await);
                }
                body.as_object_mut().unwrap().remove(field);
                wrong.extend(told(&app, admin, route, &body, field, "required").await);
                fields += 1;
            }
            if !flattens(route) {
                let mut body = route.body.clone().unwrap();
                body["no_such_field"] = json!(1);
                wrong.extend(told(&app, admin, route, &body, "no_such_field", "unknown_field").await);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(fields > 100, "only {fields} fields");
    });
}

/// Nothing, where the answer names the field with this code; else what it said.
async fn told(app: &TestApp, user: i64, route: &ApiRoute, body: &Value, field: &str, code: &str) -> Option<String> {
    let answer = app.send(user, request(route, Some(body))).await;
    let problem: Option<diwan_kernel::Problem> = serde_json::from_slice(&answer.body).ok();
    let named = problem.is_some_and(|problem| {
        problem.status == 422 && problem.fields.iter().any(|told| told.field.starts_with(field) && told.code == code)
    });
    (!named).then(|| format!("{} with {field} {code}: {} {}", route.name(), answer.status, answer.text()))
}

/// Routes whose JSON comes as a part of a form.
fn takes_a_form(route: &ApiRoute) -> bool {
    route.name() == "POST /api/documents"
}

/// Bodies with a part that is written into the whole: what stands in that part is not told by its field.
fn flattens(route: &ApiRoute) -> bool {
    route.name() == "POST /api/users"
}
