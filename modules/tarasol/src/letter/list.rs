//! Letter lists: views, filters, sorts; paged by key.

use std::collections::{BTreeMap, btree_map::Entry};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    dsl::{count_star, sql},
    prelude::*,
    sql_types::{Date, Integer, Text, Timestamp},
};
use diwan_db::{AnyConnection, ReadTx, lower};
use diwan_kernel::{Named, Page, text};
use diwan_platform::{
    Actor, Outcome,
    people::names,
    records::{RecordRow, tasks, visible, work},
    visible_records,
};
use diwan_platform_api::records::AssigneeKind;
use diwan_schema::{
    platform::{attachments, records, tasks as task_table},
    tarasol::letters,
};
use diwan_tarasol_api::{DayCount, Direction, LetterQuery, LetterRow, LetterSort, LetterView, ViewCounts};

type Backend = <AnyConnection as Connection>::Backend;
type OnRecord = diesel::helper_types::Eq<letters::record_id, records::id>;
type Boxed = diesel::helper_types::IntoBoxed<
    'static,
    diesel::helper_types::InnerJoin<records::table, diesel::helper_types::On<letters::table, OnRecord>>,
    Backend,
>;

/// States in which nothing is owed any more.
const ENDED: [&str; 5] = ["closed", "void", "refused", "recalled", "answered"];

/// The rank of a priority, for sorting; stored are codes.
const PRIORITY_RANK: &str =
    "CASE records.priority WHEN 'immediate' THEN 3 WHEN 'very_urgent' THEN 2 WHEN 'urgent' THEN 1 ELSE 0 END";
/// Letters without a day come last.
const DUE_KEY: &str = "COALESCE(records.due_on, '9999-12-31')";
/// Letters without a number count as of when they were made.
const NUMBER_KEY: &str = "COALESCE(records.issued_at, records.created_at)";

/// One page of a list.
///
/// # Errors
/// The database fails.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, query: &LetterQuery) -> Outcome<Page<LetterRow>> {
    page_of(tx, actor, query, query.page.after.as_deref(), query.page.rows())
}

/// A page that goes on after a cursor and has so many rows, whatever the query says of pages.
pub(super) fn page_of(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    query: &LetterQuery,
    after: Option<&str>,
    limit: i64,
) -> Outcome<Page<LetterRow>> {
    let sort = query.sort.unwrap_or(LetterSort::Newest);
    let filtered = filtered(tx, actor, query)?;
    let rows = page(tx, filtered, sort, after, limit)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.record.id).collect();
    let agencies = names::of_agencies(tx, rows.iter().filter_map(|row| row.counterpart_id))?;
    let holders = holders(tx, &ids)?;
    let files: BTreeMap<i64, i64> = attachments::table
        .filter(attachments::record_id.eq_any(&ids))
        .filter(attachments::removed_at.is_null())
        .filter(attachments::role.eq("attachment"))
        .group_by(attachments::record_id)
        .select((attachments::record_id, count_star()))
        .load::<(i64, i64)>(tx.conn())?
        .into_iter()
        .collect();
    let paged = Page::from_rows(rows, limit, |row| format!("{}|{}", row.key(sort), row.record.id), |row| row);
    let items = paged
        .items
        .into_iter()
        .map(|row| {
            let id = row.record.id;
            Ok(LetterRow {
                id,
                number: row.record.number,
                their_number: row.their_number,
                counterpart: row
                    .counterpart_id
                    .and_then(|id| agencies.get(id).cloned())
                    .unwrap_or_else(|| Named { ar: row.record.party.clone(), en: row.record.party }),
                subject: row.record.subject,
                state: row.record.state,
                secrecy: row.record.secrecy.parse()?,
                priority: row.record.priority.parse()?,
                due_on: row.record.due_on,
                at: row.received_at.unwrap_or(row.record.created_at),
                holder: holders.get(&id).cloned(),
                attachments: files.get(&id).copied().unwrap_or(0),
            })
        })
        .collect::<Outcome<_>>()?;
    Ok(Page { items, next: paged.next, total: None })
}

