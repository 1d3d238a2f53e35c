//! Reconciliations (التسويات البنكية): what explains the difference between bank and books.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, PageRequest, codes, dto};

use crate::PaymentSort;

codes! {
    /// The state of a reconciliation (حالة التسوية).
    pub enum ReconciliationState {
        /// مسودة.
        Draft = "draft",
        /// مرفوعة للاعتماد.
        Submitted = "submitted",
        /// معتمدة.
        Approved = "approved",
    }
}

dto! {
    /// Up to which statement an account is reconciled.
    #[derive(Eq)]
    pub struct NewReconciliation {
        /// The statement.
        pub statement_id: i64,
    }

    /// An item that explains the difference between bank and books.
    pub struct ReconciliationItem {
        /// Its day.
        pub day: NaiveDate,
        /// Number of the document, or reference of the bank.
        pub reference: String,
        /// What it is.
        pub text: String,
        /// What is open of it, signed.
        pub amount: i64,
        /// The document or payment run, of an item of the books.
        pub record_id: Option<i64>,
        /// Its kind, by code; what is sealed names the record alone.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        pub kind: String,
    }

    /// Which reconciliations are wanted.
    #[derive(Eq, Default)]
    pub struct ReconciliationQuery {
        /// In number and account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// In this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<ReconciliationState>,
        /// Of this account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub bank_account_id: Option<i64>,
        /// Up to days from this one on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// Up to days until this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// Sorted by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<PaymentSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// A reconciliation in a list.
    pub struct ReconciliationRow {
        /// The record.
        pub id: i64,
        /// The account's name.
        pub account: Named,
        /// Its number, once approved.
        pub number: Option<String>,
        /// Up to which day.
        pub day: NaiveDate,
        /// Its state.
        pub state: ReconciliationState,
        /// What the bank holds.
        pub bank_balance: i64,
        /// Decimals of the currency.
        pub scale: u8,
        /// Who prepared it.
        pub prepared_by: Named,
    }

    /// A bank reconciliation (تسوية بنكية).
    pub struct Reconciliation {
        /// The record.
        pub id: i64,
        /// For `If-Match`.
        pub version: i64,
        /// The account.
        pub account_id: i64,
        /// Its name.
        pub account: Named,
        /// Its number at the bank.
        pub account_number: String,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// Its number, once approved.
        pub number: Option<String>,
        /// Up to which day, the last one of its last statement.
        pub day: NaiveDate,
        /// Its state.
        pub state: ReconciliationState,
        /// What the books say.
        pub book_balance: i64,
        /// What the bank says.
        pub bank_balance: i64,
        /// Items that only the bank has, together.
        pub bank_only: i64,
        /// Items that only the books have, together.
        pub books_only: i64,
        /// What both come to: books and items of the bank, or bank and items of the books.
        pub adjusted: i64,
        /// What the bank has and the books do not (إشعارات لم تُقيّد).
        pub bank_items: Vec<ReconciliationItem>,
        /// What the books have paid and the bank not yet (شيكات وحوالات لم تُصرف).
        pub outstanding: Vec<ReconciliationItem>,
        /// What the books have received and the bank not yet (إيداعات في الطريق).
        pub in_transit: Vec<ReconciliationItem>,
        /// Who prepared it.
        pub prepared_by: Named,
        /// When it was submitted, UTC.
        pub submitted_at: Option<NaiveDateTime>,
        /// Who approved it.
        pub approved_by: Option<Named>,
        /// When, UTC.
        pub approved_at: Option<NaiveDateTime>,
        /// SHA-256 over the sealed content, hex.
        pub root: Option<String>,
        /// Whether the reader may approve or return it: not what one prepared.
        pub may_approve: bool,
    }
}
