//! A year of books with a million lines, written through the real tables with every rule of the database in force: entries
//! with their documents and approvals, lines, moves of the budget, and the postings whose trigger keeps the balances.
//!
//! Half of the entries are receipts (bank to revenue), half are vouchers (expense by key and cost centre to what is payable to a
//! party). Days follow the numbers through the year; an entry is recorded up to four days after its day.

use std::{collections::BTreeMap, time::Instant};

use anyhow::{Context, Result, ensure};
use chrono::{Datelike, Days};
use diwan_db::Backend;

use super::office::{KEYS, Office};
use crate::{report::say, served::Place, sql::Raw, world};

/// Pairs of lines of an entry, a debit and a credit each.
const PAIRS: usize = 12;
/// Entries of one transaction.
const CHUNK: usize = 2_500;
/// Suppliers; each key is spent on five of them.
const PARTIES: usize = 500;
/// Cost centres.
const CENTRES: usize = 20;
/// Fils on each budget line.
const ALLOTTED: i64 = 10_000_000_000_000;
/// Accounts of revenue that receipts are booked on.
const REVENUE: [&str; 12] =
    ["1111", "1112", "1131", "1141", "1142", "1161", "1411", "1412", "1421", "1422", "1431", "1442"];

/// Books of a year.
pub struct Books {
    /// Whose.
    pub office: Office,
    /// The year.
    pub year: i32,
    /// The account with most lines: the bank.
    pub bank: i64,
    /// How the people sign in.
    pub sender: world::Sender,
}

/// Writes books of so many lines into a new place.
pub fn fill(place: &Place, backend: Backend, year: i32, lines: usize) -> Result<Books> {
    let started = Instant::now();
    let government = world::found(&place.url)?;
    let sender = government.senders.get(1).context("no ministry of finance")?.clone();
    let office = Office::found(&place.url, &sender.agency, year, (KEYS, PARTIES))?;
    office.allot(ALLOTTED)?;
    let bank = office.account("620201")?;
    let entries = lines.div_ceil(2 * PAIRS);
    let mut raw = place.raw()?;
    helpers(raw.as_mut(), &office, entries)?;
    let next =
        |raw: &mut dyn Raw, table: &str| raw.number(&format!("SELECT COALESCE(MAX(id), 0) + 1 FROM {table}"), &[]);
    let base = Base { entry: next(raw.as_mut(), "entries")?, record: next(raw.as_mut(), "records")? };
    for from in (0..entries).step_by(CHUNK) {
        chunk(raw.as_mut(), &office, &base, (from, entries.min(from + CHUNK), entries))?;
        // The plans of the first transactions were made for empty tables.
        if from == 0 {
            raw.script("ANALYZE")?;
        }
    }
    if backend == Backend::Postgres {
        for (table, first) in [("entries", base.entry), ("records", base.record)] {
            let next = first + i64::try_from(entries)?;
            raw.script(&format!("ALTER TABLE {table} ALTER COLUMN id RESTART WITH {next}"))?;
        }
        raw.script("VACUUM ANALYZE")?;
    } else {
        raw.script("ANALYZE")?;
    }
    whole(raw.as_mut())?;
    let took = started.elapsed().as_secs_f64();
    say(format_args!("   {entries} entries of {} lines written on {backend:?} in {took:.0} s", 2 * PAIRS));
    Ok(Books { office, year, bank, sender })
}

/// What the numbers of entries and their documents begin with.
struct Base {
    entry: i64,
    record: i64,
}

