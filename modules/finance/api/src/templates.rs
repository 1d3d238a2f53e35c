//! Templates of documents (قوالب المستندات), and documents that come again and again (المستندات الدورية).
//!
//! | method | path under `/api` | right | takes | answers |
//! |---|---|---|---|---|
//! | GET | `/finance/templates` | `finance.read` | query [`VoucherTemplateQuery`] | `Page<`[`VoucherTemplate`]`>` |
//! | GET | `/finance/templates/export?lang=` | `export` with `finance.read` | the same | XLSX |
//! | POST | `/finance/templates` | that of preparing the kind | [`VoucherTemplateInput`] | 201 [`VoucherTemplate`] |
//! | GET | `/finance/templates/{id}` | `finance.read` | | [`VoucherTemplate`], `ETag` |
//! | PUT | `/finance/templates/{id}` (`If-Match`) | that of preparing the kind | [`VoucherTemplateInput`] | [`VoucherTemplate`] |
//! | POST | `/finance/templates/{id}/end` (`If-Match`) | the same | | [`VoucherTemplate`] |
//! | POST | `/finance/templates/{id}/draft` | the same | [`VoucherTemplateDay`] | 201 [`crate::DocumentStep`] |
//! | POST | `/finance/templates/{id}/make` | the same | | [`VoucherTemplate`], after trying what is due |
//! | GET | `/finance/templates/{id}/drafts` | `finance.read` | `PageRequest` | `Page<`[`VoucherTemplateDraft`]`>`, the last first |
//! | GET | `/finance/templates/{id}/drafts/export?lang=` | `export` with `finance.read` | | the same as XLSX |

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{PageRequest, codes, dto, problem::Args};
use diwan_platform_api::records::Ref;

use crate::{DocumentKind, DocumentRef};

codes! {
    /// How often a document comes again (الدورية).
    pub enum VoucherEvery {
        /// شهري.
        Month = "month",
        /// ربع سنوي.
        Quarter = "quarter",
    }

    /// Which templates are listed.
    pub enum VoucherTemplateOnly {
        /// Those that make drafts by themselves.
        Recurring = "recurring",
        /// Those whose last draft could not be made.
        Problem = "problem",
        /// Those that were ended.
        Ended = "ended",
    }

    /// What a list of templates is sorted by.
    pub enum VoucherTemplateSort {
        /// By name, the first first.
        Name = "name",
        /// By name, the last first.
        NameDown = "-name",
        /// The newest first.
        Newest = "newest",
    }
}

dto! {
    /// When a template makes a draft by itself.
    #[derive(Eq)]
    pub struct VoucherSchedule {
        /// How often.
        pub every: VoucherEvery,
        /// On which day of the month; the last day of shorter months.
        pub day: u32,
        /// From this day on.
        pub starts_on: NaiveDate,
        /// Until this day.
        #[serde(default)]
        pub ends_on: Option<NaiveDate>,
        /// What falls due meanwhile is left out.
        #[serde(default)]
        pub paused: bool,
    }

    /// A template as it is written.
    #[derive(Eq)]
    pub struct VoucherTemplateInput {
        /// What it is called.
        pub name: String,
        /// The document whose content it takes; needed for a new one.
        #[serde(default)]
        pub document_id: Option<i64>,
        /// When it makes drafts by itself, in the name of whoever says so; never when none.
        #[serde(default)]
        pub schedule: Option<VoucherSchedule>,
    }

    /// Why the last draft could not be made.
    #[derive(Eq)]
    pub struct VoucherProblem {
        /// Its code, as of any refusal.
        pub code: String,
        /// What the text is filled with.
        #[serde(default)]
        pub args: Args,
        /// The field that is wrong; empty where it is none.
        #[serde(default)]
        pub field: String,
        /// Since when, UTC.
        pub at: NaiveDateTime,
    }

    /// A template.
    #[derive(Eq)]
    pub struct VoucherTemplate {
        /// Its id.
        pub id: i64,
        /// What it is called.
        pub name: String,
        /// The kind of its documents.
        pub kind: DocumentKind,
        /// What they are for.
        pub subject: String,
        /// When it makes drafts by itself.
        pub schedule: Option<VoucherSchedule>,
        /// The next day it is due.
        pub next_on: Option<NaiveDate>,
        /// Why the last draft could not be made.
        pub problem: Option<VoucherProblem>,
        /// In whose name drafts are made.
        pub owner: Ref,
        /// Whether it was not ended.
        pub active: bool,
        /// Whether the reader may change it.
        pub may_change: bool,
        /// For `If-Match`.
        pub version: i64,
    }

    /// The day of a new draft.
    #[derive(Eq)]
    pub struct VoucherTemplateDay {
        /// The day from which it counts.
        pub on: NaiveDate,
    }

    /// A draft that a template made by itself.
    #[derive(Eq)]
    pub struct VoucherTemplateDraft {
        /// The day it was due.
        pub due_on: NaiveDate,
        /// When it was made, UTC.
        pub made_at: NaiveDateTime,
        /// The document.
        pub document: DocumentRef,
        /// Its state's code.
        pub state: String,
    }

    /// What a list of templates is asked for.
    #[derive(Default)]
    pub struct VoucherTemplateQuery {
        /// In the name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// Of this kind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kind: Option<DocumentKind>,
        /// Which of them; those that were not ended when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub only: Option<VoucherTemplateOnly>,
        /// Sorted by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<VoucherTemplateSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }
}
