//! Why a statement is refused (سبب الرفض): a stable code, the place in the file, and the numbers.

use std::fmt;

use diwan_kernel::{FieldError, money};

/// The longest piece of a file that is told back.
const ECHO_MAX: usize = 60;

/// Where in a file something is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Line of the text file or row of the sheet, from 1.
    pub line: Option<u32>,
    /// Tag, element or column: `:61:`, `Ntry/Amt`, `debit`.
    pub field: Option<String>,
    /// Which statement of the file, as the file calls it.
    pub statement: Option<String>,
}

impl Place {
    /// A place by its line.
    pub(crate) fn line(line: u32) -> Self {
        Self { line: Some(line), ..Self::default() }
    }

    /// A place by the name of a field, where the line says nothing.
    pub(crate) fn field(field: &str) -> Self {
        Self { field: Some(field.to_owned()), ..Self::default() }
    }

    /// A place by its line and the name of a field.
    pub(crate) fn at(line: u32, field: &str) -> Self {
        Self { line: Some(line), ..Self::field(field) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(out, " at line {line}")?;
        }
        if let Some(field) = &self.field {
            write!(out, " in {field}")?;
        }
        if let Some(statement) = &self.statement {
            write!(out, " of statement {statement}")?;
        }
        Ok(())
    }
}

/// What is wrong. Amounts are signed minor units of a currency with `scale` decimals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The content is of no known form.
    #[error("the file is of no known form")]
    UnknownFormat,
    /// The content is of a known form that is not read.
    #[error("files of the form {format} are not read")]
    FormatUnsupported {
        /// Its name.
        format: &'static str,
    },
    /// A message about the day so far or about single movements: it has no closing balance that could be relied on.
    #[error("{message} is no statement of account")]
    NotAStatement {
        /// `camt.052`, `camt.054` or `MT942`.
        message: &'static str,
    },
    /// There is more of something than is read.
    #[error("too much: more than {limit} {what}")]
    TooLarge {
        /// `bytes`, `lines`, `depth`, `columns` or `amount`.
        what: &'static str,
        /// The most that is taken.
        limit: u64,
    },
    /// The bytes are not text of the declared or of any known encoding.
    #[error("the encoding is not understood")]
    Encoding,
    /// The XML is not well-formed.
    #[error("the XML is not well-formed")]
    XmlForm,
    /// The XML has a document type or entities of its own (entity bombs, files of the server).
    #[error("the XML declares a document type or uses entities")]
    XmlEntities,
    /// The workbook cannot be unpacked or misses a part.
    #[error("the workbook is damaged")]
    Damaged,
    /// There is no statement in the message.
    #[error("there is no statement in the file")]
    NoStatement,
    /// A field that has to be there is not; the place tells which.
    #[error("a field is missing")]
    FieldMissing,
    /// A field is there more than once.
    #[error("a field is there twice")]
    FieldTwice,
    /// A field is not of its form.
    #[error("a field is not of its form: {text:?}")]
    FieldForm {
        /// What stands there, cut.
        text: String,
    },
    /// Nothing says whose statement it is.
    #[error("the account is not named")]
    NoAccount,
    /// Another account than was expected.
    #[error("account {found} instead of {expected}")]
    AccountDiffers {
        /// The account that was asked for, or of the statement before.
        expected: String,
        /// The account of the file.
        found: String,
    },
    /// Nothing says in which currency the amounts are.
    #[error("the currency is not named")]
    NoCurrency,
    /// Amounts in more than one currency.
    #[error("{found} among amounts in {expected}")]
    CurrencyMixed {
        /// The currency of the account.
        expected: String,
        /// The other one.
        found: String,
    },
    /// A booked balance is missing, so that nothing can be checked.
    #[error("the {which} balance is missing")]
    NoBalance {
        /// `opening` or `closing`.
        which: &'static str,
    },
    /// An amount that cannot be read.
    #[error("not an amount: {text:?}")]
    AmountForm {
        /// What stands there, cut.
        text: String,
    },
    /// An amount that can be read in two ways, and nothing in the file says which; the template may.
    #[error("an amount with two readings: {text:?}")]
    AmountAmbiguous {
        /// What stands there, cut.
        text: String,
    },
    /// An amount that is finer than its currency.
    #[error("more than {max} decimals: {text:?}")]
    Decimals {
        /// What stands there, cut.
        text: String,
        /// The decimals of the currency.
        max: u8,
    },
    /// A row is debit and credit at once.
    #[error("debit and credit in one row")]
    BothSides,
    /// A date that cannot be read.
    #[error("not a date: {text:?}")]
    DateForm {
        /// What stands there, cut.
        text: String,
    },
    /// Columns that a table of movements needs.
    #[error("columns are missing: {}", columns.join(", "))]
    ColumnsMissing {
        /// `date`, `amount`.
        columns: Vec<&'static str>,
    },
    /// Opening balance and movements do not give the closing balance (مجموع غير مطابق).
    #[error("opening {opening} and movements {sum} do not give closing {closing}")]
    TotalsDiffer {
        /// Balance before the first line.
        opening: i64,
        /// Sum of the lines.
        sum: i64,
        /// Balance after the last line, as the bank says.
        closing: i64,
        /// Decimals of the three.
        scale: u8,
    },
    /// A balance that stands beside a movement is not what the movements give.
    #[error("balance {found} instead of {expected}")]
    BalanceDiffers {
        /// What the movements give.
        expected: i64,
        /// What the file says.
        found: i64,
        /// Decimals of the two.
        scale: u8,
    },
    /// The statement does not begin where the one before ended (فجوة بين كشفين).
    #[error("opening {found} instead of {expected_opening}")]
    Gap {
        /// Closing balance of the statement before.
        expected_opening: i64,
        /// Opening balance of this one.
        found: i64,
        /// Decimals of the two.
        scale: u8,
    },
    /// Pages of a statement are missing.
    #[error("page {expected} is missing")]
    PagesMissing {
        /// The page that should come.
        expected: u32,
        /// The page that came; 0 when none did.
        found: u32,
    },
}

