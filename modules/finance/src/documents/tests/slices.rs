//! A contract of several years: each year a commitment takes over what has fallen due of its slices, and nothing of it is lost
//! or counted twice.

use diwan_finance_api::{DocumentInput, DocumentKind, DocumentNote, SliceInput};
use diwan_platform::{Outcome, Refusal};
use diwan_testkit::{TestDb, both};

use super::{
    super::{approvals, save, slices, store, submit},
    break_in::duty,
    office::{FUEL, GOODS, Office, refusal},
};
use crate::{
    ledger::tests::books::{act, day, sql},
    reports::tests::coming::{Coming, coming},
    structure::years,
};

/// A contract of 400 in 2026, 300 in 2027 and 200 in 2028, on two keys as 3 to 1.
fn contract(office: &Office) -> i64 {
    office.allot(&[(GOODS, "1000"), (FUEL, "1000")]);
    let lines = [("", GOODS, "300", ""), ("", FUEL, "100", "")];
    let slice = |year: i32, amount: &str| SliceInput { year, amount: amount.to_owned() };
    let slices = vec![slice(2027, "300"), slice(2028, "200")];
    office.posted(&DocumentInput { slices, ..office.input(DocumentKind::Commitment, &lines) })
}

fn start(office: &Office, id: i64, on: &str) -> Outcome<i64> {
    let version = office.view(id).head.version;
    let note = DocumentNote { on: Some(day(on)), ..DocumentNote::default() };
    act(&office.db, &office.clerk, |tx| slices::start(tx, &office.clerk, id, version, &note))
}

/// What falls on coming years when all of it was done.
fn obligations(office: &Office) -> Vec<Coming> {
    coming(&office.db, &office.clerk, "2029-12-31")
}

fn of(year: i32, key: &str, amount: i64) -> Coming {
    (year, key.to_owned(), amount, 1)
}

/// The budget of 2027, as that of 2026.
fn next_year(office: &Office, test: &TestDb) {
    test.clock().set(day("2027-01-10").and_hms_opt(8, 0, 0).unwrap());
    act(&office.db, &office.clerk, |tx| years::create(tx, &office.clerk, 2027)).unwrap();
    let lines = [("", GOODS, "900", ""), ("", FUEL, "900", "")];
    for kind in [DocumentKind::BudgetLaw, DocumentKind::FinancialOrder] {
        office.posted(&DocumentInput { effective_on: day("2027-01-02"), ..office.input(kind, &lines) });
    }
}

#[test]
fn the_slice_of_a_year_is_committed_in_one_step_when_the_year_has_its_budget() {
    both(|test| {
        let office = Office::on(test.db());
        let first = contract(&office);
        let due = [of(2027, FUEL, 75_000), of(2027, GOODS, 225_000), of(2028, FUEL, 50_000), of(2028, GOODS, 150_000)];
        assert_eq!(obligations(&office), due);
        assert_eq!(office.buckets(GOODS)[4], 300_000, "this year's budget holds this year's part");
        assert!(!office.view(first).actions.contains(&"slice".to_owned()), "nothing has fallen due");
        assert_eq!(refusal(start(&office, first, "2026-11-01")), "slice_not_due");
        assert_eq!(refusal(start(&office, first, "2027-01-09")), "no_fiscal_year");

        next_year(&office, &test);
        assert!(office.view(first).actions.contains(&"slice".to_owned()));
        let draft = start(&office, first, "2027-01-09").unwrap();
        let seen = office.view(draft);
        assert_eq!((seen.kind, seen.year, seen.base_amount), (DocumentKind::Commitment, 2027, 300_000));
        assert_eq!(seen.source.as_ref().map(|one| one.id), Some(first));
        assert_eq!(seen.party.map(|party| party.id), Some(office.supplier));
        let lines: Vec<_> =
            seen.lines.iter().map(|line| (line.key.as_ref().unwrap().code.clone(), line.base_amount)).collect();
        assert_eq!(lines, [(GOODS.to_owned(), 225_000), (FUEL.to_owned(), 75_000)]);
        assert_eq!(seen.slices.iter().map(|one| (one.year, one.amount)).collect::<Vec<_>>(), [(2028, 200_000)]);
        // A draft is no commitment yet, and there is one of them.
        assert_eq!(obligations(&office), due);
        assert_eq!(refusal(start(&office, first, "2027-01-09")), "slices_taken");
        assert!(!office.view(first).actions.contains(&"slice".to_owned()));

        office.submit(draft).unwrap();
        office.certify(&office.staff, draft).unwrap();
        office.authorise(&office.director, draft).unwrap();
        assert_eq!(office.view(draft).to_settle, 300_000);
        assert_eq!(obligations(&office), [of(2028, FUEL, 50_000), of(2028, GOODS, 150_000)], "nothing counts twice");
        assert_eq!(refusal(start(&office, first, "2027-01-09")), "slices_taken");
        // The contract ends with the commitment that has its slices.
        office.close(draft).unwrap();
        assert!(obligations(&office).is_empty());
        // Of a day before, the report says what it said then.
        let on = |to: &str| coming(&office.db, &office.clerk, to);
        assert_eq!(on("2026-12-31"), due);
        assert_eq!(on("2027-01-09"), [of(2028, FUEL, 50_000), of(2028, GOODS, 150_000)]);
        assert!(on("2025-12-31").is_empty() && on("2027-01-10").is_empty());
    });
}

