//! Work around the records: notifications, live events, drafts, jobs.

use chrono::NaiveDateTime;
use diwan_kernel::{codes, dto, problem::Args};

use crate::records::RecordKind;

/// The largest draft in bytes.
pub const DRAFT_MAX_BYTES: usize = 1 << 20;

codes! {
    /// How far a job is.
    pub enum JobState {
        /// It will run when it is due and a worker is free.
        Waiting = "waiting",
        /// A worker is at it.
        Running = "running",
        /// It failed too often, or cannot be done as it is: a person has to look at it.
        Dead = "dead",
    }

    /// What a live event says.
    pub enum LiveKind {
        /// A new notification; the data are a [`NotificationView`].
        Notification = "notification",
        /// A record that this person may see changed; the data are a [`RecordChanged`].
        Record = "record",
        /// Counts of work and unread notifications may have changed: ask for them again. No data.
        Work = "work",
        /// Events were missed that can no longer be told: load anew what is shown. No data.
        Reset = "reset",
        /// The session is over. No data.
        SignedOut = "signed_out",
    }
}

dto! {
    /// A notification (إشعار) to the person signed in.
    #[derive(Eq)]
    pub struct NotificationView {
        /// The notification.
        pub id: i64,
        /// Stable code; the UI's text is `notification-<kind>` with `_` as `-`, filled with `args`.
        pub kind: String,
        /// What the text is filled with.
        pub args: Args,
        /// The record it is about, as long as this person may see it.
        pub record: Option<NotificationRecord>,
        /// When (UTC).
        pub created_at: NaiveDateTime,
        /// Whether it was read.
        pub read: bool,
    }

    /// The record that a notification is about.
    #[derive(Eq)]
    pub struct NotificationRecord {
        /// The record.
        pub id: i64,
        /// What it is.
        pub kind: RecordKind,
        /// Its number, once it has one.
        pub number: Option<String>,
        /// Its subject.
        pub subject: String,
    }

    /// Which notifications have been read: the named ones, and all up to one.
    #[derive(Eq, Default)]
    pub struct MarkRead {
        /// These.
        #[serde(default)]
        pub ids: Vec<i64>,
        /// All with this number or a lower one.
        #[serde(default)]
        pub up_to: Option<i64>,
    }

    /// How many notifications are unread.
    #[derive(Eq)]
    pub struct UnreadCount {
        /// Unread ones.
        pub unread: i64,
    }

    /// A record changed; shown views of it are old.
    #[derive(Eq)]
    pub struct RecordChanged {
        /// The record.
        pub id: i64,
        /// What it is.
        pub kind: RecordKind,
        /// Its state now.
        pub state: String,
        /// Its version now.
        pub version: i64,
    }

    /// What somebody typed and has not sent yet.
    #[derive(Eq)]
    pub struct Draft {
        /// The form's key.
        pub key: String,
        /// The form's content, in the form's own words (JSON).
        pub body: String,
        /// When it was kept (UTC).
        pub updated_at: NaiveDateTime,
    }

    /// A draft without its content.
    #[derive(Eq)]
    pub struct DraftSummary {
        /// The form's key.
        pub key: String,
        /// When it was kept (UTC).
        pub updated_at: NaiveDateTime,
    }

    /// Content to be kept as a draft.
    #[derive(Eq)]
    pub struct PutDraft {
        /// The form's content, at most [`DRAFT_MAX_BYTES`].
        pub body: String,
    }

    /// A job in the list.
    #[derive(Eq)]
    pub struct JobView {
        /// Its number.
        pub id: i64,
        /// Which handler does it.
        pub kind: String,
        /// How far it is.
        pub state: JobState,
        /// What it is about, as JSON: numbers of records and files.
        pub about: String,
        /// Lower runs first.
        pub priority: i32,
        /// Not before this time (UTC); after a failure, when it is tried again.
        pub run_at: NaiveDateTime,
        /// The worker that is at it.
        pub worker: Option<String>,
        /// How often it was tried.
        pub attempts: i32,
        /// How often it is tried before it is set aside.
        pub max_attempts: i32,
        /// Why the last attempt failed.
        pub last_error: Option<String>,
        /// When it was left (UTC).
        pub created_at: NaiveDateTime,
    }

    /// How many jobs there are.
    #[derive(Eq)]
    pub struct JobCounts {
        /// Waiting.
        pub waiting: i64,
        /// Being run.
        pub running: i64,
        /// Set aside.
        pub dead: i64,
    }
}
