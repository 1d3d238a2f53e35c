//! Words of closed sets in tables that people bring and take: the code, the Arabic or the English word.

use diwan_finance_api::{DocumentKind, PartyKind, SegmentKind, Side};
use diwan_platform::people::words::Word;

pub(crate) static SIDES: [Word<Side>; 2] =
    [(Side::Debit, ["debit", "مدين", "Debit"]), (Side::Credit, ["credit", "دائن", "Credit"])];

pub(crate) static PARTIES: [Word<PartyKind>; 4] = [
    (PartyKind::Supplier, ["supplier", "مورّد", "Supplier"]),
    (PartyKind::Payee, ["payee", "مستفيد", "Payee"]),
    (PartyKind::Employee, ["employee", "موظف", "Employee"]),
    (PartyKind::Government, ["government", "جهة حكومية", "Government"]),
];

pub(crate) static SEGMENTS: [Word<SegmentKind>; 6] = [
    (SegmentKind::Chapter, ["chapter", "فصل", "Chapter"]),
    (SegmentKind::Programme, ["programme", "برنامج", "Programme"]),
    (SegmentKind::Activity, ["activity", "نشاط أو مشروع", "Activity or project"]),
    (SegmentKind::Fund, ["fund", "مصدر التمويل", "Fund"]),
    (SegmentKind::Location, ["location", "الموقع", "Location"]),
    (SegmentKind::Item, ["item", "بند", "Item"]),
];

pub(crate) static DOCUMENTS: [Word<DocumentKind>; 16] = [
    (DocumentKind::BudgetLaw, ["budget_law", "قانون الموازنة", "Budget law"]),
    (DocumentKind::Supplementary, ["supplementary", "ملحق موازنة", "Supplementary budget"]),
    (DocumentKind::Virement, ["virement", "مناقلة", "Virement"]),
    (DocumentKind::FinancialOrder, ["financial_order", "أمر مالي", "Financial order"]),
    (DocumentKind::Release, ["release", "حوالة مالية", "Release"]),
    (DocumentKind::Freeze, ["freeze", "تجميد مخصصات", "Freeze"]),
    (DocumentKind::Commitment, ["commitment", "مستند التزام", "Commitment"]),
    (DocumentKind::JournalVoucher, ["journal_voucher", "مستند قيد", "Journal voucher"]),
    (DocumentKind::PaymentVoucher, ["payment_voucher", "مستند صرف", "Payment voucher"]),
    (DocumentKind::Receipt, ["receipt", "سند قبض", "Receipt"]),
    (DocumentKind::Advance, ["advance", "سلفة", "Advance"]),
    (DocumentKind::AdvanceSettlement, ["advance_settlement", "تسديد سلفة", "Settlement of an advance"]),
    (DocumentKind::Deposit, ["deposit", "أمانات", "Deposit"]),
    (DocumentKind::DepositRefund, ["deposit_refund", "رد أمانات", "Refund of a deposit"]),
    (DocumentKind::BankNotice, ["bank_notice", "إشعار بنكي", "Bank notice"]),
    (DocumentKind::PaymentRun, ["payment_run", "دفعة صرف", "Payment run"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_words() {
        assert!(Side::ALL.iter().zip(&SIDES).all(|(a, (b, [code, ..]))| a == b && a.code() == *code));
        assert!(PartyKind::ALL.iter().zip(&PARTIES).all(|(a, (b, [code, ..]))| a == b && a.code() == *code));
        assert!(SegmentKind::ALL.iter().zip(&SEGMENTS).all(|(a, (b, [code, ..]))| a == b && a.code() == *code));
        assert!(DocumentKind::ALL.iter().zip(&DOCUMENTS).all(|(a, (b, [code, ..]))| a == b && a.code() == *code));
        assert_eq!((PartyKind::ALL.len(), DocumentKind::ALL.len()), (PARTIES.len(), DOCUMENTS.len()));
    }
}
