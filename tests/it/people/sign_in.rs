//! Signing in: the password, the lock, the rate of an address, sessions and their end.

use chrono::Duration;
use diwan_http::SESSION_COOKIE;
use diwan_platform::Limits;
use diwan_platform_api::people::{SessionItem, SessionState};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Browser, TestApp};

use super::{PASSWORD, app, give_password};

#[test]
fn name_and_password_open_a_session() {
    both_async(async |db: TestDb| {
        let app = app(db);
        give_password(&app, app.world.modee.users["clerk"]);
        let browser = Browser::open(&app).await;
        browser.get("/api/work").await.refused(401, "signed_out");
        let answer = browser.log_in("Clerk.MODEE", PASSWORD).await;
        let cookies: Vec<_> = answer.headers.get_all("set-cookie").map(|value| value.to_str().unwrap()).collect();
        let session = cookies.iter().find(|cookie| cookie.starts_with(SESSION_COOKIE)).unwrap();
        for word in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(session.contains(word), "{session}");
        }
        let state: SessionState = answer.ok();
        assert!(state.signed_in && !state.awaits_code);
        let me = state.me.unwrap();
        assert_eq!((me.user_id, me.username.as_str()), (app.world.modee.users["clerk"], "clerk.modee"));
        browser.get("/api/work").await.ok::<serde_json::Value>();
        browser.delete("/api/session").await.done();
        assert_eq!(browser.cookie(SESSION_COOKIE), None);
        assert!(!browser.get("/api/session").await.ok::<SessionState>().signed_in);
    });
}

#[test]
fn who_is_not_let_in_learns_nothing() {
    both_async(async |db: TestDb| {
        let app = app(db);
        give_password(&app, app.world.modee.users["clerk"]);
        let browser = Browser::open(&app).await;
        let wrong = browser.log_in("clerk.modee", "not the password").await.refused(401, "bad_credentials");
        let nobody = browser.log_in("nobody.at.all", PASSWORD).await.refused(401, "bad_credentials");
        assert_eq!((wrong.message, wrong.args, wrong.fields), (nobody.message, nobody.args, nobody.fields));
        assert_eq!(browser.cookie(SESSION_COOKIE), None);
    });
}

#[test]
fn wrong_passwords_lock_a_name_longer_each_time() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let (clerk, admin) = (app.world.modee.users["clerk"], app.world.modee.users["sg"]);
        give_password(&app, clerk);
        let browser = Browser::open(&app).await;
        for _ in 0..5 {
            browser.log_in("clerk.modee", "wrong").await.refused(401, "bad_credentials");
        }
        let locked = browser.log_in("clerk.modee", PASSWORD).await;
        let problem = locked.refused(429, "too_many");
        let wait: i64 = problem.args["retry_after_s"].parse().unwrap();
        assert_eq!((locked.header("retry-after"), (30..=31).contains(&wait)), (wait.to_string().as_str(), true));
        // Nobody else waits for it.
        give_password(&app, admin);
        browser.log_in("sg.modee", PASSWORD).await.ok::<SessionState>();
        app.db.clock().advance(Duration::seconds(wait));
        browser.log_in("clerk.modee", "wrong").await.refused(401, "bad_credentials");
        let problem = browser.log_in("clerk.modee", PASSWORD).await.refused(429, "too_many");
        assert!(problem.args["retry_after_s"].parse::<i64>().unwrap() > 31, "the second wait is longer");
        // An administrator opens the account again.
        for right in [diwan_kernel::Permission::UsersManage, diwan_kernel::Permission::LettersRegister] {
            app.grant(admin, right);
        }
        for right in [
            diwan_kernel::Permission::ArchiveRead,
            diwan_kernel::Permission::ArchiveFile,
            diwan_kernel::Permission::Export,
        ] {
            app.grant(admin, right);
        }
        let user: diwan_platform_api::people::User = app.get(admin, &format!("/api/users/{clerk}")).await.ok();
        assert!(user.locked_until.is_some());
        app.post(admin, &format!("/api/users/{clerk}/unlock"), &()).await.done();
        browser.log_in("clerk.modee", PASSWORD).await.ok::<SessionState>();
    });
}

