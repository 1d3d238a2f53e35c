//! Importing a folder of this machine with everything below it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use diwan_archive_api::{Import, ImportDefaults, ImportSource, ImportState, NewImport};
use diwan_db::WriteTx;
use diwan_kernel::FieldError;
use diwan_platform::{
    Actor, Outcome, Platform, Refusal,
    files::{Batch, BlobFault, Stored},
};
use diwan_schema::archive::imports;
use tokio::{sync::Semaphore, task::JoinSet};

use super::{
    BATCH,
    batch::{self, After, Content},
    change,
    files::{self, Seen},
    store::{self, FileRow, tidy_path},
    table,
};

/// Files that are read and stored at one time.
const AT_ONCE: usize = 8;
/// Files noted in one transaction.
const NOTED: usize = 2_000;
/// What file managers and office programs leave beside files.
const LITTER: [&str; 3] = ["thumbs.db", "desktop.ini", "ehthumbs.db"];

/// A folder to be imported.
#[derive(Debug, Clone)]
pub struct Order {
    /// The folder.
    pub folder: PathBuf,
    /// What people will know the import by.
    pub name: String,
    /// What is said of every document.
    pub defaults: ImportDefaults,
    /// A table (CSV or XLSX) of what is said of single files.
    pub table: Option<Vec<u8>>,
}

/// The import of a folder while it runs.
pub struct Folder {
    platform: Platform,
    id: i64,
    /// Where each file lies.
    files: BTreeMap<String, PathBuf>,
}

/// Begins to import a folder, or goes on where an import of it by the same person was cut off.
///
/// # Errors
/// The folder cannot be read; the table is wrong; a right is missing.
pub async fn begin(platform: &Platform, actor: &Actor, order: &Order) -> Outcome<Folder> {
    let root = order.folder.canonicalize().map_err(|_| Refusal::field("folder", "not_found"))?;
    let files = walk(platform, &root, &[])?;
    let rows = match order.table.as_deref().map(table::read).transpose()? {
        Some(Err(wrong)) => return Err(Refusal::Invalid(wrong.faults)),
        Some(Ok(rows)) => rows,
        None => Vec::new(),
    };
    let known = root.to_string_lossy().into_owned();
    let new = NewImport { name: order.name.clone(), defaults: order.defaults.clone() };
    let by = actor.clone();
    let id = platform
        .db
        .write(actor.who(), "archive.import.begin", move |tx| {
            // Two who begin at once join in one import.
            batch::one_at_a_time(tx, by.agency_id)?;
            let id = match unfinished(tx, &by, ImportSource::Folder, &known)? {
                Some((id, _)) => change::start(tx, &by, id)?.id,
                None => change::insert(tx, &by, &new, ImportSource::Folder, Some(&known))?,
            };
            files::told(tx, id, &rows)?;
            tx.audit(diwan_db::Audit::of("import", id).agency(by.agency_id))?;
            Ok::<_, Refusal>(id)
        })
        .await?;
    Folder::new(platform, id, files).await
}

/// The newest import of a folder by this person that has not come to its end, and whether it was stopped.
pub(super) fn unfinished(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    source: ImportSource,
    root: &str,
) -> Outcome<Option<(i64, ImportState)>> {
    let found: Option<(i64, String)> = imports::table
        .filter(imports::agency_id.eq(actor.agency_id))
        .filter(imports::created_by.eq(actor.user_id))
        .filter(imports::source.eq(source.code()))
        .filter(imports::root.eq(root))
        .filter(imports::state.ne(ImportState::Done.code()))
        .order(imports::id.desc())
        .select((imports::id, imports::state))
        .first(tx.conn())
        .optional()?;
    found.map(|(id, state)| Ok((id, state.parse()?))).transpose()
}

impl Folder {
    /// The import of these files; those that are new are noted.
    pub(super) async fn new(platform: &Platform, id: i64, files: Vec<(PathBuf, Seen)>) -> Outcome<Self> {
        let (mut places, mut all) = (BTreeMap::new(), Vec::with_capacity(files.len()));
        for (place, seen) in files {
            places.insert(seen.path.clone(), place);
            all.push(seen);
        }
        platform
            .db
            .blocking(move |db| {
                all.chunks(NOTED).try_for_each(|some| db.upkeep("imports.scan", |tx| files::seen(tx, id, some)))
            })
            .await?;
        Ok(Self { platform: platform.clone(), id, files: places })
    }

    /// The import.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Files what waits, batch after batch, until all have their end, a person stops the import, or `go_on` says no. It is
    /// told how far the import is after each batch.
    ///
    /// # Errors
    /// The store is full, or it or the database fails: what is filed stays, and the import can go on later.
    pub async fn run(&self, mut go_on: impl FnMut(&Import) -> bool) -> Outcome<Import> {
        while self.one_batch().await? == Some(After::More) {
            if !go_on(&self.view().await?) {
                return self.view().await;
            }
        }
        if self.waiting().await?.is_empty() {
            self.finish().await?;
        }
        self.view().await
    }

