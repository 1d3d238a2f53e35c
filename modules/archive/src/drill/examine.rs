//! A drill itself: back up, bring back, examine.

use std::{path::Path, time::Instant};

use diesel::{dsl::sql, prelude::*, sql_types::Integer};
use diwan_archive_api::{DrillReport, DrillStep};
use diwan_db::{Db, DbConfig, DbUrl, ReadTx, backup::ScratchDatabase};
use diwan_kernel::Secrecy;
use diwan_platform::{
    Outcome, Platform, Refusal,
    backup::{self, BackupFault, Locks, Opener, Target, Vault},
    files::{BlobStore, Health, extraction},
};
use diwan_platform_api::files::AttachmentRole;
use diwan_schema::{
    archive::documents,
    platform::{attachments, extracts, records},
};

use super::Drills;
use crate::search;

/// Documents that are opened and searched for.
const DOCUMENTS: i64 = 20;
/// The words of a document that it is searched for by.
const WORDS: usize = 5;

type Progress<'a> = &'a dyn Fn(DrillStep, u64, u64);

/// Does a drill in a folder of that name. Whatever goes wrong is part of what it found.
pub(super) async fn run(platform: &Platform, drills: &Drills, name: &str, progress: Progress<'_>) -> DrillReport {
    let started = Instant::now();
    let scratch = drills.scratch.join(name);
    let mut report = DrillReport::default();
    let done = match cleared(&scratch) {
        Ok(()) => in_place(platform, drills, (&scratch, name), &mut report, progress).await,
        Err(fault) => Err(fault),
    };
    if let Err(fault) = done {
        tracing::error!(%fault, name, "A restore drill could not go on");
        report.fault = Some(fault.to_string());
    }
    if let Err(fault) =
        cleared(&scratch).and_then(|()| Ok(std::fs::remove_dir(&scratch).map_err(BackupFault::at(&scratch))?))
    {
        tracing::warn!(%fault, "What a restore drill left stays behind");
    }
    report.seconds = i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX);
    report
}

/// An empty folder.
fn cleared(folder: &Path) -> Outcome<()> {
    let fault = |error| BackupFault::at(folder)(error);
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(fault)?;
    }
    Ok(std::fs::create_dir_all(folder).map_err(fault)?)
}

async fn in_place(
    platform: &Platform,
    drills: &Drills,
    (scratch, name): (&Path, &str),
    report: &mut DrillReport,
    progress: Progress<'_>,
) -> Outcome<()> {
    let (vault, opener, snapshot) = source(platform, drills, scratch, report, progress).await?;
    report.snapshot.clone_from(&snapshot);
    // The scratch database goes with the value, after everything that uses it.
    let place = match &platform.db.config().url {
        DbUrl::Sqlite(_) => None,
        DbUrl::Postgres(server) => {
            let name = format!("diwan_{}", name.replace('-', "_"));
            Some(ScratchDatabase::beside(server, &name).map_err(BackupFault::from)?)
        }
    };
    let url = place.as_ref().map_or_else(|| DbUrl::Sqlite(scratch.join("diwan.db")), |place| place.url.clone());
    let blobs = BlobStore::in_folder(&scratch.join("files"))?;
    let target = Target { database: &url, blobs: &blobs, scratch, despite_damage: true };
    let told = |step: &str, done, total| {
        progress(if step == "files" { DrillStep::Files } else { DrillStep::Database }, done, total)
    };
    let restored = backup::restore((&vault, &opener), &snapshot, target, &told).await?;
    let manifest = restored.manifest;
    report.taken_at = Some(manifest.taken_at);
    report.version = manifest.version;
    report.tables = count(manifest.facts.rows.len());
    report.rows = manifest.facts.rows.values().sum();
    report.files = count(manifest.blobs.len() - restored.missing.len());
    report.bytes = i64::try_from(restored.bytes).unwrap_or(i64::MAX);
    report.lost = restored.missing;

    let config = DbConfig { connections: 2, url, utc_offset_minutes: platform.db.config().utc_offset_minutes };
    let db = Db::open(config).map_err(BackupFault::from)?;
    let again = Platform::new(db, blobs, (*platform.limits).clone(), platform.secrets.clone());
    chains(&again, report, progress)?;
    documents_found(&again, drills, &scratch.join("index"), report, progress).await
}

/// The backup to bring back: the installation's own, or one that is made for this drill and its one-time key.
async fn source(
    platform: &Platform,
    drills: &Drills,
    scratch: &Path,
    report: &mut DrillReport,
    progress: Progress<'_>,
) -> Outcome<(Vault, Opener, String)> {
    progress(DrillStep::Backup, 0, 1);
    if let Some((folder, key)) = &drills.backup {
        let vault = Vault::open(folder)?;
        let snapshot = vault.choose(None)?;
        return Ok((vault, Opener::from_file(key)?, snapshot));
    }
    report.fresh = true;
    let (opener, public) = Opener::for_once();
    let locks = Locks { recipients: vec![public], passphrase: None };
    let vault = Vault::open_or_make(&scratch.join("backup"), &locks)?;
    let told = |_: &str, done, total| progress(DrillStep::Backup, done, total);
    let taken = backup::take(platform, &vault, scratch, &told).await?;
    Ok((vault, opener, taken.snapshot))
}

