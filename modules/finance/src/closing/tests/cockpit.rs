//! What stands against a close, who must act, and who signs.

use chrono::TimeDelta;
use diwan_db::Violation;
use diwan_finance_api::{
    ClosingCheck, ClosingSeverity, DocumentKind, DocumentNote, PeriodState, SignOffInput, SignOffVoid,
};
use diwan_kernel::Permission;
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::{desk::Desk, year::in_january};
use crate::{
    closing::{book, reopenings, rules, signing},
    documents::{
        self,
        tests::office::{GOODS, refusal},
    },
    ledger::tests::books::{act, day, sql},
    structure::periods,
};

#[test]
fn what_is_not_done_stops_a_close_and_says_who_must_act() {
    both(|test| {
        let desk = Desk::on(test.db());
        let office = &desk.office;
        office.allot(&[(GOODS, "5000")]);
        let draft = office.draft(&office.input(DocumentKind::Receipt, &[("1421", "", "", "10")])).unwrap();
        let waiting = office.draft(&office.input(DocumentKind::Receipt, &[("1421", "", "", "25")])).unwrap();
        office.submit(waiting).unwrap();
        desk.close_to(9);
        // Without rules all of it is told, and nothing stops.
        let seen = desk.cockpit(&desk.closer, 10);
        assert!(seen.clear && !seen.ruled && seen.may_close && !seen.may_accept);
        assert_eq!(desk.finding(10, ClosingCheck::Documents).severity, ClosingSeverity::Warn);

        desk.rule("1", Permission::FinancePrepare, false);
        let seen = desk.cockpit(&desk.closer, 10);
        assert!(!seen.clear && seen.ruled && !seen.may_seal);
        let found = desk.finding(10, ClosingCheck::Documents);
        assert_eq!((found.severity, found.count, found.amount), (ClosingSeverity::Block, 2, 35_000));
        let owners: Vec<(i64, i64)> =
            found.owners.iter().map(|one| (one.owner.as_ref().unwrap().id, one.amount)).collect();
        assert!(owners.contains(&(office.clerk.user_id, 10_000)), "the draft lies with who writes it: {owners:?}");
        assert!(owners.contains(&(office.staff.user_id, 25_000)), "the other with who certifies: {owners:?}");
        assert_eq!(found.items.iter().map(|item| item.id).collect::<Vec<_>>(), [draft, waiting]);
        match desk.close(10) {
            Err(Refusal::Rule { code: "closing_blocked", args, .. }) => {
                assert_eq!((args["documents"].as_str(), args["bank"].as_str(), args["runs"].as_str()), ("2", "0", "0"));
                assert_eq!(args["items"], "تجربة، تجربة");
            }
            other => panic!("{other:?}"),
        }
        office.certify(&office.staff, waiting).unwrap();
        office.authorise(&office.director, waiting).unwrap();
        let version = office.view(draft).head.version;
        let note = DocumentNote { note: Some("مكرر".to_owned()), ..DocumentNote::default() };
        act(desk.db(), &office.clerk, |tx| documents::void(tx, &office.clerk, draft, version, &note)).unwrap();
        assert_eq!(desk.finding(10, ClosingCheck::Documents).count, 0);
        assert_eq!(refusal(desk.close(10)), "sign_offs_missing");
    });
}

