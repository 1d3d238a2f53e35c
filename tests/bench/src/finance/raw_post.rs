//! The raw run: the leanest hand-written transaction that leaves the rows of a posted voucher, with kept prepared statements.
//! It checks nothing besides what the database checks by itself, reads nothing it was told already, and signs nothing.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use diesel::QueryResult;
use diwan_db::{Clock, SystemClock};
use diwan_schema::platform::registers;

use super::office::{Key, Office, told};
use crate::sql::{
    Bind::{At, Day, Int, Text},
    Raw,
};

/// What the transactions of a run share.
pub struct Desk {
    agency: i64,
    director: i64,
    period: i64,
    day: NaiveDate,
    deductions: i64,
    payable: i64,
    register: i64,
    key: i64,
}

/// A voucher before its last authorisation.
pub struct Plan {
    /// Its record.
    pub record: i64,
    /// The task of who authorises.
    pub task: i64,
    /// What it spends of.
    pub key: Key,
    /// Who is paid.
    pub party: i64,
    /// What is spent, in fils.
    pub amount: i64,
    /// What is deducted of it.
    pub deducted: i64,
}

const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const SIGNATURE: &str =
    "MEUCIQDcv1l0n1Wm1nVbq2sT0bq1Kx3yqkq5H8mQm0kqkq5H8gIgYbq1Kx3yqkq5H8mQm0kqkq5H8mQm0kqkq5H8mQm0kqk=";
/// As long as the canonical form of a voucher is.
const CANONICAL: &str = r#"{"agency":{"ar":"وزارة المالية","en":"Ministry of Finance"},"agency_code":"MOF","content":{"amount":100000,"approvals":[["prepare",3,null],["certify",6,null],["authorise",4,null]],"base_amount":100000,"counter":"630803","currency":"JOD","details":{"advance_kind":null,"cheque_bank":"","cheque_no":"","cheque_on":null,"deposit_slip":"","goods_receipt":"","guarantor_id":null,"legal_article":"","order_kind":null,"payer":"","proof":"","purchase_order":"","reason":null,"received_as":null,"requester":"","reverse_on":null},"kind":"payment_voucher","lines":[{"account":"2111","amount":100000,"base_amount":100000,"centre":null,"key":"1501-4401-4401001-1-00-2111","note":"","party":null,"side":"debit"},{"account":"630811","amount":5000,"base_amount":5000,"centre":null,"key":null,"note":"","party":null,"side":"credit"}],"method":"transfer","rate":1000000000,"reference":"INV-100","reference_on":"2026-11-29","reverses":null,"slices":[],"source":null},"date":"2026-11-29","files":[],"number":"ص/2026/100","recipients":[{"ar":"شركة التوريدات 10","en":""}],"signed_by":{"ar":"director MOF","en":"director MOF"},"signed_for":null,"subject":"قرطاسية ولوازم مكتبية 100","v":1}"#;

impl Desk {
    /// What is known before the first voucher.
    pub fn of(office: &Office, key: i64) -> Result<Self> {
        use diesel::prelude::*;
        let today = office.db.read_now(|tx| Ok::<_, diwan_db::DbError>(tx.today()))?;
        let period = office.year.periods.iter().find(|one| one.starts_on <= today && today <= one.ends_on);
        let register = told(office.db.read_now(|tx| {
            let of_agency = registers::table.filter(registers::agency_id.eq(office.agency));
            Ok(of_agency.filter(registers::code.eq("payment_voucher")).select(registers::id).first::<i64>(tx.conn())?)
        }))?;
        Ok(Self {
            agency: office.agency,
            director: office.director.user_id,
            period: period.context("no period has today")?.id,
            day: today,
            deductions: office.account("630811")?,
            payable: office.account("630803")?,
            register,
            key,
        })
    }
}

