//! Many hands at once: what is sealed is all that was posted, a year ends once, and nobody waits for each other.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use diwan_finance_api::{CommitmentDecision, DocumentKind, YearEndState};
use diwan_platform::Refusal;
use diwan_schema::finance::{accounts, entries, year_ends};
use diwan_testkit::both;

use super::{
    desk::{Desk, secrets},
    year::{in_january, lived},
};
use crate::{
    closing::{book::verify, year},
    documents::tests::office::{FUEL, GOODS, refusal},
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
        desk.close_to(9);
        for number in 1..=9 {
            desk.seal(&desk.chief, number).unwrap();
        }
        let entry = entry(&desk, id, ("2026-10-21", false), ["620201", "1421"]);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| until_closed(&desk, &entry));
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

/// Posts an entry again and again, until its period is closed.
fn until_closed(desk: &Desk, entry: &Entry) {
    loop {
        match act(desk.db(), &desk.closer, |tx| post(tx, desk.closer.user_id, entry)) {
            Ok(_) => {}
            Err(Refusal::Rule { code: "period_closed", .. }) => return,
            // The trigger looks again under the lock, where the operation looked too early.
            Err(Refusal::Database(error)) if error.is_too_late() => return,
            Err(other) => panic!("{other}"),
        }
    }
}

/// 5 fils from one account to another, for a receipt that is there.
pub(super) fn entry(
    desk: &Desk,
    record_id: i64,
    (on, complementary): (&str, bool),
    [debit, credit]: [&str; 2],
) -> Entry {
    Entry {
        agency_id: desk.closer.agency_id,
        record_id,
        kind: DocumentKind::Receipt,
        effective_on: day(on),
        complementary,
        reverses: None,
        lines: vec![line(account(desk, debit), 5, 0), line(account(desk, credit), 0, 5)],
        spends: Vec::new(),
    }
}

fn account(desk: &Desk, code: &str) -> i64 {
    let of = accounts::table.filter(accounts::code.eq(code)).select(accounts::id);
    desk.db().read_now(|tx| Ok::<i64, Refusal>(of.first(tx.conn())?)).unwrap()
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

#[test]
fn who_ends_a_year_and_who_posts_to_it_never_wait_for_each_other() {
    const ROUNDS: usize = 20;
    both(|test| {
        let (desk, [drawn, whole, _]) = lived(&test);
        let office = &desk.office;
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.next_year();
        desk.decide(&[whole], CommitmentDecision::Carry).unwrap();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        desk.prepare().unwrap();
        for round in 0..ROUNDS {
            let ready = [(drawn, "2219", GOODS), (whole, "2215", FUEL)].map(|(source, account, key)| {
                let mut voucher = office.input(DocumentKind::PaymentVoucher, &[(account, key, "1", "")]);
                (voucher.effective_on, voucher.complementary) = (desk.year.ends_on, true);
                voucher.source_id = Some(source);
                office.ready(&voucher)
            });
            let ended = std::thread::scope(|scope| {
                for id in ready {
                    scope.spawn(move || office.authorise(&office.director, id).unwrap());
                }
                desk.confirm(&office.director)
            });
            let why = refusal(ended);
            assert!(["year_end_conditions", "year_end_changed"].contains(&why.as_str()), "round {round}: {why}");
        }
        let version = desk.end().version;
        act(desk.db(), &desk.closer, |tx| year::give_back(tx, &desk.closer, desk.year.id, version)).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&office.director).unwrap();
        let carried = desk.end().carry.amount;
        assert_eq!(carried, 800_000 - 1_000 * i64::try_from(ROUNDS).unwrap());
    });
}

#[test]
fn a_year_ends_in_the_middle_of_what_is_posted_to_it() {
    both(|test| {
        let desk = Desk::on(test.db());
        let id = desk.receipt("1");
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.prepare().unwrap();
        // Money on its way changes nothing of what the year leaves.
        let entry = entry(&desk, id, ("2026-12-31", true), ["620203", "620201"]);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| until_closed(&desk, &entry));
            }
            while count(&desk) < 15 {
                std::thread::yield_now();
            }
            desk.confirm(&desk.chief).unwrap();
        });
        assert_eq!(desk.end().state, Some(YearEndState::Ended));
        assert_eq!(desk.state(13), "closed");
    });
}
