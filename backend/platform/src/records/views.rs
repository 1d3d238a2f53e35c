//! Who saw, printed and downloaded what (سجل الاطلاع).
//!
//! Of secret records an entry is written before the answer. Of others it is gathered in memory and written a moment later,
//! at the latest when Diwan stops; of normal ones one entry for a person, a way and an hour is enough.

mod export;

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{NaiveDateTime, Timelike};
use diesel::prelude::*;
use diwan_db::{Db, DbError, ReadTx, WriteTx, each_backend};
use diwan_kernel::{Page, PageRequest, Secrecy};
use diwan_platform_api::{
    access::{ViewEntry, ViewQuery, ViewWay, ViewedRecord},
    records::{RecordHead, Ref},
};
use diwan_schema::platform::{record_views, records};

pub use export::export;

use super::{RecordRow, load_visible};
use crate::{Actor, Outcome, Platform, Refusal, people::names, visible_records};

/// Entries written in one transaction.
const BATCH: usize = 500;

/// Somebody saw a record.
#[derive(Debug, Clone, PartialEq, Eq)]
struct View {
    agency_id: i64,
    record_id: i64,
    user_id: i64,
    way: ViewWay,
    file_name: String,
    at: NaiveDateTime,
    /// The hour that one entry is enough for; none where each counts.
    hour: Option<NaiveDateTime>,
    ip: String,
}

/// What was seen and is not written yet. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct ViewLog(Arc<Mutex<Vec<View>>>);

impl ViewLog {
    fn add(&self, view: View) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |known: &View| {
            known.hour.is_some()
                && (known.record_id, known.user_id, known.way, known.hour)
                    == (view.record_id, view.user_id, view.way, view.hour)
        };
        if !waiting.iter().rev().take(BATCH).any(same) {
            waiting.push(view);
        }
    }

    /// Writes down what waits.
    ///
    /// # Errors
    /// The database fails; what could not be written waits on.
    pub fn write(&self, db: &Db) -> Result<(), DbError> {
        let waiting = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for (at, views) in waiting.chunks(BATCH).enumerate() {
            if let Err(error) = db.upkeep("platform.views.write", |tx| insert(tx, views)) {
                let left = waiting.iter().skip(at * BATCH).cloned();
                self.0.lock().unwrap_or_else(PoisonError::into_inner).splice(0..0, left);
                return Err(error);
            }
        }
        Ok(())
    }
}

fn insert(tx: &mut WriteTx<'_>, views: &[View]) -> Result<(), DbError> {
    for view in views {
        let row = (
            record_views::agency_id.eq(view.agency_id),
            record_views::record_id.eq(view.record_id),
            record_views::user_id.eq(view.user_id),
            record_views::way.eq(view.way.code()),
            record_views::file_name.eq(&view.file_name),
            record_views::at.eq(view.at),
            record_views::hour.eq(view.hour),
            record_views::ip.eq(&view.ip),
        );
        each_backend!(tx.conn(), c => diesel::insert_into(record_views::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// A record that is shown to somebody who may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    id: i64,
    agency_id: i64,
    secrecy: Secrecy,
}

impl From<&RecordHead> for Seen {
    fn from(head: &RecordHead) -> Self {
        Self { id: head.id, agency_id: head.agency.id, secrecy: head.secrecy }
    }
}

impl TryFrom<&RecordRow> for Seen {
    type Error = Refusal;

    fn try_from(row: &RecordRow) -> Outcome<Self> {
        Ok(Self { id: row.id, agency_id: row.agency_id, secrecy: row.secrecy.parse()? })
    }
}

/// Notes that the actor sees a record: before the answer where it is secret.
///
/// # Errors
/// The entry of a secret record cannot be written: it must not be shown then.
pub async fn note(platform: &Platform, actor: &Actor, record: Seen, way: ViewWay, file: &str) -> Outcome<()> {
    let secrecy = record.secrecy;
    let at = platform.db.clock().now();
    let hour = at.date().and_hms_opt(at.hour(), 0, 0).filter(|_| secrecy == Secrecy::Normal);
    let view = View {
        agency_id: record.agency_id,
        record_id: record.id,
        user_id: actor.user_id,
        way,
        file_name: file.to_owned(),
        at,
        hour,
        ip: actor.ip.clone(),
    };
    if secrecy < Secrecy::Secret {
        platform.views.add(view);
        return Ok(());
    }
    Ok(platform.db.blocking(move |db| db.upkeep("platform.views.note", |tx| insert(tx, &[view]))).await?)
}

type Row = (i64, NaiveDateTime, i64, String, String, String, (i64, String, Option<String>, String, String));

/// Who saw what, the newest first: of records that the actor may see too.
///
/// # Errors
/// Not found; a bad cursor.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor, asked: &ViewQuery) -> Outcome<Page<ViewEntry>> {
    let limit = PageRequest { after: None, limit: asked.limit }.rows();
    let rows = rows(tx, actor, asked, limit + 1)?;
    let page = Page::from_rows(rows, limit, |row| row.0.to_string(), |row| row);
    Ok(Page { items: entries(tx, page.items)?, next: page.next, total: page.total })
}

fn rows(tx: &mut ReadTx<'_>, actor: &Actor, asked: &ViewQuery, limit: i64) -> Outcome<Vec<Row>> {
    let mut query = record_views::table
        .inner_join(records::table.on(records::id.eq(record_views::record_id)))
        .filter(record_views::agency_id.eq(actor.agency_id))
        .filter(visible_records!(by_id, actor))
        .into_boxed();
    if let Some(record_id) = asked.record_id {
        load_visible(tx, actor, record_id)?;
        query = query.filter(record_views::record_id.eq(record_id));
    }
    if let Some(user_id) = asked.user_id {
        query = query.filter(record_views::user_id.eq(user_id));
    }
    if let Some(way) = asked.way {
        query = query.filter(record_views::way.eq(way.code()));
    }
    if let Some(secrecy) = asked.secrecy {
        query = query.filter(records::secrecy.eq(secrecy.code()));
    }
    if let Some(from) = asked.from {
        query = query.filter(record_views::at.ge(tx.start_of(from)));
    }
    if let Some(to) = asked.to.and_then(|day| day.succ_opt()) {
        query = query.filter(record_views::at.lt(tx.start_of(to)));
    }
    if let Some(after) = &asked.after {
        let after: i64 = after.parse().map_err(|_| Refusal::field("after", "bad_cursor"))?;
        query = query.filter(record_views::id.lt(after));
    }
    Ok(query
        .order(record_views::id.desc())
        .limit(limit)
        .select((
            record_views::id,
            record_views::at,
            record_views::user_id,
            record_views::way,
            record_views::file_name,
            record_views::ip,
            (records::id, records::kind, records::number, records::subject, records::secrecy),
        ))
        .load(tx.conn())?)
}

fn entries(tx: &mut ReadTx<'_>, rows: Vec<Row>) -> Outcome<Vec<ViewEntry>> {
    let people = names::of_users(tx, rows.iter().map(|row| row.2))?;
    let entry = |(id, at, user, way, file_name, ip, (record, kind, number, subject, secrecy)): Row| {
        Ok(ViewEntry {
            id,
            at,
            user: Ref { id: user, name: people.of(user).name },
            way: way.parse()?,
            file_name,
            ip,
            record: ViewedRecord { id: record, kind: kind.parse()?, number, subject, secrecy: secrecy.parse()? },
        })
    };
    rows.into_iter().map(entry).collect()
}
