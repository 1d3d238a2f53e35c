//! Deductions: what vouchers kept back, what is left of it to remit, and the voucher that remits it.

use diwan_finance_api::{DeductionBalance, DeductionQuery, DocumentNote, PayMethod, RemittanceInput};
use diwan_platform::Outcome;
use diwan_testkit::both;

use super::desk::Desk;
use crate::{
    documents::{
        self,
        tests::office::{GOODS, refusal},
    },
    ledger::tests::books::{act, day},
    payments,
};

impl Desk {
    fn deductions(&self, open: bool) -> Vec<DeductionBalance> {
        let query = DeductionQuery { open: Some(open), ..DeductionQuery::default() };
        self.db().read_now(|tx| payments::deductions(tx, &self.payer, &query)).unwrap()
    }

    fn remit(&self, account_id: i64, whose: Option<i64>) -> Outcome<i64> {
        let input = RemittanceInput {
            account_id,
            deducted_from_id: whose,
            month: day("2026-10-31"),
            party_id: self.office.supplier,
            method: PayMethod::Transfer,
            on: None,
        };
        act(self.db(), &self.office.clerk, |tx| payments::remit(tx, &self.office.clerk, &input))
    }

    /// A posted voucher of 100 dinars that keeps this much back.
    fn keeping(&self, account: &str, amount: &str) -> i64 {
        self.voucher_by(PayMethod::Transfer, &[("2219", GOODS, "100", ""), (account, "", "", amount)])
    }

    fn approve_document(&self, id: i64) {
        self.office.submit(id).unwrap();
        self.office.certify(&self.office.staff, id).unwrap();
        self.office.authorise(&self.office.director, id).unwrap();
    }
}

#[test]
fn what_was_kept_back_is_remitted_once() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let first = desk.keeping("630811", "5");
        desk.keeping("630811", "7.5");
        let open = desk.deductions(true);
        let [tax] = &open[..] else { panic!() };
        assert_eq!((tax.account.code.as_str(), tax.month), ("630811", day("2026-10-01")));
        assert_eq!((tax.deducted, tax.remitted, tax.open, tax.party.is_none()), (12_500, 0, 12_500, true));
        let account = tax.account.id;
        let clerk = &desk.office.clerk;
        let remittance = desk.remit(account, None).unwrap();
        assert_eq!(refusal(desk.remit(account, None)), "nothing_to_remit", "a draft counts");
        assert!(desk.deductions(true).is_empty());
        let version = desk.office.view(remittance).head.version;
        let note = DocumentNote { note: Some("خطأ".to_owned()), ..DocumentNote::default() };
        act(desk.db(), clerk, |tx| documents::void(tx, clerk, remittance, version, &note)).unwrap();
        assert_eq!(desk.deductions(true)[0].open, 12_500, "one that is void does not");

        let remittance = desk.remit(account, None).unwrap();
        let seen = desk.office.view(remittance);
        assert_eq!((seen.amount, seen.lines.len(), seen.lines[0].amount), (12_500, 1, 12_500));
        desk.approve_document(remittance);
        assert_eq!((desk.open(remittance), desk.balance("630811")), (12_500, 0));
        let rows = desk.deductions(false);
        assert_eq!((rows.len(), rows[0].open, rows[0].remittances.len()), (1, 0, 1));
        let run = desk.sent(&[remittance]);
        desk.execute(run, &[]).unwrap();
        assert_eq!((desk.balance("620201"), desk.used()), (-12_500, 0), "remitting spends no budget again");

        // A voucher that is reversed kept nothing back.
        let reversal = desk.office.reverse(first).unwrap();
        desk.approve_document(reversal);
        let rows = desk.deductions(true);
        assert_eq!((rows[0].deducted, rows[0].remitted, rows[0].open), (7_500, 12_500, -5_000));
    });
}

#[test]
fn what_left_its_account_otherwise_is_not_remitted_too() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        desk.keeping("630814", "10");
        let (account, supplier) = (desk.deductions(true)[0].account.id, Some(desk.office.supplier));
        // A part of the retention is released to the supplier.
        desk.voucher_by(PayMethod::Transfer, &[("630814", "", "4", "")]);
        let rows = desk.deductions(true);
        assert_eq!((rows.len(), rows[0].deducted, rows[0].remitted, rows[0].open), (1, 10_000, 0, 6_000));
        let remittance = desk.remit(account, supplier).unwrap();
        assert_eq!(desk.office.view(remittance).amount, 6_000);
        assert_eq!(refusal(desk.remit(account, supplier)), "nothing_to_remit");
        desk.approve_document(remittance);
        assert_eq!((desk.balance("630814"), desk.deductions(true).len()), (0, 0));
        assert_eq!(refusal(desk.remit(account, supplier)), "nothing_to_remit");
    });
}

#[test]
fn what_is_kept_of_a_party_is_told_apart() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        desk.keeping("630814", "10");
        let open = desk.deductions(true);
        let [kept] = &open[..] else { panic!() };
        assert_eq!(kept.party.as_ref().map(|party| party.id), Some(desk.office.supplier));
        let account = kept.account.id;
        assert_eq!(refusal(desk.remit(account, None)), "deducted_from_id:required");
        assert_eq!(refusal(desk.remit(account, Some(desk.office.employee))), "nothing_to_remit");
        assert_eq!(refusal(desk.remit(account, Some(999_999))), "deducted_from_id:unknown");
        assert_eq!(refusal(desk.remit(999_999, None)), "account_id:unknown");
        let remittance = desk.remit(account, Some(desk.office.supplier)).unwrap();
        desk.approve_document(remittance);
        assert_eq!((desk.balance("630814"), desk.deductions(true).len()), (0, 0));
        let input = RemittanceInput {
            account_id: account,
            deducted_from_id: None,
            month: day("2026-10-01"),
            party_id: desk.office.supplier,
            method: PayMethod::Transfer,
            on: None,
        };
        let refused = act(desk.db(), &desk.payer, |tx| payments::remit(tx, &desk.payer, &input));
        assert_eq!(refusal(refused), "finance.prepare");
    });
}
