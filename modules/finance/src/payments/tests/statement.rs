//! What the cash statement says of payments: what they were for, and nothing of those that came back.

use chrono::TimeDelta;
use diwan_finance_api::{DocumentKind, PayMethod, ReportCell, ReportQuery};
use diwan_testkit::both;

use super::desk::Desk;
use crate::{
    documents::tests::office::{FUEL, GOODS},
    ledger::tests::books::day,
    reports::{self, What},
};

/// The figure of this year in the row of this name; 0 where there is no such row.
fn figure(desk: &Desk, name: &str) -> i64 {
    let query = ReportQuery { year: Some(2026), to: Some(day("2026-12-31")), ..ReportQuery::default() };
    let cash = What::Statement("cash".to_owned());
    let report = desk.db().read_now(|tx| reports::run(tx, &desk.payer, &cash, &query, 100)).unwrap();
    for check in &report.checks {
        assert_eq!(check.difference(), 0, "{}", check.label.en);
    }
    let is_it = |cell: &ReportCell| matches!(cell, ReportCell::Text(text) if text.en == name);
    let row = report.rows.iter().find(|row| row.cells.iter().any(is_it));
    let amount = |cell: &ReportCell| if let ReportCell::Amount(amount) = cell { Some(*amount) } else { None };
    row.and_then(|row| row.cells.iter().find_map(amount)).unwrap_or(0)
}

#[test]
fn payments_count_as_what_they_were_for_and_returned_ones_not_at_all() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let first = desk.voucher_by(PayMethod::Transfer, &[("2219", GOODS, "300", ""), ("630811", "", "", "30")]);
        let run = desk.sent(&[first, desk.voucher("200")]);
        desk.execute(run, &[]).unwrap();
        let totals =
            || ["Total payments", "Total receipts", "Increase (decrease) in cash"].map(|row| figure(&desk, row));
        let withheld = || figure(&desk, "Deductions withheld, not yet remitted");
        assert_eq!(figure(&desk, "Supplies and consumables"), 500_000);
        assert_eq!(figure(&desk, "Payables and deposits paid"), 0);
        assert_eq!(withheld(), 30_000, "kept back for the tax");
        assert_eq!(totals(), [500_000, 0, -470_000]);
        // Who remits it pays nothing of its own.
        let remittance = desk.voucher_by(PayMethod::Transfer, &[("630811", "", "30", "")]);
        let remitting = desk.sent(&[remittance]);
        desk.execute(remitting, &[]).unwrap();
        assert_eq!((withheld(), figure(&desk, "Payables and deposits paid")), (0, 0));
        assert_eq!(totals(), [500_000, 0, -500_000]);
        desk.give_back(remitting, &[desk.items(remitting)[0].id]).unwrap();
        assert_eq!((withheld(), totals()), (30_000, [500_000, 0, -470_000]));
        desk.give_back(run, &[desk.items(run)[0].id]).unwrap();
        assert_eq!(figure(&desk, "Supplies and consumables"), 200_000);
        assert_eq!((withheld(), figure(&desk, "Payables and deposits paid")), (0, 0));
        assert_eq!(totals(), [200_000, 0, -200_000]);
    });
}

#[test]
fn what_was_paid_before_anything_was_deducted_stays_a_payable_that_was_paid() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        // Tax withheld by the books before these: nothing was deducted here yet.
        let run = desk.sent(&[desk.voucher_by(PayMethod::Transfer, &[("630811", "", "20", "")])]);
        desk.execute(run, &[]).unwrap();
        let figures = || {
            ["Payables and deposits paid", "Deductions withheld, not yet remitted", "Total payments"]
                .map(|row| figure(&desk, row))
        };
        assert_eq!(figures(), [20_000, 0, 20_000]);
        test.clock().advance(TimeDelta::minutes(5));
        let lines = [("2219", GOODS, "300", ""), ("630811", "", "", "30")];
        let deducted = desk.sent(&[desk.voucher_by(PayMethod::Transfer, &lines)]);
        assert_eq!(figures(), [20_000, 0, 20_000], "a deduction that is posted later changes nothing of what was paid");
        desk.execute(deducted, &[]).unwrap();
        assert_eq!(figures(), [20_000, 30_000, 320_000]);
        // It comes back as what it was paid as.
        desk.give_back(run, &[desk.items(run)[0].id]).unwrap();
        assert_eq!(figures(), [0, 30_000, 300_000]);
    });
}

