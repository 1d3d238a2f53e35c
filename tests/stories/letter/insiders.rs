//! Of those who may see the letter, not everybody may do everything with it: a refusal says which right is missing.

use diwan_kernel::Permission;
use diwan_tarasol_api::StepNote;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::routes;

use super::told::{letter, tell};

#[test]
fn who_may_not_take_a_step_is_told_which_right_it_takes() {
    both_async(async |db: TestDb| {
        let told = tell(db).await;
        let app = &told.app;
        let why = StepNote { note: Some("سبب".to_owned()) };
        // Who got it in copy reads it, but does not keep the register; the clerk keeps it, but does not void.
        let reader = app.world.mof.users["other_head"];
        let version = letter(app, reader, told.incoming).await.head.version;
        for step in ["register", "refuse", "close", "reopen"] {
            let path = format!("/api/letters/{}/{step}", told.incoming);
            let refused = app.post_at(reader, &path, version, &why).await.refused(403, "forbidden");
            assert_eq!(refused.args["permission"], "letters.register", "{step}");
        }
        let path = format!("/api/letters/{}/void", told.answer);
        let clerk = app.world.mof.users["clerk"];
        let version = letter(app, clerk, told.answer).await.head.version;
        let refused = app.post_at(clerk, &path, version, &why).await;
        // The other ministry has registered it: neither right nor state would let it be voided.
        refused.refused(409, "wrong_state");
    });
}

#[test]
fn every_route_that_takes_a_right_names_it() {
    both_async(async |db: TestDb| {
        let app = diwan_tests::TestApp::new(db);
        let plain = app.world.modee.users["staff"];
        let mut named = 0;
        for route in routes() {
            let Some(right) = route.right.as_deref().filter(|right| *right != Permission::LettersDraft.code()) else {
                continue;
            };
            let request = actix_web::test::TestRequest::with_uri(&route.at("1")).method(route.method.clone());
            let request = match &route.body {
                Some(body) => request.set_json(body),
                None => request,
            };
            let refused = app.send(plain, request).await.refused(403, "forbidden");
            assert_eq!(refused.args["permission"], right, "{}", route.name());
            named += 1;
        }
        assert!(named > 30, "only {named} routes take a right");
    });
}
