//! What stands on paper of each kind, besides its lines.

use diwan_finance_api::{DocumentKind, DocumentPayment, FinanceDocument, PayMethod};
use diwan_kernel::Lang;
use diwan_platform::records::links;
use diwan_platform_api::records::LinkKind;
use diwan_testkit::both;

use super::body;
use crate::{
    documents::tests::office::{GOODS, Office},
    ledger::tests::books::{act, day},
};

/// All that is printed of a document between its head and its duties.
fn printed(from: &FinanceDocument) -> String {
    serde_json::to_string(&body(from, Lang::Ar, (("سند", "Voucher"), None), None)).unwrap()
}

fn holds(paper: &str, words: &[&str]) {
    for words in words {
        assert!(paper.contains(words), "no {words} in {paper}");
    }
}

#[test]
fn a_commitment_says_what_was_available_before_and_after_it() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let input = office.input(DocumentKind::Commitment, &[("", GOODS, "40", "")]);
        let draft = office.draft(&input).unwrap();
        assert!(!printed(&office.view(draft)).contains("المتاح قبله"), "a draft took nothing");
        let contract = office.posted(&input);
        holds(&printed(&office.view(contract)), &["المتاح قبله", "1,000.000", "المتاح بعده", "960.000"]);
    });
}

#[test]
fn a_receipt_says_who_paid_and_the_letters_it_goes_with() {
    both(|test| {
        let office = Office::on(test.db());
        let mut input = office.input(DocumentKind::Receipt, &[("1421", "", "", "20")]);
        input.details.payer = "محمد العبادي".to_owned();
        input.details.deposit_slip = "SL-77".to_owned();
        let receipt = office.posted(&input);
        let other = office.posted(&office.input(DocumentKind::Receipt, &[("1421", "", "", "5")]));
        let relates = LinkKind::RelatesTo;
        act(&office.db, &office.clerk, |tx| links::insert(tx, receipt, other, relates, office.clerk.user_id)).unwrap();
        let number = office.view(other).head.number.unwrap();
        let paper = printed(&office.view(receipt));
        holds(&paper, &["اسم الدافع", "محمد العبادي", "رقم قسيمة الإيداع", "SL-77", "مراسلات ووثائق ذات صلة", &number]);
    });
}

#[test]
fn advance_and_settlement_name_the_holder_and_the_day_and_a_refund_what_is_left() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let mut advance = office.input(DocumentKind::Advance, &[("620801", "", "100", "")]);
        advance.due_on = Some(day("2026-12-15"));
        let advance = office.posted(&advance);
        let said = ["صاحب السلفة", "شركة الأفق", "موعد التسديد", "2026-12-15"];
        holds(&printed(&office.view(advance)), &said);
        let mut settlement = office.input(DocumentKind::AdvanceSettlement, &[("2219", GOODS, "60", "")]);
        settlement.source_id = Some(advance);
        let settlement = office.posted(&settlement);
        holds(&printed(&office.view(settlement)), &said);

        let deposit = office.posted(&office.input(DocumentKind::Deposit, &[("630815", "", "", "400")]));
        let mut refund = office.input(DocumentKind::DepositRefund, &[("630815", "", "150", "")]);
        refund.source_id = Some(deposit);
        let refund = office.posted(&refund);
        holds(&printed(&office.view(refund)), &["المتبقي من الأمانة", "250.000 JOD"]);
    });
}

#[test]
fn what_pays_a_document_is_named_with_its_run_and_its_day() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let mut seen =
            office.view(office.posted(&office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "10", "")])));
        assert!(!printed(&seen).contains("مرجع الحوالة"), "nothing pays it yet");
        let paid = |method: PayMethod, number: &str, run: &str| {
            let (number, run) = (number.to_owned(), run.to_owned());
            Some(DocumentPayment { method, id: 1, number, run, on: Some(day("2026-11-01")) })
        };
        seen.payment = paid(PayMethod::Transfer, "PAY9-00001", "د/2026/1");
        holds(&printed(&seen), &["رقم دفعة الصرف", "د/2026/1", "مرجع الحوالة", "PAY9-00001", "2026-11-01"]);
        seen.payment = paid(PayMethod::Cheque, "A100", "");
        let paper = printed(&seen);
        holds(&paper, &["رقم شيك الصرف", "A100", "2026-11-01"]);
        assert!(!paper.contains("رقم دفعة الصرف"));
        seen.payment = paid(PayMethod::Cash, "C/1", "");
        holds(&printed(&seen), &["رقم الصرف النقدي", "C/1"]);
    });
}
