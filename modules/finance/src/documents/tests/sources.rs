//! What draws on another document: advances and deposits; and what the documents of the budget do.

use diesel::prelude::*;
use diwan_finance_api::DocumentKind;
use diwan_schema::finance::{line_cash, virement_rules};
use diwan_testkit::both;

use super::office::{FUEL, GOODS, MACHINES, Office, refusal};
use crate::ledger::tests::books::{act, day};

#[test]
fn an_advance_is_settled_and_no_new_one_is_given_before_an_overdue_one_is() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let mut input = office.input(DocumentKind::Advance, &[("620801", "", "300", "")]);
        input.due_on = Some(day("2026-10-31"));
        let advance = office.posted(&input);
        let seen = office.view(advance);
        assert_eq!((seen.to_settle, seen.to_pay), (300_000, 300_000));
        let again = office.draft(&input).unwrap();
        assert_eq!(refusal(office.submit(again)), "advance_overdue");

        // Spent 250, 50 brought back in cash.
        let lines = [("2219", GOODS, "250", ""), ("620202", "", "50", "")];
        let mut settlement = office.input(DocumentKind::AdvanceSettlement, &lines);
        let unnamed = office.draft(&settlement).unwrap();
        assert_eq!(refusal(office.submit(unnamed)), "source_id:required");
        settlement.source_id = Some(advance);
        office.posted(&settlement);
        assert_eq!(office.view(advance).to_settle, 0);
        assert_eq!(office.buckets(GOODS), [0, 0, 750_000, 0, 0, 0, 250_000], "what is settled is paid");
        office.submit(again).unwrap();
        let more = office.ready(&settlement);
        assert_eq!(refusal(office.authorise(&office.director, more)), "source_short");
    });
}

#[test]
fn a_deposit_is_given_back_up_to_what_is_left_of_it_and_from_its_own_account() {
    both(|test| {
        let office = Office::on(test.db());
        let deposit = office.posted(&office.input(DocumentKind::Deposit, &[("630815", "", "", "400")]));
        assert_eq!(office.view(deposit).to_settle, 400_000);
        let refund = |account: &str, amount: &str| {
            let mut input = office.input(DocumentKind::DepositRefund, &[(account, "", amount, "")]);
            input.source_id = Some(deposit);
            input
        };
        let part = office.ready(&refund("630815", "150"));
        office.authorise(&office.director, part).unwrap();
        assert_eq!((office.view(deposit).to_settle, office.view(part).to_pay), (250_000, 150_000));
        let other = office.draft(&refund("630819", "10")).unwrap();
        assert_eq!(refusal(office.submit(other)), "lines.0.account:not_of_source");
        let much = office.ready(&refund("630815", "251"));
        assert_eq!(refusal(office.authorise(&office.director, much)), "source_short");
        let mut strange = office.input(DocumentKind::DepositRefund, &[("630815", "", "1", "")]);
        strange.source_id = Some(deposit);
        strange.party_id = Some(office.employee);
        assert_eq!(refusal(office.draft(&strange)), "source_id:other_party");
    });
}

#[test]
fn a_virement_keeps_the_rules_of_its_year() {
    both(|test| {
        let office = Office::on(test.db());
        let law = [("", GOODS, "1000", ""), ("", FUEL, "1000", ""), ("", MACHINES, "1000", "")];
        office.posted(&office.input(DocumentKind::BudgetLaw, &law));
        let rule = |from: &str, to: &str, allowed: bool, percent: Option<i32>| {
            act(&office.db, &office.clerk, |tx| {
                Ok(diesel::insert_into(virement_rules::table)
                    .values((
                        (virement_rules::agency_id.eq(office.clerk.agency_id), virement_rules::from_item.eq(from)),
                        (virement_rules::to_item.eq(to), virement_rules::allowed.eq(allowed)),
                        (virement_rules::percent.eq(percent), virement_rules::reference.eq("المادة 7")),
                        (virement_rules::active_from.eq(day("2026-01-01")), virement_rules::version.eq(1_i64)),
                    ))
                    .execute(tx.conn())?)
            })
            .unwrap();
        };
        rule("6", "2", false, None);
        rule("22", "22", true, Some(10));
        let virement = |from: &str, to: &str, amount: &str| {
            let input = office.input(DocumentKind::Virement, &[("", from, "", amount), ("", to, amount, "")]);
            office.submit(office.draft(&input)?)
        };
        assert_eq!(refusal(virement(MACHINES, GOODS, "1")), "virement_barred");
        assert_eq!(refusal(virement(GOODS, FUEL, "100.001")), "virement_percent");
        let input = office.input(DocumentKind::Virement, &[("", GOODS, "", "60"), ("", FUEL, "60", "")]);
        office.posted(&input);
        assert_eq!((office.buckets(GOODS)[0], office.buckets(FUEL)[0]), (940_000, 1_060_000));
        assert_eq!(refusal(virement(GOODS, FUEL, "41")), "virement_percent", "what was taken before counts");
        virement(GOODS, FUEL, "40").unwrap();
        virement(FUEL, MACHINES, "500").unwrap();
        let lame = office.input(DocumentKind::Virement, &[("", GOODS, "", "60"), ("", FUEL, "59", "")]);
        assert_eq!(refusal(office.submit(office.draft(&lame).unwrap())), "unbalanced");
    });
}

