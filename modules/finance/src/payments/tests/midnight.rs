//! The night of a year's end: a run is of the year in which it is approved, and what is owed is paid in the next one.

use diwan_finance_api::{ExecutePayments, PaymentRunState, ReturnPayments};
use diwan_testkit::both;

use super::desk::Desk;
use crate::{
    documents::tests::office::{GOODS, refusal},
    ledger::tests::books::{act, day},
    payments,
    structure::years,
};

#[test]
fn a_run_is_of_the_year_of_its_approval_and_pays_what_is_owed_of_the_one_before() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let voucher = desk.voucher("300");
        let run = desk.begin();
        assert!(desk.add(run, &[voucher]).refused.is_empty());
        // Half past midnight of New Year in Amman, the last evening of the year in UTC.
        test.clock().set("2026-12-31T21:30:00".parse().unwrap());
        assert_eq!(refusal(desk.approve(&desk.office.director, run)), "no_fiscal_year");
        assert_eq!(desk.view(run).state, PaymentRunState::Draft, "nothing is half done");
        let clerk = &desk.office.clerk;
        act(desk.db(), clerk, |tx| years::create(tx, clerk, 2027)).unwrap();
        desk.approve(&desk.office.director, run).unwrap();
        assert_eq!(desk.view(run).number.as_deref(), Some("د ص/2027/1"));
        desk.send(run).unwrap();

        let (on, items) = (day("2027-01-01"), vec![desk.items(run)[0].id]);
        let input = ExecutePayments { on, items: items.clone() };
        act(desk.db(), &desk.payer, |tx| payments::execute(tx, &desk.payer, run, &input)).unwrap();
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 700_000, 0, 0, 0, 300_000]);
        let input = ReturnPayments { on, items, reason: "حساب مغلق".to_owned() };
        act(desk.db(), &desk.payer, |tx| payments::give_back(tx, &desk.payer, run, &input)).unwrap();
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 700_000, 0, 0, 300_000, 0]);
        assert_eq!(desk.open(voucher), 300_000);
    });
}
