//! The sealed book: what is in it, that every byte of it counts, and how books stand on one another.

use diwan_finance_api::{PeriodState, ReportCell, ReportQuery};
use diwan_testkit::both;

use super::desk::Desk;
use crate::{
    closing::{
        book::{
            format::Line,
            verify::{self, Fault, Link, Whole},
        },
        root_of,
    },
    documents::tests::office::{GOODS, refusal},
    ledger::tests::books::day,
    reports::{self, What},
};

/// A desk with two entries in October, and all months up to it closed.
fn desk(db: diwan_db::Db) -> Desk {
    let desk = Desk::on(db);
    desk.key();
    desk.office.allot(&[(GOODS, "5000")]);
    desk.receipt("100");
    desk.expense("40", "INV-1");
    desk.close_to(11);
    desk
}

fn check(bytes: &[u8]) -> Result<Whole, Fault> {
    verify::book(bytes)
}

#[test]
fn periods_are_sealed_in_their_order_and_each_book_stands_on_the_one_before() {
    both(|test| {
        let desk = desk(test.db());
        assert_eq!(refusal(desk.seal(&desk.chief, 2)), "earlier_period_unsealed");
        assert_eq!(refusal(desk.seal(&desk.closer, 1)), "finance.authorise");
        assert_eq!(refusal(desk.seal(&desk.office.director, 1)), "finance.close");
        assert_eq!(refusal(desk.seal(&desk.chief, 12)), "seal_period in open");
        let january = desk.seal(&desk.chief, 1).unwrap();
        assert_eq!((january.state, january.root.as_ref().map(String::len)), (PeriodState::Sealed, Some(64)));
        assert_eq!(january.sealed_by.unwrap().id, desk.chief.user_id);
        assert_eq!(refusal(desk.seal(&desk.chief, 1)), "seal_period in sealed");
        assert_eq!(refusal(desk.reopen(1)), "reopen in sealed");
        for number in 2..=10 {
            desk.seal(&desk.chief, number).unwrap();
        }
        let books: Vec<Whole> = (1..=10).map(|number| check(&desk.book(number)).unwrap()).collect();
        assert_eq!(books[0].end.previous, None);
        for pair in books.windows(2) {
            assert_eq!(pair[1].end.previous.as_ref(), Some(&pair[0].end.root));
        }
        let october = &books[9];
        assert_eq!((october.end.entries, october.end.lines, october.end.total), (2, 4, 140_000));
        assert_eq!(Some(&october.end.root), desk.period(10).root.as_ref());
        let links: Vec<Link> = verify::chain(&books).into_iter().map(|(_, link)| link).collect();
        assert_eq!(links[0], Link::First);
        assert!(links[1..].iter().all(|link| *link == Link::Follows));
        let alone = verify::chain(&books[4..5])[0].1;
        assert_eq!(alone, Link::Alone);
        // A book that somebody sealed anew elsewhere does not stand where the first one stood.
        let mut others = books.clone();
        others[3].end.root = "0".repeat(64);
        let links: Vec<Link> = verify::chain(&others).into_iter().map(|(_, link)| link).collect();
        assert_eq!((links[3], links[4]), (Link::Follows, Link::Broken));
        let twice = [books[3].clone(), others[3].clone()];
        assert_eq!(verify::chain(&twice)[1].1, Link::Twice);

        let stranger = desk.office.world.moh.actor(desk.db(), "director");
        assert_eq!(refusal(desk.build(&stranger, 11, 2)), "no fiscal_period");
        assert_eq!(refusal(desk.build(&desk.chief, 11, 1)), "stale");
    });
}

#[test]
fn entries_stand_in_the_book_with_their_lines_approvals_and_documents() {
    both(|test| {
        let desk = desk(test.db());
        for number in 1..=10 {
            desk.seal(&desk.chief, number).unwrap();
        }
        let book = desk.book(10);
        let lines: Vec<Line> = book
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect();
        let entries: Vec<_> = lines
            .iter()
            .filter_map(|line| match line {
                Line::Entry(entry) => Some(entry),
                _ => None,
            })
            .collect();
        assert_eq!(entries.len(), 2);
        let expense = entries[1];
        assert_eq!((expense.kind.as_str(), expense.document.as_deref()), ("payment_voucher", Some("ص/2026/1")));
        assert_eq!((expense.lines[0].account.as_str(), expense.lines[0].key.as_str()), ("2219", GOODS));
        assert_eq!((expense.lines[1].account.as_str(), expense.lines[1].party.as_str()), ("630803", "S1"));
        let duties: Vec<(&str, i64)> = expense.approvals.iter().map(|one| (one.duty.as_str(), one.by.id)).collect();
        let office = &desk.office;
        assert_eq!(
            duties,
            [
                ("prepare", office.clerk.user_id),
                ("certify", office.staff.user_id),
                ("authorise", office.director.user_id)
            ]
        );
    });
}

