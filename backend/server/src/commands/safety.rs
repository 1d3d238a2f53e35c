//! Commands that look after what is kept: checks of files, backups, and bringing them back.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use diwan_archive::drill;
use diwan_archive_api::DrillStep;
use diwan_db::{Audit, DbUrl};
use diwan_kernel::{Lang, Who};
use diwan_platform::{
    Limits, Platform,
    backup::{self, Locks, Opener, Passphrase, Restored, Target, Vault},
    files::{BlobStore, fixity},
};
use diwan_platform_api::fixity::{BlobState, FixityReport};
use serde_json::json;

use super::database::open_existing;
use crate::{
    fonts, node,
    output::{say, table},
    serve,
    settings::Place,
};

/// How a backup is made.
#[derive(Args)]
pub(crate) struct BackupArgs {
    /// Folder of the backup; it is made where it is missing
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Public key (age1…) that a new backup is encrypted for; may be given several times
    #[arg(long, value_name = "AGE", conflicts_with = "passphrase_file")]
    recipient: Vec<String>,
    /// File with the passphrase of a new backup, `-` for standard input; later runs do not need it
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Folder the master key goes to, encrypted: another place than the backup's
    #[arg(long, value_name = "DIR")]
    keys_to: Option<PathBuf>,
}

/// What opens a backup.
#[derive(Args)]
pub(crate) struct Key {
    /// File with the age key that opens the backup
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file", required_unless_present = "passphrase_file")]
    identity: Option<PathBuf>,
    /// File with the passphrase the backup was made with, `-` for standard input
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// How a backup is brought back.
#[derive(Args)]
pub(crate) struct RestoreArgs {
    /// Folder of the backup
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    #[command(flatten)]
    key: Key,
    /// Which snapshot; unset: the newest
    #[arg(long, value_name = "NAME")]
    snapshot: Option<String>,
    /// The data folder to make; it must be empty or missing. The database goes there too, unless --database names PostgreSQL
    #[arg(long, value_name = "DIR", conflicts_with = "blob", required_unless_present = "blob")]
    into: Option<PathBuf>,
    /// File or folder with the encrypted master key
    #[arg(long, value_name = "PATH", requires = "into")]
    keys_from: Option<PathBuf>,
    /// Leave out files that are damaged in the backup, instead of restoring nothing
    #[arg(long, requires = "into")]
    despite_damage: bool,
    /// Put this one file (SHA-256) back into the installation of --data; may be given several times
    #[arg(long, value_name = "HASH")]
    blob: Vec<String>,
}

/// How a drill is done.
#[derive(Args)]
pub(crate) struct DrillArgs {
    /// Folder of the backup; unset: one is made for the drill
    #[arg(long, value_name = "DIR", requires = "identity")]
    from: Option<PathBuf>,
    /// File with the age key that opens it
    #[arg(long, value_name = "FILE", requires = "from")]
    identity: Option<PathBuf>,
    /// Where the certificate goes
    #[arg(long, value_name = "FILE", default_value = "restore-drill.pdf")]
    certificate: PathBuf,
    /// Language of the certificate
    #[arg(long, value_enum, default_value = "ar", value_name = "LANG")]
    lang: CertificateLang,
}

/// A language on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CertificateLang {
    /// العربية.
    Ar,
    /// English.
    En,
}

/// Runs what waits for files and child processes.
fn wait<F: Future>(work: F) -> anyhow::Result<F::Output> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work))
}

fn platform(place: &Place) -> anyhow::Result<Platform> {
    serve::over(open_existing(place)?, place, Limits::default())
}

fn passphrase(file: &Path) -> anyhow::Result<Passphrase> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().take(4096).read_to_string(&mut text)?;
    } else {
        text = fs::read_to_string(file).with_context(|| format!("--passphrase-file: {}", file.display()))?;
    }
    if text.trim().is_empty() {
        bail!("--passphrase-file: the passphrase is empty");
    }
    Ok(Passphrase::new(&text))
}

