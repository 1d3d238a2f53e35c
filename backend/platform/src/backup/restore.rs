//! Bringing a backup back.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use diwan_db::{Audit, DbUrl, backup as database};
use diwan_kernel::Who;
use diwan_platform_api::fixity::BlobState;
use serde_json::json;

use super::{BackupFault, Manifest, Opener, Progress, Vault, take::kind_of, vault::piece};
use crate::{
    Outcome, Platform,
    files::{BlobStore, fixity},
};

/// Where a backup is brought back to.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// An empty database.
    pub database: &'a DbUrl,
    /// The file store.
    pub blobs: &'a BlobStore,
    /// A folder for what is written on the way.
    pub scratch: &'a Path,
    /// Whether what is damaged in the backup is left out instead of stopping everything.
    pub despite_damage: bool,
}

/// What was brought back.
#[derive(Debug, Clone, PartialEq)]
pub struct Restored {
    /// What belonged to the snapshot.
    pub manifest: Manifest,
    /// Contents of files that the backup does not have whole.
    pub missing: Vec<String>,
    /// Bytes of files.
    pub bytes: u64,
}

/// Brings a snapshot back: every piece is compared with what was noted of it before it is put in its place, and the
/// database has to hold what was counted when it was copied.
///
/// # Errors
/// [`BackupFault`]; what was written until then is of no use.
pub async fn restore(
    (vault, opener): (&Vault, &Opener),
    snapshot: &str,
    target: Target<'_>,
    progress: Progress<'_>,
) -> Result<Restored, BackupFault> {
    let manifest = vault.manifest(snapshot, opener)?;
    if manifest.kind != kind_of(target.database.backend()) {
        return Err(BackupFault::OtherKind(manifest.kind));
    }
    database::refuse_used(target.database)?;
    progress("database", 0, 1);
    let place = vault.snapshot(snapshot).join("database.age");
    if piece(&place)? != manifest.database {
        return Err(BackupFault::Damaged { place, why: "it is not the one of the manifest".to_owned() });
    }
    let copy = target.scratch.join("restored-copy.db");
    vault.get(&place, opener, &copy)?;
    database::bring_back(&copy, target.database)?;
    compare(&manifest, target.database)?;

    let (mut missing, mut bytes) = (manifest.lost.clone(), 0);
    let total = manifest.blobs.len() as u64;
    for (at, (hash, _)) in manifest.blobs.iter().enumerate() {
        progress("files", at as u64, total);
        if manifest.lost.contains(hash) {
            continue;
        }
        match bring_blob(vault, opener, target.blobs, hash, target.scratch).await {
            Ok(size) => bytes += size,
            Err(BackupFault::Damaged { .. } | BackupFault::Locked { .. }) => missing.push(hash.clone()),
            Err(BackupFault::Io { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {
                missing.push(hash.clone());
            }
            Err(fault) => return Err(fault),
        }
    }
    progress("files", total, total);
    if missing.len() > manifest.lost.len() && !target.despite_damage {
        let new: Vec<_> = missing.iter().filter(|hash| !manifest.lost.contains(hash)).cloned().collect();
        return Err(BackupFault::Damaged { place: new.join(", ").into(), why: "it is not whole".to_owned() });
    }
    Ok(Restored { manifest, missing, bytes })
}

/// Refuses a database that holds something else than what was counted when it was copied.
fn compare(manifest: &Manifest, database: &DbUrl) -> Result<(), BackupFault> {
    let facts = database::facts_of(database)?;
    let table = manifest.facts.rows.iter().find(|(table, count)| facts.rows.get(*table) != Some(*count));
    match table {
        Some((table, count)) => Err(BackupFault::Differs(format!("{table} had {count} rows"))),
        None if facts.heads != manifest.facts.heads => {
            Err(BackupFault::Differs("an audit chain ends elsewhere".to_owned()))
        }
        None => Ok(()),
    }
}

async fn bring_blob(
    vault: &Vault,
    opener: &Opener,
    blobs: &BlobStore,
    hash: &str,
    scratch: &Path,
) -> Result<u64, BackupFault> {
    let (place, file) = (vault.blob(hash), scratch.join("restored-file"));
    let (real, size) = vault.get(&place, opener, &file)?;
    if real != hash {
        return Err(BackupFault::Damaged { place, why: "its content is another one".to_owned() });
    }
    blobs.put_back(hash, &file).await?;
    std::fs::remove_file(&file).map_err(BackupFault::at(file))?;
    Ok(size)
}

/// Puts the content of one file back into the store of an installation, and notes that it is well again.
///
/// # Errors
/// The backup does not have it whole; the store or the database fails.
pub async fn restore_blob(
    (vault, opener): (&Vault, &Opener),
    platform: &Platform,
    hash: &str,
    scratch: &Path,
) -> Outcome<BlobState> {
    bring_blob(vault, opener, &platform.blobs, hash, scratch).await?;
    let detail = json!({ "hash": hash });
    let noted = platform
        .db
        .write(Who::system(), "platform.blob.restore", move |tx| tx.audit(Audit::of("blob", 0).detail(detail)));
    noted.await?;
    fixity::recheck(platform, hash).await
}

/// Opens the master key that [`super::save_key`] has locked into a file.
///
/// # Errors
/// It does not open.
pub fn key_back(vault: &Vault, opener: &Opener, locked: &Path, to: &Path) -> Result<(), BackupFault> {
    vault.get(locked, opener, to)?;
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o600)).map_err(BackupFault::at(to))
}
