//! A statement of ten thousand lines: imported through HTTP and matched with as many lines of the books.

use std::{fmt::Write as _, time::Instant};

use anyhow::{Context, Result, ensure};
use chrono::{Datelike, Days, NaiveDate};
use diesel::prelude::*;
use diwan_db::{Backend, Clock, SystemClock};
use diwan_finance::ledger::{self, Entry, Line};
use diwan_finance_api::{DocumentKind, Matched, StatementImport};
use diwan_schema::finance::bank_accounts;

use super::office::{Office, act};
use crate::{
    http::{Http, encoded},
    report::say,
    served::{Served, Setting},
    world::{self, PASSWORD},
};

/// Lines of the statement.
const LINES: usize = 10_000;
/// Lines of the books that one entry has on the bank's account: the receipts of a counter.
const OF_ENTRY: usize = 20;
/// Days that the lines are spread over.
const DAYS: usize = 28;
/// Rounds, each with a statement of its own month.
const ROUNDS: usize = 3;
/// The number of the account at the bank.
const NUMBER: &str = "131000302";
/// How many of the lines have to be matched by themselves, in hundredths.
const MATCHED: usize = 99;

/// Seconds from the file to the matches. The slowest round counts: the first is the one of an account that never had a statement.
pub fn run(setting: &Setting<'_>, backend: Backend) -> Result<f64> {
    say(format_args!("finance.bank_match on {backend:?}: {LINES} lines"));
    let place = setting.place(backend)?;
    let government = world::found(&place.url)?;
    let sender = government.senders.get(1).context("no ministry of finance")?;
    let office = Office::found(&place.url, &sender.agency, SystemClock.now().year() - 1, (1, 1))?;
    let account = account(&office)?;
    let server = Served::start(setting, &place)?;
    let mut http = Http::connect(&server.address)?;
    let director = http.sign_in(&sender.username("director"), PASSWORD)?;
    let (mut slowest, mut opening) = (0.0_f64, 0);
    for round in 0..ROUNDS {
        let first = office.year.periods.get(round).context("no month")?.starts_on;
        book(&office, first)?;
        place.with_raw(|raw| Ok(raw.script("ANALYZE")?))?;
        let statement = statement((round, opening), first);
        opening += total(first);
        let started = Instant::now();
        let name = encoded(&format!("statement-{round}.sta"));
        let path = format!("/api/finance/bank/accounts/{account}/statements?name={name}");
        let brought: StatementImport = http.post(&director, &path, "", &statement)?.json()?;
        let imported = started.elapsed();
        let path = format!("/api/finance/bank/accounts/{account}/accept");
        let matched: Matched = http.post(&director, &path, "", "{}")?.json()?;
        let took = started.elapsed().as_secs_f64();
        let lines: usize = brought.statements.iter().map(|one| one.lines).sum();
        say(format_args!(
            "   round {round}: {lines} lines imported in {:.2} s, {} matched with {} after {took:.2} s",
            imported.as_secs_f64(),
            matched.lines,
            matched.entries
        ));
        ensure!(lines == LINES && matched.lines * 100 >= lines * MATCHED, "too few lines were matched");
        slowest = slowest.max(took);
    }
    drop((office, server));
    place.remove()?;
    Ok(slowest)
}

/// The bank account that is the treasury's account of the chart.
fn account(office: &Office) -> Result<i64> {
    let account = office.account("620201")?;
    act(&office.db, &office.director, |tx| {
        Ok(diesel::insert_into(bank_accounts::table)
            .values((
                (bank_accounts::agency_id.eq(office.agency), bank_accounts::account_id.eq(account)),
                (bank_accounts::code.eq("B1"), bank_accounts::name_ar.eq("حساب الخزينة الموحد")),
                (bank_accounts::name_en.eq("Treasury single account"), bank_accounts::bic.eq("")),
                (bank_accounts::number.eq(NUMBER), bank_accounts::iban.eq("")),
                (bank_accounts::currency.eq("JOD"), bank_accounts::active.eq(true), bank_accounts::version.eq(1_i64)),
            ))
            .returning(bank_accounts::id)
            .get_result(tx.conn())?)
    })
}

