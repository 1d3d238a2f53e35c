//! Posting a voucher of two lines with its check of funds: the call of the last authorisation through HTTP, beside a raw
//! transaction that writes the same rows.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use anyhow::{Context, Result, anyhow, ensure};
use chrono::Datelike;
use diesel::prelude::*;
use diwan_db::{Backend, Clock, SystemClock};
use diwan_finance::documents;
use diwan_finance_api::{DocumentInput, DocumentKind, DocumentNote, LineInput, PayMethod};
use diwan_schema::platform::tasks;
use serde::Deserialize;

use super::{
    contracts,
    office::{Office, SUBMITTED, act},
    raw_post::{self, Desk, Plan},
};
use crate::{
    http::{Http, Session},
    report::{Report, median, say},
    served::{Place, Served, Setting},
    sql::Raw,
    world::{self, PASSWORD},
};

/// Clients at the same time, and connections of the raw run.
const CLIENTS: usize = 4;
/// Rounds; every round is Diwan's and then the raw one, each on a new database.
const ROUNDS: usize = 3;
/// Vouchers of a round.
const VOUCHERS: usize = 1_000;
/// Vouchers of a round that are posted before it is measured: the first one makes the agency's key.
const WARM: usize = CLIENTS;
/// Keys and suppliers that the vouchers are spread over.
const SPREAD: (usize, usize) = (60, 50);
/// Fils on every line: more than all vouchers spend.
const ALLOTTED: i64 = 1_000_000_000_000;
/// Vouchers prepared in one transaction.
const BATCH: usize = 50;
/// Tables whose rows both runs leave.
const TABLES: [&str; 14] = [
    "records WHERE state = 'posted'",
    "tasks WHERE state = 'done'",
    "finance_approvals",
    "finance_documents WHERE posted_at IS NOT NULL",
    "entries",
    "entry_lines",
    "posted_entries",
    "period_balances",
    "budget_moves",
    "numbers",
    "counters",
    "seals",
    "audit_entries WHERE op = 'finance.document.authorise'",
    "outbox WHERE topic = 'record.changed'",
];
/// Sums that both runs leave.
const SUMS: [&str; 3] = [
    "SELECT CAST(SUM(obligated) AS BIGINT) FROM budget_lines",
    "SELECT CAST(SUM(base_debit) AS BIGINT) FROM period_balances",
    "SELECT CAST(SUM(to_pay) AS BIGINT) FROM finance_documents",
];

/// Where a document stands after a step.
#[derive(Deserialize)]
struct Step {
    state: String,
}

/// Measures on one database.
pub fn run(setting: &Setting<'_>, backend: Backend, report: &mut Report) -> Result<()> {
    say(format_args!("finance.post on {backend:?}: {ROUNDS} rounds of {VOUCHERS} vouchers, {CLIENTS} clients"));
    let (mut ratios, mut rates) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (diwan, left) = through_http(setting, backend, false)?;
        let (raw, expected) = raw_round(setting, backend)?;
        ensure!(left == expected, "the raw run does not leave the same rows: {left:?} and {expected:?}");
        say(format_args!(
            "   round {round}: Diwan {diwan:.1} vouchers/s, raw {raw:.1} vouchers/s, ratio {:.3}",
            diwan / raw
        ));
        ratios.push(diwan / raw);
        rates.push(diwan);
    }
    let (drawn, _left) = through_http(setting, backend, true)?;
    let name = if backend == Backend::Sqlite { "sqlite" } else { "postgres" };
    report.at_least(format!("finance.post.ratio.{name}"), median(&ratios), "ratio", Some(0.40));
    if backend == Backend::Postgres {
        report.at_least("finance.post.per_s.postgres", median(&rates), "vouchers/s", None);
    }
    report.at_least(format!("finance.post.drawn_ratio.{name}"), drawn / median(&rates), "ratio", None);
    Ok(())
}

/// A place with vouchers that only lack their last authorisation.
struct Prepared {
    place: Place,
    office: Office,
    plans: Vec<Plan>,
}