/// Posts a voucher in one transaction.
pub fn post(lane: &Mutex<Box<dyn Raw>>, desk: &Desk, plan: &Plan) -> QueryResult<()> {
    let mut raw = lane.lock().unwrap_or_else(PoisonError::into_inner);
    let raw = raw.as_mut();
    raw.begin()?;
    let now = SystemClock.now();
    approve(raw, (desk, plan), now)?;
    let entry = book(raw, (desk, plan), now)?;
    raw.run(
        "UPDATE finance_documents SET posted_at = ?, entry_id = ?, to_settle = 0, to_pay = ? WHERE record_id = ?",
        &[At(now), Int(entry), Int(plan.amount - plan.deducted), Int(plan.record)],
    )?;
    number(raw, (desk, plan), now)?;
    trail(raw, (desk, plan), now)?;
    raw.commit()
}

/// The last duty: the task, the approval, the state.
fn approve(raw: &mut dyn Raw, (desk, plan): (&Desk, &Plan), now: NaiveDateTime) -> QueryResult<()> {
    raw.run(
        "UPDATE tasks SET state = 'done', done_at = ?, done_by = ?, outcome = 'signed' WHERE id = ? AND state = 'open'",
        &[At(now), Int(desk.director), Int(plan.task)],
    )?;
    raw.run(
        "INSERT INTO finance_approvals (record_id, round, duty, user_id, on_day, done_at)
         VALUES (?, 1, 'authorise', ?, ?, ?)",
        &[Int(plan.record), Int(desk.director), Day(desk.day), At(now)],
    )?;
    raw.run(
        "UPDATE records SET state = 'posted', updated_at = ?, version = 3 WHERE id = ? AND version = 2",
        &[At(now), Int(plan.record)],
    )?;
    Ok(())
}

/// The entry with its lines, the move of the budget, and the posting.
fn book(raw: &mut dyn Raw, (desk, plan): (&Desk, &Plan), now: NaiveDateTime) -> QueryResult<i64> {
    let entry = raw.number(
        "INSERT INTO entries (agency_id, period_id, record_id, kind, effective_on, recorded_at, recorded_by)
         VALUES (?, ?, ?, 'payment_voucher', ?, ?, ?) RETURNING id",
        &[Int(desk.agency), Int(desk.period), Int(plan.record), Day(desk.day), At(now), Int(desk.director)],
    )?;
    let (amount, deducted, net) = (plan.amount, plan.deducted, plan.amount - plan.deducted);
    let head = [Int(desk.agency), Int(desk.period), Day(desk.day)];
    let [agency, period, day] = &head;
    raw.run(
        "INSERT INTO entry_lines (entry_id, seq, agency_id, period_id, effective_on, account_id, key_id, party_id, centre_id,
            currency, debit, credit, base_debit, base_credit, note)
         VALUES (?, 1, ?, ?, ?, ?, ?, NULL, NULL, 'JOD', ?, 0, ?, 0, ''),
            (?, 2, ?, ?, ?, ?, NULL, NULL, NULL, 'JOD', 0, ?, 0, ?, ''),
            (?, 3, ?, ?, ?, ?, NULL, ?, NULL, 'JOD', 0, ?, 0, ?, '')",
        &[
            Int(entry),
            agency.clone(),
            period.clone(),
            day.clone(),
            Int(plan.key.account),
            Int(plan.key.id),
            Int(amount),
            Int(amount),
            Int(entry),
            agency.clone(),
            period.clone(),
            day.clone(),
            Int(desk.deductions),
            Int(deducted),
            Int(deducted),
            Int(entry),
            agency.clone(),
            period.clone(),
            day.clone(),
            Int(desk.payable),
            Int(plan.party),
            Int(net),
            Int(net),
        ],
    )?;
    spend(raw, (desk, plan), entry, now)?;
    raw.run("INSERT INTO posted_entries (entry_id, lines, total) VALUES (?, 3, ?)", &[Int(entry), Int(amount)])?;
    Ok(entry)
}

