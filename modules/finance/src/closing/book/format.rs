//! The lines of a book. Each is JSON as these types are written, without white space, and ends with a line feed: the first says
//! which period it is, then come the entries, the documents of the budget, the moves of the budget, the payment runs, the
//! cheques and the payments in cash, then the statement that is signed, then the signature.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_finance_api::{Bucket, MoveKind};
use serde::{Deserialize, Serialize};

/// The name of this form.
pub const FORMAT: &str = "diwan-book-2";

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Line {
    /// The first one.
    Period(Period),
    /// An entry.
    Entry(Entry),
    /// A document of the budget.
    Document(Document),
    /// A move of the budget.
    Move(Move),
    /// A payment run.
    PaymentRun(PaymentRun),
    /// A cheque.
    Cheque(Cheque),
    /// A payment in cash.
    CashPayment(super::cash::CashPayment),
    /// What is signed.
    End(End),
    /// The signature: the last one.
    Seal(Seal),
}

/// Whose period it is, and what was sealed before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// [`FORMAT`].
    pub format: String,
    /// Code of the agency.
    pub agency: String,
    /// Its name in Arabic.
    pub name: String,
    /// The fiscal year.
    pub year: i32,
    /// 1 to 13.
    pub period: i32,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// The how manyth sealed period of the agency it is.
    pub seq: i64,
    /// The root of the one sealed before it; none for the first.
    pub previous: Option<String>,
}

/// A person: number and name, as they were when the book was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Number of the user.
    pub id: i64,
    /// Name in Arabic.
    pub name: String,
}

/// An entry with its document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number.
    pub number: i64,
    /// The kind it was posted as.
    pub kind: String,
    /// The day it counts for.
    pub day: NaiveDate,
    /// When it was recorded, UTC.
    pub recorded_at: NaiveDateTime,
    /// By whom.
    pub recorded_by: Person,
    /// The entry it takes back.
    pub reverses: Option<i64>,
    /// Whether it closes its year: it takes accounts to nothing and spends no budget.
    pub closes_year: bool,
    /// Number of the document.
    pub document: Option<String>,
    /// What it is for.
    pub subject: String,
    /// Its lines in their order.
    pub lines: Vec<EntryLine>,
    /// Who prepared, certified and authorised the document.
    pub approvals: Vec<Approval>,
    /// The files attached to it.
    pub files: Vec<File>,
}

/// A line of an entry: codes, and minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryLine {
    /// Account.
    pub account: String,
    /// Budget key; empty for none.
    pub key: String,
    /// Whether the account spends budget: what is on it, moves of this entry say too.
    pub budgeted: bool,
    /// Party; empty for none.
    pub party: String,
    /// Cost centre; empty for none.
    pub centre: String,
    /// ISO 4217.
    pub currency: String,
    /// Debit in the currency.
    pub debit: i64,
    /// Credit in the currency.
    pub credit: i64,
    /// Debit in the base currency.
    pub base_debit: i64,
    /// Credit in the base currency.
    pub base_credit: i64,
    /// The line's narrative.
    pub note: String,
}

/// A duty that somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Which.
    pub duty: String,
    /// Who.
    pub by: Person,
    /// Number of the user for whom (عن).
    pub on_behalf_of: Option<i64>,
    /// When, UTC.
    pub at: NaiveDateTime,
}

/// A file by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its name.
    pub name: String,
    /// SHA-256, hex.
    pub sha256: String,
}

/// A document that brings budget, moves it or holds it: law, supplement, virement, order, release, freeze, commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Its kind.
    pub kind: String,
    /// Its number among those of its kind.
    pub number: Option<String>,
    /// The day it counts for.
    pub day: NaiveDate,
    /// When it was posted, UTC.
    pub posted_at: NaiveDateTime,
    /// What it is for.
    pub subject: String,
    /// The law or decision it stands on; may be empty.
    pub reference: String,
    /// The number of the document it goes on for: a commitment of the year before.
    pub source: Option<String>,
    /// Party; empty for none.
    pub party: String,
    /// ISO 4217.
    pub currency: String,
    /// Its lines in their order.
    pub lines: Vec<DocumentLine>,
    /// Who prepared, certified and authorised it.
    pub approvals: Vec<Approval>,
    /// The files attached to it.
    pub files: Vec<File>,
}

/// A line of a document: codes, and minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentLine {
    /// Budget key; empty for none.
    pub key: String,
    /// `debit` gives to the key, `credit` takes from it.
    pub side: String,
    /// In the currency.
    pub amount: i64,
    /// In the base currency.
    pub base_amount: i64,
    /// The line's narrative.
    pub note: String,
}

