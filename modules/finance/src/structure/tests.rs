//! Periods by kinds of documents on both databases: what they take, what is refused, and what nobody gets past.

use chrono::TimeDelta;
use diwan_db::Clock as _;
use diwan_finance_api::{DocumentKind, FiscalPeriod, PeriodState};
use diwan_platform::{Outcome, Refusal};
use diwan_testkit::both;

use super::{kinds, periods};
use crate::ledger::{
    Entry,
    tests::books::{Books, act, day, rule, sql},
};

/// March, in which the books spend.
fn march(books: &Books) -> i64 {
    books.year.periods[2].id
}

fn set(books: &Books, version: i64, closed: &[DocumentKind]) -> Outcome<FiscalPeriod> {
    act(&books.db, &books.actor, |tx| kinds::set(tx, &books.actor, (march(books), version), closed))
}

/// An invoice of the books as a document of a kind.
fn entry(books: &Books, kind: DocumentKind) -> Entry {
    Entry { kind, ..books.invoice(10) }
}

#[test]
fn a_period_is_closed_for_a_kind_and_takes_the_others() {
    use DocumentKind::{JournalVoucher, PaymentVoucher, Receipt};
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 1_000_000);
        let seen = set(&books, 1, &[Receipt, PaymentVoucher, Receipt]).unwrap();
        assert_eq!((seen.state, seen.version), (PeriodState::Open, 2));
        assert_eq!(seen.closed_kinds, [PaymentVoucher, Receipt]);
        assert!(seen.takes(JournalVoucher) && !seen.takes(Receipt));
        assert_eq!(rule(books.post(&entry(&books, PaymentVoucher))), "period_kind_closed");
        books.post(&entry(&books, JournalVoucher)).unwrap();
        books.post(&Entry { effective_on: day("2026-04-02"), ..entry(&books, PaymentVoucher) }).unwrap();

        assert!(matches!(set(&books, 1, &[]), Err(Refusal::Stale { current: 2, given: 1, .. })));
        let last = set(&books, 2, &[Receipt, JournalVoucher]);
        assert_eq!(rule(last.map(|period| period.version)), "kind_closes_last");
        let seen = set(&books, 2, &[Receipt]).unwrap();
        assert_eq!((seen.closed_kinds, seen.version), (vec![Receipt], 3));
        books.post(&entry(&books, PaymentVoucher)).unwrap();
        assert_eq!(rule(books.post(&entry(&books, Receipt))), "period_kind_closed");
        let foreign = books.world.moh.actor(&books.db, "director");
        let refused = act(&books.db, &foreign, |tx| kinds::set(tx, &foreign, (march(&books), 3), &[]));
        assert!(matches!(refused, Err(Refusal::NotFound("fiscal_period"))), "{refused:?}");
    });
}

#[test]
fn what_was_closed_stays_so_when_the_period_closes_and_opens_again() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 1_000_000);
        set(&books, 1, &[DocumentKind::Receipt]).unwrap();
        for (period, version) in books.year.periods.iter().take(3).zip([1, 1, 2]) {
            let to = PeriodState::Closed;
            act(&books.db, &books.actor, |tx| periods::close(tx, &books.actor, period.id, version, to)).unwrap();
        }
        assert!(matches!(set(&books, 3, &[]), Err(Refusal::WrongState { .. })));
        assert_eq!(rule(books.post(&entry(&books, DocumentKind::Receipt))), "period_closed");
        let until = test.clock().now() + TimeDelta::hours(2);
        let reopen =
            |tx: &mut diwan_db::WriteTx<'_>| periods::reopen(tx, &books.actor, march(&books), 3, ("قيد فات", until));
        let seen = act(&books.db, &books.actor, reopen).unwrap();
        assert_eq!(seen.closed_kinds, [DocumentKind::Receipt]);
        assert_eq!(rule(books.post(&entry(&books, DocumentKind::Receipt))), "period_kind_closed");
        books.post(&entry(&books, DocumentKind::PaymentVoucher)).unwrap();
    });
}

#[test]
fn no_statement_sets_the_kinds_of_a_period_that_is_not_open() {
    both(|test| {
        let books = Books::on(test.db());
        set(&books, 1, &[DocumentKind::Receipt]).unwrap();
        let add = |kind: &str| {
            let (period, user) = (march(&books), books.actor.user_id);
            let row = format!("VALUES ({period}, '{kind}', {user}, '2026-03-01 00:00:00')");
            sql(&books.db, &format!("INSERT INTO period_kinds (period_id, kind, closed_by, closed_at) {row}"))
        };
        assert!(add("journal_voucher").is_err());
        assert!(sql(&books.db, "UPDATE period_kinds SET kind = 'advance'").is_err());
        add("advance").unwrap();
        sql(&books.db, "DELETE FROM period_kinds WHERE kind = 'advance'").unwrap();
        sql(&books.db, "UPDATE fiscal_periods SET state = 'soft_closed' WHERE number = 3").unwrap();
        assert!(add("advance").is_err());
        assert!(sql(&books.db, "DELETE FROM period_kinds").is_err());
    });
}
