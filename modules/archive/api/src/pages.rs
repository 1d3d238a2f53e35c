//! Scanned pages (الصفحات الممسوحة): their words with their places, and the check desk (تدقيق النصوص).

use diwan_kernel::{codes, dto};
use diwan_platform_api::files::PageState;

/// The longest word that a person may enter, in characters.
pub const WORD_MAX: usize = 100;

codes! {
    /// How much of a page picture is wanted.
    pub enum PictureSize {
        /// For a strip of small pictures: 160 pixels wide.
        Thumbnail = "thumbnail",
        /// To read: 1,240 pixels wide, an A4 page at 150 dots per inch.
        Page = "page",
        /// To look closely: 2,480 pixels wide.
        Close = "close",
    }
}

dto! {
    /// The scanned pages of a file; none where the file has text of its own.
    pub struct ScanPages {
        /// In the order of the pages.
        pub items: Vec<ScanPageHead>,
    }

    /// A scanned page in the list of pages.
    #[derive(Eq)]
    pub struct ScanPageHead {
        /// From 1.
        pub page: i32,
        /// How far its recognition has come.
        pub state: PageState,
        /// Why it could not be read: a reason code of the extraction.
        pub reason: Option<String>,
        /// How sure the engine is, 0 to 100.
        pub confidence: i32,
        /// Words that a person should look at.
        pub doubtful: i32,
        /// Words that somebody of one's agency has looked at.
        pub checked: i32,
    }

    /// A scanned page with its words.
    pub struct ScanPage {
        /// What the list says of it.
        pub head: ScanPageHead,
        /// Width of the page for a height of 10,000.
        pub width: i32,
        /// The words in reading order.
        pub words: Vec<ScanWord>,
        /// What its QR codes and barcodes say.
        pub codes: Vec<String>,
    }

    /// A word of a scanned page. Its place is in ten-thousandths of the page's width and height.
    #[derive(Eq)]
    pub struct ScanWord {
        /// Its number on the page, from 0.
        pub no: i32,
        /// The word: as checked, else as recognised.
        pub text: String,
        /// How sure the engine is, 0 to 100.
        pub confidence: u8,
        /// Number of its line.
        pub line: u32,
        /// From the left edge.
        pub left: u16,
        /// From the upper edge.
        pub top: u16,
        /// Width.
        pub width: u16,
        /// Height.
        pub height: u16,
        /// Whether a person should look at it.
        pub doubtful: bool,
        /// Whether somebody of one's agency has.
        pub checked: bool,
        /// Whether it is one of the words looked for.
        pub found: bool,
    }

    /// What a person read on a page.
    pub struct CheckedWords {
        /// The words looked at; those that were right already too.
        pub words: Vec<CheckedWord>,
    }

    /// A word as a person read it.
    #[derive(Eq)]
    pub struct CheckedWord {
        /// Its number on the page.
        pub no: i32,
        /// The word; empty where there is none, only a speck.
        pub text: String,
    }

    /// A page that waits at the check desk.
    pub struct CheckItem {
        /// The record that the file belongs to.
        pub record_id: i64,
        /// Its number.
        pub number: Option<String>,
        /// Its subject.
        pub subject: String,
        /// The file.
        pub attachment_id: i64,
        /// Its name.
        pub file_name: String,
        /// The page.
        pub page: i32,
        /// How sure the engine is, 0 to 100.
        pub confidence: i32,
        /// Words that a person should look at.
        pub doubtful: i32,
    }
}