#[test]
fn banks_runs_and_clearing_accounts_are_looked_at() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.receipt("100");
        desk.close_to(9);
        let account = desk.bank_account();
        desk.rule("1", Permission::FinancePrepare, false);
        let found = desk.finding(10, ClosingCheck::Bank);
        assert_eq!((found.count, found.amount, found.items[0].id), (1, 100_000, account));
        assert_eq!(refusal(desk.close(10)), "closing_blocked");
        // September is over for it: nothing was on the account then.
        assert_eq!(desk.finding(9, ClosingCheck::Bank).count, 0);
        sql(desk.db(), &format!("UPDATE bank_accounts SET active = FALSE WHERE id = {account}")).unwrap();
        assert_eq!(refusal(desk.close(10)), "sign_offs_missing");

        // The account that a rule names is a warning until somebody accepts it as it is.
        desk.clearing("620201");
        let found = desk.finding(10, ClosingCheck::Clearing);
        assert_eq!((found.severity, found.count, found.amount), (ClosingSeverity::Warn, 1, 100_000));
        assert_eq!(refusal(desk.close(10)), "warnings_open");
        assert_eq!(refusal(desk.accept(10, ClosingCheck::Advances, "سبب")), "nothing_to_accept");
        assert_eq!(refusal(desk.accept(10, ClosingCheck::Clearing, " ")), "reason:required");
        desk.accept(10, ClosingCheck::Clearing, "إيداع في أول الشهر التالي").unwrap();
        assert_eq!(refusal(desk.accept(10, ClosingCheck::Clearing, "مرة أخرى")), "nothing_to_accept");
        assert_eq!(desk.finding(10, ClosingCheck::Clearing).accepted.unwrap().by.id, desk.closer.user_id);
        assert_eq!(refusal(desk.close(10)), "sign_offs_missing");
        // Another amount is another warning.
        desk.receipt("1");
        assert!(desk.finding(10, ClosingCheck::Clearing).accepted.is_none());
        assert_eq!(refusal(desk.close(10)), "warnings_open");
    });
}

#[test]
fn an_advance_past_its_day_is_a_warning() {
    both(|test| {
        let desk = Desk::on(test.db());
        let office = &desk.office;
        let mut advance = office.input(DocumentKind::Advance, &[("620801", "", "300", "")]);
        advance.due_on = Some(day("2026-10-25"));
        advance.party_id = Some(office.supplier);
        let id = office.posted(&advance);
        let found = desk.finding(10, ClosingCheck::Advances);
        assert_eq!((found.count, found.amount, found.items[0].id), (1, 300_000, id));
        assert_eq!(desk.finding(9, ClosingCheck::Advances).count, 0, "it is due after September");
    });
}

#[test]
fn a_sign_off_counts_until_something_is_posted_or_the_period_is_opened_again() {
    both(|test| {
        let desk = Desk::on(test.db());
        let office = &desk.office;
        desk.close_to(9);
        let rule = desk.rule("1", Permission::FinancePrepare, false);
        let standing = |number| desk.cockpit(&office.clerk, number).sign_offs.remove(0);
        assert!(standing(10).may_sign && !standing(10).given);
        assert!(!desk.cockpit(&desk.closer, 10).sign_offs[0].may_sign, "the closer has not the right");
        assert_eq!(refusal(desk.sign(&desk.closer, 10, rule)), "finance.prepare");
        assert_eq!(refusal(desk.sign(&office.clerk, 10, 999_999)), "no closing_rule");
        desk.sign(&office.clerk, 10, rule).unwrap();
        assert!(standing(10).given);
        assert_eq!(refusal(desk.sign(&office.clerk, 10, rule)), "signed_already");
        // Not in force in September, and not on a period that is closed.
        assert_eq!(refusal(desk.sign(&office.clerk, 9, rule)), "sign_off in closed");

        desk.receipt("5");
        let last = standing(10).last.unwrap();
        assert_eq!((last.void, last.entries_since), (Some(SignOffVoid::Posted), 1));
        assert_eq!(refusal(desk.close(10)), "sign_offs_missing");
        desk.sign(&office.clerk, 10, rule).unwrap();
        desk.close(10).unwrap();
        desk.reopen(10).unwrap();
        assert_eq!(standing(10).last.unwrap().void, Some(SignOffVoid::Reopened));
        assert_eq!(refusal(desk.close(10)), "sign_offs_missing");
        desk.sign(&office.clerk, 10, rule).unwrap();
        assert_eq!(desk.close(10).unwrap().state, PeriodState::Closed);
        // Another agency sees nothing of it.
        let stranger = office.world.moh.actor(desk.db(), "director");
        let id = desk.period(10).id;
        let seen = desk.db().read_now(|tx| crate::closing::cockpit::view(tx, &stranger, id));
        assert_eq!(refusal(seen), "no fiscal_period");
        assert_eq!(refusal(desk.sign(&stranger, 10, rule)), "no fiscal_period");
    });
}

