//! People and rights over HTTP: signing in, one's own account, the organisation, users, roles, delegations.

mod account;
mod delegations;
mod organisation;
mod sign_in;
mod users;

use diesel::prelude::*;
use diwan_platform::Limits;
use diwan_schema::platform::users as user_table;
use diwan_testkit::TestDb;
use diwan_tests::TestApp;

/// A good password.
const PASSWORD: &str = "زيتون-اخضر-2026";

/// An app whose passwords cost little to hash.
fn app(db: TestDb) -> TestApp {
    TestApp::with(db, Limits { password_memory_kib: 64, password_passes: 1, ..Limits::default() }, None)
}

/// Gives a person the good password.
fn give_password(app: &TestApp, user_id: i64) {
    let hash = app.platform.passwords.hash_now(PASSWORD).unwrap();
    app.platform
        .db
        .upkeep("test.password", |tx| {
            let user = diesel::update(user_table::table.find(user_id));
            Ok::<_, diwan_db::DbError>(user.set(user_table::password_hash.eq(&hash)).execute(tx.conn())?)
        })
        .unwrap();
}
