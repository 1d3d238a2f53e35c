//! Attachments (المرفقات): the files of a record, with their versions and what could be read of them.

use chrono::NaiveDateTime;
use diwan_kernel::{codes, dto};

use crate::{fixity::BlobState, records::Ref};

/// The longest file name, in characters; a longer one is cut, its extension stays.
pub const FILE_NAME_MAX: usize = 200;
/// The most files that one request may bring.
pub const FILES_MAX: usize = 50;

codes! {
    /// Whether a file's text can be searched.
    pub enum ContentState {
        /// Not read yet.
        Pending = "pending",
        /// There is text.
        Text = "text",
        /// In order, but without text that can be read; the reason says why.
        NoText = "no_text",
        /// Could not, or must not, be read; the reason says why. The file itself is kept.
        Refused = "refused",
    }

    /// How far the recognition of a scanned page has come.
    pub enum PageState {
        /// Not read yet.
        Waiting = "waiting",
        /// Its words are known.
        Read = "read",
        /// Could not be read; the reason says why.
        Failed = "failed",
    }

    /// What an attachment is to its record.
    pub enum AttachmentRole {
        /// مرفق: what people attached.
        Attachment = "attachment",
        /// The record's own print.
        Print = "print",
    }
}

dto! {
    /// An attachment (مرفق) in its newest version.
    pub struct Attachment {
        /// Its id; a new version has a new one.
        pub id: i64,
        /// The record.
        pub record_id: i64,
        /// The name it came with.
        pub file_name: String,
        /// What it is by its content.
        pub media_type: String,
        /// Whether the name says that it is something else.
        pub name_mismatch: bool,
        /// Bytes.
        pub size: i64,
        /// SHA-256 of the content, hex.
        pub hash: String,
        /// What it is to the record.
        pub role: AttachmentRole,
        /// From 1.
        pub version_no: i32,
        /// Whether its text can be searched.
        pub content: ContentState,
        /// Why it cannot: a reason code of the extraction.
        pub content_reason: Option<String>,
        /// Pages, slides or sheets, where it has any.
        pub pages: Option<i32>,
        /// What is wrong with the stored content, as the last check found; none where it is whole or not checked yet.
        #[serde(default)]
        pub damage: Option<BlobState>,
        /// Who brought it; none for Diwan itself.
        pub created_by: Option<Ref>,
        /// When, UTC.
        pub created_at: NaiveDateTime,
        /// What this version changed, in the words of who brought it.
        #[serde(default)]
        pub note: Option<String>,
        /// Who holds it for editing.
        #[serde(default)]
        pub held: Option<Held>,
        /// Older versions, newest first.
        pub earlier: Vec<AttachmentVersion>,
    }

    /// Who holds a file for editing (حجز للتحرير).
    pub struct Held {
        /// Who.
        pub by: Ref,
        /// Since when, UTC.
        pub since: NaiveDateTime,
    }

    /// An older version of an attachment; it can still be downloaded.
    pub struct AttachmentVersion {
        /// Its id.
        pub id: i64,
        /// From 1.
        pub version_no: i32,
        /// The name it came with.
        pub file_name: String,
        /// What it is by its content.
        pub media_type: String,
        /// Bytes.
        pub size: i64,
        /// Who brought it.
        pub created_by: Option<Ref>,
        /// When, UTC.
        pub created_at: NaiveDateTime,
        /// What it changed.
        #[serde(default)]
        pub note: Option<String>,
    }

    /// The attachments of a record.
    pub struct Attachments {
        /// In the order they came.
        pub items: Vec<Attachment>,
        /// Whether the reader may add, replace and remove files now.
        pub may_change: bool,
        /// The largest file, in bytes.
        pub limit_bytes: u64,
    }
}
