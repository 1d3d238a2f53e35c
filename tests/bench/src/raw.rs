//! The raw run: the leanest hand-written transactions that leave the rows of a letter, one transaction a step. It checks
//! nothing, reads nothing it was told already, signs nothing, and takes texts that are ready.

use std::sync::{Mutex, PoisonError};

use chrono::{Datelike, NaiveDateTime};
use diesel::QueryResult;
use diwan_db::{Clock, SystemClock};

use crate::{
    issue::body,
    sql::{Bind, Raw},
    texts::Texts,
    world::{Government, Sender},
};

/// Everything of a letter that is known before its first step.
pub struct Plan {
    from: Sender,
    to: i64,
    clerk: i64,
    subject: String,
    text: String,
    body: String,
    canonical: String,
    principals: Principals,
    code: String,
}

struct Principals {
    agency: String,
    writer: String,
    studies: String,
    head: String,
    signer: String,
    office: String,
    receiver: String,
}

const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const SIGNATURE: &str =
    "MEUCIQDcv1l0n1Wm1nVbq2sT0bq1Kx3yqkq5H8mQm0kqkq5H8gIgYbq1Kx3yqkq5H8mQm0kqkq5H8mQm0kqkq5H8mQm0kqk=";
const HEAD: &str = r#"{"lines_ar":"المملكة الأردنية الهاشمية\nوزارة المالية","lines_en":"The Hashemite Kingdom of Jordan\nMinistry of Finance","footer_ar":"","footer_en":""}"#;
const REQUEST: &str = "q1w2e3r4t5y6u7i8";
const IP: &str = "127.0.0.1";

impl Plan {
    /// The letter of that number: the same texts, people and agencies as through HTTP.
    pub fn new(government: &Government, texts: &Texts, number: usize) -> Self {
        let senders = &government.senders;
        let sender = |number: usize| senders.get(number % senders.len()).cloned();
        let (from, to) = match (sender(number), sender(number + 1)) {
            (Some(from), Some(to)) => (from, to),
            _ => unreachable!("three ministries were founded"),
        };
        let body = body(&texts.at(number)).to_string();
        let principals = Principals {
            agency: format!("a:{}", from.agency.id),
            writer: format!("n:{}", from.user("staff")),
            studies: format!("u:{}", from.unit("studies")),
            head: format!("n:{}", from.user("head")),
            signer: format!("n:{}", from.user("sg")),
            office: format!("u:{}", from.unit("office")),
            receiver: format!("a:{}", to.agency.id),
        };
        Self {
            to: to.agency.id,
            clerk: to.user("clerk"),
            subject: texts.subject(number),
            text: texts.at(number).into_owned(),
            // As long as a canonical form is: the body and what stands around it.
            canonical: format!("{body}{HEAD}{HEAD}"),
            body,
            principals,
            code: format!("{number:012}"),
            from,
        }
    }
}

/// One letter, step by step.
pub fn letter(lane: &Mutex<Box<dyn Raw>>, plan: &Plan) -> QueryResult<()> {
    let record = step(lane, |raw| create(raw, plan))?;
    let task = step(lane, |raw| submit(raw, plan, record))?;
    let task = step(lane, |raw| approve(raw, plan, record, task))?;
    step(lane, |raw| sign(raw, plan, record, task))
}

/// One transaction.
fn step<T>(lane: &Mutex<Box<dyn Raw>>, work: impl FnOnce(&mut dyn Raw) -> QueryResult<T>) -> QueryResult<T> {
    let mut raw = lane.lock().unwrap_or_else(PoisonError::into_inner);
    raw.begin()?;
    let value = work(raw.as_mut())?;
    raw.commit()?;
    Ok(value)
}

use Bind::{At, Day, Int, Text};

