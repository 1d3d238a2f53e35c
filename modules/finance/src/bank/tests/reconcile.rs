//! Reconciliations: the arithmetic, the two persons, the seal.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_finance_api::{
    ClosingCheck, ClosingFinding, ClosingSeverity, Reconciliation, ReconciliationItem, ReconciliationState,
};
use diwan_kernel::PageRequest;
use diwan_platform::{Refusal, work::notifications};
use diwan_schema::{finance::reconciliations, platform::records};
use diwan_testkit::both;

use super::counter::{Counter, code, mt940};
use crate::{closing::cockpit, ledger::tests::books::day};

const MARCH: (&str, &str) = ("2026-03-01", "2026-03-31");
const APRIL: (&str, &str) = ("2026-04-01", "2026-04-30");

fn amounts(items: &[ReconciliationItem]) -> Vec<i64> {
    items.iter().map(|item| item.amount).collect()
}

fn meets(of: &Reconciliation) {
    assert_eq!(of.book_balance + of.bank_only, of.bank_balance + of.books_only);
    assert_eq!(of.adjusted, of.bank_balance + of.books_only);
}

/// An opening balance that the books have, a deposit both have, a fee of the bank, a cheque and a deposit on their way.
fn march(counter: &Counter) -> i64 {
    counter.post("2026-01-01", &[(10_000, "")]);
    counter.post("2026-03-10", &[(700, "DEP-001")]);
    counter.post("2026-03-30", &[(-450, "CHQ-777"), (90, "DEP-002")]);
    let march = counter.bring(&mt940(1, 10_000, MARCH, &[("2026-03-11", 700, "DEP-001"), ("2026-03-31", -5, "Fee")]));
    let opening = counter.lines()[0].0;
    let entry = counter.desk().entries.iter().find(|one| one.amount == 10_000).unwrap().entry_id;
    counter.by_hand(&[opening], &[(entry, 1)]).unwrap();
    counter.accept(&[]).unwrap();
    march
}

#[test]
fn every_item_explains_the_difference() {
    both(|test| {
        let counter = Counter::on(test.db());
        let statement = march(&counter);
        let id = counter.begin(statement).unwrap();
        assert_eq!(counter.begin(statement).unwrap(), id, "one at a time");
        let of = counter.view(id);
        meets(&of);
        assert_eq!((of.book_balance, of.bank_balance, of.adjusted), (10_340, 10_695, 10_335));
        assert_eq!(amounts(&of.bank_items), [-5]);
        assert_eq!(amounts(&of.outstanding), [-450]);
        assert_eq!(amounts(&of.in_transit), [90]);
        // Each leads to its record, whose kind says where that is shown.
        assert_eq!((of.outstanding[0].kind.as_str(), of.bank_items[0].kind.as_str()), ("document", ""));
        assert_eq!(counter.desk().entries[0].kind, "document");
        // What the bank pays a month later was still on its way in March, and the fee is booked in April.
        counter.post("2026-04-02", &[(-5, "Fee")]);
        counter.bring(&mt940(2, 10_695, APRIL, &[("2026-04-03", -450, "CHQ-777")]));
        counter.accept(&[]).unwrap();
        let fee = counter.lines()[2].0;
        let booked = counter.desk().entries.iter().find(|one| one.amount == -5).map(|one| one.entry_id);
        if let Some(entry) = booked {
            counter.by_hand(&[fee], &[(entry, 1)]).unwrap();
        }
        let again = counter.view(id);
        meets(&again);
        assert_eq!((amounts(&again.bank_items), amounts(&again.outstanding)), (vec![-5], vec![-450]));
    });
}

