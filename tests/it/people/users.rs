//! Users and roles: nobody gives what they do not have, nobody changes their own rights.

use diwan_kernel::{Lang, Named, Page, Permission, Secrecy};
use diwan_platform_api::people::{
    ChangePassword, NewUser, Pick, Role, RoleInput, SessionState, TemporaryPassword, User, UserCreated, UserEdit,
    UserItem,
};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Browser, TestApp, encode};

use super::app;

fn named(ar: &str) -> Named {
    Named { ar: ar.to_owned(), en: String::new() }
}

fn edit(name: &str) -> UserEdit {
    UserEdit {
        name: named(name),
        email: Some("sami@modee.gov.example".to_owned()),
        clearance: Secrecy::Normal,
        caveats: Vec::new(),
        role_ids: Vec::new(),
        lang: Lang::Ar,
        active: true,
    }
}

fn new(username: &str) -> NewUser {
    NewUser { agency_id: None, username: username.to_owned(), edit: edit("سامي الخطيب") }
}

fn role(code: &str, permissions: Vec<Permission>) -> RoleInput {
    RoleInput { agency_id: None, code: code.to_owned(), name: named("مدقق"), permissions }
}

/// The administrator of the ministry of digital economy.
fn admin(app: &TestApp) -> i64 {
    let admin = app.world.modee.users["director"];
    for right in [Permission::UsersManage, Permission::RolesManage, Permission::ArchiveRead] {
        app.grant(admin, right);
    }
    admin
}

#[test]
fn a_new_user_signs_in_and_chooses_a_password() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let admin = admin(&app);
        let made: UserCreated = app.post(admin, "/api/users", &new("Sami.K")).await.created();
        assert_eq!((made.user.username.as_str(), made.user.must_change), ("sami.k", true));
        let browser = Browser::open(&app).await;
        let state: SessionState = browser.log_in("sami.k", &made.temporary_password).await.ok();
        assert!(state.me.unwrap().must_change);
        browser.get("/api/work").await.refused(403, "must_change_password");
        let change = ChangePassword { current: made.temporary_password, new: "بلوط-قديم-1948".to_owned() };
        browser.post("/api/me/password", &change).await.done();
        browser.get("/api/work").await.ok::<serde_json::Value>();

        let reset: TemporaryPassword =
            app.post(admin, &format!("/api/users/{}/reset-password", made.user.id), &()).await.ok();
        browser.get("/api/work").await.refused(401, "signed_out");
        browser.log_in("sami.k", "بلوط-قديم-1948").await.refused(401, "bad_credentials");
        browser.log_in("sami.k", &reset.temporary_password).await.ok::<SessionState>();
        app.post(admin, &format!("/api/users/{}/reset-totp", made.user.id), &()).await.done();
    });
}

#[test]
fn wrong_users_are_refused_field_by_field() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let admin = admin(&app);
        app.post(admin, "/api/users", &new("sami.k")).await.created::<UserCreated>();
        let fields = |answer: diwan_tests::Answer| -> Vec<String> {
            answer.wrong_fields().into_iter().map(|(field, code)| format!("{field} {code}")).collect()
        };
        assert_eq!(fields(app.post(admin, "/api/users", &new("SAMI.K")).await), ["username taken"]);
        assert_eq!(fields(app.post(admin, "/api/users", &new("س")).await), ["username username_form"]);
        let mut wrong = new("other.k");
        wrong.edit = UserEdit { email: Some("x".to_owned()), role_ids: vec![999_999], ..edit("") };
        assert_eq!(
            fields(app.post(admin, "/api/users", &wrong).await),
            ["name.ar required", "email email_form", "role_ids unknown"]
        );
        let mut beyond = new("other.k");
        beyond.edit.clearance = Secrecy::TopSecret;
        app.post(admin, "/api/users", &beyond).await.refused(403, "clearance_beyond_yours");
        let elsewhere = NewUser { agency_id: Some(app.world.mof.id), ..new("other.k") };
        app.post(admin, "/api/users", &elsewhere).await.refused(404, "not_found");
    });
}