#[test]
fn where_a_rule_asks_for_another_person_nobody_signs_twice() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.close_to(9);
        let [first, second] =
            [("1", false), ("2", true)].map(|(code, other)| desk.rule(code, Permission::FinanceClose, other));
        desk.sign(&desk.closer, 10, first).unwrap();
        assert!(!desk.cockpit(&desk.closer, 10).sign_offs[1].may_sign);
        assert_eq!(refusal(desk.sign(&desk.closer, 10, second)), "sign_off_other_person");
        desk.sign(&desk.chief, 10, second).unwrap();
        assert!(desk.cockpit(&desk.closer, 10).clear);
        desk.close(10).unwrap();
    });
}

#[test]
fn the_usual_rules_are_set_once() {
    both(|test| {
        let desk = Desk::on(test.db());
        let set = || act(desk.db(), &desk.closer, |tx| rules::set_usual(tx, &desk.closer));
        assert_eq!(set().unwrap().added, 6);
        assert_eq!(refusal(set()), "rules_there");
        let seen = desk.cockpit(&desk.closer, 1);
        let rights: Vec<Permission> = seen.sign_offs.iter().map(|one| one.right).collect();
        assert_eq!(rights, [Permission::FinancePrepare, Permission::FinanceReconcile, Permission::FinanceCertify]);
        assert_eq!(refusal(desk.close(1)), "sign_offs_missing");
        let stranger = desk.office.world.moh.actor(desk.db(), "director");
        let none = act(desk.db(), &stranger, |tx| rules::set_usual(tx, &stranger));
        assert_eq!(refusal(none), "no fiscal_year");
    });
}

#[test]
fn a_reopening_lists_what_was_posted_under_it() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.receipt("7");
        desk.close_to(10);
        test.clock().advance(TimeDelta::hours(1));
        desk.reopen(10).unwrap();
        let late = desk.receipt("9");
        test.clock().advance(TimeDelta::hours(1));
        desk.close(10).unwrap();
        let id = desk.period(10).id;
        let all = desk.db().read_now(|tx| reopenings::list(tx, &desk.closer, id)).unwrap();
        assert_eq!((all.len(), all[0].touched, all[0].amount), (1, 1, 9_000));
        assert_eq!((all[0].reason.as_str(), all[0].by.id), ("قيد فات", desk.closer.user_id));
        assert!(all[0].ended_at.is_some());
        let page = diwan_kernel::PageRequest::default();
        let of = all[0].id;
        let touched = desk.db().read_now(|tx| reopenings::entries(tx, &desk.closer, of, &page)).unwrap();
        assert_eq!(touched.items.iter().map(|one| one.record_id).collect::<Vec<_>>(), [late]);
        let stranger = desk.office.world.moh.actor(desk.db(), "director");
        assert_eq!(refusal(desk.db().read_now(|tx| reopenings::list(tx, &stranger, id))), "no fiscal_period");
        let foreign = desk.db().read_now(|tx| reopenings::entries(tx, &stranger, of, &page));
        assert_eq!(refusal(foreign), "no period_reopening");
    });
}

#[test]
fn what_changes_the_budget_voids_a_sign_off_and_is_listed_under_a_reopening() {
    both(|test| {
        let desk = Desk::on(test.db());
        let office = &desk.office;
        office.allot(&[(GOODS, "500")]);
        desk.close_to(9);
        let rule = desk.rule("1", Permission::FinancePrepare, false);
        let release = |dinars: &str| office.posted(&office.input(DocumentKind::Release, &[("", GOODS, dinars, "")]));
        let standing = || desk.cockpit(&office.clerk, 10).sign_offs.remove(0);
        let void = || {
            let last = standing().last.unwrap();
            (last.void, last.entries_since)
        };
        desk.sign(&office.clerk, 10, rule).unwrap();
        desk.commitment(GOODS, "40");
        assert_eq!(void(), (Some(SignOffVoid::Posted), 2), "the document and its move");
        assert_eq!(refusal(desk.close(10)), "sign_offs_missing");
        desk.sign(&office.clerk, 10, rule).unwrap();
        release("30");
        assert_eq!(void(), (Some(SignOffVoid::Posted), 1), "cash is released without a move");
        desk.sign(&office.clerk, 10, rule).unwrap();
        desk.close(10).unwrap();
        test.clock().advance(TimeDelta::hours(1));
        desk.reopen(10).unwrap();
        let (contract, released, late) = (desk.commitment(GOODS, "60"), release("20"), desk.receipt("9"));
        test.clock().advance(TimeDelta::hours(1));
        desk.sign(&office.clerk, 10, rule).unwrap();
        desk.close(10).unwrap();
        let id = desk.period(10).id;
        let all = desk.db().read_now(|tx| reopenings::list(tx, &desk.closer, id)).unwrap();
        assert_eq!((all[0].touched, all[0].amount), (3, 89_000));
        let (mut after, mut found) = (None, Vec::new());
        for _ in 0..3 {
            let page = diwan_kernel::PageRequest { after: after.take(), limit: Some(1) };
            let page = desk.db().read_now(|tx| reopenings::entries(tx, &desk.closer, all[0].id, &page)).unwrap();
            let one = &page.items[0];
            assert_eq!((one.by.id, one.day), (office.director.user_id, day("2026-10-20")));
            found.push((one.record_id, one.entry_id.is_some(), one.amount));
            after = page.next;
        }
        assert_eq!(after, None);
        assert_eq!(found, [(late, true, 9_000), (contract, false, 60_000), (released, false, 20_000)]);
    });
}