/// Tables that the statements below choose from by number.
fn helpers(raw: &mut dyn Raw, office: &Office, entries: usize) -> Result<()> {
    let agency = office.agency;
    let mut text = String::from(
        "CREATE TABLE bench_days (i BIGINT PRIMARY KEY, day DATE NOT NULL, at TIMESTAMP NOT NULL, period_id BIGINT NOT NULL);
         CREATE TABLE bench_keys (i BIGINT PRIMARY KEY, key_id BIGINT NOT NULL, line_id BIGINT NOT NULL, account_id BIGINT NOT NULL);
         CREATE TABLE bench_parties (i BIGINT PRIMARY KEY, id BIGINT NOT NULL);
         CREATE TABLE bench_revenue (i BIGINT PRIMARY KEY, id BIGINT NOT NULL);
         CREATE TABLE bench_centres (i BIGINT PRIMARY KEY, id BIGINT NOT NULL);
         CREATE TABLE bench_entries (i BIGINT PRIMARY KEY, id BIGINT NOT NULL UNIQUE, record_id BIGINT NOT NULL UNIQUE,
            day DATE NOT NULL, at TIMESTAMP NOT NULL, period_id BIGINT NOT NULL, spends BIGINT NOT NULL, total BIGINT NOT NULL);
         CREATE TABLE bench_pairs (i BIGINT NOT NULL, p BIGINT NOT NULL, k BIGINT NOT NULL, y BIGINT NOT NULL,
            amount BIGINT NOT NULL, PRIMARY KEY (i, p));
         CREATE TABLE bench_sums (line_id BIGINT PRIMARY KEY, n BIGINT NOT NULL, total BIGINT NOT NULL, seq BIGINT NOT NULL,
            unallotted BIGINT NOT NULL, available BIGINT NOT NULL, obligated BIGINT NOT NULL);",
    );
    for number in 0..CENTRES {
        text.push_str(&format!(
            "INSERT INTO cost_centres (agency_id, code, name_ar, name_en, active, version)
             VALUES ({agency}, 'C{number}', 'مركز {number}', 'Centre {number}', TRUE, 1);"
        ));
    }
    text.push_str(&format!(
        "INSERT INTO bench_centres SELECT ROW_NUMBER() OVER (ORDER BY id) - 1, id FROM cost_centres WHERE agency_id = {agency};"
    ));
    let (first, last) = (office.year.starts_on, office.year.ends_on);
    let rows = (0..366).map_while(|i| {
        let day = first.checked_add_days(Days::new(i)).filter(|day| *day <= last)?;
        let period = office.year.periods.get(usize::try_from(day.month0()).ok()?)?.id;
        Some(format!("({i}, '{day}', '{day} 08:30:00', {period})"))
    });
    text.push_str(&insert("bench_days", rows));
    let keys =
        (0..).zip(&office.keys).map(|(i, key): (i64, _)| format!("({i}, {}, {}, {})", key.id, key.line, key.account));
    text.push_str(&insert("bench_keys", keys));
    text.push_str(&insert("bench_parties", (0..).zip(&office.parties).map(|(i, id): (i64, _)| format!("({i}, {id})"))));
    let revenue = REVENUE.iter().map(|code| office.account(code)).collect::<Result<Vec<_>>>()?;
    text.push_str(&insert("bench_revenue", (0..).zip(revenue).map(|(i, id): (i64, _)| format!("({i}, {id})"))));
    raw.script(&text)?;
    ensure!(entries > 365, "fewer entries than days");
    Ok(())
}

fn insert(table: &str, rows: impl Iterator<Item = String>) -> String {
    format!("INSERT INTO {table} VALUES {};", rows.collect::<Vec<_>>().join(", "))
}

/// Entries of some numbers, in one transaction.
fn chunk(raw: &mut dyn Raw, office: &Office, base: &Base, (from, to, all): (usize, usize, usize)) -> Result<()> {
    let values = BTreeMap::from([
        ("{from}", i64::try_from(from)?),
        ("{last}", i64::try_from(to)? - 1),
        ("{all}", i64::try_from(all)?),
        ("{pairs}", i64::try_from(PAIRS)?),
        ("{lines}", i64::try_from(2 * PAIRS)?),
        ("{keys}", i64::try_from(office.keys.len())?),
        ("{parties}", i64::try_from(office.parties.len())?),
        ("{revenues}", i64::try_from(REVENUE.len())?),
        ("{centres}", i64::try_from(CENTRES)?),
        ("{entry}", base.entry),
        ("{record}", base.record),
        ("{agency}", office.agency),
        ("{year}", office.year.id),
        ("{calendar}", i64::from(office.year.year)),
        ("{bank}", office.account("620201")?),
        ("{payable}", office.account("630803")?),
        ("{clerk}", office.clerk.user_id),
        ("{staff}", office.staff.user_id),
        ("{director}", office.director.user_id),
    ]);
    let mut text = String::from("BEGIN;");
    for statement in [CHOSEN, DOCUMENTS, BOOKED, SPENT, POSTED] {
        let filled =
            values.iter().fold(statement.to_owned(), |text, (name, value)| text.replace(name, &value.to_string()));
        text.push_str(&filled);
    }
    text.push_str("COMMIT;");
    Ok(raw.script(&text)?)
}

