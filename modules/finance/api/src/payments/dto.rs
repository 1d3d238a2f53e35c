//! How payment runs travel between server and browser.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, PageRequest, codes, dto, problem::Args};

use super::{PaymentItemState, PaymentRunState, TransferFormat};
use crate::{Coded, DocumentKind, PayMethod};

codes! {
    /// What the documents that are to be paid are sorted by.
    pub enum PayableSort {
        /// The earliest day by which they are to be paid first; what has none comes last.
        Due = "due",
        /// The latest of these days first.
        DueDown = "-due",
        /// The smallest amount first, by what is open in the base currency.
        Amount = "amount",
        /// The largest amount first.
        AmountDown = "-amount",
        /// Newest first.
        Newest = "newest",
        /// Oldest first.
        Oldest = "oldest",
    }

    /// What lists of cheque books and of the bank are sorted by.
    pub enum PaymentSort {
        /// Newest first.
        Newest = "newest",
        /// Oldest first.
        Oldest = "oldest",
    }

    /// What lists of payments are sorted by.
    pub enum AmountSort {
        /// Newest first.
        Newest = "newest",
        /// Oldest first.
        Oldest = "oldest",
        /// The smallest amount first, in the base currency.
        Amount = "amount",
        /// The largest amount first.
        AmountDown = "-amount",
    }
}

