//! Choosing a new password.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_platform_api::people::{ChangePassword, password};
use diwan_schema::platform::users;
use serde_json::json;

use super::reauthenticate;
use crate::{
    Fields, Outcome, Platform, Refusal,
    people::session::{Account, end_all},
    sessions::Session,
};

/// Sets a new password and ends all other sessions.
///
/// # Errors
/// `wrong_password` on `current`; the policy's codes and `password_same` on `new`.
pub async fn run(platform: &Platform, session: Session, input: ChangePassword) -> Outcome<()> {
    let mut fields = Fields::default();
    if input.new == input.current {
        fields.push(diwan_kernel::FieldError::new("new", "password_same"));
    }
    let account = reauthenticate::run(platform, session.actor.user_id, "current", input.current).await?;
    fields.take(password::check("new", &input.new, &account.username));
    fields.done()?;
    let hash = platform.passwords.hash(input.new).await?;
    let who = session.actor.who();
    platform.db.write(who, "platform.user.change_password", move |tx| set(tx, &session, &account, &hash)).await
}

fn set(tx: &mut WriteTx<'_>, session: &Session, account: &Account, hash: &str) -> Outcome<()> {
    let now = tx.now();
    // The password that was checked is the one that is replaced.
    let checked = users::table.filter(users::id.eq(account.id)).filter(users::password_hash.eq(&account.password_hash));
    let changed = diesel::update(checked)
        .set((
            users::password_hash.eq(hash),
            users::password_changed_at.eq(now),
            users::must_change.eq(false),
            users::version.eq(users::version + 1),
        ))
        .execute(tx.conn())?;
    if changed == 0 {
        return Err(Refusal::field("current", "wrong_password"));
    }
    let ended = end_all(tx, account.id, Some(session.id))?;
    tx.audit(Audit::of("user", account.id).detail(json!({ "sessions_ended": ended })))?;
    Ok(())
}
