//! The second step of signing in: the one-time code.

use diesel::prelude::*;
use diwan_db::WriteTx;
use diwan_platform_api::people::OneTimeCode;
use diwan_schema::platform::users;

use super::{Client, Opened, attempts, store, store::Account};
use crate::{Outcome, Platform, Refusal, Secrets, people::totp, sessions};

/// Turns a session that awaits its code into a whole one, under a new token.
///
/// # Errors
/// [`Refusal::SignedOut`] when no session awaits a code (any more); `bad_code`, also for a code that was used before;
/// [`Refusal::TooMany`] while the name waits.
pub async fn run(platform: &Platform, client: Client, token: String, input: OneTimeCode) -> Outcome<Opened> {
    platform.login_rate.check(&client.ip)?;
    let limits = platform.limits.clone();
    let (half, name) = platform
        .db
        .read(move |tx| {
            let half = sessions::live(tx, &limits, &token)?;
            if !half.awaits_totp {
                return Err(Refusal::SignedOut);
            }
            let name = store::account(tx, half.user_id)?.username;
            Ok((half, name))
        })
        .await?;
    let account = attempts::begin(platform, name).await?.filter(Account::may_sign_in).ok_or(Refusal::SignedOut)?;
    let (limits, secrets) = (platform.limits.clone(), platform.secrets.clone());
    let who = client.who(Some(&account));
    let opened = platform
        .db
        .write(who, "platform.session.code", move |tx| {
            if !take(tx, &secrets, &account, &input.code)? {
                store::note_refusal(tx, Some(&account), "code")?;
                return Ok(None);
            }
            attempts::clear(tx, &account.username)?;
            store::end(tx, account.id, half.id)?;
            store::open(tx, &limits, &account, &client, false).map(Some)
        })
        .await?;
    opened.ok_or(Refusal::NotLetIn("bad_code"))
}

/// Takes a code: true once for each.
pub(in crate::people) fn take(
    tx: &mut WriteTx<'_>,
    secrets: &Secrets,
    account: &Account,
    typed: &str,
) -> Outcome<bool> {
    let Some(sealed) = &account.totp_secret else { return Ok(false) };
    let secret = secrets.unseal(&purpose(account.id), sealed)?;
    let Some(step) = totp::step_of(&secret, typed, tx.now(), account.totp_last_step) else { return Ok(false) };
    // Of two requests with the same code one finds the step taken.
    let fresh = users::table
        .filter(users::id.eq(account.id))
        .filter(users::totp_last_step.is_null().or(users::totp_last_step.lt(step)));
    Ok(diesel::update(fresh).set(users::totp_last_step.eq(step)).execute(tx.conn())? == 1)
}

/// What a user's TOTP secret is sealed for.
pub(in crate::people) fn purpose(user_id: i64) -> String {
    format!("user.totp:{user_id}")
}