#[test]
fn a_user_is_changed_by_who_has_read_them() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let admin = admin(&app);
        let made: UserCreated = app.post(admin, "/api/users", &new("sami.k")).await.created();
        let path = format!("/api/users/{}", made.user.id);
        let changed: User = app.put_at(admin, &path, made.user.version, &edit("سامي حداد")).await.ok();
        assert_eq!(changed.name.ar, "سامي حداد");
        let late = app.put_at(admin, &path, made.user.version, &edit("متأخر")).await.refused(409, "stale");
        assert_eq!(late.args["entity"], "user");
        // One's own rights, and an account that may do more than one's own, are out of reach.
        let me: User = app.get(admin, &format!("/api/users/{admin}")).await.ok();
        app.put_at(admin, &format!("/api/users/{admin}"), me.version, &edit("أنا")).await.refused(403, "own_rights");
        let clerk = app.world.modee.users["clerk"];
        let refused = app.put_at(admin, &format!("/api/users/{clerk}"), 1, &edit("الكاتب")).await;
        assert!(refused.refused(403, "forbidden").args["permission"].starts_with("letters."));
        let mof = app.world.mof.users["staff"];
        app.put_at(admin, &format!("/api/users/{mof}"), 1, &edit("غريب")).await.refused(404, "not_found");
        // Who is made inactive is signed out at once.
        let token = app.token(made.user.id);
        let gone = UserEdit { active: false, ..edit("سامي حداد") };
        app.put_at(admin, &path, changed.version, &gone).await.ok::<User>();
        assert!(!token.is_empty());
        app.get(made.user.id, "/api/work").await.refused(401, "signed_out");
    });
}

#[test]
fn users_are_listed_found_and_picked() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let admin = admin(&app);
        app.post(admin, "/api/users", &new("sami.k")).await.created::<UserCreated>();
        let list: Page<UserItem> = app.get(admin, "/api/users?limit=100").await.ok();
        assert_eq!(list.items.len(), 8, "of one's own agency only");
        for words in ["الخطيب", "خطيب", "sami", "سَامي"] {
            let found: Page<UserItem> = app.get(admin, &format!("/api/users?q={}", encode(words))).await.ok();
            assert_eq!(found.items.len(), 1, "{words}");
        }
        let unit = app.world.modee.units["studies"];
        let of_unit: Page<UserItem> = app.get(admin, &format!("/api/users?unit_id={unit}")).await.ok();
        assert_eq!(of_unit.items.len(), 2);
        let inactive: Page<UserItem> = app.get(admin, "/api/users?active=false").await.ok();
        assert!(inactive.items.is_empty());
        app.get(admin, "/api/users?after=nonsense").await.refused(422, "invalid");
        app.get(admin, &format!("/api/users?agency_id={}", app.world.mof.id)).await.refused(404, "not_found");
        let picked: Vec<Pick> = app.get(admin, &format!("/api/people/pick?q={}", encode("الخطيب"))).await.ok();
        assert_eq!(picked.len(), 1);
    });
}

#[test]
fn roles_give_what_their_maker_has() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let admin = admin(&app);
        let made: Role = app.post(admin, "/api/roles", &role("auditor", vec![Permission::ArchiveRead])).await.created();
        let path = format!("/api/roles/{}", made.id);
        let taken = app.post(admin, "/api/roles", &role("auditor", Vec::new())).await.wrong_fields();
        assert_eq!(taken, [("code".to_owned(), "taken".to_owned())]);
        let beyond = app.post(admin, "/api/roles", &role("x", vec![Permission::LettersSign])).await;
        assert_eq!(beyond.refused(403, "forbidden").args["permission"], "letters.sign");
        app.put_at(admin, &path, 99, &role("auditor", Vec::new())).await.refused(409, "stale");
        app.put_at(admin, &path, made.version, &role("auditor2", vec![Permission::ArchiveRead])).await.ok::<Role>();

        let mut user = new("sami.k");
        user.edit.role_ids = vec![made.id];
        let user: UserCreated = app.post(admin, "/api/users", &user).await.created();
        assert_eq!(app.delete(admin, &path).await.refused(409, "role_in_use").args["users"], "1");
        app.get(user.user.id, "/api/work").await.refused(403, "must_change_password");
        app.put_at(admin, &format!("/api/users/{}", user.user.id), user.user.version, &edit("سامي")).await.ok::<User>();
        app.delete(admin, &path).await.done();
        app.delete(admin, &path).await.refused(404, "not_found");
        let list: Vec<Role> = app.get(admin, "/api/roles").await.ok();
        assert!(list.iter().all(|role| role.code != "auditor2"));
        // One's own role is not changed by oneself.
        let own = list.iter().find(|role| role.code == "director").unwrap();
        app.delete(admin, &format!("/api/roles/{}", own.id)).await.refused(403, "own_rights");
    });
}
