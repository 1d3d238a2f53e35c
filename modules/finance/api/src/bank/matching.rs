//! Matching (المطابقة): which lines of the bank are which lines of the books, and why.

use chrono::NaiveDate;
use diwan_kernel::{Named, codes, dto, problem::Args};

use super::{BankAccountStanding, BankLine};

codes! {
    /// What tells that a line of the bank is a line of the books (سبب المطابقة).
    pub enum MatchRule {
        /// المرجع نفسه.
        Reference = "reference",
        /// المبلغ نفسه ولا غيره.
        Exact = "exact",
        /// حركات متماثلة بعدد القيود.
        Twins = "twins",
        /// عدة قيود أو حركات يذكرها المرجع.
        SumReference = "sum_reference",
        /// عدة قيود أو حركات في يوم واحد.
        SumDay = "sum_day",
        /// المجموع الوحيد الممكن.
        SumSearch = "sum_search",
        /// اختارها الموظف.
        Manual = "manual",
    }
}

impl MatchRule {
    /// Whether it is taken with all others of its kind at once: a reference that both sides name, an amount that is there
    /// once, or twins that are as many on both sides.
    pub const fn is_certain(self) -> bool {
        matches!(self, Self::Reference | Self::Exact | Self::Twins | Self::SumReference)
    }
}

/// The most lines of one side that are matched by hand at once.
pub const MATCH_MAX: usize = 1_000;
/// The most rows of each list of the matching desk; what is matched makes room for more.
pub const DESK_ROWS: usize = 100;

dto! {
    /// What a line is matched with.
    pub struct BankMatch {
        /// The line of the books.
        pub book: BookLine,
        /// How much.
        pub amount: i64,
        /// Why.
        pub why: MatchWhy,
        /// Who matched it.
        pub by: Named,
        /// In a reconciliation that is submitted or approved: stays.
        pub fixed: bool,
    }

    /// Why lines of both sides belong together.
    #[derive(Eq)]
    pub struct MatchWhy {
        /// The rule.
        pub rule: MatchRule,
        /// What its text is filled with: `reference`, `days`, `count`, `party`.
        pub args: Args,
    }

    /// A line of the books on the account (قيد دفتر البنك).
    pub struct BookLine {
        /// The entry.
        pub entry_id: i64,
        /// Its place there.
        pub seq: i32,
        /// The day it counts for.
        pub day: NaiveDate,
        /// Signed.
        pub amount: i64,
        /// How much of it is open, signed.
        pub open: i64,
        /// The document, or the payment run.
        pub record_id: i64,
        /// Its kind, by code.
        pub kind: String,
        /// The document's number.
        pub number: String,
        /// What the document is about.
        pub subject: String,
        /// The party of the line.
        pub party: Option<Named>,
        /// The line's own words.
        pub note: String,
    }

    /// Lines of both sides that are proposed to belong together.
    pub struct MatchProposal {
        /// Lines of the bank.
        pub lines: Vec<BankLine>,
        /// Lines of the books.
        pub entries: Vec<BookLine>,
        /// Why.
        pub why: MatchWhy,
    }

    /// What is open of an account, with what is proposed (طاولة المطابقة).
    pub struct MatchDesk {
        /// The account.
        pub account: BankAccountStanding,
        /// Proposals, the first of them.
        pub proposals: Vec<MatchProposal>,
        /// How many there are.
        pub proposed: i64,
        /// How many of them are certain.
        pub certain: i64,
        /// Lines of the bank for which nothing is proposed, the first of them, each with the reason; where something is looked
        /// for, also those with a proposal, which may be the wrong one.
        pub lines: Vec<OpenBankLine>,
        /// How many have no proposal.
        pub lines_left: i64,
        /// Lines of the books, likewise.
        pub entries: Vec<BookLine>,
        /// How many have no proposal.
        pub entries_left: i64,
    }

    /// An open line of the bank and why nothing, or that something, is proposed for it.
    pub struct OpenBankLine {
        /// The line.
        pub line: BankLine,
        /// `zero`, `no_candidate`, `equal_amounts`, `several_sums`, `too_many`, `proposed`.
        pub why: String,
        /// What the text is filled with.
        pub args: Args,
    }

    /// What the desk is asked for.
    #[derive(Eq, Default)]
    pub struct DeskQuery {
        /// In the words, references, numbers and amounts of the lines.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
    }

    /// Proposals to accept.
    #[derive(Eq, Default)]
    pub struct AcceptMatches {
        /// The first line of the bank of each; all certain ones where none is named.
        #[serde(default)]
        pub lines: Vec<i64>,
    }

    /// How many matches were made.
    #[derive(Eq)]
    pub struct Matched {
        /// Lines of the bank.
        pub lines: usize,
        /// Lines of the books.
        pub entries: usize,
    }

    /// A line of the books by its entry and place.
    #[derive(Eq, Copy, Hash, PartialOrd, Ord)]
    pub struct BookLineId {
        /// The entry.
        pub entry_id: i64,
        /// The place.
        pub seq: i32,
    }

    /// Lines that a person says belong together: the open amounts of both sides are the same.
    #[derive(Eq, Default)]
    pub struct ManualMatch {
        /// Lines of the bank.
        pub lines: Vec<i64>,
        /// Lines of the books.
        pub entries: Vec<BookLineId>,
    }
}
