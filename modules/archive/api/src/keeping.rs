//! Keeping and disposing (الاستبقاء والإتلاف): when a document may go, what holds it, who destroyed it.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, Secrecy, codes, dto};
use diwan_platform_api::records::Ref;

use crate::{Fate, RetentionStart};

/// The fewest people who confirm a destruction, beside the one who proposes it.
pub const COMMITTEE: usize = 2;
/// The most documents of one act.
pub const DISPOSAL_MAX: usize = 500;

codes! {
    /// What a review decides.
    pub enum ReviewDecision {
        /// It stays until a day.
        KeepUntil = "keep_until",
        /// It may be destroyed by a committee.
        Destroy = "destroy",
        /// Another schedule than its class's is right for it.
        Schedule = "schedule",
    }

    /// Where an act of destruction stands.
    pub enum DisposalState {
        /// Waits for its committee.
        Proposed = "proposed",
        /// Confirmed; it is being carried out.
        Confirmed = "confirmed",
        /// Carried out.
        Done = "done",
        /// A member refused, or the one who proposed it took it back.
        Refused = "refused",
    }

    /// What became of a document of an act.
    pub enum DisposalItemState {
        /// Nothing yet.
        Listed = "listed",
        /// Its content is destroyed.
        Destroyed = "destroyed",
        /// It was spared: a hold was set, or its schedule changed.
        Spared = "spared",
    }

    /// Which documents the list of what is due shows.
    pub enum DueView {
        /// Whose day has come.
        Due = "due",
        /// Whose day comes within a month.
        Soon = "soon",
        /// Whose day was more than a month ago.
        Late = "late",
    }
}

