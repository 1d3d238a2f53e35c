//! Whether the files of a document can be searched: told by the files themselves.

use diesel::{dsl::sql, sql_types::Bool};
use diwan_archive_api::DocumentSource;
use diwan_platform_api::files::{Attachment, ContentState};

/// One state for all files: the one that most wants attention. A letter has text of its own.
pub(super) fn of_files(source: DocumentSource, files: &[Attachment]) -> (ContentState, Option<String>) {
    let first = |state| files.iter().find(|file| file.content == state);
    for state in [ContentState::Pending, ContentState::Text, ContentState::Refused, ContentState::NoText] {
        if let Some(file) = first(state) {
            return (state, file.content_reason.clone());
        }
    }
    match source {
        DocumentSource::Letter => (ContentState::Text, None),
        DocumentSource::Upload => (ContentState::NoText, Some("empty".to_owned())),
    }
}

/// The same rule in SQL, for a query on `documents`.
pub(super) fn filter(state: ContentState) -> diesel::expression::SqlLiteral<Bool> {
    let files = "SELECT 1 FROM attachments a JOIN extracts e ON e.blob_hash = a.blob_hash \
        WHERE a.record_id = documents.record_id AND a.removed_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM attachments n WHERE n.replaces_id = a.id)";
    let any = |states: &str| format!("EXISTS ({files} AND e.state IN ({states}))");
    let none = format!("NOT EXISTS ({files})");
    sql(&match state {
        ContentState::Pending => any("'pending'"),
        ContentState::Text => {
            format!("(NOT {} AND ({} OR (source = 'letter' AND {none})))", any("'pending'"), any("'text'"))
        }
        ContentState::Refused => format!("({} AND NOT {})", any("'refused'"), any("'pending', 'text'")),
        ContentState::NoText => format!(
            "(NOT {} AND ({} OR (source = 'upload' AND {none})))",
            any("'pending', 'text', 'refused'"),
            any("'no_text'")
        ),
    })
}
