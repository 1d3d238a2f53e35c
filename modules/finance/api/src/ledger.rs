//! The general ledger (الأستاذ العام): what is posted.

use diwan_kernel::codes;

codes! {
    /// A kind of document (نوع المستند). Its code is that of its record.
    pub enum DocumentKind {
        /// قانون الموازنة.
        BudgetLaw = "budget_law",
        /// ملحق.
        Supplementary = "supplementary",
        /// مناقلة.
        Virement = "virement",
        /// أمر مالي.
        FinancialOrder = "financial_order",
        /// حوالة مالية.
        Release = "release",
        /// تجميد.
        Freeze = "freeze",
        /// مستند التزام.
        Commitment = "commitment",
        /// مستند قيد.
        JournalVoucher = "journal_voucher",
        /// مستند صرف.
        PaymentVoucher = "payment_voucher",
        /// سند قبض.
        Receipt = "receipt",
        /// سلفة.
        Advance = "advance",
        /// تسديد سلفة.
        AdvanceSettlement = "advance_settlement",
        /// أمانات.
        Deposit = "deposit",
        /// رد أمانات.
        DepositRefund = "deposit_refund",
        /// إشعار.
        BankNotice = "bank_notice",
        /// دفعة صرف.
        PaymentRun = "payment_run",
    }
}