dto! {
    /// How long a document is kept.
    pub struct Keeping {
        /// Its one schedule.
        pub schedule: Ref,
        /// The schedule's short code.
        pub schedule_code: String,
        /// Whether a review gave it that schedule, not its class.
        pub chosen: bool,
        /// From when the period runs.
        pub starts: RetentionStart,
        /// The day that somebody entered for it.
        pub event_on: Option<NaiveDate>,
        /// What follows.
        pub action: Fate,
        /// When; none while the period has not begun, and for what stays for ever.
        pub due_on: Option<NaiveDate>,
        /// When it was destroyed.
        pub destroyed_on: Option<NaiveDate>,
        /// What holds it.
        pub holds: Vec<HoldName>,
        /// The act that lists it, where one is under way or carried out.
        pub disposal_id: Option<i64>,
        /// What was decided before, latest first.
        pub reviews: Vec<Review>,
        /// Whether the reader may decide and hold.
        pub may_dispose: bool,
    }

    /// A hold as its name says it.
    #[derive(Eq)]
    pub struct HoldName {
        /// Its id.
        pub id: i64,
        /// Why it was set.
        pub reason: String,
    }

    /// A decision about a document.
    pub struct Review {
        /// What was decided.
        pub decision: ReviewDecision,
        /// Until when it stays.
        pub until_on: Option<NaiveDate>,
        /// The schedule it got.
        pub schedule: Option<Named>,
        /// Why.
        pub note: String,
        /// By whom.
        pub by: Ref,
        /// When, UTC.
        pub at: NaiveDateTime,
    }

    /// A decision as it is written.
    #[derive(Eq)]
    pub struct ReviewInput {
        /// What is decided.
        pub decision: ReviewDecision,
        /// Until when it stays.
        #[serde(default)]
        pub until_on: Option<NaiveDate>,
        /// The schedule it gets.
        #[serde(default)]
        pub schedule_id: Option<i64>,
        /// Why.
        pub note: String,
    }

    /// The day from which the period of a document runs, where its schedule waits for one.
    #[derive(Eq)]
    pub struct EventInput {
        /// The day.
        pub on: NaiveDate,
        /// What happened.
        pub note: String,
    }

    /// A document in the list of what is due.
    pub struct DueItem {
        /// The record.
        pub id: i64,
        /// Its number.
        pub number: Option<String>,
        /// Its subject.
        pub subject: String,
        /// Its class.
        pub class_code: Option<String>,
        /// درجة السرية.
        pub secrecy: Secrecy,
        /// Its schedule.
        pub schedule: Named,
        /// What follows.
        pub action: Fate,
        /// When.
        pub due_on: NaiveDate,
        /// Whether a hold keeps it.
        pub held: bool,
        /// Whether an act under way lists it.
        pub listed: bool,
        /// Whether it can be proposed for destruction now.
        pub ready: bool,
    }

    /// What the list of what is due is asked for.
    #[derive(Default)]
    pub struct DueQuery {
        /// Which days; what is due when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub view: Option<DueView>,
        /// What follows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub action: Option<Fate>,
        /// The cursor of the page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub after: Option<String>,
        /// Rows wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<u32>,
    }

    /// A legal hold (وقف الإتلاف).
    pub struct Hold {
        /// Its id.
        pub id: i64,
        /// Why it was set.
        pub reason: String,
        /// The class that it freezes with all below it.
        pub class: Option<Ref>,
        /// The file that it freezes.
        pub file: Option<Ref>,
        /// How many single records it freezes.
        pub records: i64,
        /// Who set it.
        pub set_by: Ref,
        /// When, UTC.
        pub set_at: NaiveDateTime,
        /// Who lifted it.
        pub lifted_by: Option<Ref>,
        /// When, UTC.
        pub lifted_at: Option<NaiveDateTime>,
        /// Why it was lifted.
        pub lift_reason: Option<String>,
    }

    /// A hold as it is set: on records, on a file or on a class.
    #[derive(Eq)]
    pub struct HoldInput {
        /// Why.
        pub reason: String,
        /// Single records.
        #[serde(default)]
        pub record_ids: Vec<i64>,
        /// A file.
        #[serde(default)]
        pub file_id: Option<i64>,
        /// A class with all below it.
        #[serde(default)]
        pub class_id: Option<i64>,
    }

    /// Why something ends.
    #[derive(Eq)]
    pub struct EndInput {
        /// Why.
        pub reason: String,
    }

    /// An act of destruction in the list.
    pub struct DisposalRow {
        /// Its id.
        pub id: i64,
        /// Why.
        pub reason: String,
        /// Where it stands.
        pub state: DisposalState,
        /// How many documents it lists.
        pub documents: i64,
        /// Who proposed it.
        pub proposed_by: Ref,
        /// When, UTC.
        pub proposed_at: NaiveDateTime,
    }

    /// An act of destruction.
    pub struct Disposal {
        /// Its id.
        pub id: i64,
        /// Why.
        pub reason: String,
        /// Where it stands.
        pub state: DisposalState,
        /// Who proposed it.
        pub proposed_by: Ref,
        /// When, UTC.
        pub proposed_at: NaiveDateTime,
        /// Who confirmed it.
        pub confirmed: Vec<Vote>,
        /// Who ended it, where a person did.
        pub ended_by: Option<Ref>,
        /// When it ended, UTC.
        pub ended_at: Option<NaiveDateTime>,
        /// Why it was refused.
        pub refusal: Option<String>,
        /// The certificate (محضر الإتلاف), once it is filed.
        pub certificate_id: Option<i64>,
        /// Its documents that the reader may see.
        pub items: Vec<DisposalItem>,
        /// How many more there are.
        pub unseen: i64,
        /// Whether the reader may confirm it now.
        pub may_confirm: bool,
        /// Whether the reader may refuse it, or take it back.
        pub may_refuse: bool,
        /// For `If-Match`.
        pub version: i64,
    }

    /// A member of the committee who confirmed.
    pub struct Vote {
        /// Who.
        pub by: Ref,
        /// When, UTC.
        pub at: NaiveDateTime,
    }

    /// A document of an act.
    pub struct DisposalItem {
        /// The record.
        pub id: i64,
        /// Its number.
        pub number: Option<String>,
        /// Its subject.
        pub subject: String,
        /// Its class.
        pub class_code: Option<String>,
        /// Its schedule's short code.
        pub schedule_code: String,
        /// The day it was due.
        pub due_on: Option<NaiveDate>,
        /// What became of it.
        pub state: DisposalItemState,
        /// Why it was spared: a code.
        pub reason: Option<String>,
        /// What was destroyed.
        pub files: Vec<DestroyedFile>,
    }

    /// A file that was destroyed: what is left is its name, its size and its hash.
    #[derive(Eq)]
    pub struct DestroyedFile {
        /// Its name.
        pub name: String,
        /// Bytes.
        pub size: i64,
        /// SHA-256 of its content, hex.
        pub hash: String,
    }

    /// An act as it is proposed.
    #[derive(Eq)]
    pub struct DisposalInput {
        /// Why.
        pub reason: String,
        /// Its documents.
        pub record_ids: Vec<i64>,
    }
}
