//! What the cash statement says of payments: what they were for, and nothing of those that came back.

use diwan_finance_api::{PayMethod, ReportCell, ReportQuery};
use diwan_testkit::both;

use super::desk::Desk;
use crate::{
    documents::tests::office::GOODS,
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
        assert_eq!(figure(&desk, "Supplies and consumables"), 500_000);
        assert_eq!(figure(&desk, "Payables and deposits paid"), -30_000, "kept back for the tax");
        assert_eq!((figure(&desk, "Total payments"), figure(&desk, "Total receipts")), (470_000, 0));
        desk.give_back(run, &[desk.items(run)[0].id]).unwrap();
        assert_eq!(figure(&desk, "Supplies and consumables"), 200_000);
        assert_eq!(figure(&desk, "Payables and deposits paid"), 0);
        assert_eq!((figure(&desk, "Total payments"), figure(&desk, "Total receipts")), (200_000, 0));
    });
}
