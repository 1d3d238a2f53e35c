//! Payments (المدفوعات): runs of transfers, cheques, cash, and the remittance of what was deducted.
//!
//! Amounts are minor units: `amount` of the currency named beside it, `base_amount` of the base currency (JOD). A document is
//! always paid as a whole: what is open of it. Refusals come as `code` with `args`, their texts are `err-<code>`.
//!
//! # Routes (under `/api`; R = `finance.read`, P = `finance.pay`, A = `finance.authorise`, X = export with `finance.read`)
//!
//! | method | path | right | input | output |
//! |---|---|---|---|---|
//! | GET | `/finance/payments/payable` | R | query [`PayableQuery`] | `Page<`[`PayableDocument`]`>` |
//! | GET | `/finance/payments/payable/export` | X | query [`PayableQuery`], `lang` | XLSX |
//! | GET | `/finance/payments/runs` | R | query [`PaymentRunQuery`] | `Page<`[`PaymentRunItem`]`>` |
//! | GET | `/finance/payments/runs/export` | X | query [`PaymentRunQuery`], `lang` | XLSX |
//! | POST | `/finance/payments/runs` | P | `Idempotency-Key`, [`PaymentRunInput`] | 201 [`PaymentRun`] |
//! | GET | `/finance/payments/runs/{id}` | R | | [`PaymentRun`], `ETag` |
//! | PUT | `/finance/payments/runs/{id}` | P | `If-Match`, [`PaymentRunInput`]; its bank account stays | [`PaymentRun`] |
//! | GET | `/finance/payments/runs/{id}/items` | R | query [`PaymentItemQuery`] | `Page<`[`PaymentItem`]`>` |
//! | GET | `/finance/payments/runs/{id}/items/export` | X | query [`PaymentItemQuery`], `lang` | XLSX |
//! | POST | `/finance/payments/runs/{id}/items` | P | [`AddPayments`] | [`AddedPayments`] |
//! | POST | `/finance/payments/runs/{id}/items/remove` | P | [`PaymentItems`] | [`PaymentRun`] |
//! | POST | `/finance/payments/runs/{id}/approve` | A | `If-Match` | [`PaymentRun`] |
//! | POST | `/finance/payments/runs/{id}/void` | P | `If-Match`, [`PaymentReason`]; the items are given back | [`PaymentRun`] |
//! | POST | `/finance/payments/runs/{id}/send` | P | `If-Match`; makes the files and keeps them | [`PaymentRun`] |
//! | GET | `/finance/payments/runs/{id}/file` | P | query [`TransferFileQuery`]; once sent | XML or CSV, always the same bytes |
//! | POST | `/finance/payments/runs/{id}/execute` | P | [`ExecutePayments`]; once sent | [`PaymentRun`] |
//! | POST | `/finance/payments/runs/{id}/reject` | P | [`ReturnPayments`]; the bank refused items of a sent run | [`PaymentRun`] |
//! | POST | `/finance/payments/runs/{id}/return` | P | [`ReturnPayments`]; executed items came back | [`PaymentRun`] |
//! | GET | `/finance/payments/runs/{id}/print?lang=` | R | | PDF |
//! | GET | `/finance/payments/deductions` | R | query [`DeductionQuery`] | `Vec<`[`DeductionBalance`]`>` |
//! | GET | `/finance/payments/deductions/export` | X | query [`DeductionQuery`], `lang` | XLSX |
//! | POST | `/finance/payments/deductions/remit` | `finance.prepare` | [`RemittanceInput`] | 201 [`DocumentStep`](crate::DocumentStep) of the draft voucher |
//! | GET | `/finance/cheques/books` | R | | `Vec<`[`ChequeBook`]`>` |
//! | POST | `/finance/cheques/books` | P | [`ChequeBookInput`] | 201 [`ChequeBook`] |
//! | POST | `/finance/cheques/books/{id}/close` | P | [`PaymentReason`]; its unused numbers are never issued | [`ChequeBook`] |
//! | POST | `/finance/cheques/books/{id}/spoil` | P | [`PaymentReason`]; the next number, spoilt | 201 [`Cheque`] |
//! | GET | `/finance/cheques` | R | query [`ChequeQuery`] | `Page<`[`Cheque`]`>` |
//! | GET | `/finance/cheques/export` | X | query [`ChequeQuery`], `lang` | XLSX |
//! | POST | `/finance/cheques` | P | `Idempotency-Key`, [`ChequeInput`]; documents: `/finance/payments/payable?method=cheque` | 201 [`Cheque`] |
//! | GET | `/finance/cheques/{id}` | R | | [`Cheque`] |
//! | POST | `/finance/cheques/{id}/hand-over` | P | [`ChequeStep`]; `note` is who took it | [`Cheque`] |
//! | POST | `/finance/cheques/{id}/clear` | P | [`ChequeStep`] | [`Cheque`] |
//! | POST | `/finance/cheques/{id}/unclear` | P | [`ChequeStep`]; `note` is the reason | [`Cheque`] |
//! | POST | `/finance/cheques/{id}/cancel` | P | [`ChequeStep`]; `note` is the reason | [`Cheque`] |
//! | POST | `/finance/cheques/{id}/stale` | P | [`ChequeStep`]; `note` is the reason | [`Cheque`] |
//! | GET | `/finance/cash/boxes` | R | | `Vec<`[`CashBox`]`>` that are active |
//! | GET | `/finance/cash` | R | query [`CashPaymentQuery`] | `Page<`[`CashPayment`]`>` |
//! | GET | `/finance/cash/export` | X | query [`CashPaymentQuery`], `lang` | XLSX |
//! | POST | `/finance/cash` | P | `Idempotency-Key`, [`CashPaymentInput`]; documents: `/finance/payments/payable?method=cash` | 201 [`CashPayment`] |
//! | GET | `/finance/cash/{id}` | R | | [`CashPayment`] |
//! | POST | `/finance/cash/{id}/cancel` | P | [`CashPaymentCancel`]; what it paid is open again | [`CashPayment`] |
//! | GET | `/finance/cash/{id}/print?lang=` | R | | PDF: the receipt to be signed |

