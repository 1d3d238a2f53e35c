//! What the cash statement says of payments: what they were for, and nothing of those that came back.

use chrono::TimeDelta;
use diwan_finance_api::{
    ChequeBookInput, ChequeInput, DocumentInput, DocumentKind, PayMethod, ReportCell, ReportQuery,
};
use diwan_testkit::both;

use super::desk::{Desk, bank_account, step, today};
use crate::{
    documents::tests::office::{FUEL, GOODS},
    ledger::tests::books::{act, day},
    payments,
    reports::{self, What},
};

/// The figure of this year in the row of this name; 0 where there is no such row.
fn figure(desk: &Desk, name: &str) -> i64 {
    figures(desk, name).first().copied().unwrap_or(0)
}

/// All figures of the row: of this year, held in trust, and both of the year before.
fn figures(desk: &Desk, name: &str) -> Vec<i64> {
    let query = ReportQuery { year: Some(2026), to: Some(day("2026-12-31")), ..ReportQuery::default() };
    let cash = What::Statement("cash".to_owned());
    let report = desk.db().read_now(|tx| reports::run(tx, &desk.payer, &cash, &query, 100)).unwrap();
    for check in &report.checks {
        assert_eq!(check.difference(), 0, "{}", check.label.en);
    }
    let is_it = |cell: &ReportCell| matches!(cell, ReportCell::Text(text) if text.en == name);
    let row = report.rows.iter().find(|row| row.cells.iter().any(is_it));
    let amount = |cell: &ReportCell| if let ReportCell::Amount(amount) = cell { Some(*amount) } else { None };
    row.map(|row| row.cells.iter().filter_map(amount).collect()).unwrap_or_default()
}

/// What the execution of the budget says was spent without cash, and that it leads to the cash statement.
fn without_cash(desk: &Desk) -> i64 {
    let query = ReportQuery { year: Some(2026), to: Some(day("2026-12-31")), ..ReportQuery::default() };
    let execution = What::Statement("execution".to_owned());
    let report = desk.db().read_now(|tx| reports::run(tx, &desk.payer, &execution, &query, 100)).unwrap();
    assert!(report.checks.iter().all(|check| check.difference() == 0), "{:?}", report.checks);
    let is_it =
        |cell: &ReportCell| matches!(cell, ReportCell::Text(text) if text.en.starts_with("Less: spent without"));
    let row = report.rows.iter().find(|row| row.cells.iter().any(is_it)).unwrap();
    let amount = |cell: &ReportCell| if let ReportCell::Amount(amount) = cell { Some(*amount) } else { None };
    row.cells.iter().find_map(amount).unwrap()
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
        assert_eq!(without_cash(&desk), -30_000);
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

#[test]
fn what_a_voucher_pays_at_once_is_a_payable_until_the_rest_of_it_is_paid() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let lines = [("2219", GOODS, "300", ""), ("1431", "", "", "10"), ("620201", "", "", "50")];
        let voucher = desk.voucher_by(PayMethod::Transfer, &lines);
        let told = || {
            assert_eq!(without_cash(&desk), 0);
            [
                "Supplies and consumables",
                "Payables and deposits paid",
                "Total receipts",
                "Total payments",
                "Increase (decrease) in cash",
            ]
            .map(|row| figure(&desk, row))
        };
        assert_eq!(told(), [0, 50_000, 0, 50_000, -50_000], "what is owed is no receipt");
        let run = desk.sent(&[voucher]);
        desk.execute(run, &[]).unwrap();
        assert_eq!(told(), [300_000, 0, 10_000, 300_000, -290_000]);
        desk.give_back(run, &[desk.items(run)[0].id]).unwrap();
        assert_eq!(told(), [0, 50_000, 0, 50_000, -50_000]);
        let back = desk.office.reverse(voucher).unwrap();
        desk.office.submit(back).unwrap();
        desk.office.certify(&desk.office.staff, back).unwrap();
        desk.office.authorise(&desk.office.director, back).unwrap();
        assert_eq!(told(), [0; 5]);
    });
}