/// How many letters each view has, for the tabs.
///
/// # Errors
/// The database fails.
pub fn counts(tx: &mut ReadTx<'_>, actor: &Actor, direction: Direction) -> Outcome<ViewCounts> {
    let mut counts = BTreeMap::new();
    for view in LetterView::ALL {
        let query = LetterQuery {
            direction,
            view: Some(*view),
            q: None,
            state: None,
            counterpart_id: None,
            secrecy: None,
            priority: None,
            from: None,
            to: None,
            sort: None,
            page: diwan_kernel::PageRequest::default(),
        };
        let count: i64 = filtered(tx, actor, &query)?.select(count_star()).first(tx.conn())?;
        counts.insert(view.code().to_owned(), count);
    }
    Ok(ViewCounts { counts })
}

/// Letters in and out per day of the actor's scope, for the dashboard.
///
/// # Errors
/// The database fails.
pub fn per_day(tx: &mut ReadTx<'_>, actor: &Actor, days: i64) -> Outcome<Vec<DayCount>> {
    let today = tx.today();
    let from = today - chrono::Duration::days(days.clamp(1, 366) - 1);
    let rows: Vec<(String, NaiveDateTime)> = records::table
        .filter(visible(actor))
        .filter(records::kind.eq_any(["incoming", "outgoing"]))
        .filter(records::created_at.ge(tx.start_of(from)))
        .filter(records::state.ne_all(["draft", "in_review", "in_signature", "returned", "void"]))
        .select((records::kind, sql::<Timestamp>("COALESCE(records.issued_at, records.created_at)")))
        .load(tx.conn())?;
    let mut byday: BTreeMap<NaiveDate, (i64, i64)> =
        from.iter_days().take_while(|d| *d <= today).map(|d| (d, (0, 0))).collect();
    for (kind, at) in rows {
        if let Some(count) = byday.get_mut(&tx.day_of(at)) {
            match kind.as_str() {
                "incoming" => count.0 += 1,
                _ => count.1 += 1,
            }
        }
    }
    Ok(byday.into_iter().map(|(day, (incoming, outgoing))| DayCount { day, incoming, outgoing }).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = letters)]
struct Row {
    #[diesel(embed)]
    record: RecordRow,
    counterpart_id: Option<i64>,
    their_number: Option<String>,
    received_at: Option<NaiveDateTime>,
}

impl Row {
    /// The key the page is sorted by, as the cursor carries it.
    fn key(&self, sort: LetterSort) -> String {
        let record = &self.record;
        match sort {
            LetterSort::Newest | LetterSort::Oldest => String::new(),
            LetterSort::Due => record.due_on.map_or("9999-12-31".to_owned(), |day| day.to_string()),
            LetterSort::Number => {
                record.issued_at.unwrap_or(record.created_at).and_utc().timestamp_micros().to_string()
            }
            LetterSort::Subject => text::fold(&record.subject),
            LetterSort::Counterpart => record.party.clone(),
            LetterSort::Priority => match record.priority.as_str() {
                "immediate" => "3",
                "very_urgent" => "2",
                "urgent" => "1",
                _ => "0",
            }
            .to_owned(),
        }
    }
}

/// Sorts by an expression and the id, and goes on after the cursor.
macro_rules! keyset {
    ($query:expr, $key:expr, $after:expr, asc) => {{
        let query = match $after {
            Some((value, id)) => $query.filter($key.gt(value.clone()).or($key.eq(value).and(records::id.gt(id)))),
            None => $query,
        };
        query.order(($key.asc(), records::id.asc()))
    }};
    ($query:expr, $key:expr, $after:expr, desc) => {{
        let query = match $after {
            Some((value, id)) => $query.filter($key.lt(value.clone()).or($key.eq(value).and(records::id.lt(id)))),
            None => $query,
        };
        query.order(($key.desc(), records::id.desc()))
    }};
}