fn create(raw: &mut dyn Raw, plan: &Plan) -> QueryResult<i64> {
    let (now, from) = (SystemClock.now(), &plan.from);
    let record = raw.number(
        "INSERT INTO records (agency_id, unit_id, kind, subject, party, fold, state, secrecy, priority, created_by,
            created_at, updated_at, version)
         VALUES (?, ?, 'outgoing', ?, 'وزارة المالية', ?, 'draft', 'normal', 'normal', ?, ?, ?, 1) RETURNING id",
        &[
            Int(from.agency.id),
            Int(from.unit("studies")),
            Text(&plan.subject),
            Text(&plan.subject),
            Int(from.user("staff")),
            At(now),
            At(now),
        ],
    )?;
    let p = &plan.principals;
    raw.run(
        "INSERT INTO record_access (record_id, principal) VALUES (?, ?), (?, ?), (?, ?)",
        &[Int(record), Text(&p.agency), Int(record), Text(&p.studies), Int(record), Text(&p.writer)],
    )?;
    raw.run(
        "INSERT INTO letters (record_id, agency_id, direction, form, lang, counterpart_id, addressee, body, body_text,
            reply_due_days)
         VALUES (?, ?, 'outgoing', 'letter', 'ar', ?, 'معالي وزير المالية', ?, ?, 5)",
        &[Int(record), Int(from.agency.id), Int(plan.to), Text(&plan.body), Text(&plan.text)],
    )?;
    raw.run(
        "INSERT INTO letter_recipients (record_id, seq, agency_id, role) VALUES (?, 1, ?, 'to')",
        &[Int(record), Int(plan.to)],
    )?;
    trail(raw, now, (from.agency.id, from.user("staff"), record), "tarasol.letter.create", Some(HASH))?;
    outbox(raw, now, from.agency.id, record)?;
    Ok(record)
}

fn submit(raw: &mut dyn Raw, plan: &Plan, record: i64) -> QueryResult<i64> {
    let (now, from) = (SystemClock.now(), &plan.from);
    let p = &plan.principals;
    raw.run(
        "UPDATE records SET state = 'in_review', updated_at = ?, version = 2 WHERE id = ? AND version = 1",
        &[At(now), Int(record)],
    )?;
    let task = give(raw, now, from, record, ("review", from.position("head"), from.user("staff"), 1))?;
    raw.run("INSERT INTO record_access (record_id, principal) VALUES (?, ?)", &[Int(record), Text(&p.head)])?;
    tell(raw, now, from.user("head"), record, "task_given")?;
    trail(raw, now, (from.agency.id, from.user("staff"), record), "tarasol.letter.submit", None)?;
    outbox(raw, now, from.agency.id, record)?;
    Ok(task)
}

fn approve(raw: &mut dyn Raw, plan: &Plan, record: i64, task: i64) -> QueryResult<i64> {
    let (now, from) = (SystemClock.now(), &plan.from);
    let p = &plan.principals;
    end(raw, now, task, from.user("head"), "approved")?;
    raw.run(
        "UPDATE records SET state = 'in_signature', updated_at = ?, version = 3 WHERE id = ? AND version = 2",
        &[At(now), Int(record)],
    )?;
    let task = give(raw, now, from, record, ("sign", from.position("sg"), from.user("head"), 2))?;
    raw.run(
        "INSERT INTO record_access (record_id, principal) VALUES (?, ?), (?, ?)",
        &[Int(record), Text(&p.signer), Int(record), Text(&p.office)],
    )?;
    tell(raw, now, from.user("sg"), record, "task_given")?;
    trail(raw, now, (from.agency.id, from.user("head"), record), "tarasol.letter.approve", None)?;
    outbox(raw, now, from.agency.id, record)?;
    Ok(task)
}

