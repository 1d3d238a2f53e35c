//! Closing (الإقفال): the cockpit of a period, sign-offs, the sealed book, and the end of a year.
//!
//! Bodies and answers are JSON; `If-Match` carries the version of what is changed. Refusals are problem+json with the codes named here.
//!
//! | method and path | right | takes | answers |
//! |---|---|---|---|
//! | `GET /api/finance/periods/{id}/cockpit` | `finance.read` | | [`Cockpit`] |
//! | `POST /api/finance/periods/{id}/sign-offs` | that of the rule | [`SignOffInput`] | [`Cockpit`]; 409 `signed_already`, `sign_off_other_person` |
//! | `POST /api/finance/periods/{id}/accept` | `finance.close` | [`AcceptInput`] | [`Cockpit`]; 409 `nothing_to_accept` |
//! | `POST /api/finance/periods/{id}/close` (`If-Match`) | `finance.close` | [`crate::ClosePeriod`] | [`crate::FiscalPeriod`]; 409 `earlier_period_open`, `closing_blocked`, `warnings_open`, `sign_offs_missing` |
//! | `POST /api/finance/periods/{id}/reopen` (`If-Match`) | `finance.close` | [`crate::ReopenPeriod`] | [`crate::FiscalPeriod`]; 409 `year_ended` |
//! | `GET /api/finance/periods/{id}/report`, `…/pdf` | `finance.read` | | the cockpit as [`crate::Report`]; `…/export` with `export`: XLSX |
//! | `GET /api/finance/periods/{id}/reopenings` | `finance.read` | | array of [`Reopening`], latest first |
//! | `GET /api/finance/reopenings/{id}/entries?after=&limit=` | `finance.read` | | page of [`TouchedEntry`] |
//! | `GET /api/finance/reopenings/{id}/report`, `…/pdf` | `finance.read` | | the same as [`crate::Report`]; `…/export` with `export`: XLSX |
//! | `POST /api/finance/periods/{id}/seal` (`If-Match`) | `finance.close` and `finance.authorise` | | [`crate::FiscalPeriod`] with `root`; 409 `wrong_state`, `earlier_period_unsealed`, `sign_offs_missing` |
//! | `GET /api/finance/periods/{id}/book` | `finance.read` and `export` | | the sealed book (`application/x-ndjson`), for `diwan verify-books` |
//! | `GET /api/finance/closing-rules?q=&sort=&after=&limit=` | `finance.read` | | page of `PartRow<`[`ClosingRuleInput`]`>`, like every list of the setup |
//! | `POST /api/finance/closing-rules`, `PUT …/{id}` (`If-Match`) | `finance.structure` | [`ClosingRuleInput`] | `PartRow<ClosingRuleInput>` |
//! | `GET …/closing-rules/export`, `POST …/closing-rules/import` | as every list | | |
//! | `POST /api/finance/closing-rules/usual` | `finance.close` | | [`UsualRules`]; 409 `rules_there` |
//! | `GET /api/finance/years/{id}/end` | `finance.read` | | [`YearEnd`] |
//! | `POST /api/finance/years/{id}/end` | `finance.close` | [`BeginYearEnd`] | [`YearEnd`] (201); 409 `year_end_begun` |
//! | `GET /api/finance/years/{id}/end/commitments?q=&after=&limit=&only=` | `finance.read` | [`YearEndQuery`] | page of [`YearEndCommitment`] |
//! | `GET /api/finance/years/{id}/end/commitments/export?lang=` | `finance.read` and `export` | [`YearEndQuery`] | XLSX |
//! | `PUT /api/finance/years/{id}/end/decisions` | `finance.close` | [`DecideCommitments`] | [`YearEnd`] |
//! | `POST /api/finance/years/{id}/end/prepare` (`If-Match`) | `finance.close` | | [`YearEnd`]; 409 `year_end_conditions`, `commitments_undecided` |
//! | `POST /api/finance/years/{id}/end/return` (`If-Match`) | `finance.close` or `finance.authorise` | | [`YearEnd`] |
//! | `POST /api/finance/years/{id}/end/confirm` (`If-Match`) | `finance.authorise` | | [`YearEnd`]; 409 `own_year_end`, `year_end_conditions`, `year_end_changed` |
//!
//! The version for `If-Match` is that of the period ([`crate::FiscalPeriod::version`]) or of the year end ([`YearEnd::version`]).

mod year_end;

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, Permission, codes, dto};
use diwan_platform_api::records::Ref;

pub use self::year_end::*;
use crate::FiscalPeriod;

