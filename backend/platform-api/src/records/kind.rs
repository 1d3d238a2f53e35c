//! What a record is, what it is called and where it is shown.

use diwan_kernel::{Permission, codes};

codes! {
    /// What a record is.
    pub enum RecordKind {
        /// كتاب صادر.
        Outgoing = "outgoing",
        /// كتاب وارد.
        Incoming = "incoming",
        /// مذكرة داخلية.
        InternalMemo = "internal_memo",
        /// وثيقة.
        Document = "document",
        /// قانون الموازنة.
        BudgetLaw = "budget_law",
        /// ملحق موازنة.
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
        /// مستند صرف.
        PaymentVoucher = "payment_voucher",
        /// سند قبض.
        Receipt = "receipt",
        /// مستند قيد.
        JournalVoucher = "journal_voucher",
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
        /// تسوية بنكية.
        Reconciliation = "reconciliation",
    }
}

impl RecordKind {
    /// Its name in Arabic and English, for sheets and prints.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Outgoing => ("كتاب صادر", "Outgoing letter"),
            Self::Incoming => ("كتاب وارد", "Incoming letter"),
            Self::InternalMemo => ("مذكرة داخلية", "Internal memo"),
            Self::Document => ("وثيقة", "Document"),
            Self::BudgetLaw => ("قانون الموازنة", "Budget law"),
            Self::Supplementary => ("ملحق موازنة", "Supplementary budget"),
            Self::Virement => ("مناقلة", "Virement"),
            Self::FinancialOrder => ("أمر مالي", "Financial order"),
            Self::Release => ("حوالة مالية", "Release"),
            Self::Freeze => ("تجميد مخصصات", "Freeze"),
            Self::Commitment => ("مستند التزام", "Commitment"),
            Self::PaymentVoucher => ("مستند صرف", "Payment voucher"),
            Self::Receipt => ("سند قبض", "Receipt"),
            Self::JournalVoucher => ("مستند قيد", "Journal voucher"),
            Self::Advance => ("سلفة", "Advance"),
            Self::AdvanceSettlement => ("تسديد سلفة", "Advance settlement"),
            Self::Deposit => ("أمانات", "Deposit"),
            Self::DepositRefund => ("رد أمانات", "Deposit refund"),
            Self::BankNotice => ("إشعار بنكي", "Bank notice"),
            Self::PaymentRun => ("دفعة صرف", "Payment run"),
            Self::Reconciliation => ("تسوية بنكية", "Bank reconciliation"),
        }
    }

    /// The right that preparing one takes: its files are attached with it.
    pub const fn prepared_with(self) -> Permission {
        match self {
            Self::Outgoing | Self::Incoming | Self::InternalMemo => Permission::LettersDraft,
            Self::Document => Permission::ArchiveFile,
            Self::BudgetLaw
            | Self::Supplementary
            | Self::Virement
            | Self::FinancialOrder
            | Self::Release
            | Self::Freeze => Permission::FinanceBudget,
            Self::Commitment
            | Self::PaymentVoucher
            | Self::Receipt
            | Self::JournalVoucher
            | Self::Advance
            | Self::AdvanceSettlement
            | Self::Deposit
            | Self::DepositRefund
            | Self::BankNotice => Permission::FinancePrepare,
            Self::PaymentRun => Permission::FinancePay,
            Self::Reconciliation => Permission::FinanceReconcile,
        }
    }

    /// Whether it is a letter (كتاب) of any direction.
    pub const fn is_letter(self) -> bool {
        matches!(self, Self::Outgoing | Self::Incoming | Self::InternalMemo)
    }

    /// The address of a record of this kind in the UI.
    pub fn page(self, id: i64) -> String {
        match self {
            Self::Document => format!("/archive/{id}"),
            Self::Reconciliation => format!("/finance/bank/reconciliations/{id}"),
            Self::PaymentRun => format!("/finance/payments/{id}"),
            kind if kind.is_letter() => format!("/letters/{id}"),
            _ => format!("/finance/documents/{id}"),
        }
    }
}
