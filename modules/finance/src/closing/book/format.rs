//! The lines of a book. Each is JSON as these types are written, without white space, and ends with a line feed: the first says
//! which period it is, then comes one for each entry by its number, then the statement that is signed, then the signature.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// The name of this form.
pub const FORMAT: &str = "diwan-book-1";

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Line {
    /// The first one.
    Period(Period),
    /// An entry.
    Entry(Entry),
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

impl Line {
    /// The line as it stands in a book, without its line feed.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}
