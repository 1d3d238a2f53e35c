//! Letters created → approved → issued → delivered: through HTTP, and as raw transactions that leave the same rows.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use diwan_db::Backend;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    http::{Http, Session},
    raw::{Plan, letter},
    report::{Report, median, say},
    served::{Served, Setting},
    sql::Raw,
    texts::Texts,
    world::{Government, PASSWORD, found},
};

/// Clients at the same time, and connections of the raw run.
const CLIENTS: usize = 8;
/// Rounds; every round is Diwan's and then the raw one, each on a new database.
const ROUNDS: usize = 3;
/// Work after commit has to be done by then.
const PATIENCE: Duration = Duration::from_secs(600);
/// Tables whose rows both runs leave. Files and their entries follow from Diwan's print jobs and are left out.
const TABLES: [&str; 17] = [
    "records",
    "record_access",
    "letters",
    "letter_recipients",
    "tasks",
    "notifications",
    "numbers",
    "seals",
    "documents",
    "keeping",
    "deliveries",
    "delivery_events",
    "record_links",
    "counters",
    "audit_entries WHERE entity = 'record' AND op LIKE 'tarasol.letter.%' AND op <> 'tarasol.letter.print'",
    "outbox WHERE topic = 'notification.added'",
    "letters WHERE received_at IS NOT NULL",
];

/// Where a letter stands after a step.
#[derive(Deserialize)]
struct Step {
    id: i64,
    state: String,
    version: i64,
}

/// The text of a letter as the editor gives it: three paragraphs.
pub fn body(text: &str) -> Value {
    let words: Vec<&str> = text.split_whitespace().collect();
    let paragraphs: Vec<Value> = words
        .chunks(words.len().div_ceil(3).max(1))
        .map(|words| json!({ "type": "paragraph", "content": [{ "type": "text", "text": words.join(" ") }] }))
        .collect();
    json!({ "type": "doc", "content": paragraphs })
}

/// Measures on one database.
pub fn run(setting: &Setting<'_>, backend: Backend, texts: &Texts, letters: usize, report: &mut Report) -> Result<()> {
    say(format_args!("letters.issue on {backend:?}: {ROUNDS} rounds of {letters} letters, {CLIENTS} clients"));
    let mut ratios = Vec::new();
    for round in 0..ROUNDS {
        let (diwan, left) = through_http(setting, backend, texts, letters)?;
        let (raw, expected) = raw_rounds(setting, backend, texts, letters)?;
        ensure!(left == expected, "the raw run does not leave the same rows: {left:?} and {expected:?}");
        say(format_args!(
            "   round {round}: Diwan {diwan:.1} letters/s, raw {raw:.1} letters/s, ratio {:.3}",
            diwan / raw
        ));
        ratios.push(diwan / raw);
    }
    let name = if backend == Backend::Sqlite { "sqlite" } else { "postgres" };
    report.at_least(format!("letters.issue.ratio.{name}"), median(&ratios), "ratio", Some(0.30));
    Ok(())
}

/// Letters a second through HTTP, and the rows left.
fn through_http(
    setting: &Setting<'_>,
    backend: Backend,
    texts: &Texts,
    letters: usize,
) -> Result<(f64, BTreeMap<String, i64>)> {
    let place = setting.place(backend)?;
    let government = found(&place.url)?;
    let server = Served::start(setting, &place)?;
    let mut http = Http::connect(&server.address)?;
    let mut desks = Vec::new();
    for sender in &government.senders {
        let mut sign_in = |person: &str| http.sign_in(&sender.username(person), PASSWORD);
        desks.push(Desk { writer: sign_in("staff")?, head: sign_in("head")?, signer: sign_in("sg")? });
    }
    // The first letter of each makes the agency's key and warms the caches.
    for (number, desk) in desks.iter().enumerate() {
        issue(&mut http, desk, &input(&government, texts, number))?;
    }
    let next = AtomicUsize::new(desks.len());
    let (started, cpu) = (Instant::now(), server.cpu_seconds());
    in_parallel(|_client| {
        let mut http = Http::connect(&server.address)?;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= letters {
                return Ok(());
            }
            let desk = desks.get(number % desks.len()).context("no desk")?;
            issue(&mut http, desk, &input(&government, texts, number))?;
        }
    })?;
    let issued = (letters - desks.len()) as f64;
    let rate = issued / started.elapsed().as_secs_f64();
    say(format_args!(
        "   the server took {:.1} ms of processor time a letter",
        (server.cpu_seconds() - cpu) / issued * 1000.0
    ));
    place.with_raw(|raw| drained(raw, started))?;
    let left = place.with_raw(|raw| counts(raw))?;
    drop(server);
    place.remove()?;
    Ok((rate, left))
}

