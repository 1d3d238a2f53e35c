//! Documents (وثائق) of the archive.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Caveat, Secrecy, codes, dto};
use diwan_platform_api::{
    files::{Attachment, ContentState},
    records::{RecordHead, RecordKind},
};

use crate::{DocumentType, InFile, Keeping};

codes! {
    /// How a document came into the archive.
    pub enum DocumentSource {
        /// A letter that filed itself when it was issued or registered.
        Letter = "letter",
        /// Uploaded by an archivist.
        Upload = "upload",
    }

    /// The order of the list.
    pub enum DocumentSort {
        /// Latest document first.
        Newest = "newest",
        /// Earliest document first.
        Oldest = "oldest",
        /// Latest filed first.
        Filed = "filed",
    }
}

dto! {
    /// A row of the archive's list.
    pub struct DocumentRow {
        /// The record.
        pub id: i64,
        /// What it is: a document, or a letter that filed itself.
        pub kind: RecordKind,
        /// Its number.
        pub number: Option<String>,
        /// The subject.
        pub subject: String,
        /// The other party (الجهة): sender or addressee.
        pub party: String,
        /// The date it bears.
        pub doc_date: NaiveDate,
        /// Its class.
        pub class_code: Option<String>,
        /// درجة السرية.
        pub secrecy: Secrecy,
        /// How it came in.
        pub source: DocumentSource,
        /// Whether its files can be searched.
        pub content: ContentState,
        /// Why they cannot: a reason code of the extraction.
        pub content_reason: Option<String>,
        /// When it was filed, UTC.
        pub filed_at: NaiveDateTime,
    }

    /// A document with its files.
    pub struct Document {
        /// The head of the record.
        pub head: RecordHead,
        /// How it came in.
        pub source: DocumentSource,
        /// The date it bears.
        pub doc_date: NaiveDate,
        /// The other party (الجهة).
        pub party: String,
        /// Its class.
        pub class_code: Option<String>,
        /// Whether its files can be searched.
        pub content: ContentState,
        /// Why they cannot.
        pub content_reason: Option<String>,
        /// When it was filed, UTC.
        pub filed_at: NaiveDateTime,
        /// Its kind, with the fields that it has.
        pub doc_type: Option<DocumentType>,
        /// What it says in those fields, by their codes.
        pub values: BTreeMap<String, String>,
        /// Its tags.
        pub tags: Vec<String>,
        /// The file and the volume it stands in.
        pub in_file: Option<InFile>,
        /// How long it is kept; none for the moment until its schedule is reckoned.
        pub keeping: Option<Keeping>,
        /// Its files.
        pub attachments: Vec<Attachment>,
        /// Whether the reader may change it.
        pub may_edit: bool,
    }

    /// What an archivist says about a document, when filing and when changing it. Of a letter only class, kind, fields
    /// and tags can be changed; the rest must be as it is.
    pub struct NewDocument {
        /// The subject.
        pub subject: String,
        /// The date it bears.
        pub doc_date: NaiveDate,
        /// The other party; may be empty.
        #[serde(default)]
        pub party: String,
        /// Its class.
        #[serde(default)]
        pub class_code: Option<String>,
        /// درجة السرية; at most the archivist's own clearance.
        pub secrecy: Secrecy,
        /// قيود التداول.
        #[serde(default)]
        pub caveats: Vec<Caveat>,
        /// Its kind.
        #[serde(default)]
        pub type_id: Option<i64>,
        /// What it says in the fields of its kind, by their codes.
        #[serde(default)]
        pub values: BTreeMap<String, String>,
        /// Its tags.
        #[serde(default)]
        pub tags: Vec<String>,
        /// The unit it belongs to; the archivist's own when none. Not changed later.
        #[serde(default)]
        pub unit_id: Option<i64>,
    }

    /// What the list is asked for.
    #[derive(Default)]
    pub struct DocumentQuery {
        /// In subject or number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// From this day, of the document.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// To this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// Of this class and those below it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub class: Option<String>,
        /// Of this kind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub doc_type: Option<i64>,
        /// With `value` in this field of its kind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub field: Option<String>,
        /// What the field holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<String>,
        /// With this tag.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tag: Option<String>,
        /// Of this secrecy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub secrecy: Option<Secrecy>,
        /// Whose files are in this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub content: Option<ContentState>,
        /// That came in this way.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub source: Option<DocumentSource>,
        /// The order; newest first when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<DocumentSort>,
        /// The cursor of the page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub after: Option<String>,
        /// Rows wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<u32>,
    }
}
