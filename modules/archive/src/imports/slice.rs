//! Filing uploads: a job that files some batches and leaves another job for the rest, so that it holds nothing else up.

use diwan_archive_api::ImportFileState;
use diwan_extract::Sniffed;
use diwan_kernel::FieldError;
use diwan_platform::{
    Outcome, Platform,
    files::Stored,
    work::{JobError, JobRun, Work},
};
use serde::Deserialize;

use super::{
    BATCH,
    batch::{self, After, Content},
    change,
    store::{self, FileRow},
};

/// The kind of the job; its payload is `{"import": id}`.
pub(super) const JOB: &str = "archive.import";
/// Before the texts of the files are read.
pub(super) const PRIORITY: i32 = 90;
/// Batches of one job.
const BATCHES: usize = 5;

#[derive(Deserialize)]
struct Which {
    import: i64,
}

/// Has the uploads of imports filed by jobs.
pub(crate) fn work(work: &mut Work) {
    work.jobs.on_slow(JOB, |run, which: Which| run_some(run, which.import).map_err(JobError::from));
}

fn run_some(run: &JobRun<'_>, import_id: i64) -> Outcome<()> {
    for _ in 0..BATCHES {
        match one_batch(run.platform, import_id)? {
            Some(After::More) => {}
            Some(After::Stopped) => return Ok(()),
            None => return batch::finish(run.platform, import_id),
        }
    }
    run.platform.db.upkeep("imports.go_on", |tx| Ok(tx.enqueue(change::job(import_id))?))
}

/// Files the next batch; nothing where none is waiting.
fn one_batch(platform: &Platform, import_id: i64) -> Outcome<Option<After>> {
    let rows = platform.db.read_now(|tx| store::waiting(tx, import_id, BATCH))?;
    if rows.is_empty() {
        return Ok(None);
    }
    let contents = rows.into_iter().map(|row| (content(&row), row)).map(|(content, row)| (row, content)).collect();
    batch::run(platform, import_id, contents).map(Some)
}

/// The content that was uploaded; a file that only the table knows has failed.
fn content(row: &FileRow) -> Content {
    debug_assert_eq!(row.state, ImportFileState::Waiting.code());
    let (Some(hash), Some(media_type), Some(size)) = (&row.blob_hash, &row.media_type, row.size) else {
        return Content::Lost(FieldError::new("path", "file_missing"));
    };
    let extension = row.path.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    let sniffed = Sniffed { media_type: media_type.clone(), extension, matches_name: !row.name_mismatch };
    Content::Stored(Stored { hash: hash.clone(), size: size.unsigned_abs(), sniffed })
}
