//! How documents of finance travel between server and browser.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, PageRequest, codes, dto};
use diwan_platform_api::records::{Link, Note, RecordHead, Ref, Task};

pub use diwan_platform_api::records::RecordStep as DocumentStep;

use super::{DocumentDetails, DocumentPayment, DocumentState, Duty, PayMethod};
use crate::{Bucket, DocumentKind, MoveKind, Side, VoucherProblem};

codes! {
    /// What a list of documents is sorted by.
    pub enum DocumentSort {
        /// Newest first.
        Newest = "newest",
        /// Oldest first.
        Oldest = "oldest",
        /// In the order in which numbers were given; what has none comes last.
        Number = "number",
        /// The last number first; what has none comes before it.
        NumberDown = "-number",
        /// By day, the earliest first.
        Date = "date",
        /// By day, the latest first.
        DateDown = "-date",
        /// By net amount in the base currency, the smallest first.
        Amount = "amount",
        /// By net amount in the base currency, the largest first.
        AmountDown = "-amount",
        /// By the party's name in Arabic order; what has none comes first.
        Party = "party",
        /// By the party's name, the last first.
        PartyDown = "-party",
    }

    /// Ready-made views of the list, shown as tabs.
    pub enum DocumentView {
        /// الكل.
        All = "all",
        /// بانتظاري.
        Mine = "mine",
        /// مسودات.
        Drafts = "drafts",
        /// قيد الاعتماد.
        InApproval = "in_approval",
        /// غير مرحّلة: of anybody, on their way or not; what was given up is not among them.
        Unposted = "unposted",
        /// مرحّلة.
        Posted = "posted",
        /// فيها رصيد: commitments, advances and deposits that are not settled.
        Open = "open",
    }
}

