//! What is due (قوائم الاستحقاق): for review, for destruction; now, within a month, late.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diwan_archive_api::{DueItem, DueQuery, DueView, Fate};
use diwan_db::ReadTx;
use diwan_kernel::{Named, Page, PageRequest};
use diwan_platform::{Actor, Outcome, Refusal, visible_records};
use diwan_platform_api::records::RecordKind;
use diwan_schema::{
    archive::{disposal_items, keeping, schedules},
    platform::records,
};

use crate::holds;

type Row = ((i64, NaiveDate, String), (String, Option<String>, String, Option<String>, String), (String, String));

/// The page that is asked for, earliest day first.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, asked: &DueQuery) -> Outcome<Page<DueItem>> {
    let limit = PageRequest { after: None, limit: asked.limit }.rows();
    let today = tx.today();
    let month = |day: NaiveDate, ahead: bool| {
        let other = if ahead { day.checked_add_months(Months::new(1)) } else { day.checked_sub_months(Months::new(1)) };
        other.unwrap_or(day)
    };
    let mut query = keeping::table
        .inner_join(records::table.on(records::id.eq(keeping::record_id)))
        .inner_join(schedules::table.on(schedules::id.eq(keeping::schedule_id)))
        .into_boxed()
        .filter(keeping::agency_id.eq(actor.agency_id))
        .filter(keeping::destroyed_on.is_null())
        .filter(visible_records!(actor));
    query = match asked.view.unwrap_or(DueView::Due) {
        DueView::Due => query.filter(keeping::due_on.le(today)),
        DueView::Soon => query.filter(keeping::due_on.gt(today)).filter(keeping::due_on.le(month(today, true))),
        DueView::Late => query.filter(keeping::due_on.le(month(today, false))),
    };
    if let Some(action) = asked.action {
        query = query.filter(keeping::action.eq(action.code()));
    }
    if let Some(cursor) = asked.after.as_deref() {
        let (day, id) = position(cursor).ok_or_else(|| Refusal::field("after", "bad_cursor"))?;
        query = query.filter(keeping::due_on.gt(day).or(keeping::due_on.eq(day).and(keeping::record_id.gt(id))));
    }
    let rows: Vec<Row> = query
        .order((keeping::due_on, keeping::record_id))
        .limit(limit + 1)
        .select((
            (keeping::record_id, keeping::due_on.assume_not_null(), keeping::action),
            (records::kind, records::number, records::subject, records::class_code, records::secrecy),
            (schedules::name_ar, schedules::name_en),
        ))
        .load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |((id, day, _), ..)| format!("{day},{id}"), |row| row);
    let ids: Vec<i64> = page.items.iter().map(|((id, ..), ..)| *id).collect();
    let held = holds::store::on(tx, actor.agency_id, &ids)?;
    let listed = listed(tx, &ids)?;
    let items = page.items.into_iter().map(|row| item(row, today, &|id| held.contains_key(&id), &listed));
    Ok(Page { items: items.collect::<Outcome<_>>()?, next: page.next, total: None })
}

fn position(cursor: &str) -> Option<(NaiveDate, i64)> {
    let (day, id) = cursor.split_once(',')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}

/// Which of these documents an act under way lists.
pub(crate) fn listed(tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeSet<i64>> {
    let rows: Vec<i64> = disposal_items::table
        .filter(disposal_items::record_id.eq_any(ids.to_vec()))
        // The very words of the index of open items: a bound code would not be known to agree with it.
        .filter(sql::<Bool>("disposal_items.state = 'listed'"))
        .select(disposal_items::record_id)
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

fn item(row: Row, today: NaiveDate, held: &dyn Fn(i64) -> bool, listed: &BTreeSet<i64>) -> Outcome<DueItem> {
    let ((id, due_on, action), (kind, number, subject, class_code, secrecy), (ar, en)) = row;
    let (action, held, listed): (Fate, bool, bool) = (action.parse()?, held(id), listed.contains(&id));
    Ok(DueItem {
        id,
        number,
        subject,
        class_code,
        secrecy: secrecy.parse()?,
        schedule: Named { ar, en },
        action,
        due_on,
        held,
        listed,
        ready: action == Fate::Destroy && due_on <= today && !held && !listed && kind == RecordKind::Document.code(),
    })
}