mod cheques;
mod deductions;
mod dto;
mod in_cash;

use diwan_kernel::{Permission, Transition, codes};

pub use cheques::*;
pub use deductions::*;
pub use dto::*;
pub use in_cash::*;

codes! {
    /// Where a payment run stands (حالة دفعة الصرف).
    pub enum PaymentRunState {
        /// مسودة.
        Draft = "draft",
        /// معتمدة.
        Approved = "approved",
        /// مرسلة إلى البنك.
        Sent = "sent",
        /// منفذة: each of its items was executed or refused by the bank.
        Executed = "executed",
        /// ملغاة.
        Void = "void",
    }

    /// What is done with a payment run.
    pub enum PaymentRunAction {
        /// تعديل: its words, its items.
        Edit = "edit",
        /// اعتماد.
        Approve = "approve",
        /// إلغاء.
        Void = "void",
        /// إرسال إلى البنك.
        Send = "send",
        /// تنفيذ.
        Execute = "execute",
        /// رفض البنك.
        Reject = "reject",
        /// حوالة مرتجعة.
        Return = "return",
    }

    /// Where an item of a run stands (حالة الحوالة).
    pub enum PaymentItemState {
        /// بانتظار التنفيذ.
        Pending = "pending",
        /// منفذة.
        Executed = "executed",
        /// مرتجعة: it was executed and came back.
        Returned = "returned",
        /// رفضها البنك: it was sent and never executed.
        Rejected = "rejected",
        /// أُلغيت مع الدفعة.
        Released = "released",
    }

    /// What the bank is given (ملف الحوالات).
    pub enum TransferFormat {
        /// ISO 20022, pain.001.001.09.
        Pain = "pain",
        /// جدول CSV.
        Csv = "csv",
    }
}

use PaymentRunAction::{Approve, Edit, Execute, Reject, Return, Send};
use PaymentRunState::{Approved, Draft, Executed, Sent};

const fn step(
    from: PaymentRunState,
    action: PaymentRunAction,
    to: PaymentRunState,
    permission: Permission,
) -> Transition<PaymentRunState, PaymentRunAction> {
    Transition { from, action, to, permission: Some(permission) }
}

/// Where what leads. Executing and rejecting leave a run `sent` while some of its items are pending.
pub const PAYMENT_RUN_TRANSITIONS: &[Transition<PaymentRunState, PaymentRunAction>] = &[
    step(Draft, Edit, Draft, Permission::FinancePay),
    step(Draft, Approve, Approved, Permission::FinanceAuthorise),
    step(Draft, PaymentRunAction::Void, PaymentRunState::Void, Permission::FinancePay),
    step(Approved, PaymentRunAction::Void, PaymentRunState::Void, Permission::FinancePay),
    step(Approved, Send, Sent, Permission::FinancePay),
    step(Sent, Execute, Executed, Permission::FinancePay),
    step(Sent, Reject, Executed, Permission::FinancePay),
    step(Sent, Return, Sent, Permission::FinancePay),
    step(Executed, Return, Executed, Permission::FinancePay),
];

/// The most items of one run.
pub const PAYMENT_ITEMS_MAX: usize = 5_000;

impl PaymentItemState {
    /// Whether an item in this state holds what it pays: no other payment can take it.
    pub const fn holds(self) -> bool {
        matches!(self, Self::Pending | Self::Executed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached_and_only_the_last_ones_stay() {
        for state in PaymentRunState::ALL {
            let reached = PAYMENT_RUN_TRANSITIONS.iter().any(|step| step.to == *state);
            assert!(reached, "{state:?}");
            let left = PAYMENT_RUN_TRANSITIONS.iter().any(|step| step.from == *state && step.to != *state);
            assert_eq!(left, !matches!(state, Executed | PaymentRunState::Void), "{state:?}");
        }
    }
}
