//! The incoming box with 100,000 letters: every sort, view and filter, as the registry (which reads everything) and as
//! somebody of five units, through HTTP and as the hand-written query.

use std::time::Instant;

use anyhow::{Result, ensure};
use chrono::{Duration, NaiveDate};
use diwan_db::{Backend, Clock, SystemClock};
use serde_json::Value;

use crate::{
    http::{Http, Session, encoded},
    report::{ms, part, say},
    sql::Raw,
    world::Box,
};

/// How often each list is asked for.
const TIMES: usize = 3;
/// Rows of a page, as the UI asks for them.
const PAGE: usize = 25;

/// A list: how Diwan is asked, and how it is written by hand.
struct List {
    path: String,
    sql: String,
}

/// One who asks.
pub struct Asker {
    /// Signed in.
    pub session: Session,
    /// What the table of access is matched with.
    pub principals: Vec<String>,
    /// Units whose tasks are theirs.
    pub units: Vec<i64>,
}

/// Measures; answers the p95 of Diwan by the p95 of the query.
pub fn run(http: &mut Http, raw: &mut dyn Raw, backend: Backend, letters: &Box, askers: &[Asker]) -> Result<f64> {
    let (mut diwan, mut query) = (Vec::new(), Vec::new());
    let mut slowest: Vec<(f64, f64, String)> = Vec::new();
    for asker in askers {
        for list in lists(letters, asker) {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            for _ in 0..TIMES {
                let started = Instant::now();
                let rows = raw.rows(&list.sql, &[])?;
                theirs.push(ms(started.elapsed()));
                let started = Instant::now();
                let answer = http.get(&asker.session, &list.path)?;
                ours.push(ms(started.elapsed()));
                same(&answer.json()?, &rows, &list)?;
            }
            slowest.push((part(&ours, 0.5), part(&theirs, 0.5), list.path));
            diwan.extend(ours);
            query.extend(theirs);
        }
    }
    slowest.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (ours, theirs) = (part(&diwan, 0.95), part(&query, 0.95));
    say(format_args!(
        "letters.inbox on {backend:?}: {} lists, Diwan p50 {:.1} ms p95 {ours:.1} ms, query p50 {:.1} ms p95 {theirs:.1} ms",
        slowest.len(),
        part(&diwan, 0.5),
        part(&query, 0.5),
    ));
    for (ours, theirs, path) in slowest.iter().take(5) {
        say(format_args!("   slow: {ours:.1} ms (query {theirs:.1} ms) {path}"));
    }
    Ok(ours / theirs)
}

/// Both must show the same letters.
fn same(answer: &Value, rows: &[(i64, String, String, Option<String>)], list: &List) -> Result<()> {
    let shown: Vec<i64> =
        answer["items"].as_array().into_iter().flatten().filter_map(|item| item["id"].as_i64()).collect();
    let wanted: Vec<i64> = rows.iter().take(PAGE).map(|row| row.0).collect();
    ensure!(shown == wanted, "{} shows {shown:?}, the query {wanted:?}", list.path);
    Ok(())
}

fn lists(letters: &Box, asker: &Asker) -> Vec<List> {
    let today = SystemClock.now().date();
    let views = views(asker, today + Duration::hours(3));
    let mut lists = Vec::new();
    for (sort, order) in ORDERS {
        for (view, condition) in &views {
            lists.push(list(letters, asker, (sort, order), &format!("&view={view}"), condition));
        }
    }
    for (sort, order) in ORDERS.iter().filter(|(sort, _)| matches!(*sort, "newest" | "subject" | "due")) {
        for (filter, condition) in filters(letters, today) {
            lists.push(list(letters, asker, (sort, order), &filter, &condition));
        }
    }
    lists
}

