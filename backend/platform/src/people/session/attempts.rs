//! Wrong passwords and codes, counted per name: after a few the name waits, each time twice as long.
//!
//! An attempt is counted before the password is looked at, so that many at once do not get more guesses than one after
//! the other; a sign-in that succeeds takes its name off the list.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{DbError, ReadTx, WriteTx, each_backend};
use diwan_schema::platform::login_attempts::dsl::{
    failed_count, last_at, locked_until as until, login_attempts, name_hash,
};

use super::store::{Account, account_named};
use crate::{Limits, Outcome, Platform, Refusal, people::username, sessions::token_hash};

/// The first wait.
const FIRST_WAIT: Duration = Duration::seconds(30);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::hours(1);
/// After this time without another attempt a name starts afresh.
const FORGET: Duration = Duration::hours(24);

/// Counts an attempt on a name and finds its account, if there is one.
///
/// # Errors
/// [`Refusal::TooMany`] while the name waits, whether or not there is such a user.
pub(in crate::people) async fn begin(platform: &Platform, typed: String) -> Outcome<Option<Account>> {
    let (db, limits) = (platform.db.clone(), platform.limits.clone());
    let counted = tokio::task::spawn_blocking(move || {
        db.upkeep("platform.session.attempt", |tx| {
            let name = username::normal(&typed);
            count(tx, &limits, &token_hash(&name))?;
            account_named(tx, &name)
        })
    });
    counted.await.unwrap_or_else(|_lost| Err(DbError::Thread.into()))
}

/// Takes a name off the list whose password was right, whatever becomes of the rest of the request.
///
/// # Errors
/// The database fails.
pub(in crate::people) async fn forget(platform: &Platform, name: String) -> Outcome<()> {
    let db = platform.db.clone();
    let gone = tokio::task::spawn_blocking(move || db.upkeep("platform.session.forget", |tx| clear(tx, &name)));
    gone.await.unwrap_or_else(|_lost| Err(DbError::Thread.into()))
}

pub(in crate::people) fn count(tx: &mut WriteTx<'_>, limits: &Limits, hash: &str) -> Outcome<()> {
    let now = tx.now();
    diesel::delete(login_attempts.filter(last_at.lt(now - FORGET))).execute(tx.conn())?;
    // The row is taken by this statement: attempts on one name go one after the other from here to the commit.
    each_backend!(tx.conn(), c => diesel::insert_into(login_attempts)
        .values((name_hash.eq(hash), failed_count.eq(1), last_at.eq(now)))
        .on_conflict(name_hash)
        .do_update()
        .set((failed_count.eq(failed_count + 1), last_at.eq(now)))
        .execute(c))?;
    let (count, locked): (i32, Option<NaiveDateTime>) =
        login_attempts.find(hash).select((failed_count, until)).first(tx.conn())?;
    if let Some(wait) = locked.map(|locked| locked - now).filter(|wait| *wait > Duration::zero()) {
        // The refusal rolls the count back: knocking at a locked door does not lock it longer.
        return Err(Refusal::TooMany { retry_after_s: wait.num_seconds().unsigned_abs() + 1 });
    }
    if count >= limits.login_attempts {
        let lock = now + wait_after(count - limits.login_attempts);
        diesel::update(login_attempts.find(hash)).set(until.eq(lock)).execute(tx.conn())?;
    }
    Ok(())
}

/// The wait after the allowed attempts and so many more.
fn wait_after(more: i32) -> Duration {
    let doubled = 1_i32.checked_shl(more.clamp(0, 20).unsigned_abs()).unwrap_or(i32::MAX);
    FIRST_WAIT.checked_mul(doubled).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

/// Takes a name off the list.
pub(in crate::people) fn clear(tx: &mut WriteTx<'_>, name: &str) -> Outcome<()> {
    diesel::delete(login_attempts.find(token_hash(name))).execute(tx.conn())?;
    Ok(())
}

/// Until when a name waits, if it does.
///
/// # Errors
/// The database fails.
pub fn locked_until(tx: &mut ReadTx<'_>, name: &str) -> Outcome<Option<NaiveDateTime>> {
    let now = tx.now();
    let locked: Option<Option<NaiveDateTime>> =
        login_attempts.find(token_hash(name)).select(until).first(tx.conn()).optional()?;
    Ok(locked.flatten().filter(|locked| *locked > now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour() {
        let seconds: Vec<_> = [0, 1, 2, 6, 7, 500].map(|more| wait_after(more).num_seconds()).into();
        assert_eq!(seconds, [30, 60, 120, 1920, 3600, 3600]);
    }
}
