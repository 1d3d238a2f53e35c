//! Renditions (نسخ العرض): files that Diwan makes of a file; the file itself never changes.

use diwan_kernel::{codes, dto};

codes! {
    /// What is made of a file.
    pub enum RenditionKind {
        /// An office file as PDF, to be read in the page.
        View = "view",
        /// A scan as PDF whose words can be found and copied.
        Searchable = "searchable",
    }

    /// How far it is.
    pub enum RenditionState {
        /// Asked for.
        Waiting = "waiting",
        /// It can be opened.
        Made = "made",
        /// It cannot be made; the reason says why.
        Failed = "failed",
    }
}

dto! {
    /// A rendition of a file.
    #[derive(Eq)]
    pub struct Rendition {
        /// What it is.
        pub kind: RenditionKind,
        /// How far it is; none where it was not asked for.
        pub state: Option<RenditionState>,
        /// Why it cannot be made: a reason code of the extraction.
        pub reason: Option<String>,
        /// Pages that are ready.
        pub done: i32,
        /// Pages in all; 0 where that is not known.
        pub pages: i32,
        /// Whether one can be made of this file at all.
        pub possible: bool,
    }

    /// The password of a file, to be tried once. It is kept nowhere.
    pub struct FilePassword {
        /// The password.
        pub password: String,
    }
}
