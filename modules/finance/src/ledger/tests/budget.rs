//! What operations see: entries are posted, balances follow, and refusals explain themselves.

use chrono::TimeDelta;
use diwan_db::Clock as _;
use diwan_finance_api::{Bucket, Dimension, DocumentKind, MoveKind, PeriodState};
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::books::{Books, act, day, rule};
use crate::{
    ledger::{
        balances::{self, MOVED, Wanted},
        moves::Move,
    },
    parts::currencies,
    structure::periods,
};

fn one(line_id: i64, source: Bucket, target: Bucket, amount: i64) -> Move {
    Move { line_id, key_id: None, source, target, amount }
}

#[test]
fn an_invoice_is_posted_once_in_both_ledgers_and_taken_back_once() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 1_000_000);
        let entry = books.post(&books.invoice(250_500)).unwrap();
        assert_eq!(books.buckets(books.key.line_id), [0, 0, 749_500, 0, 0, 250_500, 0]);
        let before = test.clock().now();
        test.clock().advance(TimeDelta::hours(1));
        books.post(&books.reversal(entry, 250_500)).unwrap();
        assert_eq!(books.buckets(books.key.line_id), [0, 0, 1_000_000, 0, 0, 0, 0]);
        assert_eq!(rule(books.post(&books.reversal(entry, 250_500))), "reversed_already");
        let year = (day("2026-01-01"), day("2026-12-31"));
        let sums = |known: bool, (from, to)| {
            let wanted = Wanted {
                agency_id: books.actor.agency_id,
                since: day("2026-01-01"),
                from,
                to,
                known_at: known.then_some(before),
                by: [Dimension::Account, Dimension::Party],
                account_id: None,
                only: Vec::new(),
            };
            let rows = books.db.read_now(|tx| balances::read(tx, &wanted)).unwrap();
            let moved = rows.into_iter().filter(|row| row.part == MOVED);
            let mut sums: Vec<(i64, String, i64, i64)> =
                moved.map(|row| (row.first.parse().unwrap(), row.second, row.debit, row.credit)).collect();
            sums.sort();
            sums
        };
        let supplier = books.supplier.to_string();
        let both_ways = vec![
            (books.expense, "0".to_owned(), 250_500, 250_500),
            (books.payable, supplier.clone(), 250_500, 250_500),
        ];
        assert_eq!(sums(false, year), both_ways);
        // The same through the lines of a month that is cut.
        assert_eq!(sums(false, (day("2026-03-10"), day("2026-03-10"))), both_ways);
        assert!(sums(false, (day("2026-03-11"), day("2026-12-31"))).is_empty());
        // An hour ago nobody knew of the reversal.
        assert_eq!(
            sums(true, year),
            [(books.expense, "0".to_owned(), 250_500, 0), (books.payable, supplier, 0, 250_500)]
        );
    });
}

#[test]
fn what_is_not_there_is_refused_with_the_arithmetic_and_nothing_is_written() {
    both(|test| {
        let books = Books::on(test.db());
        let line = books.key.line_id;
        books.allot(line, 1_000);
        books.shift(MoveKind::Commit, &[one(line, Bucket::Available, Bucket::Committed, 700)]).unwrap();
        let Err(Refusal::Rule { code, args, .. }) = books.post(&books.invoice(301)) else {
            panic!("spent what is not there")
        };
        assert_eq!(code, "budget_short");
        let told = |name: &str| args[name].as_str();
        assert_eq!((told("there"), told("asked"), told("missing")), ("0.300", "0.301", "0.001"));
        assert_eq!((told("revised"), told("committed")), ("1.000", "0.700"));
        assert_eq!(told("bucket"), "available");
        assert_eq!(books.buckets(line), [0, 0, 300, 0, 700, 0, 0]);
        // Half of what is asked of two lines is there: neither is touched.
        let other = books.other_key.line_id;
        books.allot(other, 500);
        let asked = [
            one(other, Bucket::Available, Bucket::PreCommitted, 500),
            one(line, Bucket::Available, Bucket::PreCommitted, 301),
        ];
        let Err(Refusal::Rule { code: "budget_short", .. }) = books.shift(MoveKind::Reserve, &asked) else { panic!() };
        assert_eq!(books.buckets(other), [0, 0, 500, 0, 0, 0, 0]);
        books.post(&books.invoice(300)).unwrap();
        assert_eq!(books.buckets(line), [0, 0, 0, 0, 700, 300, 0]);
    });
}

#[test]
fn a_move_that_its_kind_does_not_know_is_a_fault() {
    both(|test| {
        let books = Books::on(test.db());
        let line = books.key.line_id;
        books.allot(line, 1_000);
        for (kind, source, target, amount) in [
            (MoveKind::Pay, Bucket::Available, Bucket::Paid, 1),
            (MoveKind::Law, Bucket::Outside, Bucket::Available, 1),
            (MoveKind::Freeze, Bucket::Available, Bucket::Frozen, 0),
            (MoveKind::Freeze, Bucket::Available, Bucket::Frozen, -5),
        ] {
            let refused = books.shift(kind, &[one(line, source, target, amount)]);
            assert!(matches!(refused, Err(Refusal::Internal(_))), "{refused:?}");
        }
        assert_eq!(books.buckets(line), [0, 0, 1_000, 0, 0, 0, 0]);
    });
}