/// Whatever byte is another one, whatever line is missing, doubled or in another place: the book is none.
#[test]
fn every_byte_of_a_book_counts() {
    both(|test| {
        let desk = desk(test.db());
        for number in 1..=10 {
            desk.seal(&desk.chief, number).unwrap();
        }
        let book = desk.book(10);
        check(&book).unwrap();
        for at in 0..book.len() {
            // Every byte is changed in one way, and every third in others too: a book is read anew for each.
            let changes: &[u8] = if at % 3 == 0 { &[0x01, 0x20, 0x80] } else { &[0x01] };
            for change in changes {
                let mut changed = book.clone();
                changed[at] ^= change;
                assert!(check(&changed).is_err(), "byte {at} of {} with {change:#x}", book.len());
            }
        }
        for at in (0..book.len()).step_by(7) {
            let mut shorter = book.clone();
            shorter.remove(at);
            assert!(check(&shorter).is_err(), "without byte {at}");
            assert!(check(&book[..at]).is_err(), "cut at {at}");
        }
        let lines: Vec<&[u8]> = book.split_inclusive(|byte| *byte == b'\n').collect();
        for at in 0..lines.len() {
            let without: Vec<u8> = lines
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .flat_map(|(_, line)| line.to_vec())
                .collect();
            assert!(check(&without).is_err(), "without line {at}");
            let mut doubled = lines.clone();
            doubled.insert(at, lines[at]);
            assert!(check(&doubled.concat()).is_err(), "with line {at} twice");
        }
        for at in 1..lines.len() {
            let mut swapped = lines.clone();
            swapped.swap(at - 1, at);
            assert!(check(&swapped.concat()).is_err(), "lines {} and {at} swapped", at - 1);
        }
        // The seal of one period under the lines of another.
        let other = desk.book(9);
        let other: Vec<&[u8]> = other.split_inclusive(|byte| *byte == b'\n').collect();
        let mut mixed = lines.clone();
        let last = mixed.len() - 1;
        mixed[last] = other[other.len() - 1];
        assert!(matches!(check(&mixed.concat()), Err(Fault::Signature)));
        assert!(matches!(check(b""), Err(Fault::Form(1))));
    });
}

#[test]
fn statements_of_a_sealed_period_say_its_root() {
    both(|test| {
        let desk = desk(test.db());
        let root = |from: &str, to: &str| {
            desk.db().read_now(|tx| root_of(tx, desk.chief.agency_id, day(from), day(to))).unwrap()
        };
        let facts = |to: &str, what: &What| {
            let query = ReportQuery { from: Some(day("2026-01-01")), to: Some(day(to)), ..ReportQuery::default() };
            let made = desk.db().read_now(|tx| reports::run(tx, &desk.chief, what, &query, 50)).unwrap();
            let said = made.facts.into_iter().filter(|fact| fact.label.en.contains("Root"));
            said.map(|fact| fact.value).collect::<Vec<_>>()
        };
        let performance = What::Statement("performance".to_owned());
        assert_eq!(facts("2026-10-31", &performance), []);
        for number in 1..=10 {
            desk.seal(&desk.chief, number).unwrap();
        }
        let sealed = root("2026-01-01", "2026-10-31").unwrap();
        assert_eq!(Some(&sealed.root), desk.period(10).root.as_ref());
        assert_eq!(root("2026-01-01", "2026-10-30"), None, "a part of the month is not what was sealed");
        assert_eq!(root("2026-01-01", "2026-11-30"), None, "November is not sealed");
        assert_eq!(root("2026-03-01", "2026-03-31").unwrap().root, desk.period(3).root.unwrap());
        assert_eq!(facts("2026-10-31", &performance), [ReportCell::Code(sealed.grouped())]);
        assert_eq!(facts("2026-10-31", &What::Trial).len(), 1);
        assert_eq!(facts("2026-11-30", &What::Trial), []);
    });
}