codes! {
    /// What is looked at before a period is closed (بند الفحص).
    pub enum ClosingCheck {
        /// Months before it that are not closed, without complementary periods: always blocks.
        EarlierPeriods = "earlier_periods",
        /// Drafts and documents in approval dated in the period.
        Documents = "documents",
        /// Bank accounts with something on them up to the last day that no approved reconciliation covers.
        Bank = "bank",
        /// Bank accounts whose books were changed after they were reconciled.
        BankChanged = "bank_changed",
        /// Payment runs not executed.
        PaymentRuns = "payment_runs",
        /// Advances past their day that are not settled.
        Advances = "advances",
        /// Clearing accounts, as the closing rules name them, that are not at zero.
        Clearing = "clearing",
    }

    /// What a finding does to the close.
    pub enum ClosingSeverity {
        /// Stops it.
        Block = "block",
        /// Stops it until somebody accepts it with a reason, where the agency has closing rules; else it is only told.
        Warn = "warn",
    }

    /// What a closing rule asks for.
    pub enum ClosingRuleKind {
        /// إقرار: a sign-off by somebody who has a right.
        SignOff = "sign_off",
        /// حساب وسيط: an account that is at zero when a month is closed.
        Clearing = "clearing",
    }

    /// Why a sign-off counts no more.
    pub enum SignOffVoid {
        /// Something was posted to the period after it.
        Posted = "posted",
        /// The period was opened again after it.
        Reopened = "reopened",
    }
}