#[test]
fn last_years_complementary_period_stands_against_no_close_but_against_seals() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.key();
        let next = desk.next_year();
        let [january, complementary] = [next.periods[0].id, desk.period(13).id];
        let close =
            |id: i64| act(desk.db(), &desk.closer, |tx| periods::close(tx, &desk.closer, id, 1, PeriodState::Closed));
        desk.close_to(11);
        assert_eq!(refusal(close(complementary)), "earlier_period_open", "December comes before it");
        assert_eq!(refusal(close(january)), "earlier_period_open");
        desk.close(12).unwrap();
        desk.rule("1", Permission::FinanceClose, false);
        let seen = desk.db().read_now(|tx| crate::closing::cockpit::view(tx, &desk.chief, january)).unwrap();
        assert!(seen.findings.iter().all(|one| one.count == 0), "{:?}", seen.findings);
        act(desk.db(), &desk.closer, |tx| {
            let rule_id = seen.sign_offs[0].rule_id;
            signing::sign(tx, &desk.closer, january, &SignOffInput { rule_id, note: String::new() })
        })
        .unwrap();
        close(january).unwrap();
        for number in 1..=12 {
            desk.seal(&desk.chief, number).unwrap();
        }
        match desk.db().read_now(|tx| book::build(tx, &desk.chief, january, 2)) {
            Err(Refusal::Rule { code: "earlier_period_unsealed", args, .. }) => assert_eq!(args["period"], "13/2026"),
            other => panic!("{other:?}"),
        }
        in_january(&test);
        desk.begin();
        desk.prepare().unwrap();
        desk.confirm(&desk.office.director).unwrap();
        desk.seal(&desk.chief, 13).unwrap();
        assert!(desk.db().read_now(|tx| book::build(tx, &desk.chief, january, 2)).is_ok());
    });
}

#[test]
fn a_complementary_period_is_sealed_after_its_year_has_ended() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.key();
        desk.receipt("3");
        in_january(&test);
        desk.close_to(13);
        for number in 1..=12 {
            desk.seal(&desk.chief, number).unwrap();
        }
        // Sealed, it would never take the closing entry.
        assert_eq!(refusal(desk.seal(&desk.chief, 13)), "year_end_first");
        let plain = format!(
            "INSERT INTO period_seals (period_id, agency_id, seq, prev_seq, prev_root, root, entries, statement, key_id, signature,
                blob_hash, sealed_by, sealed_at)
            SELECT {id}, agency_id, seq + 1, seq, root, root, 0, 'x', key_id, 'x', blob_hash, sealed_by, sealed_at
            FROM period_seals WHERE seq = 12",
            id = desk.period(13).id,
        );
        assert!(matches!(sql(desk.db(), &plain), Err(error) if error.violation() == Some(Violation::Ledger)));
        // It is opened once more for the end of the year.
        desk.reopen(13).unwrap();
        desk.begin();
        desk.prepare().unwrap();
        desk.confirm(&desk.office.director).unwrap();
        assert_eq!(desk.seal(&desk.chief, 13).unwrap().state, PeriodState::Sealed);
    });
}
