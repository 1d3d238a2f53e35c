//! Documents of finance (المستندات المالية): what each kind asks for, its states, and how it travels.

mod details;
mod dto;
mod form;
mod paid;

use diwan_kernel::{Permission, Transition, allowed, codes};

use crate::DocumentKind;

pub use details::*;
pub use dto::*;
pub use paid::*;

codes! {
    /// Where a document stands (حالة المستند).
    pub enum DocumentState {
        /// مسودة.
        Draft = "draft",
        /// قيد الاعتماد.
        InApproval = "in_approval",
        /// معاد للتصويب.
        Returned = "returned",
        /// مرحّل.
        Posted = "posted",
        /// مغلق: a commitment whose remainder was given back.
        Closed = "closed",
        /// معكوس.
        Reversed = "reversed",
        /// ملغى: it never counted.
        Void = "void",
    }

    /// What is done with a document.
    pub enum DocumentAction {
        /// تعديل.
        Edit = "edit",
        /// رفع للاعتماد.
        Submit = "submit",
        /// سحب.
        Withdraw = "withdraw",
        /// تدقيق.
        Certify = "certify",
        /// اعتماد وترحيل.
        Authorise = "authorise",
        /// إعادة للتصويب.
        Return = "return",
        /// إلغاء.
        Void = "void",
        /// عكس.
        Reverse = "reverse",
        /// إغلاق الالتزام.
        Close = "close",
        /// الالتزام بشريحة السنة: another commitment takes over what has fallen due of the slices.
        Slice = "slice",
    }

    /// A duty that a person does on a document; each is another person's (الفصل بين المهام).
    pub enum Duty {
        /// أعدّه.
        Prepare = "prepare",
        /// دقّقه.
        Certify = "certify",
        /// اعتمده (آمر الصرف).
        Authorise = "authorise",
    }

    /// How money changes hands (طريقة الدفع).
    pub enum PayMethod {
        /// حوالة بنكية.
        Transfer = "transfer",
        /// شيك.
        Cheque = "cheque",
        /// نقدًا.
        Cash = "cash",
        /// لا دفع: nothing changes hands.
        None = "none",
    }
}

use DocumentAction::{Authorise, Certify, Close, Edit, Return, Reverse, Submit, Void, Withdraw};
use DocumentState::{Closed, Draft, InApproval, Posted, Returned, Reversed};

const fn step(
    from: DocumentState,
    action: DocumentAction,
    to: DocumentState,
    permission: Option<Permission>,
) -> Transition<DocumentState, DocumentAction> {
    Transition { from, action, to, permission }
}

/// Where what leads. Preparing is the right of the kind ([`Shape::prepare`]), certifying and authorising are the task's and
/// the right's together.
pub const TRANSITIONS: &[Transition<DocumentState, DocumentAction>] = &[
    step(Draft, Edit, Draft, None),
    step(Returned, Edit, Returned, None),
    step(Draft, Submit, InApproval, None),
    step(Returned, Submit, InApproval, None),
    step(InApproval, Withdraw, Draft, None),
    step(InApproval, Certify, InApproval, Some(Permission::FinanceCertify)),
    step(InApproval, Authorise, Posted, Some(Permission::FinanceAuthorise)),
    step(InApproval, Return, Returned, None),
    step(Draft, Void, DocumentState::Void, None),
    step(Returned, Void, DocumentState::Void, None),
    step(Posted, Reverse, Reversed, Some(Permission::FinancePrepare)),
    step(Posted, Close, Closed, Some(Permission::FinanceBudget)),
    step(Posted, DocumentAction::Slice, Posted, None),
];

/// The move that an action makes, where the kind knows it: only commitments are closed and have slices, and only what is in the general
/// ledger is reversed.
pub fn document_step(
    kind: DocumentKind,
    state: DocumentState,
    action: DocumentAction,
) -> Option<&'static Transition<DocumentState, DocumentAction>> {
    match action {
        Close | DocumentAction::Slice if kind != DocumentKind::Commitment => None,
        Reverse if !kind.shape().accounts => None,
        action => allowed(TRANSITIONS, state, action),
    }
}

/// Which sides the lines of a kind stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// Debit only: what is given.
    Debit,
    /// Credit only: what is received for others.
    Credit,
    /// Debit, and credit for what is taken back.
    Both,
    /// Both, and the two sums are equal.
    Balanced,
}

/// What a kind of document asks for. The server checks by it and the form is drawn by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The right to prepare it.
    pub prepare: Permission,
    /// Its lines name accounts, and it makes an entry of the general ledger.
    pub accounts: bool,
    /// Its lines always name a key of the budget; where they do not, an account may still ask for one.
    pub keys: bool,
    /// Which sides its lines stand on.
    pub sides: Sides,
    /// It names a party as a whole.
    pub party: bool,
    /// The account that takes the difference of its lines, by its code in the ready chart; another may be chosen.
    pub counter: Option<&'static str>,
    /// The kind of document it draws on or whose claim it gives up, and whether it must.
    pub source: Option<(DocumentKind, bool)>,
    /// What it refers to must be said: the law, the invoice.
    pub reference: bool,
    /// What it refers to is an invoice: a supplier who is paid out of the budget names one, each once a year.
    pub invoice: bool,
    /// Money goes out for it later: how is asked, and what is to be paid is kept.
    pub pays: bool,
    /// The other documents draw on it until it is settled: a commitment, an advance, a deposit.
    pub settles: bool,
    /// What it is asked besides.
    pub details: &'static [Detail],
}

