//! Signing in with name and password.

use diwan_platform_api::people::LogIn;

use super::{Client, Opened, attempts, store};
use crate::{Outcome, Platform, Refusal};

/// Begins a session. Whoever is not let in learns nothing about why, or whether there is such a user.
///
/// # Errors
/// `bad_credentials`; [`Refusal::TooMany`] while the name or the address waits.
pub async fn run(platform: &Platform, client: Client, input: LogIn) -> Outcome<Opened> {
    platform.login_rate.check(&client.ip)?;
    let account = attempts::begin(platform, input.username).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let good = platform.passwords.verify(input.password, stored).await?;
    let who = client.who(account.as_ref());
    match account {
        Some(account) if good && account.may_sign_in() => {
            let limits = platform.limits.clone();
            let open = move |tx: &mut diwan_db::WriteTx<'_>| {
                let awaits_code = account.totp_enabled();
                if !awaits_code {
                    attempts::clear(tx, &account.username)?;
                }
                store::open(tx, &limits, &account, &client, awaits_code)
            };
            platform.db.write(who, "platform.session.open", open).await
        }
        account => {
            let note = move |tx: &mut diwan_db::WriteTx<'_>| store::note_refusal(tx, account.as_ref(), "password");
            platform.db.write(who, "platform.session.refuse", note).await?;
            Err(Refusal::NotLetIn("bad_credentials"))
        }
    }
}
