//! The bank (البنك): statements, matching, reconciliations. Amounts are signed as the account's holder sees them: positive
//! where the account has more after it.

mod matching;
mod reconciliation;

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, PageRequest, dto};

use crate::PaymentSort;

pub use matching::*;
pub use reconciliation::*;

dto! {
    /// A bank account and how far it is.
    pub struct BankAccountStanding {
        /// Its id.
        pub id: i64,
        /// Its account of the chart.
        pub chart_account_id: i64,
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// IBAN, or the bank's number.
        pub number: String,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// The last day of its statements.
        pub last_day: Option<NaiveDate>,
        /// What the bank says it holds on that day.
        pub bank_balance: Option<i64>,
        /// What the books say it holds today.
        pub book_balance: i64,
        /// Lines of the bank that are not, or not wholly, matched.
        pub open_lines: i64,
        /// The last day that is reconciled and approved.
        pub reconciled_to: Option<NaiveDate>,
        /// The reconciliation that is under way.
        pub reconciliation_id: Option<i64>,
    }

    /// A statement of the bank (كشف حساب بنكي).
    pub struct BankStatement {
        /// Its id.
        pub id: i64,
        /// The account.
        pub account_id: i64,
        /// The account's name.
        pub account: Named,
        /// Its place among the statements of the account.
        pub seq: i64,
        /// The bank's reference of it, or its days where the bank gives none.
        pub number: String,
        /// The bank's own number; 0 where it gives none.
        pub bank_seq: i64,
        /// First day.
        pub starts_on: NaiveDate,
        /// Last day.
        pub ends_on: NaiveDate,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// Balance before the first line.
        pub opening: i64,
        /// Balance after the last.
        pub closing: i64,
        /// How many lines.
        pub lines: i64,
        /// How many of them are open.
        pub open: i64,
        /// What the file was called.
        pub file_name: String,
        /// SHA-256 of the file, hex.
        pub hash: String,
        /// Who imported it.
        pub imported_by: Named,
        /// When, UTC.
        pub imported_at: NaiveDateTime,
    }

    /// A line of a statement (حركة).
    pub struct BankLine {
        /// Its id.
        pub id: i64,
        /// The statement.
        pub statement_id: i64,
        /// Its place there; 0 is the opening balance of the account.
        pub ordinal: i32,
        /// Which of equal lines it is.
        pub occurrence: i32,
        /// From when it bears interest.
        pub value_on: NaiveDate,
        /// When the bank booked it.
        pub booked_on: NaiveDate,
        /// Signed.
        pub amount: i64,
        /// How much of it is open, signed.
        pub open: i64,
        /// Our reference, or the payer's.
        pub reference: String,
        /// The bank's.
        pub bank_reference: String,
        /// The other side.
        pub counterparty: String,
        /// What else the bank says.
        pub details: String,
        /// What it is matched with.
        pub matches: Vec<BankMatch>,
    }

    /// A statement of a file, before it is imported.
    pub struct StatementPreview {
        /// The bank's reference of it, or its days.
        pub number: String,
        /// The bank's own number.
        pub bank_seq: i64,
        /// First day.
        pub starts_on: NaiveDate,
        /// Last day.
        pub ends_on: NaiveDate,
        /// Balance before the first line.
        pub opening: i64,
        /// Balance after the last.
        pub closing: i64,
        /// How many lines.
        pub lines: usize,
        /// How many of them are equal to an earlier one: genuine, and all imported.
        pub twins: usize,
        /// Movements that the bank has not booked; they are left out.
        pub unbooked: u32,
        /// How many of the bank's numbers of the year are missing before it: statements that did not come.
        pub skipped: i64,
    }

    /// What a file of statements would bring, or brought.
    pub struct StatementImport {
        /// `MT940`, `camt.053`, `CSV` or `XLSX`.
        pub format: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// The statements of the account, in their order.
        pub statements: Vec<StatementPreview>,
        /// Statements of other accounts in the file; they are left out.
        pub others: usize,
        /// Ids of what was imported; none in a preview.
        pub ids: Vec<i64>,
    }

    /// What is known of a file beside its content.
    #[derive(Eq, Default)]
    pub struct StatementQuery {
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// The opening balance of a table without balances, as written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub opening: Option<String>,
        /// Its closing balance, as written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub closing: Option<String>,
    }

    /// Which statements of an account are wanted.
    #[derive(Eq, Default)]
    pub struct BankStatementQuery {
        /// In the bank's reference and the name of the file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// With days from this one on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// With days up to this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// Sorted by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<PaymentSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// Which lines of a statement are wanted.
    #[derive(Eq, Default)]
    pub struct BankLineQuery {
        /// In the words and references.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// Only open ones.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub open: Option<bool>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }
}