fn chains(again: &Platform, report: &mut DrillReport, progress: Progress<'_>) -> Outcome<()> {
    progress(DrillStep::Chains, 0, 1);
    // What was not linked yet when the copy was made stays so: only what is linked is walked.
    let walked = again.db.verify_audit(0)?;
    report.chains = count(walked.heads.len());
    report.links = walked.links;
    report.broken = walked.faults.iter().map(ToString::to_string).collect();
    Ok(())
}

/// Makes a search index, opens documents taken at random, and finds them by their words.
async fn documents_found(
    again: &Platform,
    drills: &Drills,
    index: &Path,
    report: &mut DrillReport,
    progress: Progress<'_>,
) -> Outcome<()> {
    progress(DrillStep::Index, 0, 1);
    let settings = diwan_search::Settings { writer_memory_bytes: 30_000_000, writer_threads: 1 };
    let opened = search::open(index, drills.sources.clone(), settings);
    let (service, mut indexer) = opened.map_err(|error| Refusal::Internal(error.to_string()))?;
    report.indexed = i64::try_from(indexer.rebuild_now(again)?).unwrap_or(i64::MAX);
    let chosen = again.db.read_now(at_random)?;
    report.documents = count(chosen.len());
    for (at, document) in chosen.iter().enumerate() {
        progress(DrillStep::Documents, at as u64, chosen.len() as u64);
        let mut whole = true;
        for hash in &document.files {
            whole &= matches!(again.blobs.examine(hash).await?, Health::Whole(_));
        }
        report.opened += i64::from(whole);
        report.found += i64::from(search::finds(&service, document.agency_id, &document.words, document.id)?);
    }
    Ok(())
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A document to be opened and found.
struct Chosen {
    id: i64,
    agency_id: i64,
    words: String,
    files: Vec<String>,
}

fn at_random(tx: &mut ReadTx<'_>) -> Outcome<Vec<Chosen>> {
    let rows: Vec<(i64, i64, String)> = documents::table
        .inner_join(records::table.on(records::id.eq(documents::record_id)))
        // Of what is top secret only subject and number are in the index.
        .filter(records::secrecy.ne(Secrecy::TopSecret.code()))
        .order(sql::<Integer>("RANDOM()"))
        .limit(DOCUMENTS)
        .select((records::id, records::agency_id, records::subject))
        .load(tx.conn())?;
    let mut chosen = Vec::with_capacity(rows.len());
    for (id, agency_id, subject) in rows {
        let files: Vec<(String, String, Option<String>)> = attachments::table
            .left_join(extracts::table.on(extracts::blob_hash.eq(attachments::blob_hash)))
            .filter(attachments::record_id.eq(id))
            .filter(attachments::removed_at.is_null())
            .order(attachments::id.desc())
            .select((attachments::blob_hash, attachments::role, extracts::parts.nullable()))
            .load(tx.conn())?;
        // A print repeats its record; the index does not have it.
        let own = files.iter().filter(|(_, role, _)| role == AttachmentRole::Attachment.code());
        let text = own.filter_map(|(_, _, parts)| parts.as_deref()).find_map(phrase_of);
        let words = text.or_else(|| phrase(&subject)).unwrap_or(subject);
        chosen.push(Chosen { id, agency_id, words, files: files.into_iter().map(|(hash, ..)| hash).collect() });
    }
    Ok(chosen)
}

/// Words that follow each other in a stored text.
fn phrase_of(parts: &str) -> Option<String> {
    extraction::parts(parts).ok()?.iter().find_map(|part| phrase(&part.text))
}

/// The first words of plain letters that follow each other.
fn phrase(text: &str) -> Option<String> {
    let mut run: Vec<&str> = Vec::new();
    for word in text.split_whitespace().take(400) {
        if word.chars().all(char::is_alphabetic) && word.chars().count() > 1 {
            run.push(word);
            if run.len() == WORDS {
                break;
            }
        } else if run.len() >= 3 {
            break;
        } else {
            run.clear();
        }
    }
    (run.len() >= 2).then(|| run.join(" "))
}

#[cfg(test)]
mod tests {
    use super::phrase;

    #[test]
    fn a_phrase_is_of_words_that_follow_each_other() {
        assert_eq!(phrase("رقم 12/4 تحية طيبة عطرة وبعد، أرجو").as_deref(), Some("تحية طيبة عطرة"));
        assert_eq!(phrase("one two three four five six").as_deref(), Some("one two three four five"));
        assert_eq!(phrase("1 2 3"), None);
    }
}
