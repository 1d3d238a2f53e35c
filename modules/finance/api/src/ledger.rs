//! The general ledger (الأستاذ العام): what is posted.

use diwan_kernel::codes;

codes! {
    /// What an entry was made by (نوع المستند).
    pub enum DocumentKind {
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
