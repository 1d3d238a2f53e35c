//! Cash that approved runs have ordered: nobody else pays with it, execution uses it, and every other way gives it back.

use std::sync::atomic::{AtomicUsize, Ordering};

use diwan_db::Violation;
use diwan_finance_api::{DocumentKind, PayMethod, PaymentRunState};
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::desk::Desk;
use crate::{
    documents::tests::office::{FUEL, GOODS, refusal},
    ledger::tests::books::sql,
};

impl Desk {
    /// A draft run of one new voucher.
    fn run_of(&self, amount: &str) -> i64 {
        let run = self.begin();
        assert_eq!(self.add(run, &[self.voucher(amount)]).added, 1);
        run
    }
}

#[test]
fn who_pays_finds_taken_what_a_run_has_ordered() {
    both(|test| {
        let desk = Desk::on(test.db(), "300");
        let (first, second) = (desk.run_of("200"), desk.run_of("200"));
        assert_eq!(desk.line_cash(), (300_000, 0, 0), "a draft orders nothing");
        desk.approve(&desk.office.director, first).unwrap();
        assert_eq!(desk.line_cash(), (300_000, 200_000, 0));
        assert_eq!(refusal(desk.approve(&desk.office.director, second)), "cash_short");
        let by = |method: PayMethod, amount: &str| desk.voucher_by(method, &[("2219", GOODS, amount, "")]);
        let (book, cash_box) = (desk.book("", (1, 9)).unwrap(), desk.cash_box());
        assert_eq!(refusal(desk.issue(book, by(PayMethod::Cheque, "100.001"))), "cash_short");
        assert_eq!(refusal(desk.hand_out(cash_box, by(PayMethod::Cash, "100.001"))), "cash_short");
        desk.issue(book, by(PayMethod::Cheque, "60")).unwrap();
        desk.hand_out(cash_box, by(PayMethod::Cash, "40")).unwrap();
        assert_eq!(desk.line_cash(), (300_000, 200_000, 100_000));
        assert_eq!(refusal(desk.hand_out(cash_box, by(PayMethod::Cash, "0.001"))), "cash_short");
        // Whatever others paid meanwhile: what was ordered is there for its run.
        desk.send(first).unwrap();
        desk.execute(first, &[]).unwrap();
        assert_eq!(desk.line_cash(), (300_000, 0, 300_000));
        assert_eq!((desk.view(second).state, desk.balance("620201")), (PaymentRunState::Draft, -260_000));
    });
}

#[test]
fn every_way_back_frees_what_was_ordered() {
    both(|test| {
        let desk = Desk::on(test.db(), "300");
        let (given_up, waiting) = (desk.run_of("300"), desk.run_of("250"));
        desk.approve(&desk.office.director, given_up).unwrap();
        desk.void(given_up).unwrap();
        assert_eq!(desk.line_cash(), (300_000, 0, 0), "given up before it is sent");
        desk.void(waiting).unwrap();
        assert_eq!(desk.line_cash(), (300_000, 0, 0), "a draft had ordered nothing");

        let run = desk.begin();
        desk.add(run, &["120", "80", "100"].map(|amount| desk.voucher(amount)));
        desk.approve(&desk.office.director, run).unwrap();
        desk.send(run).unwrap();
        assert_eq!(desk.line_cash(), (300_000, 300_000, 0));
        let items = desk.items(run);
        desk.reject(run, &[items[0].id]).unwrap();
        assert_eq!(desk.line_cash(), (300_000, 180_000, 0), "refused by the bank");
        desk.execute(run, &[items[1].id]).unwrap();
        assert_eq!(desk.line_cash(), (300_000, 100_000, 80_000), "paid in part");
        desk.give_back(run, &[items[1].id]).unwrap();
        assert_eq!(desk.line_cash(), (300_000, 100_000, 0), "returned by the bank");
        desk.reject(run, &[items[2].id]).unwrap();
        assert_eq!((desk.line_cash(), desk.view(run).state), ((300_000, 0, 0), PaymentRunState::Executed));
        let again = desk.sent(&[items[0].document_id, items[1].document_id, items[2].document_id]);
        desk.execute(again, &[]).unwrap();
        assert_eq!(desk.line_cash(), (300_000, 0, 300_000));
    });
}

