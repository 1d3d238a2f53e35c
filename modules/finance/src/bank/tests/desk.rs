//! Matching: what is proposed and why, by hand, undone, and whatever comes both sides stay whole.

use std::collections::BTreeMap;

use diwan_finance_api::MatchRule;
use diwan_platform::Refusal;
use diwan_testkit::both;
use proptest::{prelude::*, test_runner::TestRunner};

use super::counter::{Counter, code, mt940};

const MARCH: (&str, &str) = ("2026-03-01", "2026-03-31");

#[test]
fn what_is_proposed_says_why_and_the_reason_stays_with_the_match() {
    both(|test| {
        let counter = Counter::on(test.db());
        counter
            .post("2026-03-02", &[(-500, "PV-2026-000123"), (-250, ""), (-250, ""), (40, "INV-900"), (60, "INV-901")]);
        counter.post("2026-03-09", &[(7_000, "")]);
        let twin = ("2026-03-03", -250, "Rent");
        counter.bring(&mt940(
            1,
            0,
            MARCH,
            &[
                ("2026-03-03", -500, "Transfer PV/2026/000123 executed"),
                twin,
                twin,
                ("2026-03-04", 100, "INV-900 INV-901"),
                ("2026-03-10", 7_000, "Cash"),
                ("2026-03-11", -3, "Fee"),
            ],
        ));
        let desk = counter.desk();
        let rules: Vec<_> = desk.proposals.iter().map(|one| one.why.rule).collect();
        assert_eq!(
            rules,
            [MatchRule::Reference, MatchRule::Twins, MatchRule::Twins, MatchRule::SumReference, MatchRule::Exact]
        );
        assert_eq!(desk.proposals[0].why.args["reference"], "pv2026000123");
        assert_eq!(desk.proposals[1].why.args["count"], "2");
        assert_eq!((desk.lines_left, desk.lines[0].why.as_str()), (1, "no_candidate"));
        // One by one, then the rest.
        let first = desk.proposals[0].lines[0].id;
        assert_eq!(counter.accept(&[first]).unwrap().lines, 1);
        assert_eq!(code(counter.accept(&[first])), "proposal_gone");
        assert_eq!(counter.accept(&[]).unwrap().entries, 5);
        assert_eq!(code(counter.accept(&[])), "nothing_certain");
        assert_eq!(counter.desk().account.open_lines, 1);
    });
}

#[test]
fn chosen_lines_are_matched_where_the_sums_agree_and_undone() {
    both(|test| {
        let counter = Counter::on(test.db());
        let entry = counter.post("2026-03-02", &[(-100, ""), (-200, ""), (50, "")]);
        counter.bring(&mt940(
            1,
            0,
            MARCH,
            &[("2026-03-03", -300, "Run"), ("2026-03-03", 50, "In"), ("2026-03-04", -1, "Fee")],
        ));
        let [(run, ..), (incoming, ..), (fee, ..)] = counter.lines()[..] else { panic!() };
        assert_eq!(code(counter.by_hand(&[], &[(entry, 1)])), "required");
        assert_eq!(code(counter.by_hand(&[run], &[(entry, 1)])), "match_differs");
        // What comes in does not make up for what goes out.
        assert_eq!(code(counter.by_hand(&[run, incoming], &[(entry, 1), (entry, 2)])), "match_differs");
        assert_eq!(code(counter.by_hand(&[run], &[(entry, 9)])), "line_not_open");
        // The other side of the entry is no line of the bank.
        assert_eq!(code(counter.by_hand(&[incoming], &[(entry, 6)])), "line_not_open");
        let made = counter.by_hand(&[run, incoming], &[(entry, 1), (entry, 2), (entry, 3)]).unwrap();
        assert_eq!((made.lines, made.entries), (2, 3));
        assert_eq!((counter.cleared(entry, 1), counter.cleared(entry, 2), counter.cleared(entry, 3)), (100, 200, 50));
        assert_eq!(code(counter.by_hand(&[run], &[(entry, 1)])), "line_not_open");
        assert_eq!(counter.undo(run).unwrap().entries, 2);
        assert_eq!((counter.cleared(entry, 1), counter.cleared(entry, 3)), (0, 50));
        assert_eq!(code(counter.undo(run)), "nothing_to_undo");
        assert_eq!(code(counter.undo(fee)), "nothing_to_undo");
        assert_eq!(code(counter.undo(999_999)), "not_found");
    });
}

#[test]
fn what_is_proposed_wrongly_is_found_on_both_sides_and_matched_otherwise() {
    both(|test| {
        let counter = Counter::on(test.db());
        counter.post("2026-03-02", &[(-125, "stamps")]);
        let charges = counter.post("2026-03-02", &[(-60, "a charge"), (-65, "a charge")]);
        counter.bring(&mt940(1, 0, MARCH, &[("2026-03-03", -125, "Fee")]));
        let desk = counter.desk();
        assert_eq!((desk.proposed, desk.lines.len(), desk.entries.len(), desk.entries_left), (1, 0, 2, 2));
        let found = counter.find("fee");
        assert_eq!((found.lines.len(), found.lines_left, found.entries.len()), (1, 0, 0));
        assert_eq!(found.lines[0].why, "proposed");
        let stamps = counter.find("stamps");
        assert_eq!((stamps.entries.len(), stamps.entries_left), (1, 0));
        let line = found.lines[0].line.id;
        assert_eq!(counter.by_hand(&[line], &[(charges, 1), (charges, 2)]).unwrap().entries, 2);
        let desk = counter.desk();
        assert_eq!((desk.proposed, desk.lines_left, desk.entries_left), (0, 0, 1));
    });
}

