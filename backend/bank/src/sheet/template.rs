//! How the tables of a bank are laid out, as data that an office keeps for each bank (نموذج كشف البنك).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a column of a table means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// When the bank booked the movement (تاريخ القيد).
    Date,
    /// From when it bears interest (تاريخ الحق).
    ValueDate,
    /// Signed amount (المبلغ), or an unsigned one beside [`Field::Direction`].
    Amount,
    /// Amount that leaves the account (مدين).
    Debit,
    /// Amount that comes in (دائن).
    Credit,
    /// `DR` or `CR`, مدين or دائن, for an unsigned amount.
    Direction,
    /// Balance after the movement (الرصيد).
    Balance,
    /// Currency (العملة): of the account, or of the amount beside it in another currency.
    Currency,
    /// The amount in the currency in which it was ordered.
    OriginalAmount,
    /// Our reference or the payer's (المرجع, رقم الشيك).
    Reference,
    /// The bank's own number of the movement (رقم الحركة).
    BankReference,
    /// What the bank says of it (البيان); there may be several such columns.
    Text,
    /// The other side (المستفيد).
    Party,
    /// The other side's account.
    PartyAccount,
}

impl Field {
    /// The stable name, as in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::ValueDate => "value_date",
            Self::Amount => "amount",
            Self::Debit => "debit",
            Self::Credit => "credit",
            Self::Direction => "direction",
            Self::Balance => "balance",
            Self::Currency => "currency",
            Self::OriginalAmount => "original_amount",
            Self::Reference => "reference",
            Self::BankReference => "bank_reference",
            Self::Text => "text",
            Self::Party => "party",
            Self::PartyAccount => "party_account",
        }
    }
}

/// In which order day and month are written. Where the year comes first, the month follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `31/12/2026`, as in Jordan.
    DayFirst,
    /// `12/31/2026`.
    MonthFirst,
}

/// Whose books debit and credit are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The bank's: a debit leaves the account (مدين).
    Bank,
    /// The holder's, in whose books the account is an asset: a debit comes in.
    Holder,
}

/// What is known of a bank's tables beforehand. The default knows nothing and takes what the table shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    /// The words at the head of the columns, where they are not those that banks commonly write. A field that is named
    /// here is found by these words only; an empty list says that the bank has no such column.
    pub names: BTreeMap<Field, Vec<String>>,
    /// The order of day and month. Else one date of the table that has only one reading tells; else the day comes first.
    pub date_order: Option<DateOrder>,
    /// The mark of decimals, `.` or `,`. Else an amount of the table that has only one reading tells.
    pub decimal_mark: Option<char>,
    /// Whose view the columns of debit and credit have. Else the balances beside them tell, and without them it is the
    /// bank's.
    pub view: Option<View>,
    /// What stands between the columns of a CSV file. Else the one under which most columns are known.
    pub delimiter: Option<char>,
}
