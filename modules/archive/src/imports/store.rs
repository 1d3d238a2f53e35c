//! Finding imports: one's own, and those of the whole agency for who may read everything in it.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{dsl::count_star, prelude::*};
use diwan_archive_api::{
    Import, ImportCounts, ImportDefaults, ImportFile, ImportFileQuery, ImportFileState, ImportSource, ImportState,
};
use diwan_db::ReadTx;
use diwan_kernel::{FieldError, Named, Page, PageRequest, Permission, text};
use diwan_platform::{Actor, Outcome, Refusal, records::store as records};
use diwan_platform_api::records::Ref;
use diwan_schema::{
    archive::{import_files, imports},
    platform::users,
};

/// The row of an import.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = imports)]
pub(super) struct ImportRow {
    pub(super) id: i64,
    pub(super) agency_id: i64,
    pub(super) created_by: i64,
    pub(super) name: String,
    pub(super) source: String,
    defaults: String,
    state: String,
    created_at: NaiveDateTime,
    finished_at: Option<NaiveDateTime>,
}

impl ImportRow {
    pub(super) fn state(&self) -> Outcome<ImportState> {
        Ok(self.state.parse()?)
    }

    pub(super) fn source(&self) -> Outcome<ImportSource> {
        Ok(self.source.parse()?)
    }

    pub(super) fn defaults(&self) -> Outcome<ImportDefaults> {
        Ok(serde_json::from_str(&self.defaults)?)
    }
}

/// The row of a file of an import.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = import_files)]
pub(super) struct FileRow {
    pub(super) id: i64,
    pub(super) path: String,
    pub(super) size: Option<i64>,
    pub(super) blob_hash: Option<String>,
    pub(super) media_type: Option<String>,
    pub(super) name_mismatch: bool,
    pub(super) modified_on: Option<NaiveDate>,
    pub(super) line: Option<i32>,
    pub(super) cells: String,
    pub(super) state: String,
    faults: String,
    record_id: Option<i64>,
}

/// The import of this id, whoever asks: for those who run it.
pub(super) fn row(tx: &mut ReadTx<'_>, id: i64) -> Outcome<ImportRow> {
    let row = imports::table.find(id).select(ImportRow::as_select()).first(tx.conn()).optional()?;
    row.ok_or(Refusal::NotFound("import"))
}

/// An import that the actor may see.
pub(super) fn load(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<ImportRow> {
    let row = row(tx, id)?;
    let seen =
        row.agency_id == actor.agency_id && (row.created_by == actor.user_id || actor.can(Permission::RecordsReadAll));
    if seen { Ok(row) } else { Err(Refusal::NotFound("import")) }
}

/// The imports that the actor may see, the newest first.
pub(super) fn list(tx: &mut ReadTx<'_>, actor: &Actor, asked: &PageRequest) -> Outcome<Page<Import>> {
    let limit = asked.rows();
    let mut query = imports::table
        .filter(imports::agency_id.eq(actor.agency_id))
        .order(imports::id.desc())
        .limit(limit + 1)
        .select(ImportRow::as_select())
        .into_boxed();
    if !actor.can(Permission::RecordsReadAll) {
        query = query.filter(imports::created_by.eq(actor.user_id));
    }
    if let Some(after) = &asked.after {
        let after: i64 = after.parse().map_err(|_| Refusal::field("after", "bad_cursor"))?;
        query = query.filter(imports::id.lt(after));
    }
    let rows: Vec<ImportRow> = query.load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |row| row.id.to_string(), |row| row);
    Ok(Page { items: views(tx, page.items)?, next: page.next, total: None })
}

/// An import as people see it.
pub(super) fn view(tx: &mut ReadTx<'_>, row: ImportRow) -> Outcome<Import> {
    views(tx, vec![row])?.pop().ok_or(Refusal::NotFound("import"))
}

