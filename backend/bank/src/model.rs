//! The one form of a statement, whatever the bank sent (كشف الحساب البنكي).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// SWIFT MT940, customer statement.
    Mt940,
    /// SWIFT MT942, interim report: no statement.
    Mt942,
    /// ISO 20022 camt.052, report of the day so far: no statement.
    Camt052,
    /// ISO 20022 camt.053, statement.
    Camt053,
    /// ISO 20022 camt.054, advice of single movements: no statement.
    Camt054,
    /// A table of text.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

impl Message {
    /// The name banks give it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mt940 => "MT940",
            Self::Mt942 => "MT942",
            Self::Camt052 => "camt.052",
            Self::Camt053 => "camt.053",
            Self::Camt054 => "camt.054",
            Self::Csv => "CSV",
            Self::Xlsx => "XLSX",
        }
    }

    /// Whether it states the booked balance of an account at the end of a time.
    pub fn is_statement(self) -> bool {
        !matches!(self, Self::Mt942 | Self::Camt052 | Self::Camt054)
    }
}

/// A checked statement of one account: opening balance and lines give the closing balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The form it came in.
    pub message: Message,
    /// IBAN, or the bank's own number as the file writes it (رقم الحساب).
    pub account: String,
    /// ISO 4217.
    pub currency: String,
    /// Decimals of the currency; all amounts are whole minor units of it.
    pub scale: u8,
    /// The bank's reference of the statement (`:20:`, `Stmt/Id`); empty in tables.
    pub id: String,
    /// The bank's number of the statement (`:28C:`, `ElctrncSeqNb`).
    pub sequence: Option<u64>,
    /// Pages that were joined.
    pub pages: u32,
    /// First day (`:60F:`, `FrToDt`, or of the lines).
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Booked balance before the first line (الرصيد الافتتاحي); negative when overdrawn.
    pub opening: i64,
    /// Booked balance after the last line (الرصيد الختامي).
    pub closing: i64,
    /// Booked movements, in the bank's order, oldest first.
    pub lines: Vec<Line>,
    /// Movements that the bank shows but has not booked; they are in no total and not among the lines.
    pub unbooked: u32,
}

/// A movement (حركة).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its place in the statement, from 1.
    pub ordinal: u32,
    /// Which of the lines it is that are the same in everything else, from 1: equal lines of one day are genuine. With
    /// account, statement and this number a line is known again when a file is read twice.
    pub occurrence: u32,
    /// From when it bears interest (تاريخ الحق).
    pub value_date: NaiveDate,
    /// When the bank booked it (تاريخ القيد).
    pub booking_date: NaiveDate,
    /// Minor units; positive when the account has more after it (دائن).
    pub amount: i64,
    /// The bank's code of the kind: `NTRF`, `PMNT-RCDT-DMCT`; may be empty.
    pub kind: String,
    /// Our reference, or the payer's (`:61:`, `EndToEndId`).
    pub reference: Option<String>,
    /// The bank's own reference.
    pub bank_reference: Option<String>,
    /// The other side's name.
    pub counterparty: Option<String>,
    /// The other side's account.
    pub counterparty_account: Option<String>,
    /// What else the bank says, in lines.
    pub text: String,
    /// Takes back an earlier movement. The amount's sign already says in which direction.
    pub reversal: bool,
    /// The single movements of a batch, where there is more than one.
    pub parts: Vec<Part>,
}

/// One movement of a batch that the bank booked as one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Part {
    /// Signed minor units where they are in the account's currency.
    pub amount: Option<i64>,
    /// Our reference, or the payer's.
    pub reference: Option<String>,
    /// The other side's name.
    pub counterparty: Option<String>,
}