/// The funds check, and the move that shows it.
fn spend(raw: &mut dyn Raw, (desk, plan): (&Desk, &Plan), entry: i64, now: NaiveDateTime) -> QueryResult<()> {
    let (amount, line) = (plan.amount, plan.key.line);
    let taken = raw.run(
        "UPDATE budget_lines SET seq = seq + 1, available = available - ?, obligated = obligated + ?
         WHERE id = ? AND available >= ?",
        &[Int(amount), Int(amount), Int(line), Int(amount)],
    )?;
    if taken != 1 {
        return Err(diesel::result::Error::NotFound);
    }
    raw.run(
        "INSERT INTO budget_moves (line_id, seq, prev_seq, kind, source, target, amount, key_id, record_id, entry_id,
            effective_on, recorded_at, recorded_by, before_unallotted, before_frozen, before_available, before_pre_committed,
            before_committed, before_obligated, before_paid, after_unallotted, after_frozen, after_available,
            after_pre_committed, after_committed, after_obligated, after_paid)
         SELECT id, seq, seq - 1, 'liquidate', 'available', 'obligated', ?, ?, ?, ?, ?, ?, ?, unallotted, frozen,
            available + ?, pre_committed, committed, obligated - ?, paid, unallotted, frozen, available, pre_committed,
            committed, obligated, paid
         FROM budget_lines WHERE id = ?",
        &[
            Int(amount),
            Int(plan.key.id),
            Int(plan.record),
            Int(entry),
            Day(desk.day),
            At(now),
            Int(desk.director),
            Int(amount),
            Int(amount),
            Int(line),
        ],
    )?;
    Ok(())
}

/// The number and the seal.
fn number(raw: &mut dyn Raw, (desk, plan): (&Desk, &Plan), now: NaiveDateTime) -> QueryResult<()> {
    let year = i64::from(desk.day.year());
    let seq = raw.number(
        "INSERT INTO counters (register_id, year, last_seq) VALUES (?, ?, 1)
         ON CONFLICT (register_id, year) DO UPDATE SET last_seq = counters.last_seq + 1 RETURNING last_seq",
        &[Int(desk.register), Int(year)],
    )?;
    let display = format!("ص/{year}/{seq}");
    raw.run(
        "INSERT INTO numbers (register_id, year, seq, record_id, display, taken_at, taken_by)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        &[Int(desk.register), Int(year), Int(seq), Int(plan.record), Text(&display), At(now), Int(desk.director)],
    )?;
    raw.run("UPDATE records SET number = ?, issued_at = ? WHERE id = ?", &[Text(&display), At(now), Int(plan.record)])?;
    let code = format!("{:012}", plan.record);
    raw.run(
        "INSERT INTO seals (record_id, key_id, canonical, hash, signature, verify_code, sealed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        &[Int(plan.record), Int(desk.key), Text(CANONICAL), Text(HASH), Text(SIGNATURE), Text(&code), At(now)],
    )?;
    Ok(())
}

/// The entry in the audit trail, and the message to the followers.
fn trail(raw: &mut dyn Raw, (desk, plan): (&Desk, &Plan), now: NaiveDateTime) -> QueryResult<()> {
    raw.run(
        "INSERT INTO audit_entries (agency_id, at, user_id, op, entity, entity_id, record_id, detail, request_id, ip)
         VALUES (?, ?, ?, 'finance.document.authorise', 'record', ?, ?, '{\"duty\":\"authorise\",\"note\":null}',
            'q1w2e3r4t5y6u7i8', '127.0.0.1')",
        &[Int(desk.agency), At(now), Int(desk.director), Int(plan.record), Int(plan.record)],
    )?;
    raw.run(
        "INSERT INTO outbox (topic, agency_id, record_id, payload, created_at)
         VALUES ('record.changed', ?, ?, 'null', ?)",
        &[Int(desk.agency), Int(plan.record), At(now)],
    )?;
    Ok(())
}
