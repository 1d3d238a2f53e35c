//! The document model: what a print says, without where it stands on the page.
//!
//! Every type is serde-able, so a document can be stored, sent, or written by hand as JSON.

mod block;
mod letterhead;

pub use block::{Align, Block, Borders, Cell, Column, ColumnWidth, KeyValue, ListItem, Paragraph, Row, Run, Table};
pub use letterhead::{Field, Footer, Letterhead, Logo, Png, Signature, Verification};

use serde::{Deserialize, Serialize};

/// Language of a print. It decides the reading direction, the footer words, and the shaping language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// العربية: right to left.
    #[default]
    Ar,
    /// English: left to right.
    En,
}

impl Language {
    /// Base direction of the page.
    #[must_use]
    pub fn direction(self) -> Direction {
        match self {
            Self::Ar => Direction::Rtl,
            Self::En => Direction::Ltr,
        }
    }

    /// BCP 47 tag, as written into the PDF.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::En => "en",
        }
    }
}

/// Base direction of a page or paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Right to left.
    Rtl,
    /// Left to right.
    Ltr,
}

/// Sheet size and margins in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PageSetup {
    /// Sheet width.
    pub width_mm: f32,
    /// Sheet height.
    pub height_mm: f32,
    /// Margin at the left and right edge.
    pub side_mm: f32,
    /// Margin above the letterhead or the short header.
    pub top_mm: f32,
    /// Margin below the footer.
    pub bottom_mm: f32,
    /// Body text size in points.
    pub text_pt: f32,
}

impl Default for PageSetup {
    fn default() -> Self {
        Self { width_mm: 210.0, height_mm: 297.0, side_mm: 20.0, top_mm: 15.0, bottom_mm: 12.0, text_pt: 14.0 }
    }
}

impl PageSetup {
    /// A4 on its side, for wide tables (كشوف).
    #[must_use]
    pub fn landscape() -> Self {
        Self { width_mm: 297.0, height_mm: 210.0, side_mm: 15.0, ..Self::default() }
    }
}

/// A whole print: letter, circular, voucher, list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Document {
    /// Title in the PDF metadata; also printed in the short header of the following pages.
    pub title: String,
    /// Language and so the direction.
    pub language: Language,
    /// Sheet and margins.
    pub page: PageSetup,
    /// Head of the first page; `None` for plain lists.
    pub letterhead: Option<Letterhead>,
    /// Facts at the end side of the head: الرقم، التاريخ، الموافق, and their like.
    pub fields: Vec<Field>,
    /// Classification and urgency (درجة السرية، الأولوية), boxed at the top of **every** page.
    pub marks: Vec<String>,
    /// Reference shown in the short header of the following pages, such as «كتاب رقم 4/12/4821».
    pub reference: String,
    /// The body.
    pub blocks: Vec<Block>,
    /// Signature block (التوقيع), never torn apart by a page break.
    pub signature: Option<Signature>,
    /// Small print at the foot of the last page: المرفقات، نسخة إلى.
    pub notes: Vec<Block>,
    /// QR code and its human-readable code, at the foot of the last page.
    pub verification: Option<Verification>,
    /// Running footer.
    pub footer: Footer,
    /// Creation time in seconds since 1970-01-01 UTC, for the PDF metadata. Fixed by the caller so that the same
    /// document always gives the same bytes.
    pub created_at: i64,
}