/// Which day, key, party and amount each entry and each pair of its lines has.
const CHOSEN: &str = "
    DELETE FROM bench_pairs; DELETE FROM bench_sums; DELETE FROM bench_entries;
    INSERT INTO bench_pairs
        WITH RECURSIVE numbers (i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM numbers WHERE i < {last}),
            pairs (p) AS (SELECT 0 UNION ALL SELECT p + 1 FROM pairs WHERE p + 1 < {pairs})
        SELECT i, p, (i / 2 * {pairs} + p) % {keys}, (i / 2 * {pairs} + p + i % 5 * 100) % {parties},
            1000 + (i * 7919 + p * 10473) % 500000
        FROM numbers CROSS JOIN pairs;
    INSERT INTO bench_entries
        SELECT x.i, {entry} + x.i, {record} + x.i, d.day, r.at, d.period_id, x.i % 2, x.total
        FROM (SELECT i, CAST(SUM(amount) AS BIGINT) AS total FROM bench_pairs GROUP BY i) x
            JOIN bench_days d ON d.i = x.i * 365 / {all}
            JOIN bench_days r ON r.i = CASE WHEN d.i + x.i % 5 > 364 THEN 364 ELSE d.i + x.i % 5 END;";

/// Records, documents that were approved by three people.
const DOCUMENTS: &str = "
    INSERT INTO records (id, agency_id, kind, number, subject, party, fold, state, secrecy, priority, created_by, created_at,
            updated_at, issued_at, version)
        SELECT record_id, {agency}, CASE spends WHEN 1 THEN 'payment_voucher' ELSE 'receipt' END, 'و/{calendar}/' || i,
            'مستند ' || i, '', 'مستند ' || i, 'posted', 'normal', 'normal', {clerk}, at, at, at, 3
        FROM bench_entries ORDER BY i;
    INSERT INTO record_access (record_id, principal) SELECT record_id, 'f:{agency}' FROM bench_entries;
    INSERT INTO finance_documents (record_id, agency_id, year_id, kind, effective_on, complementary, currency, rate, amount,
            base_amount, party_id, counter_id, reference, method, round, to_settle, to_pay)
        SELECT b.record_id, {agency}, {year}, CASE b.spends WHEN 1 THEN 'payment_voucher' ELSE 'receipt' END, b.day, FALSE, 'JOD',
            1000000000, b.total, b.total, CASE b.spends WHEN 1 THEN y.id END,
            CASE b.spends WHEN 1 THEN {payable} ELSE {bank} END, '', CASE b.spends WHEN 1 THEN 'transfer' ELSE 'none' END, 1, 0, 0
        FROM bench_entries b JOIN bench_parties y ON y.i = b.i % {parties};
    INSERT INTO finance_approvals (record_id, round, duty, user_id, on_day, done_at)
        SELECT b.record_id, 1, d.duty, d.by_user, b.day, b.at
        FROM bench_entries b CROSS JOIN (SELECT 'prepare' AS duty, {clerk} AS by_user UNION ALL SELECT 'certify', {staff}
            UNION ALL SELECT 'authorise', {director}) d;";

/// Entries and their lines: of each pair a debit and a credit.
const BOOKED: &str = "
    INSERT INTO entries (id, agency_id, period_id, record_id, kind, effective_on, recorded_at, recorded_by)
        SELECT id, {agency}, period_id, record_id, CASE spends WHEN 1 THEN 'payment_voucher' ELSE 'receipt' END, day, at, {director}
        FROM bench_entries ORDER BY i;
    INSERT INTO entry_lines (entry_id, seq, agency_id, period_id, effective_on, account_id, key_id, party_id, centre_id, currency,
            debit, credit, base_debit, base_credit, note)
        SELECT b.id, 2 * x.p + s.side + 1, {agency}, b.period_id, b.day,
            CASE WHEN b.spends = 1 AND s.side = 0 THEN k.account_id WHEN b.spends = 1 THEN {payable}
                WHEN s.side = 0 THEN {bank} ELSE v.id END,
            CASE WHEN b.spends = 1 AND s.side = 0 THEN k.key_id END, CASE WHEN b.spends = 1 AND s.side = 1 THEN y.id END,
            CASE WHEN b.spends = 1 AND s.side = 0 THEN c.id END, 'JOD',
            CASE s.side WHEN 0 THEN x.amount ELSE 0 END, CASE s.side WHEN 1 THEN x.amount ELSE 0 END,
            CASE s.side WHEN 0 THEN x.amount ELSE 0 END, CASE s.side WHEN 1 THEN x.amount ELSE 0 END, ''
        FROM bench_pairs x JOIN bench_entries b ON b.i = x.i JOIN bench_keys k ON k.i = x.k JOIN bench_parties y ON y.i = x.y
            JOIN bench_revenue v ON v.i = (x.i / 2 + x.p) % {revenues} JOIN bench_centres c ON c.i = x.k % {centres}
            CROSS JOIN (SELECT 0 AS side UNION ALL SELECT 1) s;
    UPDATE finance_documents SET entry_id = record_id - {record} + {entry},
            posted_at = (SELECT b.at FROM bench_entries b WHERE b.record_id = finance_documents.record_id)
        WHERE record_id IN (SELECT record_id FROM bench_entries);";

