//! What the books say (الدفاتر والكشوف): position, journal, balances, statements. All of them come as one form, [`Report`]:
//! screen, sheet and print draw the same columns and rows; the print of a wide one leaves out figures that are nothing in
//! every row.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, PageRequest, codes, dto};
use serde::{Deserialize, Serialize};

use crate::DocumentKind;

codes! {
    /// A dimension that balances are split by.
    pub enum Dimension {
        /// الحساب.
        Account = "account",
        /// مفتاح الموازنة.
        Key = "key",
        /// الجهة.
        Party = "party",
        /// مركز الكلفة.
        Centre = "centre",
        /// العملة.
        Currency = "currency",
        /// الفصل.
        Chapter = "chapter",
        /// البرنامج.
        Programme = "programme",
        /// النشاط أو المشروع.
        Activity = "activity",
        /// مصدر التمويل.
        Fund = "fund",
        /// الموقع.
        Location = "location",
        /// البند.
        Item = "item",
        /// رمز إحصاءات مالية الحكومة: of the account.
        Gfsm = "gfsm",
        /// رمز وظائف الحكومة: of the key.
        Cofog = "cofog",
    }

    /// A report of what is open on a day (الكشوف القائمة), in the order they are offered in.
    pub enum OpenReport {
        /// الالتزامات القائمة حسب العمر.
        Commitments = "commitments",
        /// المتأخرات: what is owed, by how long it is past its day.
        Arrears = "arrears",
        /// السلف القائمة.
        Advances = "advances",
        /// الأمانات.
        Deposits = "deposits",
        /// التزامات السنوات القادمة: what contracts take from later years, by year and key.
        Obligations = "obligations",
    }

    /// What a row of a report opens.
    pub enum Target {
        /// The statement of an account; `id` is the account, `code` what it is narrowed to.
        Account = "account",
        /// The trial balance by account; `code` is what it is narrowed to.
        Trial = "trial",
        /// An entry.
        Entry = "entry",
        /// The moves of a budget line.
        Line = "line",
        /// A document; `code` is the kind of the record.
        Record = "record",
        /// The accounts of a row of a statement; `code` is the row.
        Row = "row",
    }
}

/// What a cell of a report holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
#[serde(tag = "is", content = "value", rename_all = "snake_case")]
pub enum ReportCell {
    /// Nothing.
    #[default]
    Empty,
    /// Words.
    Text(Named),
    /// A code or number, the same in both languages.
    Code(String),
    /// Minor units of the base currency.
    Amount(i64),
    /// Thousandths of the whole: 125 is 12.5 %.
    Permille(i64),
    /// A day.
    Day(NaiveDate),
    /// A moment, UTC.
    Time(NaiveDateTime),
}