#[test]
fn what_does_not_balance_is_told_in_the_decimals_of_its_currency() {
    both(|test| {
        let books = Books::on(test.db());
        act(&books.db, &books.actor, currencies::ensure).unwrap();
        let mut entry = books.invoice(1_000);
        entry.lines.iter_mut().for_each(|line| line.currency = "USD".to_owned());
        entry.lines[1].credit = 999;
        let refused = books.post(&entry);
        let Err(Refusal::Rule { code: "unbalanced", args, .. }) = &refused else { panic!("{refused:?}") };
        let told = ["debit", "credit", "difference", "currency"].map(|name| args[name].as_str());
        assert_eq!(told, ["10.00", "9.99", "0.01", "USD"]);
    });
}

#[test]
fn every_line_that_an_account_does_not_take_is_named() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 1_000_000);
        let changed = |change: &dyn Fn(&mut crate::ledger::Entry)| {
            let mut entry = books.invoice(1_000);
            change(&mut entry);
            rule(books.post(&entry))
        };
        assert_eq!(changed(&|e| e.lines[1].credit = 999), "unbalanced");
        assert_eq!(changed(&|e| e.lines[1].base_credit = 999), "unbalanced");
        assert_eq!(changed(&|e| e.lines.truncate(1)), "lines:lines_needed");
        assert_eq!(changed(&|e| e.lines[0].debit = -1), "lines.0.amount:one_side");
        assert_eq!(changed(&|e| e.lines[0].credit = 1_000), "lines.0.amount:one_side");
        assert_eq!(changed(&|e| e.lines[1].base_credit = 0), "lines.1.amount:one_side");
        assert_eq!(changed(&|e| e.lines[0].account_id = books.group), "lines.0.account_id:account_not_leaf");
        assert_eq!(changed(&|e| e.lines[0].account_id = 999_999), "lines.0.account_id:unknown");
        assert_eq!(changed(&|e| e.lines[0].key_id = None), "lines.0.key_id:account_asks");
        assert_eq!(changed(&|e| e.lines[1].party_id = None), "lines.1.party_id:account_asks");
        assert_eq!(
            changed(&|e| {
                e.lines[1].account_id = books.bank;
                e.lines.iter_mut().for_each(|line| line.currency = "USD".to_owned());
            }),
            "lines.1.currency:account_of_currency"
        );
        assert_eq!(
            changed(&|e| e.effective_on = day("2026-12-05")),
            "lines.0.account_id:account_inactive lines.1.account_id:account_inactive"
        );
        assert_eq!(changed(&|e| e.effective_on = day("2025-12-31")), "no_period");
        let huge = i64::MAX / 2 + 1;
        assert_eq!(
            changed(&|e| {
                let again = books.invoice(huge);
                e.lines = again.lines.iter().chain(&again.lines).cloned().collect();
            }),
            "lines:too_large"
        );
        assert_eq!(books.buckets(books.key.line_id), [0, 0, 1_000_000, 0, 0, 0, 0]);
        // Accounts of another agency are not there.
        let foreign = books.world.moh.actor(&books.db, "director");
        let mut entry = books.invoice(1_000);
        entry.agency_id = foreign.agency_id;
        assert_eq!(rule(books.post(&entry)), "no_period");
    });
}

#[test]
fn a_period_takes_what_its_state_lets_it() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 1_000_000);
        let [january, february, march] = [0, 1, 2].map(|at| books.year.periods[at].id);
        let close = |id, version, to| {
            act(&books.db, &books.actor, |tx| periods::close(tx, &books.actor, id, version, to))
                .map(|period| period.version)
        };
        assert_eq!(rule(close(march, 1, PeriodState::Closed)), "earlier_period_open");
        assert_eq!(close(march, 1, PeriodState::SoftClosed).unwrap(), 2);
        assert_eq!(rule(books.post(&books.invoice(10))), "period_closed");
        let mut journal = books.invoice(10);
        journal.kind = DocumentKind::JournalVoucher;
        let posted = books.post(&journal).unwrap();
        for id in [january, february] {
            close(id, 1, PeriodState::Closed).unwrap();
        }
        assert!(matches!(close(march, 1, PeriodState::Closed), Err(Refusal::Stale { current: 2, given: 1, .. })));
        close(march, 2, PeriodState::Closed).unwrap();
        assert_eq!(rule(books.post(&journal)), "period_closed");
        // A reversal dates from an open period.
        let mut reversal = books.reversal(posted, 10);
        assert_eq!(rule(books.post(&reversal)), "period_closed");
        reversal.effective_on = day("2026-04-02");
        books.post(&reversal).unwrap();

        let reopen = |reason: &str, hours| {
            let until = test.clock().now() + TimeDelta::hours(hours);
            act(&books.db, &books.actor, |tx| periods::reopen(tx, &books.actor, march, 3, (reason, until)))
                .map(|period| period.version)
        };
        assert_eq!(rule(reopen("قيد فات", 0)), "until:in_the_past");
        assert_eq!(rule(reopen(" ", 2)), "reason:required");
        reopen("قيد فات", 2).unwrap();
        books.post(&books.invoice(10)).unwrap();
        test.clock().advance(TimeDelta::hours(2));
        assert_eq!(rule(books.post(&books.invoice(10))), "period_closed", "before the job has run, too");
        assert_eq!(act(&books.db, &books.actor, periods::end_reopenings).unwrap(), 1);
        assert_eq!(rule(books.post(&books.invoice(10))), "period_closed");
        assert_eq!(act(&books.db, &books.actor, periods::end_reopenings).unwrap(), 0);
        // Another agency's period is not there.
        let foreign = books.world.moh.actor(&books.db, "director");
        let refused = act(&books.db, &foreign, |tx| periods::close(tx, &foreign, january, 2, PeriodState::Closed));
        assert!(matches!(refused, Err(Refusal::NotFound("fiscal_period"))), "{refused:?}");
    });
}