/// What the vouchers spend: the lines as their last move leaves them, and the chain of the moves.
const SPENT: &str = "
    INSERT INTO bench_sums
        SELECT l.id, t.n, t.total, l.seq, l.unallotted, l.available, l.obligated
        FROM (SELECT k.line_id, COUNT(*) AS n, CAST(SUM(x.amount) AS BIGINT) AS total
                FROM bench_pairs x JOIN bench_keys k ON k.i = x.k WHERE x.i % 2 = 1 GROUP BY k.line_id) t
            JOIN budget_lines l ON l.id = t.line_id;
    UPDATE budget_lines SET seq = seq + (SELECT s.n FROM bench_sums s WHERE s.line_id = budget_lines.id),
            available = available - (SELECT s.total FROM bench_sums s WHERE s.line_id = budget_lines.id),
            obligated = obligated + (SELECT s.total FROM bench_sums s WHERE s.line_id = budget_lines.id)
        WHERE id IN (SELECT line_id FROM bench_sums);
    INSERT INTO budget_moves (line_id, seq, prev_seq, kind, source, target, amount, key_id, record_id, entry_id, effective_on,
            recorded_at, recorded_by, before_unallotted, before_frozen, before_available, before_pre_committed,
            before_committed, before_obligated, before_paid, after_unallotted, after_frozen, after_available,
            after_pre_committed, after_committed, after_obligated, after_paid)
        SELECT s.line_id, s.seq + m.place, s.seq + m.place - 1, 'liquidate', 'available', 'obligated', m.amount, m.key_id,
            m.record_id, m.id, m.day, m.at, {director}, s.unallotted, 0, s.available - m.reached + m.amount, 0, 0,
            s.obligated + m.reached - m.amount, 0, s.unallotted, 0, s.available - m.reached, 0, 0, s.obligated + m.reached, 0
        FROM (SELECT k.line_id, k.key_id, x.amount, b.record_id, b.id, b.day, b.at,
                    ROW_NUMBER() OVER (PARTITION BY k.line_id ORDER BY x.i, x.p) AS place,
                    CAST(SUM(x.amount) OVER (PARTITION BY k.line_id ORDER BY x.i, x.p) AS BIGINT) AS reached
                FROM bench_pairs x JOIN bench_keys k ON k.i = x.k JOIN bench_entries b ON b.i = x.i WHERE b.spends = 1) m
            JOIN bench_sums s ON s.line_id = m.line_id
        ORDER BY s.line_id, m.place;";

/// Posting: the trigger looks at each entry and keeps the balances.
const POSTED: &str = "
    INSERT INTO posted_entries (entry_id, lines, total) SELECT id, {lines}, total FROM bench_entries ORDER BY i;";

/// The books say the same in lines, balances and moves.
fn whole(raw: &mut dyn Raw) -> Result<()> {
    let mut sum = |text: &str| raw.number(text, &[]);
    let lines = sum("SELECT CAST(SUM(base_debit) AS BIGINT) FROM entry_lines")?;
    let balances = sum("SELECT CAST(SUM(base_debit) AS BIGINT) FROM period_balances")?;
    ensure!(lines == balances, "{lines} in the lines, {balances} in the balances");
    let moves = sum("SELECT CAST(SUM(amount) AS BIGINT) FROM budget_moves WHERE kind = 'liquidate'")?;
    let owed = sum("SELECT CAST(SUM(obligated) AS BIGINT) FROM budget_lines")?;
    ensure!(moves == owed, "{moves} in the moves, {owed} in the budget lines");
    let rows = sum("SELECT count(*) FROM period_balances")?;
    say(format_args!("   {rows} period balances"));
    Ok(())
}