fn prepared(setting: &Setting<'_>, backend: Backend, drawn: bool) -> Result<(Prepared, world::Government)> {
    let place = setting.place(backend)?;
    let government = world::found(&place.url)?;
    let ministry = government.senders.get(1).context("no ministry of finance")?;
    let office = Office::found(&place.url, &ministry.agency, SystemClock.now().year(), SPREAD)?;
    office.allot(ALLOTTED)?;
    let commitments = if drawn { commit(&office, &place)? } else { Vec::new() };
    let mut plans = Vec::with_capacity(VOUCHERS);
    for from in (0..VOUCHERS).step_by(BATCH) {
        plans.extend(vouchers((&office, &commitments), from..VOUCHERS.min(from + BATCH))?);
    }
    Ok((Prepared { place, office, plans }, government))
}

/// A commitment on each key, of more than its vouchers draw.
fn commit(office: &Office, place: &Place) -> Result<Vec<i64>> {
    let today = office.db.read_now(|tx| Ok::<_, diwan_db::DbError>(tx.today()))?;
    let each = (ALLOTTED / 100_000).to_string();
    let one = |(number, key): (usize, &super::office::Key)| {
        contracts::input(office, number, (key.code.clone(), today), each.clone())
    };
    let inputs: Vec<DocumentInput> = office.keys.iter().enumerate().map(one).collect();
    contracts::post(office, &place.folder, &inputs)
}

/// Prepares and certifies some vouchers, each on the commitment of its key where there are some.
fn vouchers((office, commitments): (&Office, &[i64]), numbers: std::ops::Range<usize>) -> Result<Vec<Plan>> {
    let mut plans = Vec::with_capacity(numbers.len());
    let made = act(&office.db, &office.clerk, |tx| {
        let mut made = Vec::with_capacity(numbers.len());
        for number in numbers {
            let id = documents::create(tx, &office.clerk, &input((office, commitments), number, tx.today()))?;
            documents::submit(tx, &office.clerk, id, 1)?;
            made.push((number, id));
        }
        Ok(made)
    })?;
    let asked = act(&office.db, &office.staff, |tx| {
        let mut asked = Vec::with_capacity(made.len());
        for (number, id) in made {
            documents::certify(tx, &office.staff, id, SUBMITTED, &DocumentNote::default())?;
            let of_record = tasks::table.filter(tasks::record_id.eq(id)).filter(tasks::state.eq("open"));
            asked.push((number, id, of_record.select(tasks::id).get_result::<i64>(tx.conn())?));
        }
        Ok(asked)
    })?;
    for (number, record, task) in asked {
        let (key, party) = chosen(office, number, !commitments.is_empty())?;
        let (amount, deducted) = amounts(number);
        plans.push(Plan { record, task, key: key.clone(), party, amount, deducted });
    }
    Ok(plans)
}

/// What a voucher spends of, and who is paid: whoever the commitment is with, where it draws on one.
fn chosen(office: &Office, number: usize, drawn: bool) -> Result<(&super::office::Key, i64)> {
    let at = number % office.keys.len();
    let key = office.keys.get(at).context("no key")?;
    let supplier = if drawn { at } else { number * 7 };
    let party = office.parties.get(supplier % office.parties.len()).context("no party")?;
    Ok((key, *party))
}

/// What is spent and what is deducted of it, in fils.
fn amounts(number: usize) -> (i64, i64) {
    let dinars = 100 + i64::try_from(number % 900).unwrap_or(0);
    (dinars * 1_000, dinars * 50)
}

fn input((office, commitments): (&Office, &[i64]), number: usize, day: chrono::NaiveDate) -> DocumentInput {
    let (amount, deducted) = amounts(number);
    let shown = |fils: i64| format!("{}.{:03}", fils / 1_000, fils % 1_000);
    let chosen = chosen(office, number, !commitments.is_empty()).ok();
    let (item, key) = chosen.map(|(key, _)| (key.item.to_owned(), key.code.clone())).unwrap_or_default();
    let spent = LineInput { account: item, key, debit: shown(amount), ..LineInput::default() };
    let kept = LineInput { account: "630811".to_owned(), credit: shown(deducted), ..LineInput::default() };
    DocumentInput {
        kind: DocumentKind::PaymentVoucher,
        effective_on: day,
        complementary: false,
        subject: format!("قرطاسية ولوازم مكتبية {number}"),
        currency: "JOD".to_owned(),
        rate: String::new(),
        party_id: chosen.map(|(_, party)| party),
        counter: String::new(),
        source_id: commitments.get(number % office.keys.len()).copied(),
        reference: format!("INV-{number}"),
        reference_on: Some(day),
        method: PayMethod::Transfer,
        due_on: None,
        lines: vec![spent, kept],
        slices: Vec::new(),
        details: Default::default(),
    }
}