#[test]
fn what_a_document_gives_back_to_a_line_is_not_ordered_of_it() {
    both(|test| {
        let desk = Desk::on(test.db(), "500");
        let more = |kind| desk.office.input(kind, &[("", FUEL, "100", "")]);
        for kind in [DocumentKind::Supplementary, DocumentKind::FinancialOrder, DocumentKind::Release] {
            desk.office.posted(&more(kind));
        }
        let fuel = desk.voucher_by(PayMethod::Transfer, &[("2215", FUEL, "50", "")]);
        // An invoice for goods that takes fuel of another one back.
        let lines = [("2219", GOODS, "200", ""), ("2215", FUEL, "", "30")];
        let mixed = desk.voucher_by(PayMethod::Transfer, &lines);
        let run = desk.sent(&[fuel, mixed]);
        assert_eq!(desk.line_cash(), (600_000, 250_000, 0));
        desk.execute(run, &[]).unwrap();
        assert_eq!(desk.line_cash(), (600_000, 0, 220_000));
    });
}

#[test]
fn runs_that_are_approved_at_once_order_no_more_than_is_released() {
    both(|test| {
        const RUNS: usize = 8;
        let desk = Desk::on(test.db(), "300");
        let runs: Vec<i64> = (0..RUNS).map(|_| desk.run_of("100")).collect();
        let (approved, short) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for run in &runs {
                let (desk, approved, short) = (&desk, &approved, &short);
                scope.spawn(move || match desk.approve(&desk.office.director, *run) {
                    Ok(()) => approved.fetch_add(1, Ordering::SeqCst),
                    Err(Refusal::Rule { code: "cash_short", .. }) => short.fetch_add(1, Ordering::SeqCst),
                    Err(other) => panic!("{other}"),
                });
            }
        });
        assert_eq!((approved.into_inner(), short.into_inner()), (3, RUNS - 3));
        assert_eq!(desk.line_cash(), (300_000, 300_000, 0));
        // The bank pays what was approved, and all of it is booked.
        for run in runs.into_iter().filter(|run| desk.view(*run).state == PaymentRunState::Approved) {
            desk.send(run).unwrap();
            desk.execute(run, &[]).unwrap();
        }
        assert_eq!((desk.line_cash(), desk.balance("620201")), ((300_000, 0, 300_000), -300_000));
    });
}

#[test]
fn a_run_that_ordered_more_than_its_line_could_keep_pays_with_the_next_release() {
    both(|test| {
        let desk = Desk::on(test.db(), "300");
        let run = desk.run_of("200");
        desk.approve(&desk.office.director, run).unwrap();
        desk.send(run).unwrap();
        // As of a run that was approved before orders held cash: others had ordered the rest.
        sql(desk.db(), "UPDATE line_cash SET ordered = 50000, used = 250000").unwrap();
        assert_eq!(refusal(desk.execute(run, &[])), "cash_short");
        desk.office.posted(&desk.office.input(DocumentKind::Release, &[("", GOODS, "150", "")]));
        desk.execute(run, &[]).unwrap();
        assert_eq!(desk.line_cash(), (450_000, 0, 450_000));
    });
}

#[test]
fn invariant_10_the_database_keeps_what_is_ordered_within_the_releases() {
    both(|test| {
        let desk = Desk::on(test.db(), "300");
        desk.approve(&desk.office.director, desk.run_of("200")).unwrap();
        for statement in [
            "UPDATE line_cash SET ordered = released + 1",
            "UPDATE line_cash SET used = 100001",
            "UPDATE line_cash SET ordered = -1",
        ] {
            let error = sql(desk.db(), statement).expect_err(statement);
            assert_eq!(error.violation(), Some(Violation::Check), "{statement}: {error}");
        }
        assert_eq!(desk.line_cash(), (300_000, 200_000, 0));
    });
}
