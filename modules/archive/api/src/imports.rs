//! Imports (الاستيراد): many files that come into the archive together, and what became of each.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Caveat, FieldError, Secrecy, codes, dto};
use diwan_platform_api::records::Ref;

/// The longest path of a file within an import, in characters.
pub const PATH_MAX: usize = 2_000;

codes! {
    /// Where the files of an import come from.
    pub enum ImportSource {
        /// A folder of the server's machine: `diwan import`.
        Folder = "folder",
        /// A browser, or another program over the API.
        Upload = "upload",
        /// The folder that the server watches.
        Watch = "watch",
    }

    /// How far an import is.
    pub enum ImportState {
        /// It takes files still.
        Open = "open",
        /// Its files are being filed.
        Running = "running",
        /// Stopped by a person; it can go on.
        Paused = "paused",
        /// Every file has its end.
        Done = "done",
    }

    /// What became of a file.
    pub enum ImportFileState {
        /// Not filed yet.
        Waiting = "waiting",
        /// A document now.
        Filed = "filed",
        /// The archive has a document with the same content already.
        Duplicate = "duplicate",
        /// A rule refuses it as it is; the faults say which.
        Refused = "refused",
        /// Could not be read or kept; it is tried again when the import goes on.
        Failed = "failed",
    }
}

dto! {
    /// What is said of every document of an import, unless its row in the table says otherwise.
    pub struct ImportDefaults {
        /// The class.
        #[serde(default)]
        pub class_code: Option<String>,
        /// درجة السرية; at most one's own clearance.
        pub secrecy: Secrecy,
        /// قيود التداول.
        #[serde(default)]
        pub caveats: Vec<Caveat>,
        /// The other party (الجهة); may be empty.
        #[serde(default)]
        pub party: String,
        /// The date of the documents; none: that of each file.
        #[serde(default)]
        pub doc_date: Option<NaiveDate>,
        /// The unit; one's own when none.
        #[serde(default)]
        pub unit_id: Option<i64>,
    }

    /// A new import, which then takes files.
    pub struct NewImport {
        /// What people will know it by.
        pub name: String,
        /// What is said of every document.
        pub defaults: ImportDefaults,
    }

    /// How many files are in which state.
    #[derive(Default, Eq)]
    pub struct ImportCounts {
        /// Not filed yet.
        pub waiting: i64,
        /// Documents now.
        pub filed: i64,
        /// In the archive already.
        pub duplicate: i64,
        /// Refused by a rule.
        pub refused: i64,
        /// Could not be read or kept.
        pub failed: i64,
    }

    /// An import.
    pub struct Import {
        /// Its id.
        pub id: i64,
        /// What people know it by.
        pub name: String,
        /// Where the files come from.
        pub source: ImportSource,
        /// How far it is.
        pub state: ImportState,
        /// Who brought it, and in whose name the documents are.
        pub created_by: Ref,
        /// When, UTC.
        pub created_at: NaiveDateTime,
        /// When every file had its end, UTC.
        pub finished_at: Option<NaiveDateTime>,
        /// How many files are in which state.
        pub counts: ImportCounts,
    }

    /// A file of an import.
    pub struct ImportFile {
        /// Its id.
        pub id: i64,
        /// Where it lay within the import.
        pub path: String,
        /// Bytes.
        pub size: Option<i64>,
        /// What became of it.
        pub state: ImportFileState,
        /// Why it was not filed.
        pub faults: Vec<FieldError>,
        /// Its row in the table of what is said about the files.
        pub line: Option<i32>,
        /// The document it is, or equals; none where the reader may not see that.
        pub record_id: Option<i64>,
        /// The number of that document.
        pub number: Option<String>,
    }

    /// What the table of an import brought.
    #[derive(Eq)]
    pub struct ImportTable {
        /// Rows read.
        pub rows: u32,
        /// What is wrong with the table; then nothing of it was taken.
        pub faults: Vec<FieldError>,
    }

    /// Which files of an import are asked for.
    #[derive(Default)]
    pub struct ImportFileQuery {
        /// In this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<ImportFileState>,
        /// In the path.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// The cursor of the page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub after: Option<String>,
        /// Rows wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<u32>,
    }
}

impl ImportCounts {
    /// All files.
    pub fn all(&self) -> i64 {
        self.waiting + self.done()
    }

    /// Files that have their end.
    pub fn done(&self) -> i64 {
        self.filed + self.duplicate + self.refused + self.failed
    }
}
