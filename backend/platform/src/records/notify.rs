//! Telling people that something on a record wants them.

use diesel::prelude::*;
use diwan_db::WriteTx;
use diwan_schema::platform::notifications;
use serde::Serialize;

use crate::Outcome;

/// The outbox topic of a notification; its payload names the person. Followed by the live view and by mail.
pub const NOTIFIED: &str = "notification.added";

/// What the followers of [`NOTIFIED`] get.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
pub struct Notified {
    /// The notification.
    pub id: i64,
    /// Whom it tells.
    pub user_id: i64,
}

/// Tells each of these people. `kind` is a stable code, which the UI and the mail translate with `args`.
///
/// # Errors
/// The database fails.
pub fn tell(
    tx: &mut WriteTx<'_>,
    people: impl IntoIterator<Item = i64>,
    kind: &str,
    record_id: i64,
    args: &serde_json::Value,
) -> Outcome<()> {
    tell_about(tx, people, kind, Some(record_id), args)
}

/// [`tell`] where it must not be said, or is not known, which record it is about.
///
/// # Errors
/// The database fails.
pub fn tell_about(
    tx: &mut WriteTx<'_>,
    people: impl IntoIterator<Item = i64>,
    kind: &str,
    record_id: Option<i64>,
    args: &serde_json::Value,
) -> Outcome<()> {
    let now = tx.now();
    for user_id in people {
        let id: i64 = diesel::insert_into(notifications::table)
            .values((
                notifications::user_id.eq(user_id),
                notifications::record_id.eq(record_id),
                notifications::kind.eq(kind),
                notifications::args.eq(args.to_string()),
                notifications::created_at.eq(now),
            ))
            .returning(notifications::id)
            .get_result(tx.conn())?;
        tx.outbox(NOTIFIED, None, record_id, &Notified { id, user_id })?;
    }
    Ok(())
}
