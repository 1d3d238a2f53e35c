//! The outbox: what followers (search index, live views, other modules) read after commit, in one order, missing nothing.
//!
//! Ids alone give no such order on PostgreSQL: a lower id can commit later. There rows are ordered by the number of their
//! transaction, and a reader sees them only when every transaction with a lower number has ended. SQLite has one writer,
//! so its ids rise with the commits.

use std::{fmt, str::FromStr};

use chrono::NaiveDateTime;
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{BigInt, Bool},
};
use diwan_schema::platform::outbox;
use serde::Serialize;

use crate::{AnyConnection, Backend, Db, DbError, Keep, ReadTx, WriteTx};

/// Messages written by one statement.
const AT_ONCE: usize = 500;
/// Transactions below this number have all ended (PostgreSQL).
const HORIZON: &str = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

/// How far a follower has read. Kept as text: `transaction:id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct OutboxPosition {
    xid: i64,
    id: i64,
}

impl fmt::Display for OutboxPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.xid, self.id)
    }
}

impl FromStr for OutboxPosition {
    type Err = DbError;

    fn from_str(text: &str) -> Result<Self, DbError> {
        let parse = |part: &str| part.parse::<i64>().ok().filter(|number| *number >= 0);
        text.split_once(':')
            .and_then(|(xid, id)| Some(Self { xid: parse(xid)?, id: parse(id)? }))
            .ok_or(DbError::OutboxPosition)
    }
}

/// One message to the followers.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct OutboxRow {
    /// Its number. Not the order of reading: see [`OutboxPosition`].
    pub id: i64,
    xid: i64,
    /// What happened: `records.changed`, `letters.delivered` …
    pub topic: String,
    /// The agency it happened in.
    pub agency_id: Option<i64>,
    /// The record it happened to.
    pub record_id: Option<i64>,
    /// More about it, as JSON.
    pub payload: String,
    /// When it happened (UTC).
    pub created_at: NaiveDateTime,
}

/// A message that is not written yet.
#[derive(Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub(crate) struct Message {
    topic: String,
    agency_id: Option<i64>,
    record_id: Option<i64>,
    payload: String,
    created_at: NaiveDateTime,
}

impl OutboxRow {
    /// The place just behind this row: where a follower that has dealt with it goes on.
    pub fn position(&self) -> OutboxPosition {
        OutboxPosition { xid: self.xid, id: self.id }
    }
}

impl WriteTx<'_> {
    /// Tells the followers of `topic` (search index, live views, other modules) after commit.
    ///
    /// # Errors
    /// The database refuses, or the payload has no JSON form.
    pub fn outbox(
        &mut self,
        topic: &str,
        agency_id: Option<i64>,
        record_id: Option<i64>,
        payload: &impl Serialize,
    ) -> Result<(), DbError> {
        let created_at = self.now();
        let payload = serde_json::to_string(payload)?;
        self.messages.push(Message { topic: topic.to_owned(), agency_id, record_id, payload, created_at });
        Ok(())
    }

    /// Writes the messages, in their order, shortly before the commit.
    pub(crate) fn leave_messages(&mut self) -> Result<(), DbError> {
        let messages = std::mem::take(&mut self.messages);
        self.left_work |= !messages.is_empty();
        for some in messages.chunks(AT_ONCE) {
            match self.conn() {
                AnyConnection::Postgres(c) => diesel::insert_into(outbox::table).values(some).kept().execute(c)?,
                AnyConnection::Sqlite(c) => diesel::insert_into(outbox::table).values(some).execute(c)?,
            };
        }
        Ok(())
    }

    /// Makes the messages readable in a database they were brought into from elsewhere (a copy, a restored backup), where
    /// transaction numbers start anew. Followers begin again from their tables.
    ///
    /// # Errors
    /// The database refuses.
    pub fn rebase_outbox(&mut self) -> Result<(), DbError> {
        diesel::update(outbox::table.filter(outbox::xid.ne(0))).set(outbox::xid.eq(0)).execute(self.conn())?;
        Ok(())
    }
}

impl Db {
    /// The next messages after `position`, and the position behind the last of them.
    ///
    /// # Errors
    /// [`DbError::OutboxPosition`] when the position lies in the future: it comes from another database, and the follower
    /// has to begin again from its tables.
    pub fn outbox_after(
        &self,
        position: OutboxPosition,
        limit: i64,
    ) -> Result<(Vec<OutboxRow>, OutboxPosition), DbError> {
        self.glance_now(|tx| {
            let rows = match tx.conn() {
                AnyConnection::Postgres(c) => {
                    let later =
                        outbox::xid.gt(position.xid).or(outbox::xid.eq(position.xid).and(outbox::id.gt(position.id)));
                    let rows: Vec<OutboxRow> = outbox::table
                        // Says nothing new, but in words the index on (xid, id) can use.
                        .filter(outbox::xid.ge(position.xid))
                        .filter(later)
                        .filter(sql::<Bool>("xid < ").sql(HORIZON))
                        .order((outbox::xid.asc(), outbox::id.asc()))
                        .limit(limit)
                        .select(OutboxRow::as_select())
                        .kept()
                        .load(c)?;
                    if rows.is_empty() {
                        refuse_future(c, position)?;
                    }
                    rows
                }
                AnyConnection::Sqlite(c) => outbox::table
                    .filter(outbox::id.gt(position.id))
                    .order(outbox::id.asc())
                    .limit(limit)
                    .select(OutboxRow::as_select())
                    .load(c)?,
            };
            let last = rows.last().map_or(position, OutboxRow::position);
            Ok((rows, last))
        })
    }

    /// Where a follower goes on that is about to read the tables themselves: every change which that reading does not see
    /// lies behind this position, and a few that it does see.
    ///
    /// # Errors
    /// The database refuses.
    pub fn outbox_head(&self) -> Result<OutboxPosition, DbError> {
        self.read_now(|tx: &mut ReadTx<'_>| match tx.conn().backend_kind() {
            Backend::Postgres => {
                let xid = diesel::select(sql::<BigInt>(HORIZON)).get_result(tx.conn())?;
                Ok(OutboxPosition { xid, id: 0 })
            }
            Backend::Sqlite => {
                let id: Option<i64> = outbox::table.select(diesel::dsl::max(outbox::id)).get_result(tx.conn())?;
                Ok(OutboxPosition { xid: 0, id: id.unwrap_or(0) })
            }
        })
    }
}

fn refuse_future(connection: &mut PgConnection, position: OutboxPosition) -> Result<(), DbError> {
    let next = sql::<BigInt>("pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
    let next: i64 = diesel::select(next).kept().get_result(connection)?;
    if position.xid > next { Err(DbError::OutboxPosition) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::OutboxPosition;

    #[test]
    fn a_position_is_written_and_read_as_text() {
        let position = OutboxPosition { xid: 812, id: 40_001 };
        assert_eq!(position.to_string(), "812:40001");
        assert_eq!("812:40001".parse::<OutboxPosition>().ok(), Some(position));
        for wrong in ["", "812", "a:1", "1:-1", "1:2:3"] {
            assert!(wrong.parse::<OutboxPosition>().is_err(), "{wrong}");
        }
    }
}