/// Day, fils and reference of a line: amounts of a month repeat, so that it is the reference that tells most lines apart.
fn line(first: NaiveDate, number: usize) -> (NaiveDate, i64, String) {
    let day = first.checked_add_days(Days::new(u64::try_from(number * DAYS / LINES).unwrap_or(0))).unwrap_or(first);
    let amount = 5_000 + i64::try_from(number * 7_919 % 4_001).unwrap_or(0) * 250 + i64::from(first.month());
    (day, amount, format!("DEP-{}-{number:05}", first.month()))
}

/// The receipts of a month.
fn book(office: &Office, first: NaiveDate) -> Result<()> {
    let (bank, revenue) = (office.account("620201")?, office.account("1421")?);
    let numbers: Vec<usize> = (0..LINES).collect();
    // An entry has one day; lines of the same day follow each other.
    let of_days: Vec<&[usize]> = numbers.chunk_by(|a, b| line(first, *a).0 == line(first, *b).0).collect();
    let entries: Vec<&[usize]> = of_days.iter().flat_map(|day| day.chunks(OF_ENTRY)).collect();
    for some in entries.chunks(50) {
        act(&office.db, &office.director, |tx| {
            for numbers in some {
                ledger::post(tx, office.director.user_id, &receipt(office, (bank, revenue), (first, numbers)))?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn receipt(office: &Office, (bank, revenue): (i64, i64), (first, numbers): (NaiveDate, &[usize])) -> Entry {
    let one = |account_id, debit, credit, note: &str| Line {
        account_id,
        key_id: None,
        party_id: None,
        centre_id: None,
        currency: "JOD".to_owned(),
        debit,
        credit,
        base_debit: debit,
        base_credit: credit,
        note: note.to_owned(),
    };
    let mut lines = Vec::with_capacity(numbers.len() + 1);
    let mut total = 0;
    for number in numbers {
        let (_, amount, reference) = line(first, *number);
        lines.push(one(bank, amount, 0, &reference));
        total += amount;
    }
    lines.push(one(revenue, 0, total, ""));
    Entry {
        agency_id: office.agency,
        record_id: office.record,
        kind: DocumentKind::Receipt,
        effective_on: numbers.first().map_or(first, |number| line(first, *number).0),
        complementary: false,
        reverses: None,
        lines,
        spends: Vec::new(),
    }
}

/// All that comes in in a month.
fn total(first: NaiveDate) -> i64 {
    (0..LINES).map(|number| line(first, number).1).sum()
}

/// The bank's statement of a month (MT940). It begins where the one before it ended.
fn statement((round, opening): (usize, i64), first: NaiveDate) -> String {
    let shown = |fils: i64| format!("{},{:03}", fils / 1_000, fils % 1_000);
    let last = first.checked_add_days(Days::new(27)).unwrap_or(first);
    let day = |day: NaiveDate| day.format("%y%m%d").to_string();
    let mut text =
        format!(":20:STMT{round}\n:25:{NUMBER}\n:28C:{}/1\n:60F:C{}JOD{}\n", round + 1, day(first), shown(opening));
    for number in 0..LINES {
        let (on, amount, reference) = line(first, number);
        // Every tenth comes without its reference, and a day later.
        let (on, words) = if number % 10 == 0 {
            (on.succ_opt().filter(|next| *next <= last).unwrap_or(on), "CASH DEPOSIT".to_owned())
        } else {
            (on, format!("DEPOSIT {reference}"))
        };
        // Writing to a text does not fail.
        let _written = write!(text, ":61:{}C{}NTRFNONREF\n:86:{words}\n", day(on), shown(amount));
    }
    let _written = write!(text, ":62F:C{}JOD{}\n-\n", day(last), shown(opening + total(first)));
    text
}
