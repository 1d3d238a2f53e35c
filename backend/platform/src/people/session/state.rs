//! How far a browser has come with signing in.

use diwan_platform_api::people::SessionState;

use super::me;
use crate::{Actor, Outcome, Platform, Refusal, sessions};

/// Tells what the token of a browser, if it has one, is good for.
///
/// # Errors
/// The database fails; a token that is good for nothing is an answer, not an error.
pub async fn run(platform: &Platform, token: Option<String>) -> Outcome<SessionState> {
    let limits = platform.limits.clone();
    let Some(token) = token else { return Ok(SessionState { signed_in: false, awaits_code: false, me: None }) };
    platform
        .db
        .read(move |tx| {
            let live = match sessions::live(tx, &limits, &token) {
                Ok(live) if live.awaits_totp => {
                    return Ok(SessionState { signed_in: false, awaits_code: true, me: None });
                }
                live => live.and_then(|live| Actor::load(tx, live.user_id)),
            };
            match live {
                Ok(actor) => Ok(SessionState { signed_in: true, awaits_code: false, me: Some(me::load(tx, &actor)?) }),
                Err(Refusal::SignedOut) => Ok(SessionState { signed_in: false, awaits_code: false, me: None }),
                Err(refusal) => Err(refusal),
            }
        })
        .await
}
