//! The end of a fiscal year (إقفال السنة المالية): what it will do, the decision on each commitment, and how it went.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, PageRequest, codes, dto};
use diwan_platform_api::records::{RecordKind, Ref};

use crate::{Bucket, Coded};

codes! {
    /// Where the end of a year stands.
    pub enum YearEndState {
        /// Being prepared.
        Draft = "draft",
        /// Waits for confirmation by another person.
        Prepared = "prepared",
        /// Done.
        Ended = "ended",
    }

    /// What becomes of a commitment at the end of its year.
    pub enum CommitmentDecision {
        /// تدوير: what is open is a commitment of the next year.
        Carry = "carry",
        /// إلغاء: what is open lapses.
        Lapse = "lapse",
    }

    /// What must be so before a year ends.
    pub enum YearEndCondition {
        /// Months 1 to 12 are closed; `count`: those that are not.
        MonthsClosed = "months_closed",
        /// The complementary period is open: the closing entry is posted to it.
        ComplementaryOpen = "complementary_open",
        /// No document dated in the year is a draft or in approval; `count`: those that are.
        DocumentsDone = "documents_done",
        /// The next year is opened, where a commitment is carried forward.
        NextYear = "next_year",
        /// The years before it, where the agency has any in the books, are ended; `count`: those that are not.
        EarlierYears = "earlier_years",
        /// Every open commitment has its decision; `count`: those without.
        Decisions = "decisions",
        /// The day is past the last day of the year.
        Over = "over",
    }

    /// Which commitments of a year end are listed.
    pub enum YearEndOnly {
        /// Those without a decision.
        Undecided = "undecided",
        /// Those carried forward.
        Carry = "carry",
        /// Those that lapse.
        Lapse = "lapse",
    }
}

dto! {
    /// A condition of the end of a year, and whether it is met.
    #[derive(Eq)]
    pub struct ConditionStanding {
        /// Which.
        pub condition: YearEndCondition,
        /// Whether it is met.
        pub met: bool,
        /// How many stand against it.
        pub count: i64,
    }

    /// An account of flows that the closing entry takes to nothing.
    #[derive(Eq)]
    pub struct NominalAccount {
        /// The account.
        pub account: Coded,
        /// Its code in GFSM 2014.
        pub gfsm: String,
        /// Debits less credits of the year, minor units of the base currency; credit below 0.
        pub balance: i64,
    }

    /// Commitments of one decision.
    #[derive(Default, Eq, Copy)]
    pub struct DecisionTotal {
        /// How many.
        pub count: i64,
        /// What is open of them, minor units of the base currency.
        pub amount: i64,
    }

    /// What becomes of the budget of the year, minor units of the base currency.
    #[derive(Default, Eq)]
    pub struct BudgetEnd {
        /// Revised appropriation before.
        pub revised: i64,
        /// Reserved and not carried forward: goes back to what is available, and lapses with it.
        pub pre_committed: i64,
        /// Committed or reserved, and carried forward.
        pub carried: i64,
        /// All that lapses: unallotted, frozen, available, reserved, commitments by decision; what is owed and given up since.
        pub lapsed: i64,
        /// Owed, stays to be paid.
        pub obligated: i64,
        /// Paid.
        pub paid: i64,
    }

    /// The end of a fiscal year (إقفال السنة): what it will do, or what it did.
    pub struct YearEnd {
        /// The fiscal year.
        pub year_id: i64,
        /// That year.
        pub year: i32,
        /// Where it stands; none before it is begun.
        pub state: Option<YearEndState>,
        /// For `If-Match`; 0 before it is begun.
        pub version: i64,
        /// The account that takes the result (الفائض المتراكم).
        pub surplus_account: Option<Coded>,
        /// What must be so, and whether it is.
        pub conditions: Vec<ConditionStanding>,
        /// The accounts of flows with a balance, by code.
        pub accounts: Vec<NominalAccount>,
        /// Revenue and other gains: minor units of the base currency.
        pub revenue: i64,
        /// Expense and other losses.
        pub expense: i64,
        /// What the year leaves: revenue less expense; below 0 a deficit.
        pub surplus: i64,
        /// How many commitments are open.
        pub open: DecisionTotal,
        /// Without a decision.
        pub undecided: DecisionTotal,
        /// Carried forward.
        pub carry: DecisionTotal,
        /// Lapsing.
        pub lapse: DecisionTotal,
        /// What of the open ones other modules hold: reservations and commitments, decided on as the others.
        pub held: DecisionTotal,
        /// What becomes of the budget.
        pub budget: BudgetEnd,
        /// Who prepared it.
        pub prepared_by: Option<Ref>,
        /// When, UTC.
        pub prepared_at: Option<NaiveDateTime>,
        /// Who confirmed it.
        pub confirmed_by: Option<Ref>,
        /// When, UTC.
        pub confirmed_at: Option<NaiveDateTime>,
        /// The document of the closing entry, once ended: a journal voucher.
        pub record_id: Option<i64>,
        /// Its number.
        pub number: Option<String>,
        /// The reader may begin or change it.
        pub may_prepare: bool,
        /// The reader may confirm it.
        pub may_confirm: bool,
        /// The reader may give it back.
        pub may_return: bool,
    }

    /// Beginning the end of a year.
    #[derive(Default, Eq)]
    pub struct BeginYearEnd {
        /// The code of the account that takes the result; that of the ready chart when empty.
        #[serde(default)]
        pub surplus_account: String,
    }

    /// Which commitments are listed.
    #[derive(Default)]
    pub struct YearEndQuery {
        /// In number, subject, party.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// Only these.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub only: Option<YearEndOnly>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// A commitment that is open at the end of its year or has slices of later years, or what another module holds.
    pub struct YearEndCommitment {
        /// The record: the commitment, or that of the other module.
        pub id: i64,
        /// Its kind.
        pub kind: RecordKind,
        /// The hold of another module, by which it is decided on; none of a commitment of finance.
        pub hold_id: Option<i64>,
        /// Where the money is: committed or reserved.
        pub bucket: Bucket,
        /// Its number.
        pub number: Option<String>,
        /// What it is for.
        pub subject: String,
        /// The party.
        pub party: Option<Named>,
        /// The day from which it counts.
        pub day: NaiveDate,
        /// Its amount, minor units of the base currency.
        pub amount: i64,
        /// What is open of it; of one that was decided on and ended, what was.
        pub open: i64,
        /// What of its contract falls on later years and no other commitment took over, minor units of the base currency.
        pub later: i64,
        /// The decision.
        pub decision: Option<CommitmentDecision>,
        /// Why.
        pub reason: String,
        /// Who decided.
        pub decided_by: Option<Ref>,
        /// When, UTC.
        pub decided_at: Option<NaiveDateTime>,
        /// The commitment of the next year, once carried; none where nothing was open.
        pub carried_id: Option<i64>,
    }

    /// Deciding on commitments.
    #[derive(Eq)]
    pub struct DecideCommitments {
        /// Which commitments, by record; all that have no decision yet when nothing is named here nor in `holds`.
        #[serde(default)]
        pub ids: Vec<i64>,
        /// Which holds of other modules.
        #[serde(default)]
        pub holds: Vec<i64>,
        /// What becomes of them.
        pub decision: CommitmentDecision,
        /// Why.
        pub reason: String,
    }
}

/// The most commitments decided on at once by name.
pub const DECISIONS_MAX: usize = 1_000;
