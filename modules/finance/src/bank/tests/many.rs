//! Many hands at one line, and a bank that sends ten thousand.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use diwan_platform::Refusal;
use diwan_testkit::both;

use super::counter::{Counter, mt940};

const MARCH: (&str, &str) = ("2026-03-01", "2026-03-31");

#[test]
fn many_writers_match_one_line_once() {
    both(|test| {
        let counter = Counter::on(test.db());
        let entries: Vec<i64> = (0..8).map(|_| counter.post("2026-03-02", &[(500, "")])).collect();
        counter.bring(&mt940(1, 0, MARCH, &[("2026-03-03", 500, "Deposit")]));
        let line = counter.lines()[0].0;
        let made = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for entry in &entries {
                let (counter, made) = (&counter, &made);
                scope.spawn(move || match counter.by_hand(&[line], &[(*entry, 1)]) {
                    Ok(_) => {
                        made.fetch_add(1, Ordering::SeqCst);
                    }
                    Err(Refusal::Invalid(fields)) => assert_eq!(fields[0].code, "line_not_open"),
                    Err(other) => panic!("{other}"),
                });
            }
        });
        assert_eq!(made.load(Ordering::SeqCst), 1);
        assert_eq!((counter.lines()[0].2, counter.all_cleared()), (500, 500));
    });
}

#[test]
fn many_writers_take_one_line_of_the_books_once() {
    both(|test| {
        let counter = Counter::on(test.db());
        let entry = counter.post("2026-03-02", &[(500, "")]);
        counter.bring(&mt940(1, 0, MARCH, &[("2026-03-03", 500, "Deposit"); 8]));
        let lines: Vec<i64> = counter.lines().into_iter().map(|(id, ..)| id).collect();
        let made = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for line in &lines {
                let (counter, made) = (&counter, &made);
                scope.spawn(move || {
                    made.fetch_add(usize::from(counter.by_hand(&[*line], &[(entry, 1)]).is_ok()), Ordering::SeqCst);
                });
            }
        });
        assert_eq!((made.load(Ordering::SeqCst), counter.cleared(entry, 1)), (1, 500));
    });
}

/// The figure of the release build; a debug build is some ten times slower.
const SECONDS: u64 = if cfg!(debug_assertions) { 60 } else { 5 };

#[test]
fn ten_thousand_lines_are_imported_and_matched_in_seconds() {
    both(|test| {
        let counter = Counter::on(test.db());
        let amount = |number: i64| 1_000 + (number * 7_919) % 5_000;
        let words: Vec<(String, String)> = (0..10_000)
            .map(|number| (format!("2026-03-{:02}", 1 + number * 28 / 10_000), format!("Payment PV-2026-{number:06}")))
            .collect();
        let notes: Vec<String> = (0..10_000).map(|number| format!("PV-2026-{number:06}")).collect();
        for day in 0..2 {
            let of_day: Vec<(i64, &str)> = (0..5_000)
                .map(|at| at * 2 + day)
                .map(|at| (amount(at), notes[usize::try_from(at).unwrap()].as_str()))
                .collect();
            counter.post(&format!("2026-03-{:02}", 10 + day), &of_day);
        }
        let items: Vec<_> =
            (0..).zip(&words).map(|(at, (day, words))| (day.as_str(), amount(at), words.as_str())).collect();
        let file = mt940(1, 0, MARCH, &items);
        let start = Instant::now();
        counter.bring(&file);
        let imported = start.elapsed();
        let matched = counter.accept(&[]).unwrap();
        let took = start.elapsed();
        println!("imported after {imported:?}, matched after {took:?}");
        assert_eq!((matched.lines, matched.entries), (10_000, 10_000));
        assert!(took.as_secs() < SECONDS, "{took:?}");
    });
}
