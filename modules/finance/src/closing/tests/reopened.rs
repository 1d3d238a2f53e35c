//! What becomes of a period whose reopening ends by itself: it is what it was, and no close is got that way.

use chrono::TimeDelta;
use diwan_db::Violation;
use diwan_finance_api::{DocumentKind, PeriodState};
use diwan_kernel::Permission;
use diwan_testkit::{TestDb, both};

use super::desk::Desk;
use crate::{
    documents::tests::office::refusal,
    ledger::tests::books::{act, sql},
    structure::periods,
};

/// October is closed softly.
fn soften(desk: &Desk) {
    let period = desk.period(10);
    let to = PeriodState::SoftClosed;
    act(desk.db(), &desk.closer, |tx| periods::close(tx, &desk.closer, period.id, period.version, to)).unwrap();
}

/// The hour of a reopening passes.
fn pass(test: &TestDb) {
    test.clock().advance(TimeDelta::hours(3));
}

/// Runs the job; answers how many periods it found.
fn end(desk: &Desk) -> usize {
    act(desk.db(), &desk.closer, periods::end_reopenings).unwrap()
}

#[test]
fn what_was_softly_closed_is_so_again_and_still_asks_for_all_that_a_close_asks_for() {
    both(|test| {
        let desk = Desk::on(test.db());
        let office = &desk.office;
        desk.close_to(9);
        desk.rule("1", Permission::FinancePrepare, false);
        soften(&desk);
        desk.reopen(10).unwrap();
        desk.receipt("3");
        let late = office.ready(&office.input(DocumentKind::Receipt, &[("1421", "", "", "5")]));
        pass(&test);
        // Before the job has run, too: journal vouchers alone.
        assert_eq!(refusal(office.authorise(&office.director, late)), "period_closed");
        let journal = [("1421", "", "5", ""), ("1442", "", "", "5")];
        office.posted(&office.input(DocumentKind::JournalVoucher, &journal));
        assert_eq!((desk.state(10).as_str(), end(&desk), end(&desk)), ("open", 1, 0));
        assert_eq!(desk.state(10), "soft_closed");
        assert_eq!(refusal(desk.close(10)), "closing_blocked");

        // Softly closed by hand under a reopening, and opened once more.
        desk.reopen(10).unwrap();
        soften(&desk);
        desk.reopen(10).unwrap();
        let [september, by] = [desk.period(9).id, desk.closer.user_id];
        for (statement, expected) in [
            ("UPDATE period_reopenings SET was = 'closed' WHERE ended_at IS NULL".to_owned(), Violation::Immutable),
            (
                format!(
                    "INSERT INTO period_reopenings (period_id, reason, opened_by, opened_at, until_at, was)
                    VALUES ({september}, 'x', {by}, '2026-11-01 08:00:00', '2026-11-02 08:00:00', 'soft_closed')"
                ),
                Violation::Ledger,
            ),
        ] {
            assert_eq!(sql(desk.db(), &statement).unwrap_err().violation(), Some(expected), "{statement}");
        }
        pass(&test);
        assert_eq!((end(&desk), desk.state(10).as_str()), (1, "soft_closed"));
        // Nor is it said to have been closed, where no reopening that ends there says so.
        let october = desk.period(10).id;
        let closed = format!(
            "INSERT INTO period_reopenings (period_id, reason, opened_by, opened_at, until_at, was)
            VALUES ({october}, 'x', {by}, '2026-11-01 08:00:00', '2026-11-02 08:00:00', 'closed')"
        );
        assert_eq!(sql(desk.db(), &closed).unwrap_err().violation(), Some(Violation::Ledger));
    });
}

#[test]
fn what_closed_by_itself_is_sealed_with_its_sign_offs_given_anew() {
    both(|test| {
        let desk = Desk::on(test.db());
        let clerk = &desk.office.clerk;
        desk.key();
        desk.close_to(9);
        for number in 1..=9 {
            desk.seal(&desk.chief, number).unwrap();
        }
        let rule = desk.rule("1", Permission::FinancePrepare, false);
        desk.sign(clerk, 10, rule).unwrap();
        desk.close(10).unwrap();
        assert!(desk.cockpit(&desk.chief, 10).may_seal);
        assert_eq!(refusal(desk.sign(clerk, 10, rule)), "sign_off in closed");
        desk.reopen(10).unwrap();
        // A soft close under it is no way around its hour.
        soften(&desk);
        // Nor is a soft close with a second reopening.
        desk.reopen(10).unwrap();
        assert_eq!(desk.state(10), "open");
        pass(&test);
        assert_eq!((end(&desk), desk.state(10).as_str()), (1, "closed"));

        assert!(!desk.cockpit(&desk.chief, 10).may_seal);
        assert_eq!(refusal(desk.seal(&desk.chief, 10)), "sign_offs_missing");
        assert!(desk.cockpit(clerk, 10).sign_offs[0].may_sign);
        desk.sign(clerk, 10, rule).unwrap();
        assert_eq!(refusal(desk.sign(clerk, 10, rule)), "signed_already");
        assert!(desk.cockpit(&desk.chief, 10).may_seal);
        assert_eq!(desk.seal(&desk.chief, 10).unwrap().state, PeriodState::Sealed);
    });
}
