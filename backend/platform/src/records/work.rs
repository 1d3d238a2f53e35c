//! "My work" (أعمالي): one list of open tasks over all modules.

use chrono::{Days, NaiveDate};
use diesel::{dsl::count_star, prelude::*, sql_types::Bool};
use diwan_db::{AnyConnection, ReadTx};
use diwan_kernel::{Page, PageRequest};
use diwan_platform_api::records::{WorkCounts, WorkItem};
use diwan_schema::platform::{notifications, tasks};

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

/// The open tasks of the actor: those with a day first, the nearest first, then by age.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor, overdue_only: bool, page: &PageRequest) -> Outcome<Page<WorkItem>> {
    let limit = page.rows();
    let today = tx.today();
    let far = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    let day = diesel::dsl::sql::<diesel::sql_types::Date>("COALESCE(tasks.due_on, '9999-12-31')");
    let mut query = tasks::table
        .filter(tasks::state.eq("open"))
        .filter(tasks::agency_id.eq(actor.agency_id))
        .filter(mine(actor))
        .into_boxed();
    if overdue_only {
        query = query.filter(tasks::due_on.lt(today));
    }
    if let Some((after_day, after_id)) = page.after.as_deref().and_then(cursor) {
        query = query.filter(day.clone().gt(after_day).or(day.clone().eq(after_day).and(tasks::id.gt(after_id))));
    }
    let rows: Vec<work::TaskRow> = query
        .select(work::TaskRow::as_select())
        .order((day.asc(), tasks::id.asc()))
        .limit(limit + 1)
        .load(tx.conn())?;
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

/// What the navigation and the dashboard count.
///
/// # Errors
/// The database fails.
pub fn counts(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<WorkCounts> {
    let today = tx.today();
    let soon = today.checked_add_days(Days::new(1)).unwrap_or(today);
    let open = || {
        tasks::table.filter(tasks::state.eq("open")).filter(tasks::agency_id.eq(actor.agency_id)).filter(mine(actor))
    };
    Ok(WorkCounts {
        open: open().select(count_star()).first(tx.conn())?,
        overdue: open().filter(tasks::due_on.lt(today)).select(count_star()).first(tx.conn())?,
        due_soon: open().filter(tasks::due_on.between(today, soon)).select(count_star()).first(tx.conn())?,
        unread: notifications::table
            .filter(notifications::user_id.eq(actor.user_id))
            .filter(notifications::read_at.is_null())
            .select(count_star())
            .first(tx.conn())?,
        to_register: 0,
    })
}
