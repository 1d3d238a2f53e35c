//! Filing some files of an import in one transaction, which also says of each what became of it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_archive_api::{ImportCounts, ImportDefaults, ImportFileState, ImportState};
use diwan_db::{AnyConnection, Audit, DbError, WriteTx};
use diwan_kernel::{FieldError, Permission, Who};
use diwan_platform::{
    Actor, Outcome, Platform, Refusal,
    files::{NewFile, Stored},
};
use diwan_schema::{
    archive::{documents, import_files},
    platform::attachments,
};

use super::{
    change,
    store::{self, FileRow, ImportRow},
    table::{self, Cells},
};
use crate::documents::create;

/// What the documents of imports are filed as in the trail.
const OP: &str = "archive.document.import";

/// What was found of a file's content.
pub(super) enum Content {
    /// It lies in the store.
    Stored(Stored),
    /// It could not be read or kept.
    Lost(FieldError),
}

/// How a batch left its import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// There may be more.
    More,
    /// The import was stopped by a person, or done by another.
    Stopped,
}

/// Files these contents. Files that another has taken meanwhile are left as they are.
pub(super) fn run(platform: &Platform, import_id: i64, contents: Vec<(FileRow, Content)>) -> Outcome<After> {
    let user_id = platform.db.read_now(|tx| Ok::<_, Refusal>(store::row(tx, import_id)?.created_by))?;
    // Rights are those of now, not of when the import began.
    let actor = platform.db.read_now(|tx| Actor::load(tx, user_id))?;
    actor.require(Permission::ArchiveFile)?;
    let done = platform.db.write_now(actor.who(), OP, |tx| {
        one_at_a_time(tx, actor.agency_id)?;
        let import = store::row(tx, import_id)?;
        if import.state()? != ImportState::Running {
            return Err(End::Stopped);
        }
        Ok(Batch::new(&actor, &import)?.file_all(tx, &contents)?)
    });
    match done {
        Ok(()) => Ok(After::More),
        Err(End::Stopped) => Ok(After::Stopped),
        Err(End::Refusal(refusal)) => Err(refusal),
    }
}

/// Why a batch was taken back.
enum End {
    Stopped,
    Refusal(Refusal),
}

impl From<DbError> for End {
    fn from(error: DbError) -> Self {
        Self::Refusal(error.into())
    }
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

/// Imports of an agency take turns, so that each sees the contents that the other has filed. SQLite has one writer anyway.
pub(super) fn one_at_a_time(tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<()> {
    const IMPORTS: i32 = 1283;
    if let AnyConnection::Postgres(c) = tx.conn() {
        let agency = i32::try_from(agency_id % i64::from(i32::MAX)).unwrap_or_default();
        diesel::sql_query("SELECT pg_advisory_xact_lock($1, $2)")
            .bind::<diesel::sql_types::Integer, _>(IMPORTS)
            .bind::<diesel::sql_types::Integer, _>(agency)
            .execute(c)?;
    }
    Ok(())
}

struct Batch<'a> {
    actor: &'a Actor,
    import: &'a ImportRow,
    defaults: ImportDefaults,
    counts: ImportCounts,
}

impl<'a> Batch<'a> {
    fn new(actor: &'a Actor, import: &'a ImportRow) -> Outcome<Self> {
        Ok(Self { actor, import, defaults: import.defaults()?, counts: ImportCounts::default() })
    }

    fn file_all(mut self, tx: &mut WriteTx<'_>, contents: &[(FileRow, Content)]) -> Outcome<()> {
        let ids: Vec<i64> = contents.iter().map(|(row, _)| row.id).collect();
        let waiting: Vec<i64> = import_files::table
            .filter(import_files::id.eq_any(ids))
            .filter(import_files::state.eq(ImportFileState::Waiting.code()))
            .select(import_files::id)
            .load(tx.conn())?;
        let hashes = contents.iter().filter_map(|(_, content)| match content {
            Content::Stored(stored) => Some(stored.hash.clone()),
            Content::Lost(_) => None,
        });
        let mut known = known(tx, self.actor.agency_id, hashes.collect())?;
        for (row, content) in contents.iter().filter(|(row, _)| waiting.contains(&row.id)) {
            self.one(tx, row, content, &mut known)?;
        }
        let detail = serde_json::to_value(&self.counts)?;
        Ok(tx.audit(Audit::of("import", self.import.id).agency(self.import.agency_id).detail(detail))?)
    }

