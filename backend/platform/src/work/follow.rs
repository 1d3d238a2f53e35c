//! Followers: what reads the outbox after commit, in order, missing nothing.

use std::time::Duration;

use diwan_db::{DbError, OutboxPosition, OutboxRow};

use super::{pause::Pause, positions};
use crate::{Outcome, Platform, Refusal};

/// Rows handed over at a time.
const BATCH: i64 = 500;
/// A commit of another node is seen after this time at the latest.
const POLL: Duration = Duration::from_secs(1);
/// A burst of commits is followed in one go.
const SETTLE: Duration = Duration::from_millis(50);
/// After a failure the same rows are tried again, at first soon, then more and more rarely.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(30);

/// Reads the outbox and keeps something in step with it: live views, the search index. It gets every row once in a run, in
/// the order of commits; after a failure or a restart some rows may come again.
pub trait Follower: Send + 'static {
    /// Names it in the log.
    fn name(&self) -> &'static str;

    /// How far its thread steps back behind requests; see [`super::UNHURRIED`].
    fn niceness(&self) -> i32 {
        0
    }

    /// Where it goes on. `lost` says that its last position is of no use (the rows behind it are gone, or the database is
    /// another one): then it has to build anew from the tables, and go on from [`diwan_db::Db::outbox_head`] taken before.
    ///
    /// # Errors
    /// It cannot start now; it will be asked again.
    fn start(&mut self, platform: &Platform, lost: bool) -> Outcome<OutboxPosition>;

    /// Deals with the next rows, of which there is at least one. `position` is the place behind the last; the answer is
    /// where to go on, which is that place unless somebody else went on further.
    ///
    /// # Errors
    /// Nothing of it counts; the same rows will come again.
    fn follow(&mut self, platform: &Platform, rows: &[OutboxRow], position: OutboxPosition) -> Outcome<OutboxPosition>;

    /// Called about once a second while no row waits: for what is better done in batches.
    ///
    /// # Errors
    /// It is logged; the next call may succeed.
    fn rest(&mut self, _platform: &Platform) -> Outcome<()> {
        Ok(())
    }
}

/// Keeps one follower going until Diwan stops.
pub(super) fn run(platform: &Platform, follower: &mut dyn Follower, pause: &mut Pause) {
    let mut back_off = POLL;
    while !pause.stopping() {
        match follow(platform, follower, pause) {
            Ok(()) => return,
            Err(error) => {
                tracing::warn!(follower = follower.name(), %error, again_s = back_off.as_secs(), "Follower failed");
                pause.sleep(back_off);
                back_off = (back_off * 2).min(LONGEST_BACK_OFF);
            }
        }
    }
}

/// Follows until Diwan stops, or something fails.
fn follow(platform: &Platform, follower: &mut dyn Follower, pause: &mut Pause) -> Outcome<()> {
    let mut position = follower.start(platform, false)?;
    if positions::is_purged(&platform.db, position)? {
        position = follower.start(platform, true)?;
    }
    while !pause.stopping() {
        let (rows, next) = match platform.db.outbox_after(position, BATCH) {
            Err(DbError::OutboxPosition) => {
                position = follower.start(platform, true)?;
                continue;
            }
            read => read.map_err(Refusal::from)?,
        };
        if rows.is_empty() {
            follower.rest(platform)?;
            pause.until_work(POLL, SETTLE);
        } else {
            position = follower.follow(platform, &rows, next)?;
        }
    }
    Ok(())
}