fn page(tx: &mut ReadTx<'_>, query: Boxed, sort: LetterSort, after: Option<&str>, limit: i64) -> Outcome<Vec<Row>> {
    // A cursor that is not one of ours starts at the first page.
    let after: Option<(String, i64)> =
        after.and_then(|after| after.rsplit_once('|')).and_then(|(key, id)| Some((key.to_owned(), id.parse().ok()?)));
    let query = match sort {
        LetterSort::Newest => match after {
            Some((_, id)) => query.filter(records::id.lt(id)),
            None => query,
        }
        .order(records::id.desc()),
        LetterSort::Oldest => match after {
            Some((_, id)) => query.filter(records::id.gt(id)),
            None => query,
        }
        .order(records::id.asc()),
        LetterSort::Due => {
            let after = after.and_then(|(key, id)| Some((key.parse::<NaiveDate>().ok()?, id)));
            keyset!(query, sql::<Date>(DUE_KEY), after, asc)
        }
        LetterSort::Number => {
            let after = after.and_then(|(key, id)| {
                Some((chrono::DateTime::from_timestamp_micros(key.parse().ok()?)?.naive_utc(), id))
            });
            keyset!(query, sql::<Timestamp>(NUMBER_KEY), after, desc)
        }
        LetterSort::Subject => keyset!(query, sql::<Text>("records.fold"), after, asc),
        LetterSort::Counterpart => keyset!(query, sql::<Text>("records.party"), after, asc),
        LetterSort::Priority => {
            let after = after.and_then(|(key, id)| Some((key.parse::<i32>().ok()?, id)));
            keyset!(query, sql::<Integer>(PRIORITY_RANK), after, desc)
        }
    };
    Ok(query.select(Row::as_select()).limit(limit + 1).load(tx.conn())?)
}

fn filtered(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &LetterQuery) -> Outcome<Boxed> {
    let mut query = records::table
        .inner_join(letters::table.on(letters::record_id.eq(records::id)))
        .filter(visible_records!(actor))
        .filter(records::kind.eq(wanted.direction.code()))
        .into_boxed();
    query = view(tx, actor, query, wanted)?;
    if let Some(words) = wanted.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        for word in words.split_whitespace().take(8) {
            let like = text::like_anywhere(word);
            query = query.filter(
                records::fold
                    .like(like.clone())
                    .escape('\\')
                    .or(lower("records.number").like(like.clone()).escape('\\'))
                    .or(lower("letters.their_number").like(like).escape('\\')),
            );
        }
    }
    if let Some(state) = &wanted.state {
        query = query.filter(records::state.eq(state.clone()));
    }
    if let Some(id) = wanted.counterpart_id {
        query = query.filter(letters::counterpart_id.eq(id));
    }
    if let Some(secrecy) = wanted.secrecy {
        query = query.filter(records::secrecy.eq(secrecy.code()));
    }
    if let Some(priority) = wanted.priority {
        query = query.filter(records::priority.eq(priority.code()));
    }
    if let Some(from) = wanted.from {
        query = query.filter(records::created_at.ge(tx.start_of(from)));
    }
    if let Some(to) = wanted.to.and_then(|day| day.succ_opt()) {
        query = query.filter(records::created_at.lt(tx.start_of(to)));
    }
    Ok(query)
}

fn view(tx: &mut ReadTx<'_>, actor: &Actor, query: Boxed, wanted: &LetterQuery) -> Outcome<Boxed> {
    Ok(match wanted.view.unwrap_or(LetterView::All) {
        LetterView::All => query,
        LetterView::ToRegister => query.filter(records::state.eq("received")),
        LetterView::Mine => query.filter(records::id.eq_any(work::record_ids(tx, actor)?)),
        LetterView::Overdue => {
            query.filter(records::due_on.lt(tx.today()).assume_not_null()).filter(records::state.ne_all(ENDED))
        }
        LetterView::AwaitingReply => query
            .filter(letters::reply_due_days.is_not_null())
            .filter(letters::answered_at.is_null())
            .filter(records::state.eq_any(["issued", "delivered", "registered", "referred"])),
        LetterView::Closed => query.filter(records::state.eq_any(["closed", "void", "refused", "recalled"])),
    })
}

/// With whom each record lies: its first open task.
fn holders(tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, Named>> {
    let rows: Vec<(i64, String, i64)> = task_table::table
        .filter(task_table::record_id.eq_any(ids))
        .filter(task_table::state.eq("open"))
        .select((task_table::record_id, task_table::assignee_kind, task_table::assignee_id))
        .order(task_table::id)
        .load(tx.conn())?;
    let (mut holders, mut names) = (BTreeMap::new(), BTreeMap::new());
    for (record_id, kind, id) in rows {
        if holders.contains_key(&record_id) {
            continue;
        }
        let name = match names.entry((kind, id)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let name = tasks::assignee_name(tx, new.key().0.parse::<AssigneeKind>()?, id)?;
                new.insert(name)
            }
        };
        holders.insert(record_id, name.clone());
    }
    Ok(holders)
}
