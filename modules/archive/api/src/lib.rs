//! What the archive (الأرشيف) says over the wire: documents, their classes and schedules, search.

mod classes;
mod documents;
mod drill;
mod imports;
mod keeping;
mod marks;
mod pages;
mod reckon;
mod renditions;
mod schedules;
mod search;
mod types;

pub use classes::{
    ClassInput, ClassSchedule, DocumentClass, DocumentClasses, STANDARD_CLASSES, StandardClass, path_below, valid_code,
    within,
};
pub use documents::{Document, DocumentQuery, DocumentRow, DocumentSort, DocumentSource, NewDocument};
pub use drill::{Drill, DrillReport, DrillState, DrillStep};
pub use imports::{
    Import, ImportCounts, ImportDefaults, ImportFile, ImportFileQuery, ImportFileState, ImportSource, ImportState,
    ImportTable, NewImport, PATH_MAX,
};
pub use keeping::{
    COMMITTEE, DISPOSAL_MAX, DestroyedFile, Disposal, DisposalInput, DisposalItem, DisposalItemState, DisposalRow,
    DisposalState, DueItem, DueQuery, DueView, EndInput, EventInput, Hold, HoldInput, HoldName, Keeping, Review,
    ReviewDecision, ReviewInput, Vote,
};
pub use marks::{MarkKind, NOTE_TEXT_MAX, NewPageMark, PageMark, PageMarks, STAMP_TEXT_MAX, WHOLE};
pub use pages::{
    CheckItem, CheckedWord, CheckedWords, PictureSize, ScanPage, ScanPageHead, ScanPages, ScanWord, WORD_MAX,
};
pub use reckon::{Facts, Terms, reckon};
pub use renditions::{FilePassword, Rendition, RenditionKind, RenditionState};
pub use schedules::{
    FALLBACK, Fate, Period, RetentionStart, STANDARD_MANDATE, STANDARD_SCHEDULES, Schedule, ScheduleInput,
    StandardSchedule, UNDECIDED, YEARS_MAX,
};
pub use search::{
    DateFacet, Excerpt, Facet, Facets, FindAnswer, FindQuery, Hit, IndexState, IndexStatus, Mark, NewSavedSearch,
    Passage, Place, Proposal, ProposalKind, SavedSearch, SearchAnswer, SearchQuery, SearchSort, SuggestQuery,
    Suggestion, Suggestions, SweepStatus,
};
pub use types::{
    ArchiveFile, DocumentType, DocumentTypeInput, FIELDS_MAX, FieldDef, FileInput, FileQuery, FileRow, FileTitle,
    InFile, OPTIONS_MAX, PlaceInput, Placed, TAG_MAX, TAGS_MAX, Tag, VALUE_MAX, ValueKind, Volume, clean_values,
};