/// A file, or what one says, is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}{place}")]
pub struct Refusal {
    /// What is wrong.
    pub reason: Reason,
    /// Where.
    pub place: Place,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, place: Place) -> Self {
        Self { reason, place }
    }

    /// The same refusal, said of a statement of the file.
    pub(crate) fn of(mut self, statement: Option<&str>) -> Self {
        self.place.statement = self.place.statement.or_else(|| statement.map(echo));
        self
    }

    /// The stable code, for translation and for programs.
    pub fn code(&self) -> &'static str {
        match self.reason {
            Reason::UnknownFormat => "unknown_format",
            Reason::FormatUnsupported { .. } => "format_unsupported",
            Reason::NotAStatement { .. } => "not_a_statement",
            Reason::TooLarge { .. } => "too_large",
            Reason::Encoding => "encoding",
            Reason::XmlForm => "xml_form",
            Reason::XmlEntities => "xml_entities",
            Reason::Damaged => "damaged",
            Reason::NoStatement => "no_statement",
            Reason::FieldMissing => "field_missing",
            Reason::FieldTwice => "field_twice",
            Reason::FieldForm { .. } => "field_form",
            Reason::NoAccount => "no_account",
            Reason::AccountDiffers { .. } => "account_differs",
            Reason::NoCurrency => "no_currency",
            Reason::CurrencyMixed { .. } => "currency_mixed",
            Reason::NoBalance { .. } => "no_balance",
            Reason::AmountForm { .. } => "amount_form",
            Reason::AmountAmbiguous { .. } => "amount_ambiguous",
            Reason::Decimals { .. } => "decimals",
            Reason::BothSides => "both_sides",
            Reason::DateForm { .. } => "date_form",
            Reason::ColumnsMissing { .. } => "columns_missing",
            Reason::TotalsDiffer { .. } => "totals_differ",
            Reason::BalanceDiffers { .. } => "balance_differs",
            Reason::Gap { .. } => "gap",
            Reason::PagesMissing { .. } => "pages_missing",
        }
    }

    /// What the message of the code is filled with, amounts written out with all their decimals.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let text = |name, value: &dyn ToString| (name, value.to_string());
        let mut args = match &self.reason {
            Reason::FormatUnsupported { format } => vec![text("format", format)],
            Reason::NotAStatement { message } => vec![text("message", message)],
            Reason::TooLarge { what, limit } => vec![text("what", what), text("limit", limit)],
            Reason::AccountDiffers { expected, found } | Reason::CurrencyMixed { expected, found } => {
                vec![text("expected", expected), text("found", found)]
            }
            Reason::NoBalance { which } => vec![text("which", which)],
            Reason::FieldForm { text: found }
            | Reason::AmountForm { text: found }
            | Reason::AmountAmbiguous { text: found }
            | Reason::DateForm { text: found } => vec![text("text", found)],
            Reason::Decimals { text: found, max } => vec![text("text", found), text("max", max)],
            Reason::ColumnsMissing { columns } => vec![("columns", columns.join(", "))],
            Reason::PagesMissing { expected, found } => vec![text("expected", expected), text("found", found)],
            Reason::TotalsDiffer { opening, sum, closing, scale } => {
                amounts(*scale, &[("opening", *opening), ("sum", *sum), ("closing", *closing)])
            }
            Reason::BalanceDiffers { expected, found, scale } => {
                amounts(*scale, &[("expected", *expected), ("found", *found)])
            }
            Reason::Gap { expected_opening, found, scale } => {
                amounts(*scale, &[("expected_opening", *expected_opening), ("found", *found)])
            }
            _ => Vec::new(),
        };
        args.extend(self.place.line.map(|line| ("line", line.to_string())));
        args.extend(self.place.field.clone().map(|field| ("place", field)));
        args.extend(self.place.statement.clone().map(|statement| ("statement", statement)));
        args
    }

    /// The refusal as the error of a field of a form.
    pub fn field_error(&self, field: &str) -> FieldError {
        self.args()
            .into_iter()
            .fold(FieldError::new(field, self.code()), |error, (name, value)| error.with(name, value))
    }
}

fn amounts(scale: u8, amounts: &[(&'static str, i64)]) -> Vec<(&'static str, String)> {
    amounts.iter().map(|(name, amount)| (*name, money::format(*amount, scale))).collect()
}

/// A piece of the file as it may be shown: cut, on one line, without controls.
pub(crate) fn echo(text: &str) -> String {
    let shown = text.chars().filter(|c| !c.is_control() && !diwan_kernel::text::is_bidi_control(*c));
    shown.take(ECHO_MAX).collect()
}