fn sign(raw: &mut dyn Raw, plan: &Plan, record: i64, task: i64) -> QueryResult<()> {
    let (now, from, signer) = (SystemClock.now(), &plan.from, plan.from.user("sg"));
    let due = now.date() + chrono::Duration::days(7);
    end(raw, now, task, signer, "signed")?;
    let incoming = deliver(raw, plan, record, now)?;
    raw.run(
        "UPDATE letters SET signed_by = ?, signed_at = ?, letterhead = ? WHERE record_id = ?",
        &[Int(signer), At(now), Text(HEAD), Int(record)],
    )?;
    raw.run(
        "INSERT INTO seals (record_id, key_id, canonical, hash, signature, verify_code, sealed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        &[Int(record), Int(from.key), Text(&plan.canonical), Text(HASH), Text(SIGNATURE), Text(&plan.code), At(now)],
    )?;
    raw.run(
        "INSERT INTO documents (record_id, agency_id, source, doc_date, filed_at) VALUES (?, ?, 'letter', ?, ?)",
        &[Int(record), Int(from.agency.id), Day(now.date()), At(now)],
    )?;
    raw.run(
        "INSERT INTO keeping (record_id, agency_id, chosen, schedule_id, action) VALUES (?, ?, FALSE, ?, 'keep')",
        &[Int(record), Int(from.agency.id), Int(from.schedule)],
    )?;
    tell(raw, now, plan.clerk, incoming, "letter_received")?;
    trail(raw, now, (from.agency.id, signer, record), "tarasol.letter.sign", Some(HASH))?;
    outbox(raw, now, from.agency.id, record)?;
    outbox(raw, now, plan.to, incoming)?;
    raw.run(
        "INSERT INTO jobs (kind, payload, priority, state, run_at, attempts, max_attempts, created_at)
         VALUES ('tarasol.print', '{\"record_id\":1}', 200, 'ready', ?, 0, 12, ?)",
        &[At(now), At(now)],
    )?;
    // The counter is locked last.
    let year = i64::from(now.year());
    let seq = raw.number(
        "INSERT INTO counters (register_id, year, last_seq) VALUES (?, ?, 1)
         ON CONFLICT (register_id, year) DO UPDATE SET last_seq = counters.last_seq + 1 RETURNING last_seq",
        &[Int(from.register), Int(year)],
    )?;
    let display = format!("{}/{year}/{seq}", from.code);
    raw.run(
        "INSERT INTO numbers (register_id, year, seq, record_id, display, taken_at, taken_by)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        &[Int(from.register), Int(year), Int(seq), Int(record), Text(&display), At(now), Int(signer)],
    )?;
    words(raw, plan, incoming, &display, now)?;
    raw.run(
        "UPDATE records SET state = 'issued', number = ?, due_on = ?, issued_at = ?, updated_at = ?, version = 4
         WHERE id = ? AND version = 3",
        &[Text(&display), Day(due), At(now), At(now), Int(record)],
    )?;
    Ok(())
}

/// The incoming letter of the other agency.
fn deliver(raw: &mut dyn Raw, plan: &Plan, record: i64, now: NaiveDateTime) -> QueryResult<i64> {
    let (from, signer, due) = (&plan.from, plan.from.user("sg"), now.date() + chrono::Duration::days(7));
    let incoming = raw.number(
        "INSERT INTO records (agency_id, kind, subject, party, fold, state, secrecy, priority, due_on, created_by,
            created_at, updated_at, version)
         VALUES (?, 'incoming', ?, 'وزارة المالية', ?, 'received', 'normal', 'normal', ?, ?, ?, ?, 1) RETURNING id",
        &[Int(plan.to), Text(&plan.subject), Text(&plan.subject), Day(due), Int(signer), At(now), At(now)],
    )?;
    raw.run(
        "INSERT INTO record_access (record_id, principal) VALUES (?, ?)",
        &[Int(incoming), Text(&plan.principals.receiver)],
    )?;
    let delivery = raw.number(
        "INSERT INTO deliveries (record_id, from_agency_id, to_agency_id, role, incoming_record_id, state, updated_at)
         VALUES (?, ?, ?, 'to', ?, 'delivered', ?) RETURNING id",
        &[Int(record), Int(from.agency.id), Int(plan.to), Int(incoming), At(now)],
    )?;
    raw.run(
        "INSERT INTO delivery_events (delivery_id, kind, at, user_id) VALUES (?, 'delivered', ?, ?)",
        &[Int(delivery), At(now), Int(signer)],
    )?;
    raw.run(
        "INSERT INTO record_links (from_record_id, to_record_id, kind, created_by, created_at)
         VALUES (?, ?, 'delivered_as', ?, ?)",
        &[Int(record), Int(incoming), Int(signer), At(now)],
    )?;
    Ok(incoming)
}