/// A move of the budget: minor units of the base currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The fiscal year of the budget line.
    pub year: i32,
    /// Code of the budget line.
    pub line: String,
    /// The how manyth move of the line it is, whatever its day: 1 is the first.
    pub seq: i64,
    /// Why.
    pub kind: MoveKind,
    /// Where it comes from.
    pub from: Bucket,
    /// Where it goes to.
    pub to: Bucket,
    /// More than 0.
    pub amount: i64,
    /// Budget key; empty for the line as a whole.
    pub key: String,
    /// Number of the entry that spends it.
    pub entry: Option<i64>,
    /// Kind of the document.
    pub document_kind: String,
    /// Number of the document.
    pub document: Option<String>,
    /// The day it counts for.
    pub day: NaiveDate,
    /// When it was recorded, UTC.
    pub recorded_at: NaiveDateTime,
    /// By whom.
    pub recorded_by: Person,
    /// What is in the line after it.
    pub after: Buckets,
}

/// What is in a budget line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buckets {
    /// غير موزّع.
    pub unallotted: i64,
    /// مجمّد.
    pub frozen: i64,
    /// متاح.
    pub available: i64,
    /// محجوز.
    pub pre_committed: i64,
    /// ملتزم به.
    pub committed: i64,
    /// مستحق.
    pub obligated: i64,
    /// مدفوع.
    pub paid: i64,
}

/// A run of transfers that was approved in the period, or that posted something in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRun {
    /// Its number.
    pub number: Option<String>,
    /// What it is for.
    pub subject: String,
    /// Code of the bank account.
    pub account: String,
    /// Where it was when the book was made.
    pub state: String,
    /// ISO 4217.
    pub currency: String,
    /// How many transfers.
    pub items: i64,
    /// Their sum in the currency.
    pub amount: i64,
    /// Their sum in the base currency.
    pub base_amount: i64,
    /// Who prepared, approved and sent it, as far as it came.
    pub approvals: Vec<Approval>,
    /// What the bank was given, and the files attached to it.
    pub files: Vec<File>,
}

/// A leaf of a cheque book that was issued, spoilt or given up in the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cheque {
    /// Code of the bank account.
    pub account: String,
    /// Series of the book.
    pub series: String,
    /// Its number.
    pub number: i64,
    /// Where it was when the book was made.
    pub state: String,
    /// Number of the document it pays; none for a spoilt leaf.
    pub document: Option<String>,
    /// Who is paid.
    pub payee: String,
    /// ISO 4217.
    pub currency: String,
    /// In the currency.
    pub amount: i64,
    /// In the base currency.
    pub base_amount: i64,
    /// The day it was issued.
    pub issued_on: NaiveDate,
    /// When that was recorded, UTC.
    pub issued_at: NaiveDateTime,
    /// By whom.
    pub issued_by: Person,
    /// Number of the entry that pays by it.
    pub entry: Option<i64>,
    /// Number of the entry that takes it back.
    pub return_entry: Option<i64>,
}

/// What the agency's key signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// [`FORMAT`].
    pub format: String,
    /// Code of the agency.
    pub agency: String,
    /// The fiscal year.
    pub year: i32,
    /// 1 to 13.
    pub period: i32,
    /// As in [`Period::seq`].
    pub seq: i64,
    /// As in [`Period::previous`].
    pub previous: Option<String>,
    /// How many entries.
    pub entries: i64,
    /// How many lines they have.
    pub lines: i64,
    /// All debits in the base currency; credits are the same.
    pub total: i64,
    /// How many documents of the budget.
    pub documents: i64,
    /// How many moves of the budget.
    pub moves: i64,
    /// How many payment runs, cheques and payments in cash.
    pub payments: i64,
    /// When it was sealed, UTC.
    pub sealed_at: NaiveDateTime,
    /// By whom.
    pub sealed_by: Person,
    /// SHA-256 of the text of the public key, hex.
    pub key: String,
    /// The root over all lines above, hex.
    pub root: String,
}

/// The signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// ECDSA P-256 with SHA-256 over the line above without its line feed, base64 DER.
    pub signature: String,
    /// The public key (PEM).
    pub public_key: String,
}

impl Buckets {
    /// What is in a bucket; none for the outside.
    pub const fn of(&mut self, bucket: Bucket) -> Option<&mut i64> {
        match bucket {
            Bucket::Outside => None,
            Bucket::Unallotted => Some(&mut self.unallotted),
            Bucket::Frozen => Some(&mut self.frozen),
            Bucket::Available => Some(&mut self.available),
            Bucket::PreCommitted => Some(&mut self.pre_committed),
            Bucket::Committed => Some(&mut self.committed),
            Bucket::Obligated => Some(&mut self.obligated),
            Bucket::Paid => Some(&mut self.paid),
        }
    }

    /// Whether no bucket is below zero.
    pub fn holds(mut self) -> bool {
        Bucket::ALL.iter().all(|bucket| self.of(*bucket).is_none_or(|held| *held >= 0))
    }
}

impl Line {
    /// The line as it stands in a book, without its line feed.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}
