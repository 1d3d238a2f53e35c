//! "My work" (أعمالي): one list of open tasks over all modules.

use chrono::{Days, NaiveDate};
use diesel::{dsl::count_star, prelude::*, sql_types::Bool};
use diwan_db::{AnyConnection, ReadTx};
use diwan_kernel::{Page, Permission, text};
use diwan_platform_api::records::{RecordKind, WorkCounts, WorkItem, WorkQuery, WorkSort, WorkView};
use diwan_schema::platform::{notifications, records, tasks};

use super::{store, tasks as work};
use crate::{Actor, Outcome, actor::DelegationScope};

type TaskFilter = Box<dyn BoxableExpression<tasks::table, <AnyConnection as Connection>::Backend, SqlType = Bool>>;

/// The tasks that lie with the actor, or with somebody they act for.
pub fn mine(actor: &Actor) -> TaskFilter {
    let positions: Vec<i64> = actor.held.iter().map(|h| h.position_id).collect();
    let units: Vec<i64> = actor.units().collect();
    let mut filter = lies_with(actor.user_id, positions, units);
    for other in &actor.acts_for {
        let positions = other.held.iter().map(|h| h.position_id).collect();
        let units = other.held.iter().map(|h| h.unit_id).collect();
        let theirs = lies_with(other.user_id, positions, units);
        let kinds: Vec<&'static str> = match other.scope {
            DelegationScope::All => vec!["review", "approve", "opinion", "sign", "register", "referral", "correct"],
            DelegationScope::Review => vec!["review", "approve", "opinion"],
            DelegationScope::Sign => vec!["sign"],
        };
        filter = Box::new(filter.or(theirs.and(tasks::kind.eq_any(kinds))));
    }
    filter
}

fn lies_with(user_id: i64, positions: Vec<i64>, units: Vec<i64>) -> TaskFilter {
    Box::new(
        tasks::assignee_kind
            .eq("user")
            .and(tasks::assignee_id.eq(user_id))
            .or(tasks::assignee_kind.eq("position").and(tasks::assignee_id.eq_any(positions)))
            .or(tasks::assignee_kind.eq("unit").and(tasks::assignee_id.eq_any(units))),
    )
}

/// The open tasks of the actor in the wanted order: as it comes, those with a day first, the nearest leading.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &WorkQuery) -> Outcome<Page<WorkItem>> {
    let limit = wanted.page.rows();
    let far = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    let rows = rows(tx, actor, wanted, limit)?;
    let records: Vec<i64> = rows.iter().map(|row| row.record_id).collect();
    let seen = store::load_visible_many(tx, actor, &records)?;
    let paged = Page::from_rows(rows, limit, |row| format!("{}_{}", row.due_on.unwrap_or(far), row.id), |row| row);
    let mut items = Vec::with_capacity(paged.items.len());
    for row in paged.items {
        let Some(record) = seen.iter().find(|record| record.id == row.record_id) else { continue };
        items.push(WorkItem { record: store::head(tx, record)?, task: work::view(tx, actor, row)? });
    }
    Ok(Page { items, next: paged.next, total: None })
}

/// One row more than asked for, to know whether there is a next page.
fn rows(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &WorkQuery, limit: i64) -> Outcome<Vec<work::TaskRow>> {
    let today = tx.today();
    let day = diesel::dsl::sql::<diesel::sql_types::Date>("COALESCE(tasks.due_on, '9999-12-31')");
    let mut query = tasks::table
        .filter(tasks::state.eq("open"))
        .filter(tasks::agency_id.eq(actor.agency_id))
        .filter(mine(actor))
        .into_boxed();
    match wanted.view.unwrap_or(WorkView::All) {
        WorkView::All => {}
        WorkView::Overdue => query = query.filter(tasks::due_on.lt(today)),
        WorkView::DueSoon => query = query.filter(tasks::due_on.between(today, tomorrow(today))),
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(tasks::kind.eq(kind.code()));
    }
    for word in wanted.q.as_deref().unwrap_or_default().split_whitespace().take(MOST_WORDS) {
        let like = text::like_anywhere(word);
        let about = records::table.select(records::id).filter(
            records::fold
                .like(like.clone())
                .escape('\\')
                .or(records::number.like(like.clone()).escape('\\').assume_not_null())
                .or(records::party.like(like).escape('\\')),
        );
        query = query.filter(tasks::record_id.eq_any(about));
    }
    let after = wanted.page.after.as_deref().and_then(cursor);
    let query = match (wanted.sort.unwrap_or(WorkSort::Due), after) {
        (WorkSort::Due, None) => query.order((day.asc(), tasks::id.asc())),
        (WorkSort::Due, Some((after_day, after_id))) => query
            .filter(day.clone().gt(after_day).or(day.clone().eq(after_day).and(tasks::id.gt(after_id))))
            .order((day.asc(), tasks::id.asc())),
        (WorkSort::Newest, after) => {
            query.filter(tasks::id.lt(after.map_or(i64::MAX, |(_, id)| id))).order(tasks::id.desc())
        }
        (WorkSort::Oldest, after) => query.filter(tasks::id.gt(after.map_or(0, |(_, id)| id))).order(tasks::id.asc()),
    };
    Ok(query.select(work::TaskRow::as_select()).limit(limit + 1).load(tx.conn())?)
}

/// The most words a search in "my work" takes.
const MOST_WORDS: usize = 8;

/// The most records that "referred to me" looks through: nobody has more open tasks.
const MOST_OPEN: i64 = 20_000;

/// The records that open tasks of the actor are on.
///
/// # Errors
/// The database fails.
pub fn record_ids(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<i64>> {
    Ok(tasks::table
        .filter(tasks::state.eq("open"))
        .filter(tasks::agency_id.eq(actor.agency_id))
        .filter(mine(actor))
        .select(tasks::record_id)
        .distinct()
        .limit(MOST_OPEN)
        .load(tx.conn())?)
}

fn cursor(after: &str) -> Option<(NaiveDate, i64)> {
    let (day, id) = after.split_once('_')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}

fn tomorrow(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(1)).unwrap_or(today)
}

/// What the navigation and the dashboard count.
///
/// # Errors
/// The database fails.
pub fn counts(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<WorkCounts> {
    let today = tx.today();
    let open = || {
        tasks::table.filter(tasks::state.eq("open")).filter(tasks::agency_id.eq(actor.agency_id)).filter(mine(actor))
    };
    let by_kind: Vec<(String, i64)> =
        open().group_by(tasks::kind).select((tasks::kind, count_star())).load(tx.conn())?;
    Ok(WorkCounts {
        open: by_kind.iter().map(|(_, count)| count).sum(),
        by_kind: by_kind.into_iter().collect(),
        overdue: open().filter(tasks::due_on.lt(today)).select(count_star()).first(tx.conn())?,
        due_soon: open().filter(tasks::due_on.between(today, tomorrow(today))).select(count_star()).first(tx.conn())?,
        unread: notifications::table
            .filter(notifications::user_id.eq(actor.user_id))
            .filter(notifications::read_at.is_null())
            .select(count_star())
            .first(tx.conn())?,
        to_register: to_register(tx, actor)?,
    })
}

/// Incoming letters that wait for their number, for those who give it.
fn to_register(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<i64> {
    if !actor.can(Permission::LettersRegister) {
        return Ok(0);
    }
    Ok(records::table
        .filter(store::visible(actor))
        .filter(records::kind.eq(RecordKind::Incoming.code()))
        .filter(records::number.is_null())
        .filter(records::state.eq("received"))
        .select(count_star())
        .first(tx.conn())?)
}