    /// Files the next batch; nothing where none waits.
    pub(super) async fn one_batch(&self) -> Outcome<Option<After>> {
        let rows = self.waiting().await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let contents = self.stored(rows).await?;
        let (platform, id) = (self.platform.clone(), self.id);
        let filed = tokio::task::spawn_blocking(move || batch::run(&platform, id, contents));
        filed.await.map_err(|_| Refusal::Internal("the thread of an import was lost".to_owned()))?.map(Some)
    }

    pub(super) async fn finish(&self) -> Outcome<()> {
        let (platform, id) = (self.platform.clone(), self.id);
        let finished = tokio::task::spawn_blocking(move || batch::finish(&platform, id));
        finished.await.map_err(|_| Refusal::Internal("the thread of an import was lost".to_owned()))?
    }

    /// Where a file of the import lies.
    pub(super) fn place(&self, path: &str) -> Option<&Path> {
        self.files.get(path).map(PathBuf::as_path)
    }

    async fn waiting(&self) -> Outcome<Vec<FileRow>> {
        let id = self.id;
        self.platform.db.read(move |tx| store::waiting(tx, id, BATCH)).await
    }

    async fn view(&self) -> Outcome<Import> {
        let id = self.id;
        self.platform
            .db
            .read(move |tx| {
                let row = store::row(tx, id)?;
                store::view(tx, row)
            })
            .await
    }

    /// Stores the contents of files, and waits until they are safe on the disk.
    async fn stored(&self, rows: Vec<FileRow>) -> Outcome<Vec<(FileRow, Content)>> {
        let batch = Arc::new(self.platform.blobs.batch()?);
        let (slots, limit) = (Arc::new(Semaphore::new(AT_ONCE)), self.platform.limits.upload_bytes);
        let mut storing = JoinSet::new();
        for (at, row) in rows.iter().enumerate() {
            let Some(place) = self.files.get(&row.path).cloned() else { continue };
            let (batch, slots, name) = (Arc::clone(&batch), Arc::clone(&slots), row.path.clone());
            storing.spawn(async move {
                let _slot = slots.acquire().await;
                (at, store_one(&batch, &place, &name, limit).await)
            });
        }
        let mut found = BTreeMap::new();
        while let Some(stored) = storing.join_next().await {
            let (at, stored) = stored.map_err(|_| Refusal::Internal("a file could not be stored".to_owned()))?;
            found.insert(at, stored?);
        }
        tokio::task::spawn_blocking(move || batch.settle())
            .await
            .map_err(|_| Refusal::Internal("the thread of the store was lost".to_owned()))??;
        let missing = || Content::Lost(FieldError::new("path", "file_missing"));
        let content = |(at, row)| (row, found.remove(&at).unwrap_or_else(missing));
        Ok(rows.into_iter().enumerate().map(content).collect())
    }
}

/// A file's content in the store; what is wrong with the file itself is told of it, what is wrong with the store ends all.
async fn store_one(batch: &Batch, place: &Path, name: &str, limit: u64) -> Outcome<Content> {
    // A file that cannot be opened is the file's fault, everything later may be the store's.
    if let Err(error) = std::fs::File::open(place) {
        let code = if error.kind() == std::io::ErrorKind::NotFound { "file_missing" } else { "file_unreadable" };
        return Ok(Content::Lost(FieldError::new("path", code)));
    }
    let stored: Result<Stored, BlobFault> = batch.save_file(place, name, limit).await;
    match stored {
        Ok(stored) if stored.size == 0 => Ok(Content::Lost(FieldError::new("path", "file_empty"))),
        Ok(stored) => Ok(Content::Stored(stored)),
        Err(BlobFault::TooLarge { limit }) => {
            Ok(Content::Lost(FieldError::new("path", "too_large").with("limit", limit)))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Every file below a folder, in the order of their paths; links are not followed, and what programs leave behind is none.
pub(super) fn walk(platform: &Platform, root: &Path, without: &[&Path]) -> Outcome<Vec<(PathBuf, Seen)>> {
    let unreadable = |_| Refusal::field("folder", "not_readable");
    let minutes = i64::from(platform.db.config().utc_offset_minutes);
    let (mut open, mut found) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let place = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(kind) = entry.file_type() else { continue };
            if name.starts_with(['.', '~']) || LITTER.contains(&name.to_lowercase().as_str()) {
                continue;
            }
            if kind.is_dir() && !without.contains(&place.as_path()) {
                open.push(place);
            } else if kind.is_file()
                && let (Ok(below), Ok(about)) = (place.strip_prefix(root), entry.metadata())
            {
                let path = tidy_path(&below.to_string_lossy());
                let modified_on = about.modified().ok().and_then(|at| day(at, minutes));
                found.push((place.clone(), Seen { path, size: about.len().cast_signed(), modified_on }));
            }
        }
    }
    found.sort_by(|(_, one), (_, other)| one.path.cmp(&other.path));
    Ok(found)
}

fn day(at: SystemTime, minutes_east: i64) -> Option<NaiveDate> {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let at = DateTime::<Utc>::from_timestamp(i64::try_from(since.as_secs()).ok()?, 0)?;
    Some((at.naive_utc() + Duration::minutes(minutes_east)).date())
}
