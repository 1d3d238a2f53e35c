//! Positions in the outbox that belong to the installation, not to a node.

use diesel::prelude::*;
use diwan_db::{Db, DbError, Keep, OutboxPosition, ReadTx, WriteTx, each_backend};
use diwan_schema::platform::follower_positions as stored;

/// The name under which the last purged position is kept.
const PURGED: &str = "purged";

/// The position kept under a name.
pub(super) fn get(tx: &mut ReadTx<'_>, name: &str) -> Result<Option<OutboxPosition>, DbError> {
    let text: Option<String> = stored::table.find(name).select(stored::position).first(tx.conn()).optional()?;
    // One of another database is as good as none.
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Keeps a position, whatever was there.
pub(super) fn put(tx: &mut WriteTx<'_>, name: &str, position: OutboxPosition) -> Result<(), DbError> {
    let row = (stored::name.eq(name), stored::position.eq(position.to_string()));
    each_backend!(tx.conn(), c => diesel::insert_into(stored::table)
        .values(row.clone())
        .on_conflict(stored::name)
        .do_update()
        .set(row.1)
        .execute(c))?;
    Ok(())
}

/// Moves a position on, unless another node was first: then it answers `false`, and nothing may be done.
pub(super) fn advance(
    tx: &mut WriteTx<'_>,
    name: &str,
    from: OutboxPosition,
    to: OutboxPosition,
) -> Result<bool, DbError> {
    let moved = diesel::update(stored::table.find(name).filter(stored::position.eq(from.to_string())))
        .set(stored::position.eq(to.to_string()))
        .kept()
        .execute(tx.conn())?;
    Ok(moved == 1)
}

/// Forgets a position.
pub(super) fn forget(tx: &mut WriteTx<'_>, name: &str) -> Result<(), DbError> {
    diesel::delete(stored::table.find(name)).execute(tx.conn())?;
    Ok(())
}

/// Notes that the rows up to this position are gone.
pub(super) fn note_purged(tx: &mut WriteTx<'_>, position: OutboxPosition) -> Result<(), DbError> {
    let known = get(tx, PURGED)?;
    if known.is_none_or(|known| known < position) { put(tx, PURGED, position) } else { Ok(()) }
}

/// Whether rows behind this position are gone already.
pub(super) fn is_purged(db: &Db, position: OutboxPosition) -> Result<bool, DbError> {
    db.read_now(|tx| Ok(get(tx, PURGED)?.is_some_and(|purged| position < purged)))
}
