//! What the archive (الأرشيف) says over the wire: documents, their classes, search.

mod classes;
mod documents;
mod drill;
mod imports;
mod marks;
mod pages;
mod renditions;
mod search;

pub use classes::{DocumentClass, DocumentClasses, default_classes, valid_code};
pub use documents::{Document, DocumentQuery, DocumentRow, DocumentSort, DocumentSource, NewDocument};
pub use drill::{Drill, DrillReport, DrillState, DrillStep};
pub use marks::{MarkKind, NOTE_TEXT_MAX, NewPageMark, PageMark, PageMarks, STAMP_TEXT_MAX, WHOLE};
pub use imports::{
    Import, ImportCounts, ImportDefaults, ImportFile, ImportFileQuery, ImportFileState, ImportSource, ImportState,
    ImportTable, NewImport, PATH_MAX,
};
pub use pages::{
    CheckItem, CheckedWord, CheckedWords, PictureSize, ScanPage, ScanPageHead, ScanPages, ScanWord, WORD_MAX,
};
pub use renditions::{FilePassword, Rendition, RenditionKind, RenditionState};
pub use search::{
    DateFacet, Excerpt, Facet, Facets, FindAnswer, FindQuery, Hit, IndexState, IndexStatus, Mark, NewSavedSearch,
    Passage, Place, Proposal, ProposalKind, SavedSearch, SearchAnswer, SearchQuery, SearchSort, SuggestQuery,
    Suggestion, Suggestions, SweepStatus,
};