#[test]
fn who_authorises_a_contract_has_a_limit_for_all_its_years() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        // One dinar this year; the director's limit is 100,000.
        let ready = |amount: &str| {
            let slices = vec![SliceInput { year: 2027, amount: amount.to_owned() }];
            office.ready(&DocumentInput { slices, ..office.input(DocumentKind::Commitment, &[("", GOODS, "1", "")]) })
        };
        let (above, within) = (ready("99999.001"), ready("99999"));
        match office.authorise(&office.director, above) {
            Err(Refusal::Rule { code: "no_authority", args, .. }) => assert_eq!(args["amount"], "100,000.001"),
            other => panic!("{other:?}"),
        }
        let past = |id: i64| sql(&office.db, &duty(id, "authorise", office.director.user_id, "NULL"));
        assert!(past(above).is_err(), "past every operation");
        past(within).unwrap();
        // What was authorised is what is posted.
        let more = format!(
            "UPDATE commitment_slices SET amount = amount + 1 WHERE record_id = {within};
             UPDATE finance_documents SET posted_at = '2026-11-01 08:00:00', to_settle = base_amount
                 WHERE record_id = {within};"
        );
        assert!(sql(&office.db, &more).is_err(), "went through: {more}");
    });
}

#[test]
fn a_larger_contract_goes_the_way_of_its_whole_amount() {
    both(|test| {
        let office = Office::on(test.db());
        let first = contract(&office);
        let course = office.db.read_now(|tx| {
            let document = store::load(tx, first)?;
            submit::course(tx, &document)
        });
        assert_eq!(course.unwrap().amount, 900_000, "400, and 500 in later years");
    });
}

#[test]
fn the_commitments_of_a_contract_come_to_its_total() {
    both(|test| {
        let office = Office::on(test.db());
        let first = contract(&office);
        next_year(&office, &test);
        let draft = start(&office, first, "2027-01-09").unwrap();
        let change = |slice: &str| {
            let seen = office.view(draft);
            let mut form = seen.form();
            form.slices[0].amount = slice.to_owned();
            act(&office.db, &office.clerk, |tx| save::update(tx, &office.clerk, draft, seen.head.version, &form))
        };
        // Part of it may fall on another year; all of it stays the same.
        change("199.999").unwrap();
        assert_eq!(refusal(office.submit(draft)), "slices_total");
        change("200").unwrap();
        office.submit(draft).unwrap();
        office.certify(&office.staff, draft).unwrap();
        // Past every operation nothing else is posted, taken over twice, or turned to another contract.
        for statement in [
            format!("UPDATE commitment_slices SET amount = amount + 1 WHERE record_id = {first}"),
            format!(
                "INSERT INTO commitment_continuations SELECT record_id, agency_id, {first} FROM finance_documents WHERE record_id = {first}"
            ),
            format!("UPDATE commitment_continuations SET record_id = {draft}"),
        ] {
            assert!(sql(&office.db, &statement).is_err(), "went through: {statement}");
        }
        sql(&office.db, &format!("UPDATE commitment_slices SET amount = amount + 1 WHERE record_id = {draft}"))
            .unwrap();
        assert_eq!(refusal(office.authorise(&office.director, draft)), "slices_total");
        sql(&office.db, &format!("UPDATE commitment_slices SET amount = amount - 1 WHERE record_id = {draft}"))
            .unwrap();
        office.authorise(&office.director, draft).unwrap();
        for statement in
            ["DELETE FROM commitment_continuations", "UPDATE commitment_continuations SET agency_id = agency_id"]
        {
            assert!(sql(&office.db, statement).is_err(), "went through: {statement}");
        }
    });
}

#[test]
fn a_draft_that_is_given_up_or_whose_contract_ended_takes_nothing_over() {
    both(|test| {
        let office = Office::on(test.db());
        let first = contract(&office);
        next_year(&office, &test);
        let draft = start(&office, first, "2027-01-09").unwrap();
        let version = office.view(draft).head.version;
        let note = office.note("خطأ");
        act(&office.db, &office.clerk, |tx| approvals::void(tx, &office.clerk, draft, version, &note)).unwrap();
        let again = start(&office, first, "2027-01-09").unwrap();
        office.close(first).unwrap();
        assert_eq!(refusal(office.submit(again)), "source_closed");
        assert!(obligations(&office).is_empty());
    });
}
