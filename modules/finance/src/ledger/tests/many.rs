//! Many hands at once: exactly what is there is spent, and nothing slips into a closed period.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use diesel::prelude::*;
use diwan_db::sum_i64;
use diwan_finance_api::PeriodState;
use diwan_platform::Refusal;
use diwan_schema::finance::{entries, entry_lines, fiscal_periods, period_balances};
use diwan_testkit::both;

use super::books::{Books, act};
use crate::structure::periods;

#[test]
fn sixty_four_writers_spend_exactly_what_is_there() {
    both(|test| {
        const WRITERS: usize = 64;
        const EACH: i64 = 7;
        const LIMIT: i64 = 1_000;
        let books = Books::on(test.db());
        books.allot(books.key.line_id, LIMIT);
        let (posted, refused) = (AtomicI64::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| {
                    for _ in 0..4 {
                        match books.post(&books.invoice(EACH)) {
                            Ok(_) => posted.fetch_add(1, Ordering::SeqCst),
                            Err(Refusal::Rule { code: "budget_short", .. }) => {
                                refused.fetch_add(1, Ordering::SeqCst);
                                0
                            }
                            Err(other) => panic!("{other}"),
                        };
                    }
                });
            }
        });
        let spent = posted.load(Ordering::SeqCst) * EACH;
        assert_eq!(spent, LIMIT / EACH * EACH, "refused {}", refused.load(Ordering::SeqCst));
        assert_eq!(books.buckets(books.key.line_id), [0, 0, LIMIT - spent, 0, 0, spent, 0]);
        assert_eq!(kept(&books), written(&books));
    });
}

/// Debits of the period balances.
pub(super) fn kept(books: &Books) -> Option<i64> {
    books
        .db
        .read_now(|tx| {
            Ok::<_, Refusal>(period_balances::table.select(sum_i64("period_balances.base_debit")).first(tx.conn())?)
        })
        .unwrap()
}

/// Debits of the lines.
pub(super) fn written(books: &Books) -> Option<i64> {
    books
        .db
        .read_now(|tx| Ok::<_, Refusal>(entry_lines::table.select(sum_i64("entry_lines.base_debit")).first(tx.conn())?))
        .unwrap()
}

#[test]
fn nothing_slips_into_a_period_that_is_being_closed() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 1_000_000);
        let [january, february, march] = [0, 1, 2].map(|at| books.year.periods[at].id);
        let close = |id| {
            act(&books.db, &books.actor, |tx| periods::close(tx, &books.actor, id, 1, PeriodState::Closed)).unwrap()
        };
        close(january);
        close(february);
        let late = AtomicUsize::new(0);
        let known = std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    while late.load(Ordering::SeqCst) == 0 {
                        match books.post(&books.invoice(1)) {
                            Ok(_) => {}
                            Err(Refusal::Rule { code: "period_closed", .. }) => {
                                late.fetch_add(1, Ordering::SeqCst);
                            }
                            // The trigger looks again under the lock, where the operation looked too early.
                            Err(Refusal::Database(error)) if error.violation() == Some(diwan_db::Violation::Ledger) => {
                                late.fetch_add(1, Ordering::SeqCst);
                            }
                            Err(other) => panic!("{other}"),
                        }
                    }
                });
            }
            while written(&books).unwrap_or_default() < 20 {
                std::thread::yield_now();
            }
            close(march);
            written(&books)
        });
        assert_eq!(written(&books), known, "an entry came after the close");
        assert_eq!(kept(&books), known);
        let count: i64 = books
            .db
            .read_now(|tx| {
                let of_march =
                    entries::table.inner_join(fiscal_periods::table.on(fiscal_periods::id.eq(entries::period_id)));
                Ok::<_, Refusal>(of_march.filter(fiscal_periods::id.eq(march)).count().get_result(tx.conn())?)
            })
            .unwrap();
        assert_eq!(Some(count), known);
    });
}