/// Vouchers a second through HTTP, and what is left; `drawn` on commitments, or of what is available.
fn through_http(setting: &Setting<'_>, backend: Backend, drawn: bool) -> Result<(f64, BTreeMap<String, i64>)> {
    let (Prepared { place, office, plans }, government) = prepared(setting, backend, drawn)?;
    let username = government.senders.get(1).context("no ministry of finance")?.username("director");
    drop(office);
    let server = Served::start(setting, &place)?;
    let mut http = Http::connect(&server.address)?;
    let director = http.sign_in(&username, PASSWORD)?;
    for plan in plans.iter().take(WARM) {
        authorise(&mut http, &director, plan)?;
    }
    let next = AtomicUsize::new(WARM);
    let (started, cpu) = (Instant::now(), server.cpu_seconds());
    in_parallel(|_client| {
        let mut http = Http::connect(&server.address)?;
        while let Some(plan) = plans.get(next.fetch_add(1, Ordering::Relaxed)) {
            authorise(&mut http, &director, plan)?;
        }
        Ok(())
    })?;
    let posted = (plans.len() - WARM) as f64;
    let rate = posted / started.elapsed().as_secs_f64();
    let cpu = (server.cpu_seconds() - cpu) / posted * 1000.0;
    say(format_args!("   the server took {cpu:.1} ms of processor time a voucher"));
    drop(server);
    let left = place.with_raw(|raw| counts(raw))?;
    place.remove()?;
    Ok((rate, left))
}

fn authorise(http: &mut Http, director: &Session, plan: &Plan) -> Result<()> {
    let path = format!("/api/finance/documents/{}/authorise", plan.record);
    let step: Step = http.post(director, &path, &format!("If-Match: \"{SUBMITTED}\"\r\n"), "{}")?.json()?;
    ensure!(step.state == "posted", "the voucher is {}", step.state);
    Ok(())
}

/// Vouchers a second as raw transactions, and what is left.
fn raw_round(setting: &Setting<'_>, backend: Backend) -> Result<(f64, BTreeMap<String, i64>)> {
    let (Prepared { place, office, plans }, mut government) = prepared(setting, backend, false)?;
    government.give_keys(&place.url)?;
    let key = government.senders.get(1).context("no ministry of finance")?.key;
    let desk = Desk::of(&office, key)?;
    drop(office);
    // SQLite has one writer: its clients take turns on one connection, which is faster than waiting for the file's lock.
    let lanes: Vec<Mutex<Box<dyn Raw>>> = match backend {
        Backend::Sqlite => vec![Mutex::new(place.raw()?)],
        Backend::Postgres => (0..CLIENTS).map(|_| Ok(Mutex::new(place.raw()?))).collect::<Result<_>>()?,
    };
    for plan in plans.iter().take(WARM) {
        raw_post::post(lanes.first().context("no connection")?, &desk, plan)?;
    }
    let next = AtomicUsize::new(WARM);
    let started = Instant::now();
    in_parallel(|client| {
        let lane = lanes.get(client % lanes.len()).context("no connection")?;
        while let Some(plan) = plans.get(next.fetch_add(1, Ordering::Relaxed)) {
            raw_post::post(lane, &desk, plan)?;
        }
        Ok(())
    })?;
    let rate = (plans.len() - WARM) as f64 / started.elapsed().as_secs_f64();
    let left = counts(lanes.first().context("no connection")?.lock().unwrap_or_else(PoisonError::into_inner).as_mut())?;
    drop(lanes);
    place.remove()?;
    Ok((rate, left))
}

/// Runs the clients and tells the first fault.
fn in_parallel(client: impl Fn(usize) -> Result<()> + Sync) -> Result<()> {
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let client = &client;
                scope.spawn(move || client(number))
            })
            .collect();
        clients.into_iter().try_for_each(|client| client.join().map_err(|_| anyhow!("a client panicked"))?)
    })
}

fn counts(raw: &mut dyn Raw) -> Result<BTreeMap<String, i64>> {
    let mut all = BTreeMap::new();
    for table in TABLES {
        all.insert(table.to_owned(), raw.number(&format!("SELECT count(*) FROM {table}"), &[])?);
    }
    for sum in SUMS {
        all.insert(sum.to_owned(), raw.number(sum, &[])?);
    }
    Ok(all)
}