dto! {
    /// Where a row leads.
    #[derive(Eq)]
    pub struct ReportLink {
        /// What it opens.
        pub target: Target,
        /// Its id; 0 where a code says it.
        pub id: i64,
        /// Its code, where it has one.
        pub code: String,
    }

    /// A column.
    #[derive(Eq)]
    pub struct ReportColumn {
        /// Its heading.
        pub heading: Named,
        /// Whether it holds amounts.
        pub figures: bool,
    }

    /// A row.
    #[derive(Eq)]
    pub struct ReportRow {
        /// How deep it stands: 0 at the edge.
        pub level: u8,
        /// Whether it is a total.
        pub strong: bool,
        /// One cell for each column.
        pub cells: Vec<ReportCell>,
        /// What it opens.
        pub link: Option<ReportLink>,
    }

    /// Two figures that must be equal.
    #[derive(Eq)]
    pub struct ReportCheck {
        /// What is compared.
        pub label: Named,
        /// The one, in minor units.
        pub left: i64,
        /// The other.
        pub right: i64,
    }

    /// A fact above the rows.
    #[derive(Eq)]
    pub struct ReportFact {
        /// Its name.
        pub label: Named,
        /// What it is.
        pub value: ReportCell,
        /// What it opens.
        pub link: Option<ReportLink>,
    }

    /// A report: a heading, facts, rows, what must hold.
    #[derive(Eq)]
    pub struct Report {
        /// Its name.
        pub title: Named,
        /// What it counts from.
        pub from: NaiveDate,
        /// And up to.
        pub to: NaiveDate,
        /// The moment as of which it was known; none for all that is known.
        pub known_at: Option<NaiveDateTime>,
        /// Facts above the rows.
        pub facts: Vec<ReportFact>,
        /// The columns.
        pub columns: Vec<ReportColumn>,
        /// The rows.
        pub rows: Vec<ReportRow>,
        /// What must hold.
        pub checks: Vec<ReportCheck>,
        /// The cursor of the next page, where it is paged.
        pub next: Option<String>,
    }

    /// What a report is asked for. Each report reads what concerns it.
    #[derive(Default)]
    pub struct ReportQuery {
        /// The fiscal year; that of `to` where it is missing.
        #[serde(default)]
        pub year: Option<i32>,
        /// The first day; the first of the year where it is missing.
        #[serde(default)]
        pub from: Option<NaiveDate>,
        /// The last day; today where it is missing, but never outside of the year that is asked for.
        #[serde(default)]
        pub to: Option<NaiveDate>,
        /// As known at the end of this day; all that is known where it is missing.
        #[serde(default)]
        pub known: Option<NaiveDate>,
        /// As known at this moment, UTC; goes before `known`.
        #[serde(default)]
        pub known_at: Option<NaiveDateTime>,
        /// The first dimension; for the position the key or the part it is grouped by.
        #[serde(default)]
        pub by: Option<Dimension>,
        /// The second dimension.
        #[serde(default)]
        pub then: Option<Dimension>,
        /// Only what has this in its code or name.
        #[serde(default)]
        pub q: Option<String>,
        /// Only these values of dimensions: `party:5,key:7.9`; for the trial balance and the statement of an account.
        #[serde(default)]
        pub only: Option<String>,
        /// Only this row of a statement, account by account.
        #[serde(default)]
        pub row: Option<String>,
        /// Only entries on this account, by its code.
        #[serde(default)]
        pub account: Option<String>,
        /// Only entries of documents of this kind.
        #[serde(default)]
        pub kind: Option<DocumentKind>,
        /// Only entries of the document with this number.
        #[serde(default)]
        pub number: Option<String>,
        /// Only entries of this total, as people write amounts.
        #[serde(default)]
        pub amount: Option<String>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }
}

impl ReportCheck {
    /// How far the two are apart.
    pub const fn difference(&self) -> i64 {
        self.left.saturating_sub(self.right)
    }
}

impl Dimension {
    /// Its name in Arabic and English, for headings.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Account => ("الحساب", "Account"),
            Self::Key => ("مفتاح الموازنة", "Budget key"),
            Self::Party => ("الجهة", "Party"),
            Self::Centre => ("مركز الكلفة", "Cost centre"),
            Self::Currency => ("العملة", "Currency"),
            Self::Chapter => ("الفصل", "Chapter"),
            Self::Programme => ("البرنامج", "Programme"),
            Self::Activity => ("النشاط أو المشروع", "Activity or project"),
            Self::Fund => ("مصدر التمويل", "Fund"),
            Self::Location => ("الموقع", "Location"),
            Self::Item => ("البند", "Item"),
            Self::Gfsm => ("رمز إحصاءات مالية الحكومة", "GFSM code"),
            Self::Cofog => ("رمز وظائف الحكومة", "COFOG code"),
        }
    }

    /// Whether it is a part of the budget key.
    pub const fn is_part(self) -> bool {
        matches!(self, Self::Chapter | Self::Programme | Self::Activity | Self::Fund | Self::Location | Self::Item)
    }
}

/// The statements, in the order they are offered in.
pub const STATEMENTS: [&str; 6] = ["execution", "cash", "position", "performance", "gfsm", "cofog"];

/// The last day of each age (العمر) but the last one, in days.
pub const AGES: [i64; 5] = [30, 60, 90, 180, 365];

/// Places of figures among the columns of the arrears.
pub mod arrears {
    /// المستحق: all that is owed.
    pub const OWED: usize = 3;
    /// لم يحن موعده; the columns of the ages follow.
    pub const NOT_DUE: usize = 4;
}

/// Places of figures among the columns of the budget position.
pub mod position {
    /// المخصص المعدل.
    pub const REVISED: usize = 7;
    /// متاح.
    pub const AVAILABLE: usize = 11;
    /// ملتزم به.
    pub const COMMITTED: usize = 13;
    /// مدفوع.
    pub const PAID: usize = 15;
}
