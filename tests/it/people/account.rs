//! One's own account: password, one-time codes, preferences.

use chrono::Duration;
use diwan_db::Clock;
use diwan_kernel::Lang;
use diwan_platform_api::people::{
    ChangePassword, OneTimeCode, Preferences, Reauthenticate, SessionState, Theme, TotpEnrolment,
};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Browser, TestApp};
use hmac::{Hmac, KeyInit, Mac};

use super::{PASSWORD, app, give_password};

const NEW: &str = "سنديان-عتيق-1999";

/// The code that an authenticator app shows now (RFC 6238).
fn code(app: &TestApp, secret: &str) -> OneTimeCode {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut key, mut held, mut bits) = (Vec::new(), 0_u64, 0);
    for letter in secret.chars() {
        held = held << 5 | u64::try_from(letters.find(letter).unwrap()).unwrap();
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            key.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&key).unwrap();
    mac.update(&(app.db.clock().now().and_utc().timestamp() / 30).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 0xf);
    let word = u32::from_be_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]]) & 0x7fff_ffff;
    OneTimeCode { code: format!("{:06}", word % 1_000_000) }
}

async fn signed_in(app: &TestApp) -> Browser<'_> {
    give_password(app, app.world.modee.users["clerk"]);
    let browser = Browser::open(app).await;
    browser.log_in("clerk.modee", PASSWORD).await.ok::<SessionState>();
    browser
}

#[test]
fn a_password_is_changed_and_other_sessions_end() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let (browser, other) = (signed_in(&app).await, signed_in(&app).await);
        let change = |current: &str, new: &str| ChangePassword { current: current.to_owned(), new: new.to_owned() };
        let wrong = [
            (change("wrong", NEW), "current", "wrong_password"),
            (change(PASSWORD, "short"), "new", "password_too_short"),
            (change(PASSWORD, "password123"), "new", "password_common"),
            (change(PASSWORD, "my-clerk.modee-1"), "new", "password_has_username"),
            (change(PASSWORD, PASSWORD), "new", "password_same"),
        ];
        for (input, field, code) in wrong {
            let fields = browser.post("/api/me/password", &input).await.wrong_fields();
            assert!(fields.contains(&(field.to_owned(), code.to_owned())), "{code}: {fields:?}");
        }
        other.get("/api/work").await.ok::<serde_json::Value>();
        browser.post("/api/me/password", &change(PASSWORD, NEW)).await.done();
        other.get("/api/work").await.refused(401, "signed_out");
        browser.get("/api/work").await.ok::<serde_json::Value>();
        other.log_in("clerk.modee", PASSWORD).await.refused(401, "bad_credentials");
        other.log_in("clerk.modee", NEW).await.ok::<SessionState>();
    });
}

#[test]
fn a_one_time_code_is_asked_once_it_is_confirmed() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let browser = signed_in(&app).await;
        let nothing = OneTimeCode { code: "000000".to_owned() };
        let told = browser.post("/api/me/totp/confirm", &nothing).await.wrong_fields();
        assert_eq!(told, [("code".to_owned(), "bad_code".to_owned())]);
        let enrolment: TotpEnrolment = browser.post("/api/me/totp", &()).await.ok();
        assert!(enrolment.uri.starts_with("otpauth://totp/") && enrolment.qr_svg.contains("<svg"));
        // Not confirmed yet: signing in asks for the password only.
        let second = Browser::open(&app).await;
        assert!(second.log_in("clerk.modee", PASSWORD).await.ok::<SessionState>().signed_in);
        browser.post("/api/me/totp/confirm", &code(&app, &enrolment.secret)).await.done();
        browser.post("/api/me/totp", &()).await.refused(409, "totp_enabled");

        let third = Browser::open(&app).await;
        let state: SessionState = third.log_in("clerk.modee", PASSWORD).await.ok();
        assert!(!state.signed_in && state.awaits_code && state.me.is_none());
        third.get("/api/work").await.refused(401, "signed_out");
        let used = code(&app, &enrolment.secret);
        third.post("/api/session/code", &used).await.refused(401, "bad_code");
        app.db.clock().advance(Duration::seconds(60));
        let fresh = code(&app, &enrolment.secret);
        let state: SessionState = third.post("/api/session/code", &fresh).await.ok();
        assert!(state.signed_in);
        third.get("/api/work").await.ok::<serde_json::Value>();
        let fourth = Browser::open(&app).await;
        fourth.post("/api/session/code", &fresh).await.refused(401, "signed_out");

        let wrong = Reauthenticate { password: "wrong".to_owned() };
        let told = third.post("/api/me/totp/disable", &wrong).await.wrong_fields();
        assert_eq!(told, [("password".to_owned(), "wrong_password".to_owned())]);
        third.post("/api/me/totp/disable", &Reauthenticate { password: PASSWORD.to_owned() }).await.done();
        assert!(fourth.log_in("clerk.modee", PASSWORD).await.ok::<SessionState>().signed_in);
    });
}

#[test]
fn a_code_awaited_too_long_is_not_taken() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let browser = signed_in(&app).await;
        let enrolment: TotpEnrolment = browser.post("/api/me/totp", &()).await.ok();
        browser.post("/api/me/totp/confirm", &code(&app, &enrolment.secret)).await.done();
        let late = Browser::open(&app).await;
        assert!(late.log_in("clerk.modee", PASSWORD).await.ok::<SessionState>().awaits_code);
        app.db.clock().advance(Duration::hours(1));
        late.post("/api/session/code", &code(&app, &enrolment.secret)).await.refused(401, "signed_out");
    });
}

#[test]
fn preferences_are_kept() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let browser = signed_in(&app).await;
        browser.put("/api/me/preferences", &Preferences { lang: Lang::En, theme: Theme::Dark }).await.done();
        let me = browser.get("/api/session").await.ok::<SessionState>().me.unwrap();
        assert_eq!((me.lang, me.theme), (Lang::En, Theme::Dark));
    });
}