#[test]
fn one_prepares_another_approves_and_then_it_is_sealed() {
    both(|test| {
        let counter = Counter::on(test.db());
        let id = counter.begin(march(&counter)).unwrap();
        assert_eq!(code(counter.approve(&counter.manager, id)), "wrong_state");
        counter.submit(id).unwrap();
        assert_eq!(code(counter.submit(id)), "wrong_state");
        assert_eq!(code(counter.approve(&counter.treasurer, id)), "own_reconciliation");
        let deposit = counter.lines()[1].0;
        assert_eq!(code(counter.undo(deposit)), "match_fixed");
        // Given back, the match may be undone and made again.
        counter.give_back(id).unwrap();
        counter.undo(deposit).unwrap();
        counter.accept(&[]).unwrap();
        counter.submit(id).unwrap();
        counter.approve(&counter.manager, id).unwrap();
        let of = counter.view(id);
        meets(&of);
        assert_eq!(of.state, ReconciliationState::Approved);
        assert_eq!(of.number.as_deref(), Some("MOF-ت/2026/1"));
        assert_eq!(of.root.as_ref().map(String::len), Some(64));
        assert_eq!(of.outstanding[0].kind, "document");
        let sealed: Option<String> = counter
            .books
            .db
            .read_now(|tx| {
                let content = reconciliations::table.find(id).select(reconciliations::content);
                Ok::<_, Refusal>(content.first(tx.conn())?)
            })
            .unwrap();
        assert!(!sealed.unwrap().contains("\"kind\""), "what is sealed stays as it always was");
        assert_eq!(code(counter.give_back(id)), "wrong_state");
        assert_eq!(code(counter.undo(deposit)), "match_fixed");
    });
}

#[test]
fn books_that_changed_after_submitting_are_not_approved() {
    both(|test| {
        let counter = Counter::on(test.db());
        let id = counter.begin(march(&counter)).unwrap();
        counter.submit(id).unwrap();
        counter.post("2026-03-15", &[(1, "late")]);
        assert_eq!(code(counter.approve(&counter.manager, id)), "reconciliation_changed");
        counter.give_back(id).unwrap();
        counter.submit(id).unwrap();
        counter.approve(&counter.manager, id).unwrap();
    });
}

#[test]
fn reconciliations_go_forward_one_after_the_other() {
    both(|test| {
        let counter = Counter::on(test.db());
        let first = march(&counter);
        let second = counter.bring(&mt940(2, 10_695, APRIL, &[("2026-04-03", -450, "CHQ-777")]));
        let id = counter.begin(first).unwrap();
        assert_eq!(counter.begin(second).unwrap(), id, "the draft is led further");
        assert_eq!(counter.begin(first).unwrap(), id);
        counter.submit(id).unwrap();
        assert_eq!(code(counter.begin(second)), "reconciliation_waits");
        counter.approve(&counter.manager, id).unwrap();
        assert_eq!(code(counter.begin(first)), "reconciled_already");
        counter.accept(&[]).unwrap();
        let next = counter.begin(second).unwrap();
        let of = counter.view(next);
        meets(&of);
        assert_eq!((of.outstanding, amounts(&of.in_transit), amounts(&of.bank_items)), (vec![], vec![90], vec![-5]));
        counter.submit(next).unwrap();
        counter.approve(&counter.manager, next).unwrap();
        assert_eq!(counter.view(next).number.as_deref(), Some("MOF-ت/2026/2"));
    });
}

#[test]
fn a_draft_is_given_up_and_nothing_else_is() {
    both(|test| {
        let counter = Counter::on(test.db());
        let statement = march(&counter);
        let id = counter.begin(statement).unwrap();
        counter.submit(id).unwrap();
        assert_eq!(code(counter.void(id)), "wrong_state");
        counter.give_back(id).unwrap();
        // What was told of it leads nowhere any more.
        let led = || {
            let (db, to) = (&counter.books.db, &counter.treasurer);
            let told = db.read_now(|tx| notifications::list(tx, to, false, &PageRequest::default())).unwrap();
            told.items.into_iter().map(|one| one.record.map(|record| record.id)).collect::<Vec<_>>()
        };
        assert_eq!(led(), [Some(id)]);
        counter.void(id).unwrap();
        assert_eq!(led(), [None::<i64>]);
        let (state, closed): (String, Option<NaiveDateTime>) = counter
            .books
            .db
            .read_now(|tx| {
                let kept = records::table.find(id).select((records::state, records::closed_at));
                Ok::<_, Refusal>(kept.first(tx.conn())?)
            })
            .unwrap();
        assert_eq!((state.as_str(), closed.is_some()), ("void", true));
        // Its matches are there, and free.
        let deposit = counter.lines()[1];
        assert_eq!(deposit.2, 700);
        counter.undo(deposit.0).unwrap();
        counter.accept(&[]).unwrap();
        let next = counter.begin(statement).unwrap();
        assert_ne!(next, id);
        counter.submit(next).unwrap();
        counter.approve(&counter.manager, next).unwrap();
        assert_eq!(code(counter.void(next)), "wrong_state");
    });
}