#[test]
fn what_is_given_back_of_a_deposit_beside_a_forfeit_is_paid_once() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let office = &desk.office;
        let book = act(desk.db(), &desk.payer, |tx| {
            let bank_account_id = bank_account(tx, &desk.payer, ("2", "620204", ""))?;
            let book = ChequeBookInput { bank_account_id, series: String::new(), first: 1, last: 9 };
            payments::open_book(tx, &desk.payer, &book)
        });
        let deposit = office.posted(&office.input(DocumentKind::Deposit, &[("630815", "", "", "500")]));
        let lines =
            [("630815", "", "500", ""), ("620204", "", "", "200"), ("620201", "", "200", ""), ("1441", "", "", "200")];
        let refund = office.posted(&DocumentInput {
            source_id: Some(deposit),
            method: PayMethod::Cheque,
            ..office.input(DocumentKind::DepositRefund, &lines)
        });
        let told = || {
            ["Total receipts", "Total payments", "Increase (decrease) in cash"].map(|row| {
                let all = figures(&desk, row);
                (all[0], all[1])
            })
        };
        let forfeited = [(200_000, 500_000), (0, 200_000), (200_000, 300_000)];
        assert_eq!(told(), forfeited, "own cash, and that held in trust");
        let input = ChequeInput { book_id: book.unwrap(), document_id: refund, on: today() };
        let cheque = act(desk.db(), &desk.payer, |tx| payments::issue(tx, &desk.payer, &input)).unwrap();
        assert_eq!(told(), [(200_000, 500_000), (0, 500_000), (200_000, 0)]);
        act(desk.db(), &desk.payer, |tx| payments::cancel(tx, &desk.payer, cheque, &step("خطأ"))).unwrap();
        assert_eq!(told(), forfeited);
    });
}

#[test]
fn a_settlement_moves_the_change_of_its_advance_and_pays_nothing_anew() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let office = &desk.office;
        let advance = DocumentInput {
            method: PayMethod::Transfer,
            ..office.input(DocumentKind::Advance, &[("620801", "", "100", "")])
        };
        let advance = office.posted(&advance);
        let run = desk.sent(&[advance]);
        desk.execute(run, &[]).unwrap();
        let settled = |lines: &[(&str, &str, &str, &str)]| {
            let input = office.input(DocumentKind::AdvanceSettlement, lines);
            office.posted(&DocumentInput { source_id: Some(advance), ..input })
        };
        settled(&[("2219", GOODS, "20", "")]);
        let told = || {
            ["Supplies and consumables", "Advances and financial assets recovered", "Total receipts", "Total payments"]
                .map(|row| figure(&desk, row))
        };
        assert_eq!(figure(&desk, "Advances and financial assets"), 100_000);
        assert_eq!((told(), without_cash(&desk)), ([0, 0, 0, 100_000], 20_000));
        let change = settled(&[("2219", GOODS, "65", ""), ("620201", "", "15", "")]);
        assert_eq!((told(), without_cash(&desk)), ([0, 15_000, 15_000, 100_000], 85_000));
        let back = office.reverse(change).unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        office.authorise(&office.director, back).unwrap();
        assert_eq!((told(), without_cash(&desk)), ([0, 0, 0, 100_000], 20_000));
    });
}

#[test]
fn what_no_budget_bears_is_paid_as_what_its_document_debits() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let lines =
            [("2219", GOODS, "300", ""), ("1421", "", "40", ""), ("620803", "", "60", ""), ("1431", "", "", "10")];
        let voucher = desk.voucher_by(PayMethod::Transfer, &lines);
        let run = desk.sent(&[voucher]);
        desk.execute(run, &[]).unwrap();
        let told = || {
            assert_eq!(without_cash(&desk), 0);
            [
                "Supplies and consumables",
                "Refunds of revenue",
                "Advances and financial assets",
                "Payables and deposits paid",
                "Other receipts",
                "Increase (decrease) in cash",
            ]
            .map(|row| figure(&desk, row))
        };
        assert_eq!(told(), [300_000, 40_000, 60_000, 0, 10_000, -390_000]);
        desk.give_back(run, &[desk.items(run)[0].id]).unwrap();
        assert_eq!(told(), [0; 6]);
    });
}

#[test]
fn a_clock_that_was_put_back_takes_nothing_off_a_past_day() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let told = |what: What, name: &str| {
            let query = ReportQuery { to: Some(day("2026-10-25")), ..ReportQuery::default() };
            let report = desk.db().read_now(|tx| reports::run(tx, &desk.payer, &what, &query, 100)).unwrap();
            let is_it = |cell: &ReportCell| matches!(cell, ReportCell::Text(text) if text.en == name);
            let row = report.rows.into_iter().rev().find(|row| row.cells.iter().any(is_it)).unwrap();
            assert!(report.checks.iter().all(|check| check.difference() == 0));
            row.cells
        };
        desk.office.posted(&desk.office.input(DocumentKind::Commitment, &[("", GOODS, "70", "")]));
        let all = || {
            let statement = |code: &str| What::Statement(code.to_owned());
            let open = What::Open("commitments".to_owned());
            [(statement("execution"), "Total expenditure"), (What::Position, "Total"), (open, "Total")]
                .map(|(what, name)| told(what, name))
        };
        let before = all();
        assert!(before.iter().flatten().any(|cell| *cell == ReportCell::Amount(70_000)));
        test.clock().advance(TimeDelta::hours(-1));
        assert_eq!(all(), before);
    });
}