#[test]
fn money_is_frozen_and_freed_and_cash_stays_within_what_is_allotted() {
    both(|test| {
        let office = Office::on(test.db());
        office.posted(&office.input(DocumentKind::BudgetLaw, &[("", GOODS, "1000", "")]));
        office.posted(&office.input(DocumentKind::FinancialOrder, &[("", GOODS, "700", "")]));
        office.posted(&office.input(DocumentKind::Freeze, &[("", GOODS, "400", "")]));
        assert_eq!(
            office.buckets(GOODS)[..3],
            [0, 400_000, 600_000],
            "first what has no order, then what is available"
        );
        office.posted(&office.input(DocumentKind::Freeze, &[("", GOODS, "", "150")]));
        assert_eq!(office.buckets(GOODS)[..3], [150_000, 250_000, 600_000]);
        office.posted(&office.input(DocumentKind::FinancialOrder, &[("", GOODS, "", "100")]));
        assert_eq!(office.buckets(GOODS)[..3], [250_000, 250_000, 500_000]);

        office.posted(&office.input(DocumentKind::Release, &[("", GOODS, "450", "")]));
        let more = office.ready(&office.input(DocumentKind::Release, &[("", GOODS, "50.001", "")]));
        assert_eq!(refusal(office.authorise(&office.director, more)), "release_over_allotment");
        office.posted(&office.input(DocumentKind::Release, &[("", GOODS, "", "400")]));
        let released: i64 = office
            .db
            .read_now(|tx| {
                Ok::<_, diwan_platform::Refusal>(line_cash::table.select(line_cash::released).first(tx.conn())?)
            })
            .unwrap();
        assert_eq!(released, 50_000);
    });
}

#[test]
fn journals_receipts_and_notices_count_at_once() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100"), (FUEL, "100")]);
        let receipt =
            office.posted(&office.input(DocumentKind::Receipt, &[("1421", "", "", "20"), ("1431", "", "", "5")]));
        assert_eq!(office.view(receipt).amount, 25_000);
        office.posted(&office.input(DocumentKind::BankNotice, &[("2229", GOODS, "1.250", "")]));
        assert_eq!(office.buckets(GOODS), [0, 0, 98_750, 0, 0, 0, 1_250]);
        // Booked on the wrong key, put right by a journal voucher.
        let journal = [("2229", GOODS, "", "1.250"), ("2215", FUEL, "1.250", "")];
        let journal = office.posted(&office.input(DocumentKind::JournalVoucher, &journal));
        assert_eq!(office.buckets(GOODS), [0, 0, 100_000, 0, 0, 0, 0]);
        assert_eq!(office.buckets(FUEL), [0, 0, 98_750, 0, 0, 0, 1_250]);
        let back = office.reverse(journal).unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        office.authorise(&office.director, back).unwrap();
        assert_eq!(office.buckets(GOODS), [0, 0, 98_750, 0, 0, 0, 1_250]);
        assert_eq!(office.buckets(FUEL), [0, 0, 100_000, 0, 0, 0, 0]);
        // More deducted than there is to pay.
        let lines = [("2219", GOODS, "1", ""), ("630811", "", "", "2")];
        let lame = office.draft(&office.input(DocumentKind::PaymentVoucher, &lines)).unwrap();
        assert_eq!(refusal(office.submit(lame)), "net_negative");
    });
}
