//! Sessions (جلسات الدخول): from a cookie's token to the person behind it.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_schema::platform::{rights_epochs, sessions};
use sha2::{Digest, Sha256};

use crate::{Actor, Limits, Outcome, Platform, Refusal};

/// How stale `last_seen_at` may be before a request writes it again.
const SEEN_EVERY: Duration = Duration::minutes(1);

/// What is stored of a token: who reads the table cannot use it.
pub fn token_hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A session that is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// The session.
    pub id: i64,
    /// The person; [`Actor::must_change`] may be set, then only the account's own routes are open.
    pub actor: Actor,
}

/// The person behind a session token, for everything but the few routes that lead to a new password.
///
/// # Errors
/// As [`session`], and `must_change_password` while a new password has to be chosen.
pub async fn actor(platform: &Platform, token: String) -> Outcome<Actor> {
    let actor = session(platform, token).await?.actor;
    if actor.must_change { Err(Refusal::Denied("must_change_password")) } else { Ok(actor) }
}

/// The session behind a token.
///
/// # Errors
/// [`Refusal::SignedOut`] when the session is unknown, revoked, idle too long, too old or still waits for its code.
pub async fn session(platform: &Platform, token: String) -> Outcome<Session> {
    let (limits, rights) = (platform.limits.clone(), platform.rights.clone());
    let (session, stale) = platform
        .db
        .glance(move |tx| {
            let live = live(tx, &limits, &token)?;
            if live.awaits_totp {
                return Err(Refusal::SignedOut);
            }
            let stale = tx.now() - live.last_seen_at > SEEN_EVERY;
            Ok((Session { id: live.id, actor: rights.of(tx, live.user_id, live.rights_epoch())? }, stale))
        })
        .await?;
    if stale {
        let session_id = session.id;
        platform.db.upkeep_later("platform.session.seen", move |tx| {
            let now = tx.now();
            // Notes may overtake each other; an older one must not make the session look idle.
            let earlier = sessions::table.find(session_id).filter(sessions::last_seen_at.lt(now));
            diesel::update(earlier).set(sessions::last_seen_at.eq(now)).execute(tx.conn())?;
            Ok(())
        });
    }
    Ok(session)
}

/// A session that has not ended.
#[derive(Debug, Clone, Queryable)]
pub struct Live {
    /// The session.
    pub id: i64,
    /// Whose it is.
    pub user_id: i64,
    /// Its last request, give or take a minute.
    pub last_seen_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    /// Whether the one-time code is still to be given.
    pub awaits_totp: bool,
    revoked_at: Option<NaiveDateTime>,
    rights_epoch: Option<i64>,
}

impl Live {
    /// How often anybody's rights had changed when the session was read, for [`crate::Rights::of`].
    pub fn rights_epoch(&self) -> i64 {
        self.rights_epoch.unwrap_or_default()
    }
}

/// Finds the session of a token.
///
/// # Errors
/// [`Refusal::SignedOut`] when there is none that is still good.
pub fn live(tx: &mut ReadTx<'_>, limits: &Limits, token: &str) -> Outcome<Live> {
    let session: Live = sessions::table
        .filter(sessions::token_hash.eq(token_hash(token)))
        .select((
            sessions::id,
            sessions::user_id,
            sessions::last_seen_at,
            sessions::expires_at,
            sessions::awaits_totp,
            sessions::revoked_at,
            rights_epochs::table.select(rights_epochs::epoch).single_value(),
        ))
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::SignedOut)?;
    let now = tx.now();
    let over =
        session.revoked_at.is_some() || session.expires_at <= now || now - session.last_seen_at > limits.session_idle;
    if over { Err(Refusal::SignedOut) } else { Ok(session) }
}
