//! The bank (البنك): statements, matching, reconciliations. Amounts are signed as the account's holder sees them: positive
//! where the account has more after it.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, PageRequest, codes, dto, problem::Args};

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

    /// The state of a reconciliation (حالة التسوية).
    pub enum ReconciliationState {
        /// مسودة.
        Draft = "draft",
        /// مرفوعة للاعتماد.
        Submitted = "submitted",
        /// معتمدة.
        Approved = "approved",
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
    /// A bank account and how far it is.
    pub struct BankAccountStanding {
        /// Its id.
        pub id: i64,
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// IBAN, or the bank's number.
        pub number: String,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// The last day of its statements.
        pub last_day: Option<NaiveDate>,
        /// What the bank says it holds on that day.
        pub bank_balance: Option<i64>,
        /// What the books say it holds today.
        pub book_balance: i64,
        /// Lines of the bank that are not, or not wholly, matched.
        pub open_lines: i64,
        /// The last day that is reconciled and approved.
        pub reconciled_to: Option<NaiveDate>,
        /// The reconciliation that is under way.
        pub reconciliation_id: Option<i64>,
    }

    /// A statement of the bank (كشف حساب بنكي).
    pub struct BankStatement {
        /// Its id.
        pub id: i64,
        /// The account.
        pub account_id: i64,
        /// The account's name.
        pub account: Named,
        /// Its place among the statements of the account.
        pub seq: i64,
        /// The bank's reference of it, or its days where the bank gives none.
        pub number: String,
        /// The bank's own number; 0 where it gives none.
        pub bank_seq: i64,
        /// First day.
        pub starts_on: NaiveDate,
        /// Last day.
        pub ends_on: NaiveDate,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// Balance before the first line.
        pub opening: i64,
        /// Balance after the last.
        pub closing: i64,
        /// How many lines.
        pub lines: i64,
        /// How many of them are open.
        pub open: i64,
        /// What the file was called.
        pub file_name: String,
        /// SHA-256 of the file, hex.
        pub hash: String,
        /// Who imported it.
        pub imported_by: Named,
        /// When, UTC.
        pub imported_at: NaiveDateTime,
    }

    /// A line of a statement (حركة).
    pub struct BankLine {
        /// Its id.
        pub id: i64,
        /// The statement.
        pub statement_id: i64,
        /// Its place there; 0 is the opening balance of the account.
        pub ordinal: i32,
        /// Which of equal lines it is.
        pub occurrence: i32,
        /// From when it bears interest.
        pub value_on: NaiveDate,
        /// When the bank booked it.
        pub booked_on: NaiveDate,
        /// Signed.
        pub amount: i64,
        /// How much of it is open, signed.
        pub open: i64,
        /// Our reference, or the payer's.
        pub reference: String,
        /// The bank's.
        pub bank_reference: String,
        /// The other side.
        pub counterparty: String,
        /// What else the bank says.
        pub details: String,
        /// What it is matched with.
        pub matches: Vec<BankMatch>,
    }

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
        /// The document.
        pub record_id: i64,
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
        /// Lines of the bank for which nothing is proposed, the first of them, each with the reason.
        pub lines: Vec<OpenBankLine>,
        /// How many there are.
        pub lines_left: i64,
        /// Lines of the books for which nothing is proposed, the first of them.
        pub entries: Vec<BookLine>,
        /// How many there are.
        pub entries_left: i64,
    }

    /// An open line of the bank and why nothing is proposed for it.
    pub struct OpenBankLine {
        /// The line.
        pub line: BankLine,
        /// `zero`, `no_candidate`, `equal_amounts`, `several_sums`, `too_many`.
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

    /// A statement of a file, before it is imported.
    pub struct StatementPreview {
        /// The bank's reference of it, or its days.
        pub number: String,
        /// The bank's own number.
        pub bank_seq: i64,
        /// First day.
        pub starts_on: NaiveDate,
        /// Last day.
        pub ends_on: NaiveDate,
        /// Balance before the first line.
        pub opening: i64,
        /// Balance after the last.
        pub closing: i64,
        /// How many lines.
        pub lines: usize,
        /// How many of them are equal to an earlier one: genuine, and all imported.
        pub twins: usize,
        /// Movements that the bank has not booked; they are left out.
        pub unbooked: u32,
    }

    /// What a file of statements would bring, or brought.
    pub struct StatementImport {
        /// `MT940`, `camt.053`, `CSV` or `XLSX`.
        pub format: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// The statements of the account, in their order.
        pub statements: Vec<StatementPreview>,
        /// Statements of other accounts in the file; they are left out.
        pub others: usize,
        /// Ids of what was imported; none in a preview.
        pub ids: Vec<i64>,
    }

    /// What is known of a file beside its content.
    #[derive(Eq, Default)]
    pub struct StatementQuery {
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// The opening balance of a table without balances, as written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub opening: Option<String>,
        /// Its closing balance, as written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub closing: Option<String>,
    }

    /// Which lines of a statement are wanted.
    #[derive(Eq, Default)]
    pub struct BankLineQuery {
        /// In the words and references.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// Only open ones.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub open: Option<bool>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// Up to which statement an account is reconciled.
    #[derive(Eq)]
    pub struct NewReconciliation {
        /// The statement.
        pub statement_id: i64,
    }

    /// An item that explains the difference between bank and books.
    pub struct ReconciliationItem {
        /// Its day.
        pub day: NaiveDate,
        /// Number of the document, or reference of the bank.
        pub reference: String,
        /// What it is.
        pub text: String,
        /// What is open of it, signed.
        pub amount: i64,
        /// The document, of an item of the books.
        pub record_id: Option<i64>,
    }

    /// A reconciliation in a list.
    pub struct ReconciliationRow {
        /// The record.
        pub id: i64,
        /// The account's name.
        pub account: Named,
        /// Its number, once approved.
        pub number: Option<String>,
        /// Up to which day.
        pub day: NaiveDate,
        /// Its state.
        pub state: ReconciliationState,
        /// What the bank holds.
        pub bank_balance: i64,
        /// Decimals of the currency.
        pub scale: u8,
    }

    /// A bank reconciliation (تسوية بنكية).
    pub struct Reconciliation {
        /// The record.
        pub id: i64,
        /// For `If-Match`.
        pub version: i64,
        /// The account.
        pub account_id: i64,
        /// Its name.
        pub account: Named,
        /// Its number at the bank.
        pub account_number: String,
        /// ISO 4217.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// Its number, once approved.
        pub number: Option<String>,
        /// Up to which day, the last one of its last statement.
        pub day: NaiveDate,
        /// Its state.
        pub state: ReconciliationState,
        /// What the books say.
        pub book_balance: i64,
        /// What the bank says.
        pub bank_balance: i64,
        /// Items that only the bank has, together.
        pub bank_only: i64,
        /// Items that only the books have, together.
        pub books_only: i64,
        /// What both come to: books and items of the bank, or bank and items of the books.
        pub adjusted: i64,
        /// What the bank has and the books do not (إشعارات لم تُقيّد).
        pub bank_items: Vec<ReconciliationItem>,
        /// What the books have paid and the bank not yet (صكوك وحوالات لم تُصرف).
        pub outstanding: Vec<ReconciliationItem>,
        /// What the books have received and the bank not yet (إيداعات في الطريق).
        pub in_transit: Vec<ReconciliationItem>,
        /// Who prepared it.
        pub prepared_by: Named,
        /// When it was submitted, UTC.
        pub submitted_at: Option<NaiveDateTime>,
        /// Who approved it.
        pub approved_by: Option<Named>,
        /// When, UTC.
        pub approved_at: Option<NaiveDateTime>,
        /// SHA-256 over the sealed content, hex.
        pub root: Option<String>,
        /// Whether the reader may approve or return it: not what one prepared.
        pub may_approve: bool,
    }
}
