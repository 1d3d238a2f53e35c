//! Accounts and sessions in the database.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_schema::platform::{agencies, sessions, users};
use serde_json::json;

use super::{Client, Opened};
use crate::{Limits, Outcome, Refusal, secrets::random, sessions::token_hash};

/// How long the one-time code may take.
const CODE_WAIT: Duration = Duration::minutes(5);
/// How long ended sessions are kept.
const KEEP_ENDED: Duration = Duration::days(30);

/// What signing in needs of a user.
#[derive(Debug, Clone, Queryable)]
pub(in crate::people) struct Account {
    pub(in crate::people) id: i64,
    pub(in crate::people) agency_id: i64,
    pub(in crate::people) username: String,
    pub(in crate::people) password_hash: String,
    pub(in crate::people) totp_secret: Option<Vec<u8>>,
    pub(in crate::people) totp_last_step: Option<i64>,
    user_active: bool,
    agency_active: bool,
}

impl Account {
    pub(super) fn may_sign_in(&self) -> bool {
        self.user_active && self.agency_active
    }

    /// A secret that was never confirmed asks for no code.
    pub(in crate::people) fn totp_enabled(&self) -> bool {
        self.totp_secret.is_some() && self.totp_last_step.is_some()
    }
}

type Columns = (
    users::id,
    users::agency_id,
    users::username,
    users::password_hash,
    users::totp_secret,
    users::totp_last_step,
    users::active,
    agencies::active,
);

const COLUMNS: Columns = (
    users::id,
    users::agency_id,
    users::username,
    users::password_hash,
    users::totp_secret,
    users::totp_last_step,
    users::active,
    agencies::active,
);

pub(super) fn account_named(tx: &mut ReadTx<'_>, name: &str) -> Outcome<Option<Account>> {
    Ok(users::table
        .inner_join(agencies::table.on(agencies::id.eq(users::agency_id)))
        .filter(users::username.eq(name))
        .select(COLUMNS)
        .first(tx.conn())
        .optional()?)
}

/// The account of a user who is signed in, or about to be.
pub(in crate::people) fn account(tx: &mut ReadTx<'_>, user_id: i64) -> Outcome<Account> {
    users::table
        .inner_join(agencies::table.on(agencies::id.eq(users::agency_id)))
        .filter(users::id.eq(user_id))
        .select(COLUMNS)
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::SignedOut)
}

/// Begins a session; one that awaits its code is good for nothing else and not for long.
pub(super) fn open(
    tx: &mut WriteTx<'_>,
    limits: &Limits,
    account: &Account,
    client: &Client,
    awaits_code: bool,
) -> Outcome<Opened> {
    let token = URL_SAFE_NO_PAD.encode(random::<32>()?);
    let now = tx.now();
    let lasts = if awaits_code { CODE_WAIT } else { limits.session_absolute };
    let old =
        sessions::table.filter(sessions::user_id.eq(account.id)).filter(sessions::expires_at.lt(now - KEEP_ENDED));
    diesel::delete(old).execute(tx.conn())?;
    let id: i64 = diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token_hash(&token)),
            sessions::user_id.eq(account.id),
            sessions::created_at.eq(now),
            sessions::last_seen_at.eq(now),
            sessions::expires_at.eq(now + lasts),
            sessions::ip.eq(&client.ip),
            sessions::user_agent.eq(&client.user_agent),
            sessions::awaits_totp.eq(awaits_code),
        ))
        .returning(sessions::id)
        .get_result(tx.conn())?;
    if !awaits_code {
        diesel::update(users::table.find(account.id)).set(users::last_login_at.eq(now)).execute(tx.conn())?;
    }
    tx.audit(Audit::of("session", id).detail(json!({ "user": account.username, "awaits_code": awaits_code })))?;
    Ok(Opened { token, awaits_code })
}

/// Notes in the trail that nobody was let in; the same work whether or not there is such a user.
pub(super) fn note_refusal(tx: &mut WriteTx<'_>, account: Option<&Account>, why: &str) -> Outcome<()> {
    let user_id = account.map_or(0, |account| account.id);
    tx.audit(Audit::of("user", user_id).detail(json!({ "refused": why })))?;
    Ok(())
}

/// A session as its owner sees it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct SessionRow {
    pub(super) id: i64,
    pub(super) created_at: NaiveDateTime,
    pub(super) last_seen_at: NaiveDateTime,
    pub(super) expires_at: NaiveDateTime,
    pub(super) ip: String,
    pub(super) user_agent: String,
}

/// The sessions of a user that have not ended, the newest first.
pub(super) fn live_of(tx: &mut ReadTx<'_>, limits: &Limits, user_id: i64) -> Outcome<Vec<SessionRow>> {
    let now = tx.now();
    Ok(sessions::table
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::awaits_totp.eq(false))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::last_seen_at.ge(now - limits.session_idle))
        .select((
            sessions::id,
            sessions::created_at,
            sessions::last_seen_at,
            sessions::expires_at,
            sessions::ip,
            sessions::user_agent,
        ))
        .order(sessions::id.desc())
        .limit(100)
        .load(tx.conn())?)
}

/// Ends one session of a user; answers whether there was one to end.
pub(super) fn end(tx: &mut WriteTx<'_>, user_id: i64, session_id: i64) -> Outcome<bool> {
    let now = tx.now();
    let one = sessions::table
        .filter(sessions::id.eq(session_id))
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::revoked_at.is_null());
    Ok(diesel::update(one).set(sessions::revoked_at.eq(now)).execute(tx.conn())? == 1)
}

/// Ends every session of a user but one; answers how many.
pub(in crate::people) fn end_all(tx: &mut WriteTx<'_>, user_id: i64, but: Option<i64>) -> Outcome<usize> {
    let now = tx.now();
    let all = sessions::table
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::id.ne(but.unwrap_or(0)))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now));
    Ok(diesel::update(all).set(sessions::revoked_at.eq(now)).execute(tx.conn())?)
}