    fn one(
        &mut self,
        tx: &mut WriteTx<'_>,
        row: &FileRow,
        content: &Content,
        known: &mut BTreeMap<String, i64>,
    ) -> Outcome<()> {
        let stored = match content {
            Content::Stored(stored) => stored,
            Content::Lost(fault) => {
                self.counts.failed += 1;
                return end(tx, row, (ImportFileState::Failed, None), None, std::slice::from_ref(fault));
            }
        };
        if let Some(record_id) = known.get(&stored.hash) {
            self.counts.duplicate += 1;
            return end(tx, row, (ImportFileState::Duplicate, Some(*record_id)), Some(stored), &[]);
        }
        match self.file(tx, row, stored)? {
            Ok(record_id) => {
                known.insert(stored.hash.clone(), record_id);
                self.counts.filed += 1;
                end(tx, row, (ImportFileState::Filed, Some(record_id)), Some(stored), &[])
            }
            Err(faults) => {
                self.counts.refused += 1;
                end(tx, row, (ImportFileState::Refused, None), Some(stored), &faults)
            }
        }
    }

    /// Files one document, by the operation that people file with. What a rule refuses is taken back, and only that.
    fn file(&self, tx: &mut WriteTx<'_>, row: &FileRow, stored: &Stored) -> Outcome<Result<i64, Vec<FieldError>>> {
        let cells: Cells = serde_json::from_str(&row.cells)?;
        let upload = [NewFile { name: row.path.clone(), stored: stored.clone() }];
        let filed = tx.attempt(|tx| {
            let new = table::document(tx, self.actor, &self.defaults, (&row.path, row.modified_on), &cells)?;
            create::run(tx, self.actor, &new, &upload)
        })?;
        match filed {
            Ok(id) => Ok(Ok(id)),
            Err(refusal) => Ok(Err(told(refusal)?)),
        }
    }
}

/// A refusal as faults of the file's columns; a fault of the machine ends the batch.
fn told(refusal: Refusal) -> Outcome<Vec<FieldError>> {
    let column = |field: &str| match field {
        "doc_date" => "date".to_owned(),
        "class_code" => "class".to_owned(),
        "unit_id" => "unit".to_owned(),
        field if field.starts_with("files") => "file".to_owned(),
        field => field.to_owned(),
    };
    Ok(match refusal {
        Refusal::Invalid(fields) => {
            fields.into_iter().map(|error| FieldError { field: column(&error.field), ..error }).collect()
        }
        Refusal::Rule { code, args, .. } => vec![FieldError { field: String::new(), code: code.to_owned(), args }],
        Refusal::NotFound(what) => vec![FieldError::new(column(&format!("{what}_id")), "unknown")],
        fault => return Err(fault),
    })
}

/// The oldest document of the agency for each of these contents.
fn known(tx: &mut WriteTx<'_>, agency_id: i64, hashes: Vec<String>) -> Outcome<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = attachments::table
        .inner_join(documents::table.on(documents::record_id.eq(attachments::record_id)))
        .filter(attachments::blob_hash.eq_any(hashes))
        .filter(attachments::removed_at.is_null())
        .filter(documents::agency_id.eq(agency_id))
        .order(documents::record_id.desc())
        .select((attachments::blob_hash, documents::record_id))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

fn end(
    tx: &mut WriteTx<'_>,
    row: &FileRow,
    (state, record_id): (ImportFileState, Option<i64>),
    stored: Option<&Stored>,
    faults: &[FieldError],
) -> Outcome<()> {
    let now = tx.now();
    let ended = diesel::update(import_files::table.find(row.id));
    let told = (
        import_files::state.eq(state.code()),
        import_files::record_id.eq(record_id),
        import_files::faults.eq(serde_json::to_string(faults)?),
        import_files::updated_at.eq(now),
    );
    match stored {
        None => ended.set(told).execute(tx.conn())?,
        Some(stored) => ended
            .set((
                told,
                import_files::blob_hash.eq(&stored.hash),
                import_files::size.eq(i64::try_from(stored.size).unwrap_or(i64::MAX)),
                import_files::media_type.eq(&stored.sniffed.media_type),
                import_files::name_mismatch.eq(!stored.sniffed.matches_name),
            ))
            .execute(tx.conn())?,
    };
    Ok(())
}

/// Says that an import is done, once no file of it waits any more. Files that a table told of and that never came have
/// failed.
pub(super) fn finish(platform: &Platform, import_id: i64) -> Outcome<()> {
    platform.db.write_now(Who::system(), "archive.import.finish", |tx| {
        let import = store::row(tx, import_id)?;
        one_at_a_time(tx, import.agency_id)?;
        tx.audit(Audit::of("import", import_id).agency(import.agency_id))?;
        if import.state()? == ImportState::Running {
            change::set(tx, import_id, ImportState::Done)?;
        }
        Ok(())
    })
}