/// Each sort with its order by hand.
const ORDERS: [(&str, &str); 7] = [
    ("newest", "r.id DESC"),
    ("oldest", "r.id"),
    ("due", "COALESCE(r.due_on, '9999-12-31'), r.id"),
    ("number", "COALESCE(r.issued_at, r.created_at) DESC, r.id DESC"),
    ("subject", "r.fold, r.id"),
    ("counterpart", "r.party, r.id"),
    (
        "priority",
        "CASE r.priority WHEN 'immediate' THEN 3 WHEN 'very_urgent' THEN 2 WHEN 'urgent' THEN 1 ELSE 0 END DESC, r.id DESC",
    ),
];

fn views(asker: &Asker, today: NaiveDate) -> Vec<(&'static str, String)> {
    let units: Vec<String> = asker.units.iter().map(ToString::to_string).collect();
    let units = units.join(", ");
    let mine = format!(
        "r.id IN (SELECT record_id FROM tasks WHERE assignee_kind = 'unit' AND assignee_id IN ({units}) AND state = 'open')"
    );
    let overdue =
        format!("r.due_on < '{today}' AND r.state NOT IN ('closed', 'void', 'refused', 'recalled', 'answered')");
    vec![
        ("all", "1 = 1".to_owned()),
        ("to_register", "r.state = 'received'".to_owned()),
        ("mine", mine),
        ("overdue", overdue),
        (
            "awaiting_reply",
            "l.reply_due_days IS NOT NULL AND l.answered_at IS NULL
             AND r.state IN ('issued', 'delivered', 'registered', 'referred')"
                .to_owned(),
        ),
        ("closed", "r.state IN ('closed', 'void', 'refused', 'recalled')".to_owned()),
    ]
}

fn filters(letters: &Box, today: NaiveDate) -> Vec<(String, String)> {
    let (from, to) = (today - Duration::days(400), today - Duration::days(370));
    let counterpart = letters.counterparts.first().copied().unwrap_or_default();
    let word = "الوزير";
    let folded = diwan_kernel::text::like_anywhere(word);
    vec![
        ("&state=referred".to_owned(), "r.state = 'referred'".to_owned()),
        ("&secrecy=secret".to_owned(), "r.secrecy = 'secret'".to_owned()),
        ("&priority=immediate".to_owned(), "r.priority = 'immediate'".to_owned()),
        (format!("&counterpart_id={counterpart}"), format!("l.counterpart_id = {counterpart}")),
        (
            format!("&from={from}&to={to}"),
            // Days are the government's, three hours ahead of what is stored.
            format!("r.created_at >= '{} 21:00:00' AND r.created_at < '{to} 21:00:00'", from - Duration::days(1)),
        ),
        (
            format!("&q={}", encoded(word)),
            format!("(r.fold LIKE '{folded}' OR r.number LIKE '{folded}' OR l.their_number LIKE '{folded}')"),
        ),
        (
            format!("&state=closed&priority=urgent&counterpart_id={counterpart}"),
            format!("r.state = 'closed' AND r.priority = 'urgent' AND l.counterpart_id = {counterpart}"),
        ),
    ]
}

fn list(letters: &Box, asker: &Asker, (sort, order): (&str, &str), query: &str, condition: &str) -> List {
    let principals: Vec<String> = asker.principals.iter().map(|one| format!("'{one}'")).collect();
    List {
        path: format!("/api/letters?direction=incoming&limit={PAGE}&sort={sort}{query}"),
        sql: format!(
            "SELECT r.id, r.subject, r.party, r.number FROM records r JOIN letters l ON l.record_id = r.id
             WHERE r.agency_id = {agency} AND r.kind = 'incoming' AND r.secrecy IN ('normal', 'restricted', 'secret')
               AND EXISTS (SELECT 1 FROM record_access a WHERE a.record_id = r.id AND a.principal IN ({principals}))
               AND NOT EXISTS (SELECT 1 FROM record_caveats c WHERE c.record_id = r.id
                   AND c.caveat IN ('personal', 'sealed_envelope'))
               AND {condition}
             ORDER BY {order} LIMIT {rows}",
            agency = letters.agency,
            principals = principals.join(", "),
            rows = PAGE + 1,
        ),
    }
}
