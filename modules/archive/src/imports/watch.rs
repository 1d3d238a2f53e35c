//! A folder that is watched (مجلد مراقب): scanners and other programs put files there, which are filed and moved away.
//!
//! Files that have rested are one import. A file is moved only after its row says what became of it, and an import that was
//! cut off is finished before another begins, so nothing is lost or filed twice.

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use diesel::prelude::*;
use diwan_archive_api::{ImportDefaults, ImportFileState, ImportSource, ImportState, NewImport};
use diwan_db::Audit;
use diwan_kernel::{FieldError, Secrecy};
use diwan_platform::{Actor, Outcome, Platform, Refusal, work::Work};
use diwan_schema::{archive::import_files, platform::users};

use super::{
    batch::{After, one_at_a_time},
    change,
    folder::{Folder, unfinished, walk},
};

/// How often the folder is looked at.
const EVERY: Duration = Duration::from_secs(2);
/// How long nobody looks after something failed.
const AFTER_FAULT: Duration = Duration::from_secs(30);

/// A folder that is watched.
#[derive(Debug, Clone)]
pub struct Watch {
    /// The folder.
    pub folder: PathBuf,
    /// In whose name the files are filed.
    pub username: String,
    /// How long a file must not have changed.
    pub rest: Duration,
}

/// Has the folder watched by a thread of this node.
pub fn work(work: &mut Work, platform: &Platform, watch: Watch) {
    let platform = platform.clone();
    work.thread("watch-folder", move |mut stop| {
        let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return tracing::error!(%error, "The folder is not watched"),
        };
        runtime.block_on(async {
            loop {
                let pause = match take(&platform, &watch).await {
                    Ok(_taken) => EVERY,
                    Err(refusal) => {
                        tracing::warn!(%refusal, folder = %watch.folder.display(), "The watched folder could not be imported");
                        AFTER_FAULT
                    }
                };
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    _ = stop.wait_for(|stop| *stop) => return,
                }
            }
        });
    });
}

/// Takes the files that have rested, and finishes what was cut off before. Answers how many were moved away.
///
/// # Errors
/// The folder cannot be read or written, the store is full, the person is gone or has no right: it is tried again later.
pub async fn take(platform: &Platform, watch: &Watch) -> Outcome<usize> {
    let root = watch.folder.canonicalize().map_err(|_| Refusal::field("folder", "not_found"))?;
    let (done, failed) = (root.join("done"), root.join("failed"));
    let files = walk(platform, &root, &[&done, &failed])?;
    let rested = |place: &Path| {
        let changed = std::fs::metadata(place).and_then(|about| about.modified());
        changed.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age >= watch.rest))
    };
    let files: Vec<_> = files.into_iter().filter(|(place, _)| rested(place)).collect();
    let Some((id, state)) = import(platform, watch, &root, !files.is_empty()).await? else { return Ok(0) };
    if state == ImportState::Paused {
        return Ok(0);
    }
    let folder = Folder::new(platform, id, files).await?;
    while folder.one_batch().await?.is_some_and(|after| after == After::More) {}
    let moved = put_away(platform, &folder, (&done, &failed)).await?;
    if !platform.db.read(move |tx| Ok::<_, Refusal>(!super::store::waiting(tx, id, 1)?.is_empty())).await? {
        folder.finish().await?;
    }
    Ok(moved)
}

/// The import that goes on, or a new one if there is anything to take.
async fn import(platform: &Platform, watch: &Watch, root: &Path, any: bool) -> Outcome<Option<(i64, ImportState)>> {
    let username = watch.username.clone();
    let actor = platform
        .db
        .read(move |tx| {
            let of_name = users::table.filter(users::username.eq(username)).select(users::id);
            let id: Option<i64> = of_name.first(tx.conn()).optional()?;
            Actor::load(tx, id.ok_or(Refusal::NotFound("user"))?)
        })
        .await?;
    let root = root.to_string_lossy().into_owned();
    let (who, by, known) = (actor.who(), actor.clone(), root.clone());
    let open = platform
        .db
        .blocking(move |db| db.upkeep("imports.look", |tx| unfinished(tx, &by, ImportSource::Watch, &known)))
        .await?;
    if open.is_some() || !any {
        return Ok(open);
    }
    let made = platform.db.write(who, "archive.import.begin", move |tx| {
        let (now, folder) = (tx.now(), Path::new(&root).file_name().unwrap_or_default().to_string_lossy().into_owned());
        let defaults = ImportDefaults {
            class_code: None,
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            party: String::new(),
            doc_date: None,
            unit_id: None,
        };
        // Two nodes that watch one folder join in one import.
        one_at_a_time(tx, actor.agency_id)?;
        if let Some((id, state)) = unfinished(tx, &actor, ImportSource::Watch, &root)? {
            tx.audit(Audit::of("import", id).agency(actor.agency_id))?;
            return Ok::<_, Refusal>((id, state));
        }
        let new = NewImport { name: format!("{folder} {}", now.format("%Y-%m-%d %H:%M")), defaults };
        let id = change::insert(tx, &actor, &new, ImportSource::Watch, Some(&root))?;
        tx.audit(Audit::of("import", id).agency(actor.agency_id))?;
        Ok::<_, Refusal>((id, ImportState::Running))
    });
    made.await.map(Some)
}

/// Moves what has its end: documents and duplicates to `done`, the others to `failed` with a file that says why.
async fn put_away(platform: &Platform, folder: &Folder, (done, failed): (&Path, &Path)) -> Outcome<usize> {
    let id = folder.id();
    let rows: Vec<(String, String, String)> = platform
        .db
        .read(move |tx| {
            let rows = import_files::table
                .filter(import_files::import_id.eq(id))
                .filter(import_files::state.ne(ImportFileState::Waiting.code()))
                .select((import_files::path, import_files::state, import_files::faults));
            Ok::<_, Refusal>(rows.load(tx.conn())?)
        })
        .await?;
    let unwritable = |error: std::io::Error| Refusal::Internal(format!("a file of the watched folder stays: {error}"));
    let mut moved = 0;
    for (path, state, faults) in rows {
        let Some(place) = folder.place(&path).filter(|place| place.exists()) else { continue };
        let good = matches!(state.parse()?, ImportFileState::Filed | ImportFileState::Duplicate);
        let target = free(if good { done } else { failed }, &path);
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder).map_err(unwritable)?;
        }
        if !good {
            let reason = target.with_file_name(format!("{}.reason.txt", file_name(&target)));
            std::fs::write(reason, told(&serde_json::from_str::<Vec<FieldError>>(&faults)?)).map_err(unwritable)?;
        }
        std::fs::rename(place, &target).map_err(unwritable)?;
        moved += 1;
    }
    Ok(moved)
}

/// A place below a folder that nothing has yet.
fn free(folder: &Path, path: &str) -> PathBuf {
    let first = folder.join(path);
    let name = file_name(&first);
    let (stem, end) = name.rsplit_once('.').map_or((name.as_str(), String::new()), |(s, end)| (s, format!(".{end}")));
    let others = (2..).map(|number| first.with_file_name(format!("{stem} ({number}){end}")));
    std::iter::once(first.clone()).chain(others).find(|place| !place.exists()).unwrap_or(first)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Faults line by line: the field, the code, and what belongs to it.
fn told(faults: &[FieldError]) -> String {
    let line = |fault: &FieldError| {
        let with: String = fault.args.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        format!("{} {}{with}\n", fault.field, fault.code)
    };
    faults.iter().map(line).collect()
}
