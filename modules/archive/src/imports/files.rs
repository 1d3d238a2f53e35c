//! The rows of an import's files: found in a folder, told by a table, or uploaded.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_archive_api::ImportFileState;
use diwan_db::{WriteTx, each_backend};
use diwan_platform::{Outcome, files::Stored};
use diwan_schema::archive::import_files;

use super::table::Row;

/// Rows written with one statement.
const AT_ONCE: usize = 200;

/// A file as a folder shows it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) size: i64,
    pub(super) modified_on: Option<NaiveDate>,
}

type Columns<'a> = (
    diesel::dsl::Eq<import_files::import_id, i64>,
    diesel::dsl::Eq<import_files::path, &'a str>,
    diesel::dsl::Eq<import_files::name_mismatch, bool>,
    diesel::dsl::Eq<import_files::cells, String>,
    diesel::dsl::Eq<import_files::state, &'static str>,
    diesel::dsl::Eq<import_files::faults, &'static str>,
    diesel::dsl::Eq<import_files::updated_at, chrono::NaiveDateTime>,
);

fn waiting<'a>(tx: &WriteTx<'_>, import_id: i64, path: &'a str, cells: String) -> Columns<'a> {
    (
        import_files::import_id.eq(import_id),
        import_files::path.eq(path),
        import_files::name_mismatch.eq(false),
        import_files::cells.eq(cells),
        import_files::state.eq(ImportFileState::Waiting.code()),
        import_files::faults.eq("[]"),
        import_files::updated_at.eq(tx.now()),
    )
}

/// Notes the files of a folder; those that are known stay as they are.
pub(super) fn seen(tx: &mut WriteTx<'_>, import_id: i64, files: &[Seen]) -> Outcome<()> {
    for some in files.chunks(AT_ONCE) {
        let rows: Vec<_> = some
            .iter()
            .map(|file| {
                let told = (import_files::size.eq(file.size), import_files::modified_on.eq(file.modified_on));
                (waiting(tx, import_id, &file.path, "{}".to_owned()), told)
            })
            .collect();
        each_backend!(tx.conn(), c => diesel::insert_into(import_files::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Notes what a table says of files. A file that is there already gets its row unless it is filed; one that failed or was
/// refused waits again.
pub(super) fn told(tx: &mut WriteTx<'_>, import_id: i64, rows: &[Row]) -> Outcome<()> {
    for row in rows {
        let cells = serde_json::to_string(&row.cells)?;
        let now = tx.now();
        let known = || {
            import_files::table.filter(import_files::import_id.eq(import_id)).filter(import_files::path.eq(&row.path))
        };
        let state: Option<String> = known().select(import_files::state).first(tx.conn()).optional()?;
        match state {
            None => {
                let line = import_files::line.eq(row.line);
                let values = (waiting(tx, import_id, &row.path, cells), line);
                diesel::insert_into(import_files::table).values(values).execute(tx.conn())?;
            }
            Some(state) if state == ImportFileState::Filed.code() || state == ImportFileState::Duplicate.code() => {}
            Some(_) => {
                diesel::update(known())
                    .set((
                        import_files::line.eq(row.line),
                        import_files::cells.eq(cells),
                        import_files::state.eq(ImportFileState::Waiting.code()),
                        import_files::faults.eq("[]"),
                        import_files::updated_at.eq(now),
                    ))
                    .execute(tx.conn())?;
            }
        }
    }
    Ok(())
}

/// Notes an uploaded file whose content lies in the store. A file that has its end already stays as it is.
pub(super) fn uploaded(tx: &mut WriteTx<'_>, import_id: i64, path: &str, stored: &Stored) -> Outcome<()> {
    let now = tx.now();
    let size = i64::try_from(stored.size).unwrap_or(i64::MAX);
    let content = (
        import_files::size.eq(size),
        import_files::blob_hash.eq(&stored.hash),
        import_files::media_type.eq(&stored.sniffed.media_type),
        import_files::name_mismatch.eq(!stored.sniffed.matches_name),
        import_files::updated_at.eq(now),
    );
    let known = import_files::table.filter(import_files::import_id.eq(import_id)).filter(import_files::path.eq(path));
    let open = known.filter(import_files::state.ne(ImportFileState::Filed.code()));
    let open = open.filter(import_files::state.ne(ImportFileState::Duplicate.code()));
    let again = (import_files::state.eq(ImportFileState::Waiting.code()), import_files::faults.eq("[]"));
    if diesel::update(open).set((content, again)).execute(tx.conn())? == 0 {
        let (size, hash, media_type, mismatch, _) = content;
        let row = (
            import_files::import_id.eq(import_id),
            import_files::path.eq(path),
            import_files::cells.eq("{}"),
            import_files::state.eq(ImportFileState::Waiting.code()),
            import_files::faults.eq("[]"),
            import_files::updated_at.eq(now),
            size,
            hash,
            media_type,
            mismatch,
        );
        each_backend!(tx.conn(), c => diesel::insert_into(import_files::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Lets the files wait again that could not be read or kept before.
pub(super) fn retry_failed(tx: &mut WriteTx<'_>, import_id: i64) -> Outcome<()> {
    let now = tx.now();
    let failed = import_files::table
        .filter(import_files::import_id.eq(import_id))
        .filter(import_files::state.eq(ImportFileState::Failed.code()));
    diesel::update(failed)
        .set((
            import_files::state.eq(ImportFileState::Waiting.code()),
            import_files::faults.eq("[]"),
            import_files::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
