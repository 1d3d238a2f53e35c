//! The budget law out of a workbook (قانون الموازنة من ملف), and spending before the law is there (الصرف على أساس 1/12).
//!
//! | method | path under `/api` | right | takes | answers |
//! |---|---|---|---|---|
//! | GET | `/finance/budget/law/template?on=&lang=` | `finance.budget` | | XLSX with the keys of the year, or of the year before |
//! | POST | `/finance/budget/law/import` | `finance.budget` | the file (XLSX or CSV), query [`LawQuery`] | [`LawImport`] |
//! | GET | `/finance/budget/provisional?on=` | `finance.read` | | [`ProvisionalStanding`] |
//! | POST | `/finance/budget/provisional` | `finance.budget` | [`ProvisionalInput`] | 201 [`crate::DocumentStep`] of the draft |
//! | GET, POST, PUT … | `/finance/provisional-rules` | as every list of the setup | [`ProvisionalRuleInput`] | |

use chrono::NaiveDate;
use diwan_kernel::{FieldError, Named, dto};

use crate::DocumentRef;

dto! {
    /// How a workbook with the law is looked at or taken.
    pub struct LawQuery {
        /// Only looked at.
        #[serde(default)]
        pub preview: bool,
        /// The hash of what was looked at; needed to take it.
        #[serde(default)]
        pub hash: Option<String>,
        /// The day from which the law counts.
        pub on: NaiveDate,
        /// What the document is for; a text that names the year when empty.
        #[serde(default)]
        pub subject: Option<String>,
        /// The number of the law; needed to take it.
        #[serde(default)]
        pub reference: Option<String>,
        /// Its day.
        #[serde(default)]
        pub reference_on: Option<NaiveDate>,
        /// What the law itself says it comes to, in dinars; compared with the sum of the rows where it is said.
        #[serde(default)]
        pub total: Option<String>,
        /// What the file is called.
        #[serde(default)]
        pub name: Option<String>,
    }

    /// A row of a workbook with the law.
    #[derive(Eq)]
    pub struct LawRow {
        /// Its line in the file.
        pub line: u32,
        /// The code of the key, as far as it is known.
        pub key: String,
        /// The amount as it was read.
        pub amount: String,
        /// The note.
        pub note: String,
        /// What is wrong, by column.
        pub errors: Vec<FieldError>,
    }

    /// What the law gives a chapter.
    #[derive(Eq)]
    pub struct LawTotal {
        /// The chapter's code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Minor units of the base currency.
        pub amount: i64,
        /// Rows of it.
        pub rows: u32,
    }

    /// What a workbook with the law holds, or has become.
    #[derive(Eq)]
    pub struct LawImport {
        /// Names what was looked at.
        pub hash: String,
        /// Rows of the file.
        pub rows: u32,
        /// How many of them are wrong.
        pub wrong: u32,
        /// The sum of the right ones, minor units of the base currency.
        pub total: i64,
        /// The same by chapter.
        pub chapters: Vec<LawTotal>,
        /// Rows to look at: the wrong ones first, [`LAW_ROWS_SHOWN`] at most.
        pub shown: Vec<LawRow>,
        /// The draft it has become.
        pub document: Option<i64>,
    }

    /// A rule of spending before the law (قاعدة 1/12), of a year and in force between days.
    #[derive(Eq)]
    pub struct ProvisionalRuleInput {
        /// The fiscal year.
        pub year: i32,
        /// Whether it is allowed.
        pub allowed: bool,
        /// A month takes one part of so many of what the year before was appropriated in the end: 12 for 1/12.
        pub parts: i32,
        /// The article that says so (السند القانوني).
        pub reference: String,
        /// From this day.
        pub active_from: NaiveDate,
        /// Until this day.
        #[serde(default)]
        pub active_to: Option<NaiveDate>,
    }

    /// Asks for the provisional appropriation up to the end of a month.
    #[derive(Eq)]
    pub struct ProvisionalInput {
        /// The day from which it counts.
        pub on: NaiveDate,
        /// 1 for January.
        pub through_month: u32,
    }

    /// A document of provisional appropriation.
    #[derive(Eq)]
    pub struct ProvisionalDocument {
        /// Number, subject …
        pub document: DocumentRef,
        /// Its state's code.
        pub state: String,
        /// Up to the end of this month.
        pub through_month: u32,
        /// Minor units of the base currency.
        pub amount: i64,
        /// The law took its place.
        pub replaced: bool,
    }

    /// How far a year stands on the appropriations of the one before.
    #[derive(Eq)]
    pub struct ProvisionalStanding {
        /// The year.
        pub year: i32,
        /// Whether a rule allows it on the day.
        pub allowed: bool,
        /// A month takes one part of so many.
        pub parts: i32,
        /// The rule's article.
        pub reference: String,
        /// The law, once it is posted.
        pub law: Option<DocumentRef>,
        /// What the year before was appropriated in the end, minor units of the base currency.
        pub last: i64,
        /// The documents, oldest first.
        pub documents: Vec<ProvisionalDocument>,
    }
}

/// Rows of a workbook that are shown at most.
pub const LAW_ROWS_SHOWN: usize = 200;
/// Into how many parts a year's appropriation is cut at least and at most.
pub const PROVISIONAL_PARTS: std::ops::RangeInclusive<i32> = 12..=365;
