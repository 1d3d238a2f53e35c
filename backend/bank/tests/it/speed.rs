//! The figure: 10,000 lines imported and matched within 5 seconds, also when the amounts are made to be hard to match.

use std::{fmt::Write, time::Instant};

use diwan_bank::{
    Options,
    matching::{BookEntry, OpenLine, Settings, propose},
};

use crate::{
    camt,
    support::{dense, one},
};

/// The figure of the release build. A debug build is some ten times slower, which the bound allows for: what is looked for
/// here is a search that grows with the square of the lines, which would take minutes.
const SECONDS: u64 = if cfg!(debug_assertions) { 30 } else { 5 };
const LINES: i64 = 10_000;

/// A statement of MT940 with so many lines, some of them equal.
fn mt940() -> String {
    let mut text = String::from(":20:BIG\n:25:JO94CBJO0010000000000131000302\n:28C:1/1\n:60F:C260101JOD0,\n");
    let mut sum = 0;
    for number in 0..LINES {
        let amount = 1_000 + (number * 7_919) % 5_000;
        sum += amount;
        let (day, whole, fraction) = (1 + number * 28 / LINES, amount / 1000, amount % 1000);
        write!(text, ":61:2601{day:02}C{whole},{fraction:03}NTRFNONREF//B{number}\n:86:Payment PV-2026-{number:06} of party {}\n", number % 50).unwrap();
    }
    write!(text, ":62F:C260128JOD{},{:03}\n-\n", sum / 1000, sum % 1000).unwrap();
    text
}

/// Entries of the books for the lines: half of them with the reference, the others without.
fn entries(lines: &[OpenLine]) -> Vec<BookEntry> {
    let entry = |(number, line): (i64, &OpenLine)| BookEntry {
        id: number,
        date: line.date,
        amount: line.amount,
        references: if number % 2 == 0 { vec![format!("PV/2026/{number:06}")] } else { Vec::new() },
        party: None,
    };
    (0..).zip(lines).map(entry).collect()
}

#[test]
fn ten_thousand_lines_are_imported_and_matched_in_seconds() {
    let text = mt940();
    let start = Instant::now();
    let statement = one(text.as_bytes(), &Options::default());
    let lines: Vec<OpenLine> = (0..).zip(&statement.lines).map(|(id, line)| OpenLine::of(id, line)).collect();
    let proposal = propose(&lines, &entries(&lines), &Settings::default());
    let took = start.elapsed();
    println!("{LINES} lines: {took:?}");
    assert!(took.as_secs() < SECONDS, "{took:?}");
    assert_eq!(proposal.matches.len() * 2 + proposal.open_lines.len() + proposal.open_entries.len(), 2 * lines.len());
    assert_eq!(proposal.matches.len(), lines.len());
}

#[test]
fn camt_and_tables_of_that_size_are_read_in_seconds() {
    let details = "<NtryDtls><TxDtls><Refs><EndToEndId>R</EndToEndId></Refs><RmtInf><Ustrd>text</Ustrd></RmtInf></TxDtls></NtryDtls>";
    let xml = camt::statement("0", &camt::entry("1.500", "CRDT", details).repeat(10_000), "15000");
    let mut csv = String::from("Date,Description,Debit,Credit,Balance\n");
    for number in 1..=LINES {
        writeln!(
            csv,
            "2026-03-01,Payment no. {number},,1.500,{}.{:03}",
            number * 1_500 / 1_000,
            number * 1_500 % 1_000
        )
        .unwrap();
    }
    let options = Options { account: Some("A".into()), currency: Some("JOD".into()), ..Options::default() };
    let start = Instant::now();
    let statement = one(xml.as_bytes(), &options);
    assert_eq!(statement.lines.last().map(|line| line.occurrence), Some(10_000));
    println!("camt: {:?}", start.elapsed());
    assert_eq!(one(csv.as_bytes(), &options).closing, 15_000_000);
    println!("camt and CSV: {:?}", start.elapsed());
    assert!(start.elapsed().as_secs() < SECONDS, "{:?}", start.elapsed());
}

/// Amounts, references and parties that are all the same, or all sums of one another.
#[test]
fn what_is_hard_to_match_takes_no_longer() {
    let day = |number: i64| {
        chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new((number % 300).unsigned_abs())
    };
    let settings = Settings { days: 400, ..Settings::default() };
    for (amount_of, reference) in [
        (&(|_| 500_i64) as &dyn Fn(i64) -> i64, "IBAN JO94CBJO0010000000000131000302"),
        (&|number| 1 + number, "PV1000"),
        (&|number| 1 << (number % 40), "x"),
        (&|number| number % 3 - 1, ""),
    ] {
        let lines: Vec<OpenLine> = (0..LINES)
            .map(|id| {
                let references = vec![dense(reference), reference.repeat(20)];
                OpenLine { id, date: day(id), amount: amount_of(id), references, party: Some("Party".into()) }
            })
            .collect();
        let entries: Vec<BookEntry> = (0..LINES)
            .map(|id| {
                let references = vec![reference.to_owned()];
                BookEntry { id, date: day(id * 7), amount: amount_of(id + 3), references, party: Some("Party".into()) }
            })
            .collect();
        let start = Instant::now();
        let proposal = propose(&lines, &entries, &settings);
        println!("{reference}: {} matches, {:?}", proposal.matches.len(), start.elapsed());
        assert!(start.elapsed().as_secs() < SECONDS, "{reference}: {:?}", start.elapsed());
    }
}
