//! What an extraction ends in: text, a file without text, or a refusal, always with a stable reason code.

use serde::{Deserialize, Serialize};

/// The result of reading one file (نتيجة الاستخراج). It always exists: every input ends in one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extraction {
    /// Whether there is text, and if not, why.
    #[serde(flatten)]
    pub status: Status,
    /// The text in reading order; empty unless the status is [`Status::Text`].
    pub parts: Vec<Part>,
    /// Pages of a PDF, slides of a presentation, sheets of a workbook; `None` where the format has no pages.
    pub pages: Option<u32>,
    /// The title which the file states about itself; the subject of a mail.
    pub title: Option<String>,
    /// The author which the file states about itself; the sender of a mail.
    pub author: Option<String>,
    /// What the reader of the text should know: cut text, skipped attachments, repaired letters.
    pub warnings: Vec<Warning>,
}

impl Extraction {
    /// An extraction that refuses the file for `reason`.
    pub fn refused(reason: Reason) -> Self {
        Self::without_parts(Status::Refused { reason })
    }

    /// An extraction of a file that is in order but holds no text, for `reason`.
    pub fn no_text(reason: Reason) -> Self {
        Self::without_parts(Status::NoText { reason })
    }

    fn without_parts(status: Status) -> Self {
        Self { status, parts: Vec::new(), pages: None, title: None, author: None, warnings: Vec::new() }
    }

    /// The text of all parts, one after another, separated by line feeds.
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// The reason when there is no text.
    pub fn reason(&self) -> Option<Reason> {
        match self.status {
            Status::Text => None,
            Status::NoText { reason } | Status::Refused { reason } => Some(reason),
        }
    }
}

/// Whether a file gave text. Serialised as `{"status": "text" | "no_text" | "refused", "reason": code}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// There is text in `parts`.
    Text,
    /// The file is in order but holds no text that can be read here.
    NoText {
        /// Why there is none.
        reason: Reason,
    },
    /// The file could not, or must not, be read.
    Refused {
        /// Why it was refused.
        reason: Reason,
    },
}

/// Why a file, or a file within it, gave no text. The codes are stable; the UI translates them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Protected by a password (محمي بكلمة مرور).
    Encrypted,
    /// Damaged, cut short, or not what it claims to be inside.
    Corrupt,
    /// Larger than `Limits::file_bytes`, or its result is larger than may be kept.
    TooLarge,
    /// Unpacks to far more than its size: zip ratio, number of entries, unpacked bytes, XML entities.
    ZipBomb,
    /// Used more than `Limits::wall_seconds` or `Limits::cpu_seconds`.
    Timeout,
    /// Needed more than `Limits::memory_bytes`.
    OutOfMemory,
    /// Contains itself, or files within files deeper than `Limits::depth`.
    Loops,
    /// The type is known or unknown, but nothing here reads it.
    Unsupported,
    /// Only images: text needs optical recognition (يحتاج إلى تعرّف ضوئي).
    NeedsOcr,
    /// In order, and nothing in it.
    Empty,
    /// A program needed for this type is not installed on the server.
    ToolMissing,
    /// The file could not be opened or read from the disk.
    Unreadable,
    /// The extracting process could not be started, or ended without an answer.
    Crashed,
}

impl Reason {
    /// Every reason, for tables of translations and for tests.
    pub const ALL: [Self; 13] = [
        Self::Encrypted,
        Self::Corrupt,
        Self::TooLarge,
        Self::ZipBomb,
        Self::Timeout,
        Self::OutOfMemory,
        Self::Loops,
        Self::Unsupported,
        Self::NeedsOcr,
        Self::Empty,
        Self::ToolMissing,
        Self::Unreadable,
        Self::Crashed,
    ];

    /// The stable code, equal to the serialised form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Corrupt => "corrupt",
            Self::TooLarge => "too_large",
            Self::ZipBomb => "zip_bomb",
            Self::Timeout => "timeout",
            Self::OutOfMemory => "out_of_memory",
            Self::Loops => "loops",
            Self::Unsupported => "unsupported",
            Self::NeedsOcr => "needs_ocr",
            Self::Empty => "empty",
            Self::ToolMissing => "tool_missing",
            Self::Unreadable => "unreadable",
            Self::Crashed => "crashed",
        }
    }

    /// Whether the cause lies in the server, so that the same file may succeed later without any change.
    pub const fn worth_retrying(self) -> bool {
        matches!(self, Self::ToolMissing | Self::Unreadable | Self::Crashed)
    }

    /// Whether the reason describes a file in order rather than one that was refused.
    pub(crate) const fn is_absence(self) -> bool {
        matches!(self, Self::NeedsOcr | Self::Empty | Self::Unsupported)
    }
}

/// One piece of text with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What the piece is.
    pub kind: PartKind,
    /// The name the file gives it (a sheet, a slide), if any.
    pub name: Option<String>,
    /// The names of the attachments around it, outermost first; empty for the file's own text.
    pub inside: Vec<String>,
    /// Page, slide or sheet, counted from 1.
    pub page: Option<u32>,
    /// The text: NFC or as written, without bidi controls, presentation forms or control characters.
    pub text: String,
}

/// The kinds of text that a file may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// A page of a PDF (صفحة).
    Page,
    /// The main text (المتن).
    Body,
    /// A page header (ترويسة).
    Header,
    /// A page footer (تذييل).
    Footer,
    /// Footnotes and endnotes (حواشٍ).
    Notes,
    /// Comments of reviewers (تعليقات).
    Comments,
    /// A sheet of a workbook (ورقة عمل).
    Sheet,
    /// A slide (شريحة).
    Slide,
    /// The speaker's notes of a slide.
    SpeakerNotes,
    /// Texts in drawings, charts and diagrams.
    Drawing,
    /// Subject, sender, recipients and date of a mail.
    MailHeader,
}

/// What the reader of the text should know about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What happened.
    pub code: WarningCode,
    /// The part, page or attachment concerned.
    pub name: Option<String>,
    /// Why, where a part could not be read.
    pub reason: Option<Reason>,
}

/// The kinds of warnings; the codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// The text was cut at `Limits::text_bytes`.
    TextCut,
    /// Cells beyond `Limits::cells` were left out.
    CellsCut,
    /// Pages beyond `Limits::pages` were left out.
    PagesCut,
    /// A part or an attachment could not be read; `reason` says why, `name` which.
    PartUnread,
    /// Some pages hold no text and may be scans; `name` lists their numbers.
    PagesWithoutText,
    /// Letters which the file stores in the wrong order were put right.
    ArabicRepaired,
    /// No character set was declared, or a wrong one; `name` is the one that was taken.
    CharsetGuessed,
}