#[test]
fn a_reversal_before_the_bank_saw_the_entry_leaves_the_desk() {
    both(|test| {
        let counter = Counter::on(test.db());
        let wrong = [(-900, "wrong")];
        let entry = counter.post("2026-03-02", &wrong);
        assert_eq!(counter.desk().entries_left, 1);
        counter.reverse(entry, "2026-03-03", &wrong);
        assert_eq!(counter.desk().entries_left, 0);
    });
}

#[test]
fn what_the_books_took_back_is_found_and_matched_where_the_bank_saw_both() {
    both(|test| {
        let counter = Counter::on(test.db());
        let deposit = [(900, "cheque of a payer")];
        let entry = counter.post("2026-03-02", &deposit);
        counter.reverse(entry, "2026-03-09", &deposit);
        let statement =
            counter.bring(&mt940(1, 0, MARCH, &[("2026-03-03", 900, "Deposit"), ("2026-03-08", -900, "Returned")]));
        let desk = counter.desk();
        assert_eq!((desk.proposed, desk.lines_left, desk.entries.len(), desk.entries_left), (0, 2, 0, 0));
        let found = counter.find("payer");
        assert_eq!((found.entries.len(), found.entries_left), (2, 0));
        let [(came, ..), ..] = counter.lines()[..] else { panic!() };
        let first = found.entries.iter().find(|row| row.entry_id == entry).unwrap();
        counter.by_hand(&[came], &[(first.entry_id, first.seq)]).unwrap();
        // The bank has seen it: what took it back waits as anything else.
        assert_eq!(counter.desk().proposed, 1);
        counter.accept(&[]).unwrap();
        let made = counter.view(counter.begin(statement).unwrap());
        assert_eq!((made.book_balance, made.bank_balance, made.bank_items.len()), (0, 0, 0));
        assert_eq!((made.outstanding.len(), made.in_transit.len()), (0, 0));
    });
}

#[test]
fn another_agency_has_no_desk() {
    both(|test| {
        let counter = Counter::on(test.db());
        let stranger = counter.books.world.moh.actor(&counter.books.db, "director");
        let asked = diwan_finance_api::DeskQuery::default();
        let refused = counter.books.db.read_now(|tx| crate::bank::desk(tx, &stranger, counter.account, &asked));
        assert!(matches!(refused, Err(Refusal::NotFound(_))));
    });
}

/// Whatever is in the books and comes from the bank, after all certain matches both sides have the same matched, no line has
/// more than its amount, and what is undone is open again.
#[test]
fn both_sides_stay_whole_whatever_comes() {
    both(|test| {
        let counter = Counter::on(test.db());
        let amount = prop_oneof![-20_i64..-1, 1_i64..20];
        let items = proptest::collection::vec((1_u32..28, amount, 0_u8..6), 0..25);
        let mut balance = 0;
        let mut number = 0;
        let mut runner =
            TestRunner::new(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() });
        let (state, cases) = (std::cell::RefCell::new((&mut balance, &mut number)), (items.clone(), items));
        runner
            .run(&cases, |(bank, books)| {
                let mut state = state.borrow_mut();
                let month = *state.1 % 9 + 1;
                let on = |day: u32| format!("2026-{month:02}-{day:02}");
                *state.1 += 1;
                for (day, amount, reference) in &books {
                    counter.post(&on(*day), &[(*amount, &format!("REF-00{reference}"))]);
                }
                let days: Vec<(String, i64, String)> =
                    bank.iter().map(|(day, amount, name)| (on(*day), *amount, format!("REF-00{name}"))).collect();
                let lines: Vec<_> =
                    days.iter().map(|(day, amount, name)| (day.as_str(), *amount, name.as_str())).collect();
                // Statements go forward: those of a second year are of its months.
                if *state.1 <= 9 {
                    let file = mt940(u32::try_from(*state.1).unwrap(), *state.0, (&on(1), &on(28)), &lines);
                    counter.bring(&file);
                    *state.0 += bank.iter().map(|(_, amount, _)| amount).sum::<i64>();
                }
                drop(counter.accept(&[]));
                let rows = counter.lines();
                prop_assert!(rows.iter().all(|(_, amount, matched)| (0..=*amount).contains(matched)));
                if let Some((line, ..)) = rows.iter().find(|(.., matched)| *matched > 0) {
                    counter.undo(*line).unwrap();
                    let now: BTreeMap<i64, i64> =
                        counter.lines().into_iter().map(|(id, _, matched)| (id, matched)).collect();
                    prop_assert_eq!(now[line], 0);
                }
                let of_lines: i64 = counter.lines().iter().map(|(.., matched)| matched).sum();
                prop_assert_eq!(of_lines, counter.all_cleared());
                Ok(())
            })
            .unwrap();
    });
}
