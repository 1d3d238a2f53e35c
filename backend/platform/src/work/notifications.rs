//! Reading notifications (الإشعارات). They are written by [`crate::records::notify::tell`].

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::{dsl::count_star, prelude::*};
use diwan_db::ReadTx;
use diwan_kernel::{Page, PageRequest};
use diwan_platform_api::{
    records::RecordKind,
    work::{MarkRead, NotificationRecord, NotificationView, UnreadCount},
};
use diwan_schema::platform::notifications;

use super::drafts::upkeep;
use crate::{Actor, Outcome, Platform, records};

#[derive(Queryable, Selectable)]
#[diesel(table_name = notifications)]
struct Row {
    id: i64,
    record_id: Option<i64>,
    kind: String,
    args: String,
    created_at: NaiveDateTime,
    read_at: Option<NaiveDateTime>,
}

/// One's notifications, the newest first.
///
/// # Errors
/// The database fails.
pub fn list(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    unread_only: bool,
    page: &PageRequest,
) -> Outcome<Page<NotificationView>> {
    let limit = page.rows();
    let mut query = notifications::table
        .filter(notifications::user_id.eq(actor.user_id))
        .select(Row::as_select())
        .order(notifications::id.desc())
        .limit(limit + 1)
        .into_boxed();
    if let Some(before) = page.after.as_deref().and_then(|after| after.parse::<i64>().ok()) {
        query = query.filter(notifications::id.lt(before));
    }
    if unread_only {
        query = query.filter(notifications::read_at.is_null());
    }
    let rows: Vec<Row> = query.load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |row| row.id.to_string(), |row| row);
    Ok(Page { items: views(tx, actor, page.items)?, next: page.next, total: None })
}

/// Some of one's notifications by number; others' are left out.
///
/// # Errors
/// The database fails.
pub(super) fn by_ids(tx: &mut ReadTx<'_>, actor: &Actor, ids: &[i64]) -> Outcome<Vec<NotificationView>> {
    let rows: Vec<Row> = notifications::table
        .filter(notifications::user_id.eq(actor.user_id))
        .filter(notifications::id.eq_any(ids.to_vec()))
        .select(Row::as_select())
        .order(notifications::id.asc())
        .load(tx.conn())?;
    views(tx, actor, rows)
}

/// How many of one's notifications are unread.
///
/// # Errors
/// The database fails.
pub fn unread(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<UnreadCount> {
    let unread = notifications::table
        .filter(notifications::user_id.eq(actor.user_id))
        .filter(notifications::read_at.is_null())
        .select(count_star())
        .first(tx.conn())?;
    Ok(UnreadCount { unread })
}

/// Marks one's notifications as read.
///
/// # Errors
/// The database fails.
pub async fn mark_read(platform: &Platform, actor: &Actor, which: MarkRead) -> Outcome<()> {
    let user_id = actor.user_id;
    upkeep(platform, "work.notifications.read", move |tx| {
        let now = tx.now();
        let named = notifications::id.eq_any(which.ids).or(notifications::id.le(which.up_to.unwrap_or(0)));
        diesel::update(notifications::table.filter(notifications::user_id.eq(user_id)).filter(named))
            .filter(notifications::read_at.is_null())
            .set(notifications::read_at.eq(now))
            .execute(tx.conn())?;
        Ok(())
    })
    .await
}

/// Adds the records, where the actor may (still) see them.
fn views(tx: &mut ReadTx<'_>, actor: &Actor, rows: Vec<Row>) -> Outcome<Vec<NotificationView>> {
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.record_id).collect();
    let mut seen = BTreeMap::new();
    for record in records::store::load_visible_many(tx, actor, &ids)? {
        let kind: RecordKind = record.kind.parse()?;
        // A draft of a reconciliation that was given up is on no page: nothing leads to it.
        if kind == RecordKind::Reconciliation && record.state == "void" {
            continue;
        }
        let (number, subject) = (record.number, record.subject);
        seen.insert(record.id, NotificationRecord { id: record.id, kind, number, subject });
    }
    rows.into_iter()
        .map(|row| {
            Ok(NotificationView {
                id: row.id,
                kind: row.kind,
                args: args(&row.args)?,
                record: row.record_id.and_then(|id| seen.get(&id).cloned()),
                created_at: row.created_at,
                read: row.read_at.is_some(),
            })
        })
        .collect()
}

/// The arguments as texts: an object's values as they stand, numbers and names in their JSON form.
fn args(json: &str) -> Outcome<diwan_kernel::problem::Args> {
    let value: serde_json::Value = serde_json::from_str(json)?;
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(value.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect())
}