fn views(tx: &mut ReadTx<'_>, rows: Vec<ImportRow>) -> Outcome<Vec<Import>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut counts = counts(tx, &ids)?;
    let authors: Vec<i64> = rows.iter().map(|row| row.created_by).collect();
    let names: BTreeMap<i64, Named> = users::table
        .filter(users::id.eq_any(authors))
        .select((users::id, users::name_ar, users::name_en))
        .load::<(i64, String, String)>(tx.conn())?
        .into_iter()
        .map(|(id, ar, en)| (id, Named { ar, en }))
        .collect();
    rows.into_iter()
        .map(|row| {
            Ok(Import {
                source: row.source()?,
                state: row.state()?,
                created_by: Ref { id: row.created_by, name: names.get(&row.created_by).cloned().unwrap_or_default() },
                counts: counts.remove(&row.id).unwrap_or_default(),
                id: row.id,
                name: row.name,
                created_at: row.created_at,
                finished_at: row.finished_at,
            })
        })
        .collect()
}

/// How many files of each import are in which state.
pub(super) fn counts(tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, ImportCounts>> {
    let rows: Vec<(i64, String, i64)> = import_files::table
        .filter(import_files::import_id.eq_any(ids.to_vec()))
        .group_by((import_files::import_id, import_files::state))
        .select((import_files::import_id, import_files::state, count_star()))
        .load(tx.conn())?;
    let mut counts = BTreeMap::<i64, ImportCounts>::new();
    for (id, state, number) in rows {
        let of = counts.entry(id).or_default();
        match state.parse()? {
            ImportFileState::Waiting => of.waiting = number,
            ImportFileState::Filed => of.filed = number,
            ImportFileState::Duplicate => of.duplicate = number,
            ImportFileState::Refused => of.refused = number,
            ImportFileState::Failed => of.failed = number,
        }
    }
    Ok(counts)
}

/// The next files without an end, in the order they came.
pub(super) fn waiting(tx: &mut ReadTx<'_>, import_id: i64, most: usize) -> Outcome<Vec<FileRow>> {
    Ok(import_files::table
        .filter(import_files::import_id.eq(import_id))
        .filter(import_files::state.eq(ImportFileState::Waiting.code()))
        .order(import_files::id)
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select(FileRow::as_select())
        .load(tx.conn())?)
}

/// One page of the files of an import that the actor may see.
pub(super) fn files(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    import_id: i64,
    asked: &ImportFileQuery,
) -> Outcome<Page<ImportFile>> {
    let limit = PageRequest { after: None, limit: asked.limit }.rows();
    let mut query = import_files::table
        .filter(import_files::import_id.eq(import_id))
        .order(import_files::id)
        .limit(limit + 1)
        .select(FileRow::as_select())
        .into_boxed();
    if let Some(state) = asked.state {
        query = query.filter(import_files::state.eq(state.code()));
    }
    if let Some(words) = asked.q.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        let escaped = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(import_files::path.like(format!("%{escaped}%")).escape('\\'));
    }
    if let Some(after) = &asked.after {
        let after: i64 = after.parse().map_err(|_| Refusal::field("after", "bad_cursor"))?;
        query = query.filter(import_files::id.gt(after));
    }
    let rows: Vec<FileRow> = query.load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |row| row.id.to_string(), |row| row);
    let ids: Vec<i64> = page.items.iter().filter_map(|row| row.record_id).collect();
    // Whose content one has brought may lie in a document that one may not see.
    let seen: BTreeMap<i64, Option<String>> =
        records::load_visible_many(tx, actor, &ids)?.into_iter().map(|record| (record.id, record.number)).collect();
    let items = page.items.into_iter().map(|row| file(row, &seen)).collect::<Outcome<_>>()?;
    Ok(Page { items, next: page.next, total: None })
}

fn file(row: FileRow, seen: &BTreeMap<i64, Option<String>>) -> Outcome<ImportFile> {
    let record_id = row.record_id.filter(|id| seen.contains_key(id));
    Ok(ImportFile {
        id: row.id,
        state: row.state.parse()?,
        faults: serde_json::from_str::<Vec<FieldError>>(&row.faults)?,
        line: row.line,
        number: record_id.and_then(|id| seen.get(&id).cloned().flatten()),
        record_id,
        size: row.size,
        path: row.path,
    })
}

/// The path of a file within its import: with `/`, in NFC, without what leads nowhere.
pub(super) fn tidy_path(path: &str) -> String {
    let path = path.replace('\\', "/");
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != "." && *part != "..");
    let shown: Vec<String> = parts.map(|part| part.chars().filter(|c| !c.is_control()).collect()).collect();
    // What is compared with a table that people write has to be of one form.
    text::nfc(&shown.join("/")).chars().take(diwan_archive_api::PATH_MAX).collect()
}
