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

    /// Takes a posted document back; answers what reverses it.
    pub(super) fn reversed(&self, document: i64) -> i64 {
        let back = self.office.reverse(document).unwrap();
        self.office.submit(back).unwrap();
        self.office.certify(&self.office.staff, back).unwrap();
        self.office.authorise(&self.office.director, back).unwrap();
        back
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
        assert_eq!((desk.view(second).state, desk.balance("620201")), (PaymentRunState::Draft, -1_260_000));
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
fn what_a_document_gives_back_to_a_line_was_paid_before_and_each_is_paid_by_a_run_of_its_own() {
    both(|test| {
        let desk = Desk::on(test.db(), "500");
        let more = |kind| desk.office.input(kind, &[("", FUEL, "100", "")]);
        for kind in [DocumentKind::Supplementary, DocumentKind::FinancialOrder, DocumentKind::Release] {
            desk.office.posted(&more(kind));
        }
        let fuel = desk.voucher_by(PayMethod::Transfer, &[("2215", FUEL, "50", "")]);
        let stands = || (desk.line_cash(), desk.office.buckets(FUEL));
        // An invoice for goods that takes fuel of another one back: while that one is owed there is nothing to take back.
        let lines = [("2219", GOODS, "200", ""), ("2215", FUEL, "", "30")];
        let mixed = desk.office.ready(&desk.office.input(DocumentKind::PaymentVoucher, &lines));
        assert_eq!(refusal(desk.office.authorise(&desk.office.director, mixed)), "budget_short");
        let first = desk.sent(&[fuel]);
        desk.execute(first, &[]).unwrap();
        assert_eq!(stands(), ((600_000, 0, 50_000), [0, 0, 50_000, 0, 0, 0, 50_000]));
        desk.office.authorise(&desk.office.director, mixed).unwrap();
        assert_eq!(stands(), ((600_000, 0, 20_000), [0, 0, 80_000, 0, 0, 0, 20_000]));
        // What was paid and partly given back does not come back as a whole.
        assert_eq!(refusal(desk.give_back(first, &[desk.items(first)[0].id])), "cash_given_back");
        // The bank pays the rest of it on whatever day, and it may come back.
        let second = desk.sent(&[mixed]);
        assert_eq!(desk.line_cash(), (600_000, 200_000, 20_000));
        desk.execute(second, &[]).unwrap();
        assert_eq!(stands(), ((600_000, 0, 220_000), [0, 0, 80_000, 0, 0, 0, 20_000]));
        desk.give_back(second, &[desk.items(second)[0].id]).unwrap();
        assert_eq!(desk.line_cash(), (600_000, 0, 20_000));
        desk.reversed(mixed);
        assert_eq!(stands(), ((600_000, 0, 50_000), [0, 0, 50_000, 0, 0, 0, 50_000]));
    });
}

#[test]
fn what_is_given_back_and_was_paid_without_cash_of_its_line_frees_none() {
    both(|test| {
        let desk = Desk::on(test.db(), "500");
        // The bank itself took 40 of goods: paid, and of no release.
        desk.office.posted(&desk.office.input(DocumentKind::BankNotice, &[("2219", GOODS, "40", "")]));
        let more = |kind| desk.office.input(kind, &[("", FUEL, "100", "")]);
        for kind in [DocumentKind::Supplementary, DocumentKind::FinancialOrder, DocumentKind::Release] {
            desk.office.posted(&more(kind));
        }
        let run = desk.sent(&[desk.voucher("10")]);
        desk.execute(run, &[]).unwrap();
        let lines = [("2215", FUEL, "60", ""), ("2219", GOODS, "", "30")];
        let run = desk.sent(&[desk.voucher_by(PayMethod::Transfer, &lines)]);
        assert_eq!(desk.line_cash(), (600_000, 60_000, 0), "10 were used and no more");
        desk.execute(run, &[]).unwrap();
        assert_eq!(desk.line_cash(), (600_000, 0, 60_000));
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 980_000, 0, 0, 0, 20_000]);
    });
}

#[test]
fn a_reversal_takes_again_what_its_voucher_freed_and_no_more() {
    both(|test| {
        let desk = Desk::on(test.db(), "500");
        // Fuel has no release: what is paid of it was taken by the bank itself.
        for kind in [DocumentKind::Supplementary, DocumentKind::FinancialOrder] {
            desk.office.posted(&desk.office.input(kind, &[("", FUEL, "100", "")]));
        }
        for (account, key) in [("2219", GOODS), ("2215", FUEL)] {
            desk.office.posted(&desk.office.input(DocumentKind::BankNotice, &[(account, key, "40", "")]));
        }
        let run = desk.sent(&[desk.voucher("10")]);
        desk.execute(run, &[]).unwrap();
        let none = desk.voucher_by(PayMethod::Transfer, &[("2219", GOODS, "60", ""), ("2215", FUEL, "", "30")]);
        desk.reversed(none);
        assert_eq!(
            (desk.line_cash(), desk.office.buckets(FUEL)),
            ((500_000, 0, 10_000), [0, 0, 60_000, 0, 0, 0, 40_000])
        );

        let some = desk.voucher_by(PayMethod::Transfer, &[("2215", FUEL, "60", ""), ("2219", GOODS, "", "30")]);
        assert_eq!(desk.line_cash(), (500_000, 0, 0), "10 of 30 were used");
        let back = desk.reversed(some);
        assert_eq!(
            (desk.line_cash(), desk.office.buckets(GOODS)),
            ((500_000, 0, 10_000), [0, 0, 950_000, 0, 0, 0, 50_000])
        );
        for (statement, violation) in [
            ("UPDATE line_cash_freed SET amount = 30000".to_owned(), Violation::Immutable),
            ("DELETE FROM line_cash_freed".to_owned(), Violation::Immutable),
            (format!("INSERT INTO line_cash_freed SELECT {none}, line_id, 1 FROM line_cash"), Violation::Ledger),
            (format!("INSERT INTO line_cash_freed SELECT {back}, line_id, -1 FROM line_cash"), Violation::Ledger),
        ] {
            let error = sql(desk.db(), &statement).expect_err(&statement);
            assert_eq!(error.violation(), Some(violation), "{statement}: {error}");
        }
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
