//! Stamps and notes over the pages of a file (أختام وملاحظات على الصفحات).

use chrono::NaiveDateTime;
use diwan_kernel::{codes, dto};
use diwan_platform_api::records::Ref;

/// The longest text of a note, in characters.
pub const NOTE_TEXT_MAX: usize = 1_000;
/// The longest text of a stamp, in characters.
pub const STAMP_TEXT_MAX: usize = 40;
/// Places go from 0 to this, from the left and from the upper edge of the upright page.
pub const WHOLE: i32 = 10_000;

codes! {
    /// What is put on a page.
    pub enum MarkKind {
        /// ملاحظة: a word to the next reader.
        Note = "note",
        /// ختم: a few words across the page, as a rubber stamp leaves them.
        Stamp = "stamp",
    }
}

dto! {
    /// The layer over the pages of a file.
    pub struct PageMarks {
        /// In the order of their pages.
        pub items: Vec<PageMark>,
        /// Whether the reader may add to them.
        pub may_add: bool,
    }

    /// A stamp or a note.
    #[derive(Eq)]
    pub struct PageMark {
        /// Its number.
        pub id: i64,
        /// The page, from 1.
        pub page: i32,
        /// What it is.
        pub kind: MarkKind,
        /// Ten-thousandths of the page's width, from the left.
        pub x: i32,
        /// Ten-thousandths of the page's height, from above.
        pub y: i32,
        /// Its words.
        pub text: String,
        /// Who put it there.
        pub created_by: Ref,
        /// When, UTC.
        pub created_at: NaiveDateTime,
        /// Whether the reader may take it away.
        pub may_remove: bool,
    }

    /// A stamp or a note to be put on a page.
    #[derive(Eq)]
    pub struct NewPageMark {
        /// The page, from 1.
        pub page: i32,
        /// What it is.
        pub kind: MarkKind,
        /// Ten-thousandths of the page's width, from the left.
        pub x: i32,
        /// Ten-thousandths of the page's height, from above.
        pub y: i32,
        /// Its words.
        pub text: String,
    }
}
