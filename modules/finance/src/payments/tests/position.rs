//! What the position says of the cash of lines: released, ordered and used, left to pay, of any day.

use chrono::TimeDelta;
use diwan_db::Clock as _;
use diwan_finance_api::{DocumentKind, ExecutePayments, PayMethod, ReportCell, ReportQuery, ReturnPayments};
use diwan_testkit::{TestDb, both};

use super::desk::{Desk, TODAY};
use crate::{
    documents::tests::office::{FUEL, GOODS},
    ledger::tests::books::{act, day},
    payments,
    reports::{self, What},
};

/// What the position of a day says of all lines.
fn cash(desk: &Desk, query: ReportQuery) -> [i64; 3] {
    let query = ReportQuery { year: Some(2026), ..query };
    let report = desk.db().read_now(|tx| reports::run(tx, &desk.payer, &What::Position, &query, 100)).unwrap();
    let first = report.columns.iter().position(|column| column.heading.en == "Released").unwrap();
    let total = report.rows.last().unwrap();
    [0, 1, 2].map(|at| match &total.cells[first + at] {
        ReportCell::Amount(minor) => *minor,
        other => panic!("{other:?}"),
    })
}

fn on(desk: &Desk, to: &str) -> [i64; 3] {
    cash(desk, ReportQuery { to: Some(day(to)), ..ReportQuery::default() })
}

/// What is known now says the same as what is kept of the lines.
fn agrees(test: &TestDb, desk: &Desk, drawn: i64) {
    let (released, ordered, used) = desk.line_cash();
    assert_eq!(ordered + used, drawn);
    let kept = [released, drawn, released - drawn];
    let (to, known_at) = (Some(day("2026-12-31")), Some(test.clock().now()));
    assert_eq!(cash(desk, ReportQuery { to, ..ReportQuery::default() }), kept);
    assert_eq!(cash(desk, ReportQuery { to, known_at, ..ReportQuery::default() }), kept);
}

#[test]
fn what_is_left_of_releases_is_told_of_any_day() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        agrees(&test, &desk, 0);
        assert_eq!(on(&desk, "2026-10-19"), [0, 0, 0], "the day before the release");
        let run = desk.sent(&[desk.voucher("200"), desk.voucher("100")]);
        agrees(&test, &desk, 300_000);
        test.clock().advance(TimeDelta::days(2));
        let items = desk.items(run);
        let later = day("2026-11-03");
        let paid = ExecutePayments { on: later, items: vec![items[0].id] };
        act(desk.db(), &desk.payer, |tx| payments::execute(tx, &desk.payer, run, &paid)).unwrap();
        agrees(&test, &desk, 300_000);
        let back =
            |at: usize| ReturnPayments { on: later, items: vec![items[at].id], reason: "حساب مغلق".to_owned() };
        act(desk.db(), &desk.payer, |tx| payments::reject(tx, &desk.payer, run, &back(1))).unwrap();
        agrees(&test, &desk, 200_000);
        act(desk.db(), &desk.payer, |tx| payments::give_back(tx, &desk.payer, run, &back(0))).unwrap();
        agrees(&test, &desk, 0);
        assert_eq!(on(&desk, "2026-10-31"), [600_000, 0, 600_000]);
        assert_eq!(on(&desk, TODAY), [600_000, 300_000, 300_000], "approved and not heard of yet");
        assert_eq!(on(&desk, "2026-11-03"), [600_000, 0, 600_000]);
    });
}

#[test]
fn what_a_voucher_takes_back_of_a_line_is_left_to_pay_again() {
    both(|test| {
        let desk = Desk::on(test.db(), "500");
        let more = |kind| desk.office.input(kind, &[("", FUEL, "100", "")]);
        for kind in [DocumentKind::Supplementary, DocumentKind::FinancialOrder, DocumentKind::Release] {
            desk.office.posted(&more(kind));
        }
        let run = desk.sent(&[desk.voucher_by(PayMethod::Transfer, &[("2215", FUEL, "50", "")])]);
        desk.execute(run, &[]).unwrap();
        agrees(&test, &desk, 50_000);
        let lines = [("2219", GOODS, "200", ""), ("2215", FUEL, "", "30")];
        let mixed = desk.voucher_by(PayMethod::Transfer, &lines);
        agrees(&test, &desk, 20_000);
        let run = desk.sent(&[mixed]);
        agrees(&test, &desk, 220_000);
        desk.execute(run, &[]).unwrap();
        agrees(&test, &desk, 220_000);
    });
}

#[test]
fn what_was_paid_without_cash_and_is_given_back_leaves_nothing_more_to_pay() {
    both(|test| {
        let desk = Desk::on(test.db(), "500");
        desk.office.posted(&desk.office.input(DocumentKind::BankNotice, &[("2219", GOODS, "40", "")]));
        let more = |kind| desk.office.input(kind, &[("", FUEL, "100", "")]);
        for kind in [DocumentKind::Supplementary, DocumentKind::FinancialOrder, DocumentKind::Release] {
            desk.office.posted(&more(kind));
        }
        let pay = |voucher: i64| {
            let run = desk.sent(&[voucher]);
            desk.execute(run, &[]).unwrap();
        };
        pay(desk.voucher("10"));
        let lines = [("2215", FUEL, "60", ""), ("2219", GOODS, "", "30")];
        let mixed = desk.voucher_by(PayMethod::Transfer, &lines);
        agrees(&test, &desk, 0);
        pay(desk.voucher("60"));
        agrees(&test, &desk, 60_000);
        test.clock().advance(TimeDelta::days(1));
        desk.reversed(mixed);
        agrees(&test, &desk, 70_000);
        assert_eq!(on(&desk, TODAY), [600_000, 60_000, 540_000], "before it was reversed");
    });
}