/// Letters a second as raw transactions, and the rows left.
fn raw_rounds(
    setting: &Setting<'_>,
    backend: Backend,
    texts: &Texts,
    letters: usize,
) -> Result<(f64, BTreeMap<String, i64>)> {
    let place = setting.place(backend)?;
    let mut government = found(&place.url)?;
    government.give_keys(&place.url)?;
    let plans: Vec<Plan> = (0..letters).map(|number| Plan::new(&government, texts, number)).collect();
    // SQLite has one writer: its clients take turns on one connection, which is faster than waiting for the file's lock.
    let lanes: Vec<Mutex<Box<dyn Raw>>> = match backend {
        Backend::Sqlite => vec![Mutex::new(place.raw()?)],
        Backend::Postgres => (0..CLIENTS).map(|_| Ok(Mutex::new(place.raw()?))).collect::<Result<_>>()?,
    };
    let warm = government.senders.len();
    for plan in plans.iter().take(warm) {
        letter(lanes.first().context("no connection")?, plan)?;
    }
    let next = AtomicUsize::new(warm);
    let started = Instant::now();
    in_parallel(|client| {
        let lane = lanes.get(client % lanes.len()).context("no connection")?;
        while let Some(plan) = plans.get(next.fetch_add(1, Ordering::Relaxed)) {
            letter(lane, plan)?;
        }
        Ok(())
    })?;
    let rate = (letters - warm) as f64 / started.elapsed().as_secs_f64();
    let left = counts(lanes.first().context("no connection")?.lock().unwrap_or_else(PoisonError::into_inner).as_mut())?;
    drop(lanes);
    place.remove()?;
    Ok((rate, left))
}

/// The people of a ministry, signed in.
struct Desk {
    writer: Session,
    head: Session,
    signer: Session,
}

fn input(government: &Government, texts: &Texts, number: usize) -> String {
    let senders = &government.senders;
    let to = senders.get((number + 1) % senders.len()).map_or(0, |sender| sender.agency.id);
    json!({
        "form": "letter", "lang": "ar", "secrecy": "normal", "priority": "normal", "reply_due_days": 5,
        "subject": texts.subject(number), "addressee": "معالي وزير المالية", "body": body(&texts.at(number)),
        "recipients": [{ "agency_id": to, "role": "to" }],
    })
    .to_string()
}

/// One letter, step by step; it is in the other agency's box when the last answer comes.
fn issue(http: &mut Http, desk: &Desk, input: &str) -> Result<()> {
    let draft: Step = http.post(&desk.writer, "/api/letters", "", input)?.json()?;
    let path = |step: &str| format!("/api/letters/{}/{step}", draft.id);
    let version = format!("If-Match: \"{}\"\r\n", draft.version);
    http.post(&desk.writer, &path("submit"), &version, "")?.json::<Step>()?;
    http.post(&desk.head, &path("approve"), "", "{}")?.json::<Step>()?;
    let issued: Step = http.post(&desk.signer, &path("sign"), "", "{}")?.json()?;
    ensure!(issued.state == "issued", "the letter is {}", issued.state);
    Ok(())
}

/// Runs the clients and tells the first fault.
fn in_parallel(client: impl Fn(usize) -> Result<()> + Sync) -> Result<()> {
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                scope.spawn({
                    let client = &client;
                    move || client(number)
                })
            })
            .collect();
        clients.into_iter().try_for_each(|client| client.join().map_err(|_| anyhow::anyhow!("a client panicked"))?)
    })
}

/// Waits until prints and seals have followed, and tells how long they took.
fn drained(raw: &mut dyn Raw, since: Instant) -> Result<()> {
    let steps = since.elapsed();
    loop {
        // Jobs that look again later whether something is due are always there.
        let left = raw.number(
            "SELECT (SELECT count(*) FROM jobs WHERE kind NOT IN
                    ('files.fixity_due', 'archive.drill_due', 'finance.templates', 'finance.reversals'))
                + (SELECT count(*) FROM audit_unsealed)",
            &[],
        )?;
        if left == 0 {
            let behind = (since.elapsed() - steps).as_secs_f64();
            say(format_args!("   prints and seals had followed {behind:.1} s after the last letter"));
            return Ok(());
        }
        ensure!(since.elapsed() < PATIENCE, "{left} jobs and entries are still waiting");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn counts(raw: &mut dyn Raw) -> Result<BTreeMap<String, i64>> {
    let count = |table: &&str| Ok((table.to_string(), raw.number(&format!("SELECT count(*) FROM {table}"), &[])?));
    TABLES.iter().map(count).collect()
}
