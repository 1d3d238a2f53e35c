//! What is taken back after a year is over comes back into that year: on no day of it is less there than nothing.

use diwan_finance_api::{
    ChequeBookInput, ChequeInput, ChequeStep, CommitmentDecision, DocumentInput, DocumentKind, DocumentNote, PayMethod,
};
use diwan_kernel::Permission;
use diwan_testkit::{both, give_right};

use super::year::{in_january, lived};
use crate::{
    documents::{
        self,
        tests::office::{GOODS, refusal},
    },
    ledger::tests::books::{act, day, least},
    payments,
};

#[test]
fn what_is_taken_back_after_a_year_was_there_on_its_last_day() {
    both(|test| {
        let (desk, _) = lived(&test);
        let office = &desk.office;
        let (wrong, other) = (desk.expense("40", "INV-8"), desk.expense("60", "INV-9"));
        in_january(&test);
        desk.close_to(12);
        desk.next_year();
        assert_eq!(refusal(office.reverse(wrong)), "reversal_other_year");
        let note = DocumentNote { complementary: true, ..office.note("مكرر") };
        let version = office.version(wrong);
        let back = act(desk.db(), &office.clerk, |tx| documents::reverse(tx, &office.clerk, wrong, version, &note));
        let back = back.unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        office.authorise(&office.director, back).unwrap();
        desk.begin();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&office.director).unwrap();
        assert_eq!(least(desk.db(), &[]), 0);
        let version = office.version(other);
        let back = act(desk.db(), &office.clerk, |tx| documents::reverse(tx, &office.clerk, other, version, &note));
        assert_eq!(refusal(back), "year_ended");
    });
}

/// A cheque of December comes back in January: the voucher was paid on the last day of its year, so it is not taken back on that
/// day. It is owed on, paid anew from the day on which the cheque came back, or given up once the year has ended.
#[test]
fn what_was_paid_when_its_year_ended_is_not_taken_back_into_it() {
    both(|test| {
        let (desk, _) = lived(&test);
        let office = &desk.office;
        give_right(desk.db(), desk.closer.user_id, Permission::FinancePay);
        let (payer, bank_account_id) = (office.world.mof.actor(desk.db(), "head"), desk.bank_account());
        office.posted(&office.input(DocumentKind::Release, &[("", GOODS, "500", "")]));
        let voucher = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "40", "")]);
        let voucher = office.posted(&DocumentInput { method: PayMethod::Cheque, ..voucher });
        in_january(&test);
        desk.next_year();
        let book = ChequeBookInput { bank_account_id, series: String::new(), first: 1, last: 9 };
        let book_id = act(desk.db(), &payer, |tx| payments::open_book(tx, &payer, &book)).unwrap();
        let issue = |on: &str| {
            let input = ChequeInput { book_id, document_id: voucher, on: day(on) };
            act(desk.db(), &payer, |tx| payments::issue(tx, &payer, &input))
        };
        let cheque = issue("2026-12-28").unwrap();
        let back = ChequeStep { on: day("2027-01-10"), note: "لم يُصرف".to_owned() };
        act(desk.db(), &payer, |tx| payments::cancel(tx, &payer, cheque, &back)).unwrap();
        assert_eq!(refusal(issue("2026-12-31")), "on:before_day", "it was paid then");

        desk.close_to(12);
        let note = DocumentNote { complementary: true, ..office.note("مكرر") };
        let version = office.version(voucher);
        let taken = act(desk.db(), &office.clerk, |tx| documents::reverse(tx, &office.clerk, voucher, version, &note));
        assert_eq!(refusal(taken), "paid_over_year_end");
        assert_eq!(refusal(office.reverse(voucher)), "paid_over_year_end");
        let mut given_up =
            office.input(DocumentKind::JournalVoucher, &[("630803", "", "40", ""), ("1442", "", "", "40")]);
        given_up.lines[0].party = "S1".to_owned();
        (given_up.source_id, given_up.effective_on) = (Some(voucher), day("2027-01-09"));
        let early = office.draft(&given_up).unwrap();
        assert_eq!(refusal(office.submit(early)), "paid_over_year_end", "only once the year is ended");
        desk.begin();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&office.director).unwrap();
        assert_eq!(refusal(office.submit(early)), "effective_on:before_day");
        office.posted(&DocumentInput { effective_on: day("2027-01-10"), ..given_up });
        assert_eq!(least(desk.db(), &[]), 0);
    });
}
