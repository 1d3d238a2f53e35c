//! Switching one-time codes off.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_platform_api::people::Reauthenticate;
use diwan_schema::platform::users;

use super::reauthenticate;
use crate::{Outcome, Platform, sessions::Session};

/// Forgets the secret.
///
/// # Errors
/// `wrong_password` on `password`.
pub async fn run(platform: &Platform, session: Session, input: Reauthenticate) -> Outcome<()> {
    let account = reauthenticate::run(platform, session.actor.user_id, "password", input.password).await?;
    let forget = move |tx: &mut WriteTx<'_>| {
        forget_totp(tx, account.id)?;
        tx.audit(Audit::of("user", account.id))?;
        Ok(())
    };
    platform.db.write(session.actor.who(), "platform.user.totp_disable", forget).await
}

/// Takes the secret away.
pub(in crate::people) fn forget_totp(tx: &mut WriteTx<'_>, user_id: i64) -> Outcome<()> {
    diesel::update(users::table.find(user_id))
        .set((users::totp_secret.eq(None::<Vec<u8>>), users::totp_last_step.eq(None::<i64>)))
        .execute(tx.conn())?;
    Ok(())
}