#[test]
fn an_address_may_try_so_often() {
    both_async(async |db: TestDb| {
        let limits = Limits { logins_per_minute: 3, password_memory_kib: 64, password_passes: 1, ..Limits::default() };
        let app = TestApp::with(db, limits, None);
        give_password(&app, app.world.modee.users["clerk"]);
        let browser = Browser::open(&app).await;
        for name in ["a.modee", "b.modee", "c.modee"] {
            browser.log_in(name, "wrong").await.refused(401, "bad_credentials");
        }
        let problem = browser.log_in("clerk.modee", PASSWORD).await.refused(429, "too_many");
        assert!(problem.args.contains_key("retry_after_s"));
        let mut elsewhere = Browser::open(&app).await;
        elsewhere.address = "10.0.0.2:40000";
        elsewhere.log_in("clerk.modee", PASSWORD).await.ok::<SessionState>();
    });
}

#[test]
fn a_session_ends_when_idle_and_in_any_case() {
    both_async(async |db: TestDb| {
        let app = app(db);
        give_password(&app, app.world.modee.users["clerk"]);
        let browser = Browser::open(&app).await;
        browser.log_in("clerk.modee", PASSWORD).await.ok::<SessionState>();
        app.db.clock().advance(Duration::minutes(31));
        browser.get("/api/work").await.refused(401, "signed_out");
        browser.log_in("clerk.modee", PASSWORD).await.ok::<SessionState>();
        for _ in 0..29 {
            app.db.clock().advance(Duration::minutes(25));
            let answer = browser.get("/api/work").await;
            if answer.status.as_u16() == 401 {
                break;
            }
            // The last request is noted by another thread.
            diwan_tests::until("the request is noted", async || {
                let items: Vec<SessionItem> = browser.get("/api/me/sessions").await.ok();
                use diwan_db::Clock;
                let current = items.into_iter().find(|item| item.current).unwrap();
                (current.last_seen_at.naive_utc() == app.db.clock().now()).then_some(())
            })
            .await;
        }
        browser.get("/api/work").await.refused(401, "signed_out");
    });
}

#[test]
fn other_sessions_are_seen_and_ended() {
    both_async(async |db: TestDb| {
        let app = app(db);
        for who in ["clerk", "staff"] {
            give_password(&app, app.world.modee.users[who]);
        }
        let (here, there, far, other) = (
            Browser::open(&app).await,
            Browser::open(&app).await,
            Browser::open(&app).await,
            Browser::open(&app).await,
        );
        for browser in [&here, &there, &far] {
            browser.log_in("clerk.modee", PASSWORD).await.ok::<SessionState>();
        }
        other.log_in("staff.modee", PASSWORD).await.ok::<SessionState>();
        let list: Vec<SessionItem> = here.get("/api/me/sessions").await.ok();
        assert_eq!((list.len(), list.iter().filter(|item| item.current).count()), (3, 1));
        assert!(list.iter().all(|item| item.ip == "10.0.0.1"), "{list:?}");
        let current: Vec<SessionItem> = there.get("/api/me/sessions").await.ok();
        let that = current.iter().find(|item| item.current).unwrap().id;
        other.delete(&format!("/api/me/sessions/{that}")).await.refused(404, "not_found");
        here.delete(&format!("/api/me/sessions/{that}")).await.done();
        here.delete(&format!("/api/me/sessions/{that}")).await.refused(404, "not_found");
        there.get("/api/work").await.refused(401, "signed_out");
        here.post("/api/me/sessions/revoke-others", &()).await.done();
        far.get("/api/work").await.refused(401, "signed_out");
        here.get("/api/work").await.ok::<serde_json::Value>();
        other.get("/api/work").await.ok::<serde_json::Value>();
    });
}
