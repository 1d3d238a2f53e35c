//! Search over everything.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, Secrecy, codes, dto};
use diwan_platform_api::records::RecordKind;

codes! {
    /// The order of the hits.
    pub enum SearchSort {
        /// Best first.
        Relevance = "relevance",
        /// Latest date first.
        Newest = "newest",
        /// Earliest date first.
        Oldest = "oldest",
    }

    /// How a proposal differs from what was searched for.
    pub enum ProposalKind {
        /// Another word in the place of one.
        Word = "word",
        /// Without one of its words.
        Without = "without",
        /// Without the filters.
        Unfiltered = "unfiltered",
    }

    /// How far the index is.
    pub enum IndexState {
        /// It follows the database.
        Ready = "ready",
        /// It is being built; what is found may be incomplete.
        Building = "building",
        /// It cannot follow; the fault says why.
        Failing = "failing",
    }
}

dto! {
    /// What is searched for. Several values of `agency`, `kind`, `secrecy` and `class` are separated by commas and are
    /// alternatives.
    #[derive(Default, Eq)]
    pub struct SearchQuery {
        /// Words, `"an exact phrase"`, `begin*`, `fuzzy~`, `-without`, `this OR that`, a number in either digit shape, and
        /// fields: `subject:`, `number:`, `party:`, `class:`, `kind:`, `from:`, `to:`, `date:`, also with their Arabic names.
        /// Empty finds everything.
        #[serde(default)]
        pub q: String,
        /// Agencies, by id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agency: Option<String>,
        /// Kinds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kind: Option<String>,
        /// Secrecy levels.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub secrecy: Option<String>,
        /// Classes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub class: Option<String>,
        /// From this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// To this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// The order; best first when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<SearchSort>,
        /// The cursor of the page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub after: Option<String>,
        /// Hits wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<u32>,
    }

    /// What was found.
    pub struct SearchAnswer {
        /// One page of hits.
        pub hits: Vec<Hit>,
        /// The cursor of the next page; none on the last.
        pub next: Option<String>,
        /// How many there are in all.
        pub total: u64,
        /// Counts of all of them.
        pub facets: Facets,
        /// Too few held most of the words, so those that hold any of them are shown.
        pub relaxed: bool,
        /// The query was longer than what is read.
        pub cut: bool,
        /// Milliseconds that the search took.
        pub took_ms: u64,
        /// Where nothing, or nothing with most of the words, was found: what would find something.
        pub proposals: Vec<Proposal>,
    }

    /// Something else to search for.
    #[derive(Eq)]
    pub struct Proposal {
        /// How it differs.
        pub kind: ProposalKind,
        /// The word that was typed; none where only filters go.
        pub word: Option<String>,
        /// The word in its place.
        pub instead: Option<String>,
        /// What to search for.
        pub q: String,
        /// How many that finds.
        pub total: u64,
    }

    /// What is searched for inside one record.
    pub struct FindQuery {
        /// As in a search over everything.
        #[serde(default)]
        pub q: String,
    }

    /// What was found inside a record.
    #[derive(Eq, Default)]
    pub struct FindAnswer {
        /// The passages in the order of the text, as many as are shown.
        pub passages: Vec<Passage>,
        /// How many there are in all.
        pub total: u64,
        /// No passage holds most of the words; those that hold any are given.
        pub relaxed: bool,
    }

    /// A passage of a record.
    #[derive(Eq)]
    pub struct Passage {
        /// Where it stands.
        pub place: Place,
        /// Its text with the words found.
        pub text: Excerpt,
    }

    /// A search that somebody keeps.
    #[derive(Eq)]
    pub struct SavedSearch {
        /// Its id.
        pub id: i64,
        /// What its owner calls it.
        pub name: String,
        /// What is searched for.
        pub query: SearchQuery,
        /// When it was kept, UTC.
        pub created_at: NaiveDateTime,
    }

    /// A search to keep.
    #[derive(Eq)]
    pub struct NewSavedSearch {
        /// What to call it.
        pub name: String,
        /// What is searched for; the page is not kept.
        pub query: SearchQuery,
    }

    /// A record found.
    pub struct Hit {
        /// The record.
        pub id: i64,
        /// What it is.
        pub kind: RecordKind,
        /// Its number.
        pub number: Option<String>,
        /// The subject with the words found.
        pub subject: Excerpt,
        /// The passage that fits best.
        pub snippet: Excerpt,
        /// Where the passage stands.
        pub place: Place,
        /// Whose it is.
        pub agency: Named,
        /// The state's code.
        pub state: String,
        /// درجة السرية.
        pub secrecy: Secrecy,
        /// Its class.
        pub class_code: Option<String>,
        /// Its date: of issue, or the one it bears.
        pub date: NaiveDate,
    }

    /// Plain text with marked words; never HTML.
    #[derive(Eq, Default)]
    pub struct Excerpt {
        /// The text.
        pub text: String,
        /// The words found, in order.
        pub marks: Vec<Mark>,
    }

    /// A marked word, counted in characters (Unicode scalar values) of the text.
    #[derive(Eq)]
    pub struct Mark {
        /// Characters before it.
        pub start: usize,
        /// Its characters.
        pub len: usize,
    }

    /// Where in a record a passage stands.
    #[derive(Eq, Default)]
    pub struct Place {
        /// The attachment's name; none for the record's own text.
        pub attachment: Option<String>,
        /// The attachment, for opening it.
        pub attachment_id: Option<i64>,
        /// Its page, from 1.
        pub page: Option<u32>,
    }

    /// Counts of everything found.
    #[derive(Eq, Default)]
    pub struct Facets {
        /// By agency; the value is its id.
        pub agencies: Vec<Facet>,
        /// By kind.
        pub kinds: Vec<Facet>,
        /// By secrecy.
        pub secrecy: Vec<Facet>,
        /// By class.
        pub classes: Vec<Facet>,
        /// By month, latest first.
        pub months: Vec<DateFacet>,
    }

    /// How many carry one value.
    #[derive(Eq)]
    pub struct Facet {
        /// The value's code or id, as a filter takes it.
        pub value: String,
        /// Its name, where it is not the UI that names it.
        pub name: Option<Named>,
        /// How many.
        pub count: u64,
    }

    /// How many are of one month.
    #[derive(Eq)]
    pub struct DateFacet {
        /// The first day of the month.
        pub month: NaiveDate,
        /// How many.
        pub count: u64,
    }

    /// What was typed so far, for suggestions.
    pub struct SuggestQuery {
        /// The beginning of words of a subject, or a number.
        #[serde(default)]
        pub q: String,
    }

    /// Records that fit what was typed so far.
    pub struct Suggestions {
        /// The latest first.
        pub items: Vec<Suggestion>,
    }

    /// A record that fits what was typed so far.
    pub struct Suggestion {
        /// The record.
        pub id: i64,
        /// What it is.
        pub kind: RecordKind,
        /// Its number.
        pub number: Option<String>,
        /// Its subject with the words typed.
        pub subject: Excerpt,
    }

    /// The state of this node's index.
    pub struct IndexStatus {
        /// How far it is.
        pub state: IndexState,
        /// Entries in it.
        pub entries: u64,
        /// Pieces it is in.
        pub segments: u64,
        /// Bytes on disk.
        pub bytes: u64,
        /// Records in the database.
        pub records: i64,
        /// Of a build that is under way: records read so far.
        pub built: Option<u64>,
        /// Why it was built anew since this node started: `missing`, `outdated`, `unfinished`, `corrupt`, `position`, `lost`.
        pub built_because: Option<String>,
        /// The outbox position of the last commit.
        pub position: String,
        /// When it last wrote, UTC.
        pub committed_at: Option<NaiveDateTime>,
        /// What failed last.
        pub fault: Option<String>,
        /// Changes that wait to be taken over; counted up to a thousand.
        pub behind: u64,
        /// Of a comparison with the database that is under way: records compared so far.
        pub sweeping: Option<u64>,
        /// The last comparison.
        pub sweep: Option<SweepStatus>,
    }

    /// A comparison of the database with the index, and what it mended.
    #[derive(Eq, Default)]
    pub struct SweepStatus {
        /// When it began, UTC.
        pub at: NaiveDateTime,
        /// Records compared.
        pub compared: u64,
        /// Records that had no entry.
        pub missing: u64,
        /// Entries that said something else than their record.
        pub changed: u64,
        /// Entries without a record.
        pub gone: u64,
        /// Damaged files; with any the index was built anew.
        pub damaged: u64,
    }
}