dto! {
    /// Which documents that are to be paid are wanted (مستحقات الدفع).
    #[derive(Default, Eq)]
    pub struct PayableQuery {
        /// In number, subject, reference and the party's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// Of this kind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kind: Option<DocumentKind>,
        /// Paid so; transfers when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub method: Option<PayMethod>,
        /// To this party.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub party_id: Option<i64>,
        /// In this currency, ISO 4217.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub currency: Option<String>,
        /// To be paid by this day, or without such a day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due_to: Option<NaiveDate>,
        /// At least this much open, minor units of the base currency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub min: Option<i64>,
        /// At most this much open, minor units of the base currency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub max: Option<i64>,
        /// Sorted by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<PayableSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// A posted document of which something is to be paid.
    #[derive(Eq)]
    pub struct PayableDocument {
        /// The record.
        pub id: i64,
        /// Its kind.
        pub kind: DocumentKind,
        /// Its number.
        pub number: String,
        /// What it is for.
        pub subject: String,
        /// The party.
        pub party: Option<Coded>,
        /// The party's IBAN as it is today; may be empty.
        pub iban: String,
        /// The IBAN is there and its check digits are right: a transfer can be made.
        pub payable: bool,
        /// The day from which it counts.
        pub effective_on: NaiveDate,
        /// By when it is to be paid.
        pub due_on: Option<NaiveDate>,
        /// How it is paid.
        pub method: PayMethod,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// What is to be paid, in its currency.
        pub amount: i64,
        /// The same in the base currency.
        pub base_amount: i64,
    }

    /// A payment run as it is written. Its currency is that of the account.
    #[derive(Eq)]
    pub struct PaymentRunInput {
        /// The account that pays.
        pub bank_account_id: i64,
        /// What it is for (البيان).
        pub subject: String,
        /// The day on which the bank is asked to pay.
        pub pay_on: NaiveDate,
    }

    /// Documents to add to a run.
    #[derive(Default, Eq)]
    pub struct AddPayments {
        /// These documents.
        #[serde(default)]
        pub documents: Vec<i64>,
        /// Or all that the filter finds, when no document is named.
        #[serde(default)]
        pub all: Option<PayableQuery>,
    }

    /// A document that could not be added, and why.
    #[derive(Eq)]
    pub struct PaymentRefusal {
        /// The record of the document.
        pub document_id: i64,
        /// Its number.
        pub number: String,
        /// The party's name.
        pub party: Option<Named>,
        /// `iban_missing`, `iban_check`, `not_payable`, `paid_otherwise`, `other_currency`, `run_full`.
        pub code: String,
        /// What the text is filled with.
        pub args: Args,
    }

    /// What adding did.
    pub struct AddedPayments {
        /// The run now.
        pub run: PaymentRun,
        /// How many documents were added.
        pub added: usize,
        /// What was not, and why.
        pub refused: Vec<PaymentRefusal>,
    }

    /// Items of a run by their ids.
    #[derive(Default, Eq)]
    pub struct PaymentItems {
        /// The items.
        pub items: Vec<i64>,
    }

    /// Why something is given up.
    #[derive(Default, Eq)]
    pub struct PaymentReason {
        /// The reason; needed.
        pub reason: String,
    }

    /// What the bank executed.
    #[derive(Eq)]
    pub struct ExecutePayments {
        /// On which day, not after today.
        pub on: NaiveDate,
        /// Which items; all that are pending when none is named.
        #[serde(default)]
        pub items: Vec<i64>,
    }

    /// Transfers that came back, or that the bank never made.
    #[derive(Eq)]
    pub struct ReturnPayments {
        /// On which day, not after today and not before they were executed.
        pub on: NaiveDate,
        /// Which items.
        pub items: Vec<i64>,
        /// What the bank says; needed.
        pub reason: String,
    }

    /// Which file is wanted.
    #[derive(Eq)]
    pub struct TransferFileQuery {
        /// The format; pain.001 when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub format: Option<TransferFormat>,
    }

    /// Which runs are wanted.
    #[derive(Default, Eq)]
    pub struct PaymentRunQuery {
        /// In number and subject.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// In this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<PaymentRunState>,
        /// From this account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub bank_account_id: Option<i64>,
        /// To be paid from this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// To be paid to this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// Sorted by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<AmountSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// A run in a list.
    #[derive(Eq)]
    pub struct PaymentRunItem {
        /// The record.
        pub id: i64,
        /// Its number, once approved.
        pub number: Option<String>,
        /// What it is for.
        pub subject: String,
        /// Its state.
        pub state: PaymentRunState,
        /// The account that pays.
        pub account: Named,
        /// The day on which the bank is asked to pay.
        pub pay_on: NaiveDate,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// How many items.
        pub items: i64,
        /// What they come to.
        pub amount: i64,
        /// How many of them came back or were refused by the bank.
        pub failed: i64,
    }

    /// A payment run (دفعة صرف).
    #[derive(Eq)]
    pub struct PaymentRun {
        /// The record.
        pub id: i64,
        /// For `If-Match`.
        pub version: i64,
        /// Its number, once approved.
        pub number: Option<String>,
        /// What it is for.
        pub subject: String,
        /// Its state.
        pub state: PaymentRunState,
        /// The account that pays.
        pub bank_account_id: i64,
        /// Its name.
        pub account: Named,
        /// Its IBAN.
        pub account_iban: String,
        /// The day on which the bank is asked to pay.
        pub pay_on: NaiveDate,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// How many items.
        pub items: i64,
        /// What they come to.
        pub amount: i64,
        /// The same in the base currency.
        pub base_amount: i64,
        /// How many stand where, and what they come to.
        pub standing: Vec<PaymentStanding>,
        /// Who prepared it.
        pub prepared_by: Named,
        /// Who approved it.
        pub approved_by: Option<Named>,
        /// When, UTC.
        pub approved_at: Option<NaiveDateTime>,
        /// Who gave it to the bank.
        pub sent_by: Option<Named>,
        /// When, UTC.
        pub sent_at: Option<NaiveDateTime>,
        /// SHA-256 of the pain.001 file, hex.
        pub file_hash: Option<String>,
        /// SHA-256 of the CSV file, hex.
        pub csv_hash: Option<String>,
        /// Why it was given up.
        pub reason: String,
        /// The actions the reader may take now, by the codes of [`PaymentRunAction`](crate::PaymentRunAction).
        pub actions: Vec<String>,
        /// The code of the seal, once approved.
        pub verify_code: Option<String>,
    }

    /// How many items of a run stand where.
    #[derive(Eq)]
    pub struct PaymentStanding {
        /// The state.
        pub state: PaymentItemState,
        /// How many.
        pub items: i64,
        /// What they come to.
        pub amount: i64,
    }

    /// Which items of a run are wanted.
    #[derive(Default, Eq)]
    pub struct PaymentItemQuery {
        /// In the payee's name, the IBAN and the document's number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// In this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<PaymentItemState>,
        /// Sorted by; in the order of adding when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<AmountSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// A transfer of a run (حوالة).
    #[derive(Eq)]
    pub struct PaymentItem {
        /// Its id.
        pub id: i64,
        /// Its place in the run, from 1.
        pub seq: i64,
        /// Its state.
        pub state: PaymentItemState,
        /// The document that is paid.
        pub document_id: i64,
        /// The document's kind.
        pub document_kind: DocumentKind,
        /// The document's number.
        pub document: String,
        /// Who is paid, as of the day of adding.
        pub payee: String,
        /// To which account, as of the day of adding.
        pub iban: String,
        /// What is paid, in the currency of the run.
        pub amount: i64,
        /// The same in the base currency.
        pub base_amount: i64,
        /// By which the bank and the statement know it.
        pub end_to_end: String,
        /// When it was executed.
        pub executed_on: Option<NaiveDate>,
        /// When it came back, or was refused.
        pub failed_on: Option<NaiveDate>,
        /// Why.
        pub reason: String,
        /// The entry of its execution.
        pub entry_id: Option<i64>,
    }
}