dto! {
    /// Something that a check found: a document, a bank account, an account, a period.
    pub struct FindingItem {
        /// The id of what [`ClosingFinding::check`] is about: record of a document, run or advance; bank account; account; period.
        pub id: i64,
        /// Of a document its kind, else empty.
        pub kind: String,
        /// Number of a document, code of an account, number of a period.
        pub number: Option<String>,
        /// Subject or name.
        pub name: Named,
        /// The state's code of a document, run or period; else empty.
        pub state: String,
        /// The day it counts for, is due, or is reconciled up to.
        pub day: Option<NaiveDate>,
        /// Minor units of the base currency; of a clearing account its balance, credit below 0; of books
        /// that were changed after they were reconciled the difference.
        pub amount: i64,
        /// Who must act.
        pub owners: Vec<Ref>,
    }

    /// What lies with one person.
    pub struct FindingOwner {
        /// Who; none where it lies with nobody by name.
        pub owner: Option<Ref>,
        /// How many.
        pub count: i64,
        /// How much, minor units of the base currency.
        pub amount: i64,
    }

    /// That somebody accepted a warning.
    pub struct Acceptance {
        /// Why.
        pub reason: String,
        /// Who.
        pub by: Ref,
        /// When, UTC.
        pub at: NaiveDateTime,
    }

    /// What a check found. A check that finds nothing has a count of 0.
    pub struct ClosingFinding {
        /// Which check.
        pub check: ClosingCheck,
        /// What it does to the close.
        pub severity: ClosingSeverity,
        /// How many.
        pub count: i64,
        /// How much, minor units of the base currency; 0 where it has no amount.
        pub amount: i64,
        /// By owner, the largest count first.
        pub owners: Vec<FindingOwner>,
        /// The first of them, at most [`FINDING_ITEMS`].
        pub items: Vec<FindingItem>,
        /// Accepted as it is; none again once count or amount are others.
        pub accepted: Option<Acceptance>,
    }

    /// The month in figures, minor units of the base currency.
    #[derive(Eq)]
    pub struct PeriodFigures {
        /// Posted entries.
        pub entries: i64,
        /// Their lines.
        pub lines: i64,
        /// All debits of the period.
        pub debit: i64,
        /// All credits.
        pub credit: i64,
        /// Revenue and other gains (credits less debits of GFSM 1).
        pub revenue: i64,
        /// Expense (debits less credits of GFSM 2).
        pub expense: i64,
        /// Whether debits and credits of the whole ledger up to the last day are equal, in every currency.
        pub balanced: bool,
    }

    /// A sign-off that was given.
    pub struct SignOff {
        /// Who.
        pub by: Ref,
        /// When, UTC.
        pub at: NaiveDateTime,
        /// What was said with it; may be empty.
        pub note: String,
        /// Why it counts no more; none while it counts.
        pub void: Option<SignOffVoid>,
        /// How many entries, documents and moves of the budget were posted after it.
        pub entries_since: i64,
    }

    /// A sign-off that a rule asks for, and how it stands.
    pub struct SignOffStanding {
        /// The closing rule.
        pub rule_id: i64,
        /// Its code.
        pub code: String,
        /// What is signed.
        pub name: Named,
        /// Who may sign.
        pub right: Permission,
        /// Whoever signs it signs nothing else of the period.
        pub other_person: bool,
        /// The last one, whether it counts or not.
        pub last: Option<SignOff>,
        /// Whether it stands.
        pub given: bool,
        /// Whether the reader may give it now.
        pub may_sign: bool,
    }

    /// All that is to be seen before a period is closed (لوحة الإقفال).
    pub struct Cockpit {
        /// The period.
        pub period: FiscalPeriod,
        /// The fiscal year it belongs to.
        pub year_id: i64,
        /// That year.
        pub year: i32,
        /// Whether closing rules of the agency are in force on the last day. Without them only earlier periods stop the close, and
        /// the page offers to set the usual ones.
        pub ruled: bool,
        /// Every check, those that block first.
        pub findings: Vec<ClosingFinding>,
        /// The month in figures.
        pub figures: PeriodFigures,
        /// Sign-offs that the rules ask for.
        pub sign_offs: Vec<SignOffStanding>,
        /// How often it was reopened.
        pub reopenings: i64,
        /// Nothing stands against closing it now.
        pub clear: bool,
        /// The reader may close it softly now.
        pub may_soft_close: bool,
        /// The reader may close it; what stands against it is in the findings.
        pub may_close: bool,
        /// The reader may open it again.
        pub may_reopen: bool,
        /// The reader may seal it now.
        pub may_seal: bool,
        /// The reader may accept warnings.
        pub may_accept: bool,
        /// The earlier period that has to be sealed first, by its number and year; none where nothing stands before it.
        pub unsealed_before: Option<String>,
    }

    /// Giving a sign-off.
    #[derive(Eq)]
    pub struct SignOffInput {
        /// The closing rule.
        pub rule_id: i64,
        /// A word with it.
        #[serde(default)]
        pub note: String,
    }

    /// Accepting a warning as it stands.
    #[derive(Eq)]
    pub struct AcceptInput {
        /// Which check.
        pub check: ClosingCheck,
        /// Why; it is kept.
        pub reason: String,
    }

    /// A closing rule (قاعدة إقفال), dated.
    #[derive(Eq)]
    pub struct ClosingRuleInput {
        /// What it asks for.
        pub kind: ClosingRuleKind,
        /// Its code; of a clearing account the code of the account.
        pub code: String,
        /// What is signed; empty for a clearing account.
        #[serde(default)]
        pub name: Named,
        /// Who may sign; none for a clearing account.
        #[serde(default)]
        pub right: Option<Permission>,
        /// Whoever signs it signs nothing else of the period.
        #[serde(default)]
        pub other_person: bool,
        /// For periods that end on this day or later.
        pub active_from: NaiveDate,
        /// And until this day.
        #[serde(default)]
        pub active_to: Option<NaiveDate>,
    }

    /// How many rules were set.
    #[derive(Eq)]
    pub struct UsualRules {
        /// How many.
        pub added: i64,
    }

    /// A reopening of a period (إعادة الفتح) and what it touched.
    pub struct Reopening {
        /// Its id.
        pub id: i64,
        /// Why.
        pub reason: String,
        /// Who opened it.
        pub by: Ref,
        /// When, UTC.
        pub opened_at: NaiveDateTime,
        /// Until when at most, UTC.
        pub until: NaiveDateTime,
        /// When it ended, UTC; none while it is open.
        pub ended_at: Option<NaiveDateTime>,
        /// How much was posted to the period under it: entries, and records that changed its budget without one.
        pub touched: i64,
        /// What all of it is about, minor units of the base currency.
        pub amount: i64,
    }

    /// What was posted under a reopening: an entry, or a record that changed the budget of the period without one.
    pub struct TouchedEntry {
        /// The entry; none where only the budget changed.
        pub entry_id: Option<i64>,
        /// Its document.
        pub record_id: i64,
        /// The document's kind, by code.
        pub kind: String,
        /// The document's number.
        pub number: Option<String>,
        /// What it is for.
        pub subject: String,
        /// The day it counts for.
        pub day: NaiveDate,
        /// When it was posted, UTC.
        pub at: NaiveDateTime,
        /// By whom.
        pub by: Ref,
        /// All its debits, or the amount of the document, minor units of the base currency.
        pub amount: i64,
    }
}

/// The most items of a finding.
pub const FINDING_ITEMS: usize = 50;
