//! Taking back after the year is over: what names a budget in its complementary period, all else on the day it is seen.

use diwan_finance_api::{DocumentKind, DocumentNote};
use diwan_platform::{Outcome, Refusal};
use diwan_testkit::{TestDb, both};

use super::{
    super::reverse,
    midnight::period,
    office::{GOODS, Office, refusal},
};
use crate::{
    ledger::tests::books::{act, day, sql},
    structure::years,
};

fn taken_back(office: &Office, id: i64, note: &DocumentNote) -> Outcome<i64> {
    let version = office.version(id);
    act(&office.db, &office.clerk, |tx| reverse::start(tx, &office.clerk, id, version, note))
}

/// In the complementary period.
fn complementary(office: &Office) -> DocumentNote {
    DocumentNote { complementary: true, ..office.note("خطأ في الإدخال") }
}

fn finished(office: &Office, id: i64) -> Outcome<()> {
    office.submit(id)?;
    office.certify(&office.staff, id)?;
    office.authorise(&office.director, id)
}

/// Goes into January of the next year; answers its id.
fn next_year(office: &Office, test: &TestDb) -> i64 {
    test.clock().set("2027-01-10T08:00:00".parse().unwrap());
    sql(&office.db, "UPDATE fiscal_periods SET state = 'closed' WHERE number <= 12").unwrap();
    act(&office.db, &office.clerk, |tx| years::create(tx, &office.clerk, 2027)).unwrap().id
}

#[test]
fn what_names_a_budget_is_taken_back_in_its_complementary_period() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let voucher = office.posted(&office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "40", "")]));
        let receipt = office.posted(&office.input(DocumentKind::Receipt, &[("1421", "", "", "20")]));
        next_year(&office, &test);
        match office.reverse(voucher) {
            Err(Refusal::Rule { code: "reversal_other_year", args, .. }) => assert_eq!(args["year"], "2026"),
            other => panic!("{other:?}"),
        }
        let on = DocumentNote { on: Some(day("2026-12-30")), ..complementary(&office) };
        assert_eq!(refusal(taken_back(&office, voucher, &on)), "on:last_day_of_year");
        let back = taken_back(&office, voucher, &complementary(&office)).unwrap();
        let seen = office.view(back);
        assert_eq!((seen.year, seen.effective_on, seen.complementary), (2026, day("2026-12-31"), true));
        finished(&office, back).unwrap();
        assert_eq!(period(&office, back), 13);
        assert_eq!(office.buckets(GOODS), [0, 0, 100_000, 0, 0, 0, 0]);
        assert_eq!(office.view(voucher).head.state, "reversed");
        // A receipt names no budget: it is taken back when it is seen.
        let back = office.reverse(receipt).unwrap();
        finished(&office, back).unwrap();
        let seen = office.view(back);
        assert_eq!((seen.year, seen.effective_on, seen.complementary), (2027, day("2027-01-10"), false));
    });
}

#[test]
fn a_draft_of_another_year_does_not_give_back_either() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let voucher = office.posted(&office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "40", "")]));
        let next = next_year(&office, &test);
        let back = taken_back(&office, voucher, &complementary(&office)).unwrap();
        let redated = format!(
            "UPDATE finance_documents SET year_id = {next}, effective_on = '2027-01-10', complementary = FALSE
            WHERE record_id = {back}"
        );
        sql(&office.db, &redated).unwrap();
        assert_eq!(refusal(finished(&office, back)), "reversal_other_year");
        assert_eq!(office.buckets(GOODS), [0, 0, 60_000, 0, 0, 40_000, 0]);
    });
}