/// Reconciles up to a statement.
fn reconcile(counter: &Counter, statement: i64) {
    let id = counter.begin(statement).unwrap();
    counter.submit(id).unwrap();
    counter.approve(&counter.manager, id).unwrap();
}

/// What a check of closing finds in a month, from 0.
fn found_in(counter: &Counter, month: usize, check: ClosingCheck) -> ClosingFinding {
    let period = counter.books.year.periods[month].id;
    let seen = counter.books.db.read_now(|tx| cockpit::view(tx, &counter.treasurer, period)).unwrap();
    seen.findings.into_iter().find(|one| one.check == check).unwrap()
}

#[test]
fn an_account_is_reconciled_up_to_the_next_thing_on_it() {
    both(|test| {
        let counter = Counter::on(test.db());
        let counts =
            |month| [ClosingCheck::Bank, ClosingCheck::BankChanged].map(|check| found_in(&counter, month, check).count);
        // Nothing was ever on it, and an empty statement says so.
        assert_eq!(counts(0), [0, 0]);
        counter.bring(&mt940(1, 0, ("2026-01-01", "2026-01-15"), &[]));
        assert_eq!(counts(0), [0, 0]);
        counter.post("2026-01-20", &[(700, "DEP-001")]);
        assert_eq!(counts(0), [1, 0]);
        let second = counter.bring(&mt940(2, 0, ("2026-01-16", "2026-01-28"), &[("2026-01-21", 700, "DEP-001")]));
        counter.accept(&[]).unwrap();
        reconcile(&counter, second);
        // January goes on after the day of its statement, February has none: nothing moved.
        assert_eq!((counts(0), counts(1)), ([0, 0], [0, 0]));
        // What the bank has in February stands against February.
        counter.bring(&mt940(3, 700, ("2026-01-29", "2026-02-10"), &[("2026-02-02", 9, "Interest")]));
        assert_eq!((counts(0), counts(1)), ([0, 0], [1, 0]));
        // Books that change at or before the day are told, those after it ask for another reconciliation.
        counter.post("2026-01-28", &[(50, "late")]);
        assert_eq!((counts(0), counts(1)), ([0, 1], [1, 0]));
        counter.post("2026-01-30", &[(5, "")]);
        assert_eq!(counts(0), [1, 0]);
    });
}

#[test]
fn closing_is_told_of_books_that_were_changed_after_they_were_reconciled() {
    both(|test| {
        let counter = Counter::on(test.db());
        let reconcile = |statement: i64| reconcile(&counter, statement);
        let found = |check: ClosingCheck| found_in(&counter, 2, check);
        reconcile(march(&counter));
        assert_eq!((found(ClosingCheck::Bank).count, found(ClosingCheck::BankChanged).count), (0, 0));
        counter.post("2026-04-01", &[(7, "")]);
        assert_eq!(found(ClosingCheck::BankChanged).count, 0, "it is of another month");
        counter.post("2026-03-20", &[(-100, "late")]);
        let changed = found(ClosingCheck::BankChanged);
        assert_eq!((changed.severity, changed.count, changed.amount), (ClosingSeverity::Warn, 1, 100));
        assert_eq!((changed.items[0].id, changed.items[0].amount), (counter.account, -100));
        assert_eq!(changed.items[0].day, Some(day("2026-03-31")));
        assert_eq!(found(ClosingCheck::Bank).count, 0);
        // The next reconciliation takes it up, also in the middle of a month; what comes after its day changes nothing.
        reconcile(counter.bring(&mt940(2, 10_695, ("2026-04-01", "2026-04-15"), &[("2026-04-03", -450, "CHQ-777")])));
        counter.post("2026-04-20", &[(9, "")]);
        assert_eq!(found(ClosingCheck::BankChanged).count, 0);
        // Neither of the two has what is posted to March now.
        counter.post("2026-03-21", &[(30, "later")]);
        let changed = found(ClosingCheck::BankChanged);
        assert_eq!((changed.count, changed.items[0].amount), (1, -70));
    });
}