/// A document of the books that asks for nothing in particular.
const PLAIN: Shape = Shape {
    prepare: Permission::FinancePrepare,
    accounts: true,
    keys: false,
    sides: Sides::Both,
    party: false,
    counter: None,
    source: None,
    reference: false,
    invoice: false,
    pays: false,
    settles: false,
    details: &[],
};
/// What is asked of money that comes in.
const RECEIVED: &[Detail] = &[Detail::Payer, Detail::ReceivedAs, Detail::DepositSlip];
/// A document of the budget.
const BUDGET: Shape = Shape { prepare: Permission::FinanceBudget, accounts: false, keys: true, ..PLAIN };

impl DocumentKind {
    /// What this kind asks for.
    pub const fn shape(self) -> Shape {
        match self {
            Self::BudgetLaw => Shape { sides: Sides::Debit, reference: true, ..BUDGET },
            Self::Supplementary => Shape { reference: true, ..BUDGET },
            Self::Virement => Shape { sides: Sides::Balanced, details: &[Detail::LegalArticle], ..BUDGET },
            Self::FinancialOrder => Shape { details: &[Detail::OrderKind, Detail::LegalArticle], ..BUDGET },
            Self::Release | Self::Freeze => Shape { details: &[Detail::LegalArticle], ..BUDGET },
            Self::Commitment => Shape {
                prepare: Permission::FinancePrepare,
                sides: Sides::Debit,
                party: true,
                source: Some((Self::Commitment, false)),
                settles: true,
                details: &[Detail::Requester],
                ..BUDGET
            },
            Self::PaymentVoucher => Shape {
                party: true,
                counter: Some("630803"),
                source: Some((Self::Commitment, false)),
                invoice: true,
                pays: true,
                details: &[Detail::PurchaseOrder, Detail::GoodsReceipt],
                ..PLAIN
            },
            Self::Receipt => Shape { counter: Some("620201"), details: RECEIVED, ..PLAIN },
            // One gives up a claim of an ended year.
            Self::JournalVoucher => Shape {
                sides: Sides::Balanced,
                source: Some((Self::PaymentVoucher, false)),
                details: &[Detail::Reason, Detail::ReverseOn],
                ..PLAIN
            },
            Self::PaymentRun => Shape { sides: Sides::Balanced, ..PLAIN },
            Self::Advance => Shape {
                party: true,
                counter: Some("630803"),
                pays: true,
                settles: true,
                details: &[Detail::AdvanceKind, Detail::Guarantor],
                ..PLAIN
            },
            // What was spent and what came back: what a credit took off it would be settled and stand on the account.
            Self::AdvanceSettlement => Shape { sides: Sides::Debit, source: Some((Self::Advance, true)), ..PLAIN },
            Self::Deposit => Shape {
                sides: Sides::Credit,
                party: true,
                counter: Some("620204"),
                settles: true,
                details: RECEIVED,
                ..PLAIN
            },
            Self::DepositRefund => Shape {
                party: true,
                counter: Some("630816"),
                source: Some((Self::Deposit, true)),
                pays: true,
                details: &[Detail::Proof],
                ..PLAIN
            },
            Self::BankNotice => Shape { counter: Some("620201"), reference: true, ..PLAIN },
        }
    }

    /// The kinds that people prepare; a payment run is made by paying.
    pub fn prepared() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|kind| *kind != Self::PaymentRun)
    }
}

/// The most lines of a document.
pub const DOCUMENT_LINES_MAX: usize = 10_000;

#[cfg(test)]
mod tests {
    use diwan_platform_api::records::RecordKind;

    use super::*;

    #[test]
    fn every_state_but_the_last_ones_can_be_left_and_every_kind_has_a_shape_that_holds() {
        for state in [Draft, InApproval, Returned, Posted] {
            assert!(TRANSITIONS.iter().any(|step| step.from == state), "{state:?}");
        }
        for kind in DocumentKind::ALL {
            let shape = kind.shape();
            assert!(shape.accounts || shape.counter.is_none(), "{kind:?}: a counter account without an entry");
            assert!(shape.accounts || shape.keys, "{kind:?}: lines that name nothing");
            assert!(!shape.pays || shape.counter.is_some(), "{kind:?}: what is to be paid stands on an account");
            if let Some((source, _)) = shape.source {
                let gives_up = *kind == DocumentKind::JournalVoucher && source.shape().pays;
                assert!(source.shape().settles || gives_up, "{kind:?} draws on what cannot be drawn on");
            }
            assert!(document_step(*kind, Posted, Close).is_some() == (*kind == DocumentKind::Commitment));
        }
        // Who prepares a kind attaches its files.
        for kind in DocumentKind::prepared() {
            let record: RecordKind = kind.code().parse().unwrap();
            assert_eq!(record.prepared_with(), kind.shape().prepare, "{kind:?}");
        }
    }
}