/// The words of the incoming letter, which carry the number.
fn words(raw: &mut dyn Raw, plan: &Plan, incoming: i64, number: &str, now: NaiveDateTime) -> QueryResult<usize> {
    let (from, signer) = (&plan.from, plan.from.user("sg"));
    raw.run(
        "INSERT INTO letters (record_id, agency_id, direction, form, lang, counterpart_id, addressee, body, body_text,
            letterhead, reply_due_days, their_number, their_date, signed_by, signed_at, received_at)
         VALUES (?, ?, 'incoming', 'letter', 'ar', ?, 'معالي وزير المالية', ?, ?, ?, 5, ?, ?, ?, ?, ?)",
        &[
            Int(incoming),
            Int(plan.to),
            Int(from.agency.id),
            Text(&plan.body),
            Text(&plan.text),
            Text(HEAD),
            Text(number),
            Day(now.date()),
            Int(signer),
            At(now),
            At(now),
        ],
    )
}

/// A task for a position: its kind, the position, who gives it, the step of the route.
fn give(
    raw: &mut dyn Raw,
    now: NaiveDateTime,
    from: &Sender,
    record: i64,
    (kind, position, by, step): (&str, i64, i64, i64),
) -> QueryResult<i64> {
    raw.number(
        "INSERT INTO tasks (record_id, agency_id, kind, step, step_mode, assignee_kind, assignee_id, created_by,
            created_at, state)
         VALUES (?, ?, ?, ?, 'any', 'position', ?, ?, ?, 'open') RETURNING id",
        &[Int(record), Int(from.agency.id), Text(kind), Int(step), Int(position), Int(by), At(now)],
    )
}

fn end(raw: &mut dyn Raw, now: NaiveDateTime, task: i64, by: i64, outcome: &str) -> QueryResult<usize> {
    raw.run(
        "UPDATE tasks SET state = 'done', done_at = ?, done_by = ?, outcome = ? WHERE id = ? AND state = 'open'",
        &[At(now), Int(by), Text(outcome), Int(task)],
    )
}

/// A notification, and its message to the followers.
fn tell(raw: &mut dyn Raw, now: NaiveDateTime, user: i64, record: i64, kind: &str) -> QueryResult<()> {
    let id = raw.number(
        "INSERT INTO notifications (user_id, record_id, kind, args, created_at)
         VALUES (?, ?, ?, '{\"task\":\"review\"}', ?) RETURNING id",
        &[Int(user), Int(record), Text(kind), At(now)],
    )?;
    let payload = format!(r#"{{"id":{id},"user_id":{user}}}"#);
    raw.run(
        "INSERT INTO outbox (topic, record_id, payload, created_at) VALUES ('notification.added', ?, ?, ?)",
        &[Int(record), Text(&payload), At(now)],
    )?;
    Ok(())
}

/// The entry in the audit trail: the agency, the person, the record.
fn trail(
    raw: &mut dyn Raw,
    now: NaiveDateTime,
    (agency, user, record): (i64, i64, i64),
    op: &str,
    after: Option<&str>,
) -> QueryResult<usize> {
    raw.run(
        "INSERT INTO audit_entries (agency_id, at, user_id, op, entity, entity_id, record_id, after_hash, detail,
            request_id, ip)
         VALUES (?, ?, ?, ?, 'record', ?, ?, ?, '{\"state\":\"in_review\"}', ?, ?)",
        &[
            Int(agency),
            At(now),
            Int(user),
            Text(op),
            Int(record),
            Int(record),
            Text(after.unwrap_or_default()),
            Text(REQUEST),
            Text(IP),
        ],
    )
}

/// The message to the followers that a record has changed.
fn outbox(raw: &mut dyn Raw, now: NaiveDateTime, agency: i64, record: i64) -> QueryResult<usize> {
    raw.run(
        "INSERT INTO outbox (topic, agency_id, record_id, payload, created_at)
         VALUES ('record.changed', ?, ?, 'null', ?)",
        &[Int(agency), Int(record), At(now)],
    )
}
