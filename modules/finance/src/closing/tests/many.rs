//! Many hands at once: what is sealed is all that was posted, and a year ends once.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use diwan_finance_api::{CommitmentDecision, DocumentKind, YearEndState};
use diwan_platform::Refusal;
use diwan_schema::finance::{entries, year_ends};
use diwan_testkit::both;

use super::{
    desk::{Desk, secrets},
    year::{in_january, lived},
};
use crate::{
    closing::{book::verify, year},
    ledger::{
        Entry, Line, post,
        tests::books::{act, day},
    },
};

#[test]
fn what_is_sealed_is_all_that_was_posted() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.key();
        let id = desk.receipt("1");
        let (cash, revenue) = accounts(&desk);
        desk.close_to(9);
        for number in 1..=9 {
            desk.seal(&desk.chief, number).unwrap();
        }
        let entry = Entry {
            agency_id: desk.closer.agency_id,
            record_id: id,
            kind: DocumentKind::Receipt,
            effective_on: day("2026-10-21"),
            complementary: false,
            reverses: None,
            lines: vec![line(cash, 5, 0), line(revenue, 0, 5)],
            spends: Vec::new(),
        };
        let late = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    while late.load(Ordering::SeqCst) == 0 {
                        match act(desk.db(), &desk.closer, |tx| post(tx, desk.closer.user_id, &entry)) {
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
            while count(&desk) < 15 {
                std::thread::yield_now();
            }
            desk.close(10).unwrap();
            desk.seal(&desk.chief, 10).unwrap();
        });
        let whole = verify::book(desk.book(10).as_slice()).unwrap();
        assert_eq!(whole.end.entries, count(&desk));
    });
}

fn accounts(desk: &Desk) -> (i64, i64) {
    let id = |code: &str| {
        use diwan_schema::finance::accounts;
        desk.db()
            .read_now(|tx| {
                let of = accounts::table.filter(accounts::code.eq(code)).select(accounts::id);
                Ok::<i64, Refusal>(of.first(tx.conn())?)
            })
            .unwrap()
    };
    (id("620201"), id("1421"))
}

fn line(account_id: i64, debit: i64, credit: i64) -> Line {
    Line {
        account_id,
        key_id: None,
        party_id: None,
        centre_id: None,
        currency: "JOD".to_owned(),
        debit,
        credit,
        base_debit: debit,
        base_credit: credit,
        note: String::new(),
    }
}

fn count(desk: &Desk) -> i64 {
    desk.db().read_now(|tx| Ok::<_, Refusal>(entries::table.count().get_result(tx.conn())?)).unwrap()
}

#[test]
fn a_year_that_two_confirm_at_once_ends_once() {
    both(|test| {
        let (desk, _) = lived(&test);
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        desk.prepare().unwrap();
        let version = desk.end().version;
        let done = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for by in [&desk.chief, &desk.office.director, &desk.chief] {
                let done = &done;
                let desk = &desk;
                scope.spawn(move || {
                    let confirmed = act(desk.db(), by, |tx| year::confirm(tx, &secrets(), by, desk.year.id, version));
                    match confirmed {
                        Ok(()) => {
                            done.fetch_add(1, Ordering::SeqCst);
                        }
                        Err(Refusal::Stale { .. } | Refusal::WrongState { .. } | Refusal::Rule { .. }) => {}
                        Err(other) => panic!("{other}"),
                    }
                });
            }
        });
        assert_eq!(done.load(Ordering::SeqCst), 1);
        let states: Vec<String> = desk
            .db()
            .read_now(|tx| Ok::<_, Refusal>(year_ends::table.select(year_ends::state).load(tx.conn())?))
            .unwrap();
        assert_eq!(states, [YearEndState::Ended.code()]);
    });
}