fn opener(vault: &Vault, key: &Key) -> anyhow::Result<Opener> {
    match (&key.identity, &key.passphrase_file) {
        (Some(file), _) => Ok(Opener::from_file(file)?),
        (None, Some(file)) => Ok(vault.opener(&passphrase(file)?)?),
        (None, None) => bail!("say what opens the backup: --identity or --passphrase-file"),
    }
}

/// Checks every file, or shows what the last check found.
pub(super) fn fixity(place: &Place, all: bool) -> anyhow::Result<ExitCode> {
    let platform = platform(place)?;
    if all {
        wait(fixity::check(&platform))??;
    }
    let report = platform.db.read_now(fixity::report)?;
    tell(&report);
    Ok(if report.bad_count == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(report: &FixityReport) {
    if report.bad_count > 0 {
        let mut rows = vec![["STATE", "SINCE (UTC)", "RECORDS", "HASH"].map(str::to_owned).to_vec()];
        rows.extend(report.bad.iter().map(|bad| {
            let since = bad.since.format("%Y-%m-%d %H:%M").to_string();
            vec![bad.state.code().to_owned(), since, bad.records.to_string(), bad.hash.clone()]
        }));
        say(table(&rows));
    }
    for orphan in &report.orphans {
        say(format_args!("orphan: {} ({} bytes)", orphan.place, orphan.size));
    }
    match &report.last {
        Some(last) => say(format_args!("last check: {} (UTC)", last.started_at.format("%Y-%m-%d %H:%M"))),
        None => say("the files were never checked: `diwan fixity --all`"),
    }
    say(format_args!(
        "{} of {} files checked, {} not well, {} orphans",
        report.checked, report.blobs, report.bad_count, report.orphan_count
    ));
}

/// Makes or continues a backup.
pub(super) fn backup(place: &Place, how: &BackupArgs) -> anyhow::Result<ExitCode> {
    let platform = platform(place)?;
    let passphrase = how.passphrase_file.as_deref().map(passphrase).transpose()?;
    let vault = Vault::open_or_make(&how.to, &Locks { recipients: how.recipient.clone(), passphrase })?;
    let taken = wait(backup::take(&platform, &vault, &place.data.join("scratch"), &backup::quietly))??;
    if let Some(folder) = &how.keys_to {
        backup::save_key(&vault, &place.data.join("master.key"), folder)?;
    }
    let detail = json!({ "snapshot": taken.snapshot, "new_files": taken.new_blobs, "lost": taken.manifest.lost.len() });
    platform
        .db
        .write_now(Who::system(), "platform.backup.take", |tx| tx.audit(Audit::of("backup", 0).detail(detail)))?;
    say(format_args!(
        "snapshot {}: {} rows in {} tables, {} files ({} new, {} bytes)",
        taken.snapshot,
        taken.manifest.facts.rows.values().sum::<i64>(),
        taken.manifest.facts.rows.len(),
        taken.manifest.blobs.len(),
        taken.new_blobs,
        taken.new_bytes
    ));
    if how.keys_to.is_none() {
        say("the master key is not in the backup: keep a copy of master.key apart, or use --keys-to");
    }
    for hash in &taken.manifest.lost {
        say(format_args!("NOT in the backup, because it is damaged or missing in the store: {hash}"));
    }
    Ok(if taken.manifest.lost.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Brings a backup back, or single files.
pub(super) fn restore(place: &Place, how: &RestoreArgs) -> anyhow::Result<ExitCode> {
    let vault = Vault::open(&how.from)?;
    let opener = opener(&vault, &how.key)?;
    match &how.into {
        Some(into) => restore_all(place, how, (&vault, &opener), into),
        None => restore_blobs(place, how, (&vault, &opener)),
    }
}

fn restore_blobs(place: &Place, how: &RestoreArgs, from: (&Vault, &Opener)) -> anyhow::Result<ExitCode> {
    let platform = platform(place)?;
    let scratch = place.data.join("scratch");
    fs::create_dir_all(&scratch)?;
    let mut good = true;
    for hash in &how.blob {
        let state = wait(backup::restore_blob(from, &platform, hash, &scratch))??;
        good &= state == BlobState::Whole;
        say(format_args!("{}  {hash}", state.code()));
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Everything is made beside the place and gets its name when it is whole: a run that fails leaves nothing that could be
/// taken for an installation.
fn restore_all(
    place: &Place,
    how: &RestoreArgs,
    (vault, opener): (&Vault, &Opener),
    into: &Path,
) -> anyhow::Result<ExitCode> {
    if fs::read_dir(into).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("--into: {} is not empty, nothing is written over", into.display());
    }
    let name = into.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let staging = into.with_file_name(format!("{name}.restoring"));
    if staging.exists() {
        fs::remove_dir_all(&staging)?;
    }
    let scratch = staging.join("scratch");
    fs::create_dir_all(&scratch)?;
    let database = place.database.clone().unwrap_or_else(|| DbUrl::Sqlite(staging.join("diwan.db")));
    let blobs = match &place.files_url {
        Some(_) => place.blobs()?,
        None => BlobStore::in_folder(&staging.join("files"))?,
    };
    let snapshot = vault.choose(how.snapshot.as_deref())?;
    let target = Target { database: &database, blobs: &blobs, scratch: &scratch, despite_damage: how.despite_damage };
    let restored = wait(backup::restore((vault, opener), &snapshot, target, &backup::quietly))?;
    let restored = restored.inspect_err(|_| {
        // What was brought back until then is of no use to anybody.
        let _left = fs::remove_dir_all(&staging);
    })?;
    if let Some(keys) = &how.keys_from {
        let locked = if keys.is_dir() { keys.join("master.key.age") } else { keys.clone() };
        backup::key_back(vault, opener, &locked, &staging.join("master.key"))?;
    }
    fs::remove_dir_all(&scratch)?;
    if into.exists() {
        fs::remove_dir(into)?;
    }
    fs::rename(&staging, into).with_context(|| format!("--into: {}", into.display()))?;
    told(&restored, &snapshot, into, how.keys_from.is_some());
    Ok(if restored.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(restored: &Restored, snapshot: &str, into: &Path, with_key: bool) {
    let facts = &restored.manifest.facts;
    say(format_args!(
        "snapshot {snapshot} is in {}: {} rows in {} tables, {} files, {} bytes",
        into.display(),
        facts.rows.values().sum::<i64>(),
        facts.rows.len(),
        restored.manifest.blobs.len() - restored.missing.len(),
        restored.bytes
    ));
    for hash in &restored.missing {
        say(format_args!("NOT whole in the backup: {hash}"));
    }
    if !with_key {
        say("put master.key there before Diwan is started: without it no secret of the database opens");
    }
    say("then: diwan verify, diwan serve; the search index is built by itself");
}

/// Does a drill, writes the certificate, and says how it went.
pub(super) fn drill(place: &Place, how: DrillArgs) -> anyhow::Result<ExitCode> {
    let platform = platform(place)?;
    let drills = node::drills(place, how.from.zip(how.identity), Arc::new(fonts::load()?));
    let lang = match how.lang {
        CertificateLang::Ar => Lang::Ar,
        CertificateLang::En => Lang::En,
    };
    let last = std::cell::Cell::new(None);
    let progress = |step: DrillStep, _done: u64, _total: u64| {
        if last.replace(Some(step)) != Some(step) {
            say(format_args!("… {}", step.code()));
        }
    };
    let (report, pdf) = wait(drill::at_once(&platform, &drills, lang, &progress))??;
    fs::write(&how.certificate, pdf).with_context(|| format!("--certificate: {}", how.certificate.display()))?;
    say(format_args!(
        "{} rows, {} links in {} chains, {} files, {} of {} documents found",
        report.rows, report.links, report.chains, report.files, report.found, report.documents
    ));
    for fault in report.fault.iter().chain(&report.broken) {
        say(format_args!("fault: {fault}"));
    }
    for hash in &report.lost {
        say(format_args!("not whole: {hash}"));
    }
    let good = report.is_good();
    say(if good { "the drill passed: everything came back" } else { "the drill FAILED" });
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
