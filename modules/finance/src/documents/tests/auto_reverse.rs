//! Journal vouchers that take themselves back on a day: a draft, once, and what could not be made is said.

use diwan_finance_api::{DocumentInput, DocumentKind};
use diwan_platform::{Outcome, Refusal};
use diwan_testkit::both;

use super::{
    super::{approvals, reverse_due, save},
    office::{GOODS, Office, refusal},
};
use crate::{
    ledger::tests::books::{act, day, sql},
    structure::years,
};

/// An accrual of October that is taken back on a day.
fn accrual(office: &Office, on: &str) -> DocumentInput {
    journal(office, ("2219", GOODS), on)
}

/// A journal voucher on an account and a key that is taken back on a day.
fn journal(office: &Office, (account, key): (&str, &str), on: &str) -> DocumentInput {
    let mut input = office.input(DocumentKind::JournalVoucher, &[(account, key, "40", ""), ("630811", "", "", "40")]);
    input.details.reverse_on = Some(day(on));
    input
}

/// Sets the day of a voucher that is not posted yet, whatever is asked of it by now.
fn set(office: &Office, id: i64, on: &str) {
    sql(&office.db, &format!("UPDATE finance_details SET reverse_on = '{on}' WHERE record_id = {id}")).unwrap();
}

#[test]
fn a_journal_voucher_is_taken_back_on_its_day_by_a_draft_and_once() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        assert_eq!(refusal(office.draft(&accrual(&office, "2026-10-20"))), "details.reverse_on:reverse_after");
        let id = office.posted(&accrual(&office, "2026-11-15"));
        let draft = office.draft(&accrual(&office, "2026-11-15")).unwrap();
        assert_eq!(reverse_due(&office.db).unwrap(), 0, "its day has not come");
        // The day is the office's: in UTC it is still the day before.
        test.clock().set("2026-11-14T21:00:00".parse().unwrap());
        assert_eq!(reverse_due(&office.db).unwrap(), 1, "what is not posted is not taken back");
        assert!(office.view(draft).reversed_by.is_none());
        let back = office.view(id).reversed_by.map(|one| one.id).unwrap();
        let seen = office.view(back);
        assert_eq!((seen.head.state.as_str(), seen.effective_on), ("draft", day("2026-11-15")));
        assert_eq!(seen.head.created_by.id, office.clerk.user_id);
        assert_eq!(office.buckets(GOODS)[6], 40_000, "a draft counts for nothing");
        assert_eq!(reverse_due(&office.db).unwrap(), 0);
        // Given up, it is not made again: that was decided.
        let (version, note) = (seen.head.version, office.note("لا حاجة إليه"));
        act(&office.db, &office.clerk, |tx| approvals::void(tx, &office.clerk, back, version, &note)).unwrap();
        assert_eq!(reverse_due(&office.db).unwrap(), 0);
        assert_eq!(office.view(id).reversal_problem.unwrap().code, "reversal_given_up", "its page says so");
        let by_hand = office.reverse(id).unwrap();
        assert!(office.view(id).reversal_problem.is_none(), "somebody did it then");
        let (version, note) = (office.version(by_hand), office.note("لا حاجة إليه"));
        act(&office.db, &office.clerk, |tx| approvals::void(tx, &office.clerk, by_hand, version, &note)).unwrap();
        let again =
            format!("UPDATE finance_auto_reversals SET reversal_id = NULL, problem = 'x' WHERE record_id = {id}");
        assert!(sql(&office.db, &again).is_err());
        assert!(sql(&office.db, &format!("DELETE FROM finance_auto_reversals WHERE record_id = {id}")).is_err());
    });
}

#[test]
fn what_cannot_be_made_is_said_on_the_document_until_it_can() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let id = office.posted(&journal(&office, ("620201", ""), "2027-01-03"));
        let by_hand = office.posted(&journal(&office, ("620201", ""), "2027-01-03"));
        // As one that was approved before its day was asked for the year.
        let spent = office.ready(&accrual(&office, "2026-11-15"));
        set(&office, spent, "2027-01-03");
        office.authorise(&office.director, spent).unwrap();
        let back = office.reverse(by_hand).unwrap();
        test.clock().set("2027-01-03T06:00:00".parse().unwrap());
        assert_eq!(reverse_due(&office.db).unwrap(), 0);
        let problem = office.view(id).reversal_problem.unwrap();
        assert_eq!(problem.code, "no_fiscal_year");
        test.clock().set("2027-01-03T07:00:00".parse().unwrap());
        assert_eq!(reverse_due(&office.db).unwrap(), 0);
        assert_eq!(office.view(id).reversal_problem, Some(problem), "told once, with the moment it began");
        act(&office.db, &office.clerk, |tx| years::create(tx, &office.clerk, 2027)).unwrap();
        assert_eq!(reverse_due(&office.db).unwrap(), 1);
        let seen = office.view(id);
        assert!(seen.reversal_problem.is_none() && seen.reversed_by.is_some());
        let problem = office.view(spent).reversal_problem.unwrap();
        assert_eq!((problem.code.as_str(), problem.args["year"].as_str()), ("reversal_other_year", "2026"));
        let seen = office.view(by_hand);
        assert!(seen.reversal_problem.is_none());
        assert_eq!(seen.reversed_by.map(|one| one.id), Some(back), "somebody was before");
    });
}

#[test]
fn what_names_a_budget_is_taken_back_within_its_year() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let written = |id: i64, on: &str| -> Outcome<()> {
            let (version, input) = (office.version(id), accrual(&office, on));
            act(&office.db, &office.clerk, |tx| save::update(tx, &office.clerk, id, version, &input))
        };
        match office.draft(&accrual(&office, "2027-01-01")) {
            Err(Refusal::Invalid(fields)) => assert_eq!(fields[0].args["year"], "2026"),
            other => panic!("{other:?}"),
        }
        let id = office.draft(&accrual(&office, "2026-12-31")).unwrap();
        assert_eq!(refusal(written(id, "2027-01-01")), "details.reverse_on:reversal_other_year");
        // It was set before anybody asked: it goes no further.
        set(&office, id, "2027-01-01");
        assert_eq!(refusal(office.submit(id)), "details.reverse_on:reversal_other_year");
        written(id, "2026-12-31").unwrap();
        office.submit(id).unwrap();
        // What names no budget is taken back in whatever year.
        office.posted(&journal(&office, ("620201", ""), "2027-01-01"));
    });
}
