//! How payments in cash (الصرف النقدي) travel between server and browser.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, PageRequest, Permission, Transition, codes, dto};

use super::AmountSort;

codes! {
    /// Where a payment in cash stands (حالة الصرف النقدي).
    pub enum CashPaymentState {
        /// مصروف.
        Paid = "paid",
        /// ملغى: the money is back in the box.
        Cancelled = "cancelled",
    }

    /// What is done with a payment in cash.
    pub enum CashPaymentAction {
        /// إلغاء.
        Cancel = "cancel",
    }
}

/// Where what leads.
pub const CASH_PAYMENT_TRANSITIONS: &[Transition<CashPaymentState, CashPaymentAction>] = &[Transition {
    from: CashPaymentState::Paid,
    action: CashPaymentAction::Cancel,
    to: CashPaymentState::Cancelled,
    permission: Some(Permission::FinancePay),
}];

dto! {
    /// A box that cash is paid from (صندوق): a bank account with that mark.
    #[derive(Eq)]
    pub struct CashBox {
        /// The bank account.
        pub id: i64,
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// ISO 4217.
        pub currency: String,
    }

    /// A payment in cash as it is entered. It pays all that is open of the document.
    #[derive(Eq)]
    pub struct CashPaymentInput {
        /// The box that pays.
        pub bank_account_id: i64,
        /// The document that is paid; its method is cash.
        pub document_id: i64,
        /// The day on which the money was handed out, not after today.
        pub on: NaiveDate,
        /// Who took the money.
        pub taken_by: String,
        /// The number of their identity card or passport; needed where there is no note.
        #[serde(default)]
        pub identity: String,
        /// By what else they are known: a signature, an authorisation; needed where there is no number.
        #[serde(default)]
        pub note: String,
    }

    /// That the money of a payment came back.
    #[derive(Eq)]
    pub struct CashPaymentCancel {
        /// On which day, not after today and not before it was paid.
        pub on: NaiveDate,
        /// Why; needed.
        pub reason: String,
    }

    /// Which payments in cash are wanted.
    #[derive(Default, Eq)]
    pub struct CashPaymentQuery {
        /// In number, payee, who took it, identity and document.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// In this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<CashPaymentState>,
        /// From this box.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub bank_account_id: Option<i64>,
        /// Of this document.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub document_id: Option<i64>,
        /// Paid from this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// Paid to this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// Sorted by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<AmountSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// A payment in cash (صرف نقدي).
    #[derive(Eq)]
    pub struct CashPayment {
        /// Its id.
        pub id: i64,
        /// The box that paid.
        pub bank_account_id: i64,
        /// Its name.
        pub account: Named,
        /// Its number as printed: the code of the box, and the place in its row.
        pub number: String,
        /// Its state.
        pub state: CashPaymentState,
        /// The document it pays.
        pub document_id: i64,
        /// The document's number.
        pub document: String,
        /// Who is paid.
        pub payee: String,
        /// Who took the money.
        pub taken_by: String,
        /// The number of their identity card or passport.
        pub identity: String,
        /// By what else they are known.
        pub note: String,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// What is paid.
        pub amount: i64,
        /// The same in the base currency.
        pub base_amount: i64,
        /// The day on which it was paid.
        pub paid_on: NaiveDate,
        /// Who paid.
        pub paid_by: Named,
        /// When it was recorded, UTC.
        pub paid_at: NaiveDateTime,
        /// When the money came back.
        pub ended_on: Option<NaiveDate>,
        /// Who took it back.
        pub ended_by: Option<Named>,
        /// Why.
        pub reason: String,
        /// The entry of the payment.
        pub entry_id: i64,
        /// The entry by which it came back.
        pub return_entry_id: Option<i64>,
        /// The actions the reader may take now, by the codes of [`CashPaymentAction`].
        pub actions: Vec<String>,
    }
}