#[test]
fn fines_and_advances_taken_back_by_a_payment_are_received_and_the_payment_is_gross() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let lines =
            [("2219", GOODS, "300", ""), ("1431", "", "", "10"), ("620803", "", "", "25"), ("630811", "", "", "30")];
        let run = desk.sent(&[desk.voucher_by(PayMethod::Transfer, &lines)]);
        desk.execute(run, &[]).unwrap();
        let figures = || {
            [
                "Supplies and consumables",
                "Payables and deposits paid",
                "Other receipts",
                "Advances and financial assets recovered",
                "Deductions withheld, not yet remitted",
                "Total receipts",
                "Total payments",
                "Increase (decrease) in cash",
            ]
            .map(|row| figure(&desk, row))
        };
        // The bank paid 235: 300 of goods, less 35 that were received by it and 30 that are held for the tax.
        assert_eq!(figures(), [300_000, 0, 10_000, 25_000, 30_000, 35_000, 300_000, -235_000]);
        desk.give_back(run, &[desk.items(run)[0].id]).unwrap();
        assert_eq!(figures(), [0; 8]);
    });
}

#[test]
fn what_a_voucher_gives_back_to_the_budget_is_kept_back_of_what_it_pays() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        for kind in [DocumentKind::Supplementary, DocumentKind::FinancialOrder, DocumentKind::Release] {
            desk.office.posted(&desk.office.input(kind, &[("", FUEL, "100", "")]));
        }
        let run = desk.sent(&[desk.voucher_by(PayMethod::Transfer, &[("2215", FUEL, "50", "")])]);
        desk.execute(run, &[]).unwrap();
        let lines = [("2219", GOODS, "200", ""), ("2215", FUEL, "", "30")];
        let run = desk.sent(&[desk.voucher_by(PayMethod::Transfer, &lines)]);
        let figures = || {
            ["Supplies and consumables", "Payables and deposits paid", "Total payments", "Increase (decrease) in cash"]
                .map(|row| figure(&desk, row))
        };
        assert_eq!(figures(), [50_000, 0, 50_000, -50_000]);
        desk.execute(run, &[]).unwrap();
        assert_eq!(figures(), [220_000, 0, 220_000, -220_000]);
        // The execution of the budget comes to that cash: what was given back as the voucher was posted moved none.
        let query = ReportQuery { year: Some(2026), to: Some(day("2026-12-31")), ..ReportQuery::default() };
        let execution = What::Statement("execution".to_owned());
        let report = desk.db().read_now(|tx| reports::run(tx, &desk.payer, &execution, &query, 100)).unwrap();
        assert!(report.checks.iter().all(|check| check.difference() == 0));
        desk.give_back(run, &[desk.items(run)[0].id]).unwrap();
        assert_eq!(figures(), [50_000, 0, 50_000, -50_000]);
    });
}

#[test]
fn payments_in_cash_count_as_what_they_were_for_until_they_come_back() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let cash_box = desk.cash_box();
        let voucher = desk.voucher_by(PayMethod::Cash, &[("2219", GOODS, "300", ""), ("630811", "", "", "30")]);
        let paid = desk.hand_out(cash_box, voucher).unwrap();
        let figures = || {
            ["Supplies and consumables", "Deductions withheld, not yet remitted", "Increase (decrease) in cash"]
                .map(|row| figure(&desk, row))
        };
        assert_eq!(figures(), [300_000, 30_000, -270_000]);
        desk.take_back(paid, "خطأ").unwrap();
        assert_eq!(figures(), [0, 0, 0]);
    });
}