dto! {
    /// Something that has a code and a name: an account, a party, a cost centre, a key.
    #[derive(Eq)]
    pub struct Coded {
        /// Its id.
        pub id: i64,
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: Named,
    }

    /// A line as it is typed or pasted: codes, and amounts in any digits.
    #[derive(Default, Eq)]
    pub struct LineInput {
        /// The code of the account.
        #[serde(default)]
        pub account: String,
        /// The code of the key: the codes of its six parts joined by `-`.
        #[serde(default)]
        pub key: String,
        /// The code of the party.
        #[serde(default)]
        pub party: String,
        /// The code of the cost centre.
        #[serde(default)]
        pub centre: String,
        /// مدين.
        #[serde(default)]
        pub debit: String,
        /// دائن.
        #[serde(default)]
        pub credit: String,
        /// البيان.
        #[serde(default)]
        pub note: String,
    }

    /// What a commitment takes from a later year.
    #[derive(Eq)]
    pub struct SliceInput {
        /// The year.
        pub year: i32,
        /// The amount, as typed.
        pub amount: String,
    }

    /// A document as it is written.
    pub struct DocumentInput {
        /// Its kind; it stays.
        pub kind: DocumentKind,
        /// The day from which it counts.
        pub effective_on: NaiveDate,
        /// It belongs to the complementary period of the year.
        #[serde(default)]
        pub complementary: bool,
        /// What it is for (البيان).
        pub subject: String,
        /// Its currency, ISO 4217.
        pub currency: String,
        /// Base units for one unit of the currency, as typed; by the table of rates when empty.
        #[serde(default)]
        pub rate: String,
        /// The party as a whole.
        #[serde(default)]
        pub party_id: Option<i64>,
        /// The code of the account that takes the difference; the kind's own when empty.
        #[serde(default)]
        pub counter: String,
        /// The document it draws on.
        #[serde(default)]
        pub source_id: Option<i64>,
        /// The law, the invoice, the contract.
        #[serde(default)]
        pub reference: String,
        /// Its day.
        #[serde(default)]
        pub reference_on: Option<NaiveDate>,
        /// How it is paid.
        pub method: PayMethod,
        /// By when it is to be paid or settled.
        #[serde(default)]
        pub due_on: Option<NaiveDate>,
        /// Its lines.
        pub lines: Vec<LineInput>,
        /// What it takes from later years.
        #[serde(default)]
        pub slices: Vec<SliceInput>,
        /// What its kind asks for besides.
        #[serde(default)]
        pub details: DocumentDetails,
    }

    /// A line of a document.
    #[derive(Eq)]
    pub struct DocumentLine {
        /// Its account.
        pub account: Option<Coded>,
        /// Its key.
        pub key: Option<Coded>,
        /// Its party.
        pub party: Option<Coded>,
        /// Its cost centre.
        pub centre: Option<Coded>,
        /// Its side.
        pub side: Side,
        /// Minor units of the document's currency.
        pub amount: i64,
        /// Minor units of the base currency.
        pub base_amount: i64,
        /// Of a commitment: what may still be spent.
        pub open: i64,
        /// The GFSM code of its account, or of its key where it names none.
        pub gfsm: String,
        /// The COFOG code of its key.
        pub cofog: String,
        /// البيان.
        pub note: String,
    }

    /// What a commitment takes from a later year.
    #[derive(Eq)]
    pub struct Slice {
        /// The year.
        pub year: i32,
        /// Minor units of the base currency.
        pub amount: i64,
    }

    /// Who did a duty.
    pub struct Approval {
        /// Which round; a returned document begins a new one.
        pub round: i32,
        /// What was done.
        pub duty: Duty,
        /// By whom.
        pub by: Ref,
        /// For whom (عن).
        pub on_behalf_of: Option<Ref>,
        /// When, UTC.
        pub at: NaiveDateTime,
    }

    /// What a document did to a budget line.
    pub struct BudgetMove {
        /// The budget line.
        pub line_id: i64,
        /// The line's code.
        pub line: String,
        /// Why.
        pub kind: MoveKind,
        /// From.
        pub source: Bucket,
        /// To.
        pub target: Bucket,
        /// How much, minor units of the base currency.
        pub amount: i64,
        /// Available in the line before it.
        pub available_before: i64,
        /// And after it.
        pub available_after: i64,
    }

    /// A document that another one names.
    #[derive(Eq)]
    pub struct DocumentRef {
        /// The record.
        pub id: i64,
        /// Its kind.
        pub kind: DocumentKind,
        /// Its number.
        pub number: Option<String>,
        /// Its subject.
        pub subject: String,
        /// What is left of it, minor units of the base currency.
        pub open: i64,
    }

    /// A document with everything its page shows.
    pub struct FinanceDocument {
        /// Number, subject, state …
        pub head: RecordHead,
        /// Its kind.
        pub kind: DocumentKind,
        /// Its fiscal year.
        pub year: i32,
        /// The day from which it counts.
        pub effective_on: NaiveDate,
        /// It belongs to the complementary period.
        pub complementary: bool,
        /// Its currency.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// Base units for one unit of the currency × [`crate::RATE_ONE`].
        pub rate: i64,
        /// Its amount in its currency: the gross of what it gives.
        pub amount: i64,
        /// The same in the base currency.
        pub base_amount: i64,
        /// The party.
        pub party: Option<Coded>,
        /// The account that takes the difference.
        pub counter: Option<Coded>,
        /// The document it draws on.
        pub source: Option<DocumentRef>,
        /// Whose advance it settles, where it names nobody itself.
        pub holder: Option<Coded>,
        /// By when the advance that it settles was to be settled.
        pub settle_by: Option<NaiveDate>,
        /// The documents that draw on it.
        pub drawn_by: Vec<DocumentRef>,
        /// The document it reverses.
        pub reverses: Option<DocumentRef>,
        /// The document that reverses it.
        pub reversed_by: Option<DocumentRef>,
        /// The law, the invoice, the contract.
        pub reference: String,
        /// Its day.
        pub reference_on: Option<NaiveDate>,
        /// How it is paid.
        pub method: PayMethod,
        /// What its kind asks for besides.
        pub details: DocumentDetails,
        /// The party that stands surety.
        pub guarantor: Option<Coded>,
        /// Why the draft that takes it back by itself could not be made yet.
        pub reversal_problem: Option<VoucherProblem>,
        /// What is left to be settled, base currency.
        pub to_settle: i64,
        /// What is left to be paid, base currency.
        pub to_pay: i64,
        /// What pays it.
        pub payment: Option<DocumentPayment>,
        /// Its entry of the general ledger.
        pub entry_id: Option<i64>,
        /// When it was posted, UTC.
        pub posted_at: Option<NaiveDateTime>,
        /// Its lines.
        pub lines: Vec<DocumentLine>,
        /// What it takes from later years.
        pub slices: Vec<Slice>,
        /// Who did what, the newest round last.
        pub approvals: Vec<Approval>,
        /// What it did to the budget.
        pub moves: Vec<BudgetMove>,
        /// Tasks, oldest first.
        pub tasks: Vec<Task>,
        /// Directions and comments.
        pub notes: Vec<Note>,
        /// Links.
        pub links: Vec<Link>,
        /// The actions the reader may take now, by code.
        pub actions: Vec<String>,
        /// The code of the seal, once posted.
        pub verify_code: Option<String>,
    }

    /// A row of a list of documents.
    pub struct DocumentItem {
        /// The record.
        pub id: i64,
        /// Its kind.
        pub kind: DocumentKind,
        /// Its number.
        pub number: Option<String>,
        /// What it is for.
        pub subject: String,
        /// The party.
        pub party: Option<Named>,
        /// Its state's code.
        pub state: String,
        /// The day from which it counts.
        pub effective_on: NaiveDate,
        /// Its currency.
        pub currency: String,
        /// Decimals of the currency.
        pub scale: u8,
        /// Its amount.
        pub amount: i64,
        /// In the base currency.
        pub base_amount: i64,
        /// What is left to settle or to pay, base currency.
        pub open: i64,
    }

    /// What a list of documents is asked for.
    #[derive(Default)]
    pub struct DocumentQuery {
        /// Of this kind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kind: Option<DocumentKind>,
        /// Which view.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub view: Option<DocumentView>,
        /// In this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<DocumentState>,
        /// In subject, number, reference, and what the party is called and known by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// With this party.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub party_id: Option<i64>,
        /// Of at least this net amount, minor units of the base currency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub min: Option<i64>,
        /// Of at most this net amount, minor units of the base currency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub max: Option<i64>,
        /// From this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// To this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// Sorted by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<DocumentSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// A word that goes with a step.
    #[derive(Default, Eq)]
    pub struct DocumentNote {
        /// The words; needed where something is returned, voided or reversed.
        #[serde(default)]
        pub note: Option<String>,
        /// The day of a reversal; today when none.
        #[serde(default)]
        pub on: Option<NaiveDate>,
        /// A reversal in the complementary period of the year of what it reverses, on the last day of it.
        #[serde(default)]
        pub complementary: bool,
    }
}
