//! What the sealed book says of payments in cash.

use diwan_finance_api::{CashPaymentCancel, CashPaymentInput, DocumentKind, PayMethod};
use diwan_kernel::Permission;
use diwan_testkit::{both, give_right};

use super::desk::Desk;
use crate::{
    closing::book::{cash::CashPayment, format::Line, verify},
    documents::tests::office::GOODS,
    ledger::tests::books::{act, day, sql},
    payments,
};

#[test]
fn cash_that_was_paid_and_taken_back_stands_in_the_book_of_its_month() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.key();
        let (db, office) = (desk.db(), &desk.office);
        office.allot(&[(GOODS, "5000")]);
        office.posted(&office.input(DocumentKind::Release, &[("", GOODS, "700", "")]));
        office.posted(&office.input(DocumentKind::Receipt, &[("1421", "", "", "1000")]));
        give_right(db, desk.closer.user_id, Permission::FinancePay);
        let payer = office.world.mof.actor(db, "head");
        let bank_account_id = desk.bank_account();
        sql(db, "UPDATE bank_accounts SET cash = TRUE").unwrap();
        let pay = |amount: &str| {
            let mut voucher = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, amount, "")]);
            voucher.method = PayMethod::Cash;
            let input = CashPaymentInput {
                bank_account_id,
                document_id: office.posted(&voucher),
                on: day("2026-11-01"),
                taken_by: "سمير المندوب".to_owned(),
                identity: "9871012345".to_owned(),
                note: String::new(),
            };
            act(db, &payer, |tx| payments::pay_cash(tx, &payer, &input)).unwrap()
        };
        let (_, back) = (pay("250"), pay("75"));
        let reason = CashPaymentCancel { on: day("2026-11-01"), reason: "خطأ".to_owned() };
        act(db, &payer, |tx| payments::cancel_cash(tx, &payer, back, &reason)).unwrap();
        desk.close_to(11);
        for number in 1..=11 {
            desk.seal(&desk.chief, number).unwrap();
        }
        let book = desk.book(11);
        let end = verify::book(book.as_slice()).unwrap().end;
        assert_eq!((end.entries, end.payments), (3, 2));
        let paid: Vec<CashPayment> = book
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .filter_map(|line| match serde_json::from_slice(line).unwrap() {
                Line::CashPayment(paid) => Some(paid),
                _ => None,
            })
            .collect();
        assert_eq!((paid[0].number, paid[0].amount, paid[0].state.as_str()), (1, 250_000, "paid"));
        assert_eq!((paid[0].taken_by.as_str(), paid[0].paid_by.id), ("سمير المندوب", payer.user_id));
        assert_eq!((paid[1].number, paid[1].state.as_str()), (2, "cancelled"));
        assert!(paid[0].return_entry.is_none() && paid[1].return_entry.is_some());
    });
}
