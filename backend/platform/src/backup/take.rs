//! Making a backup.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use diesel::prelude::*;
use diwan_db::{Backend, DbError};
use diwan_schema::platform::blobs;

use super::{
    BackupFault, Manifest, Progress, Vault,
    manifest::FORM,
    seal::{Hashed, Sealer},
};
use crate::{Platform, files::BlobFault};

/// What a run brought into the backup.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// The name of the snapshot.
    pub snapshot: String,
    /// What belongs to it.
    pub manifest: Manifest,
    /// Contents of files that were not in the backup before.
    pub new_blobs: u64,
    /// Their bytes.
    pub new_bytes: u64,
}

/// Takes a snapshot of the database, and the contents of files that the backup does not have yet. A content that is not
/// whole in the store and not in the backup is named in the manifest; it stops nothing else. `scratch` is a folder for what
/// is written on the way.
///
/// # Errors
/// [`BackupFault`]; older snapshots stay whole.
pub async fn take(
    platform: &Platform,
    vault: &Vault,
    scratch: &Path,
    progress: Progress<'_>,
) -> Result<Taken, BackupFault> {
    let _alone = vault.lock()?;
    vault.tidy()?;
    let sealer = vault.sealer()?;
    let taken_at = platform.db.clock().now();
    let name = new_name(vault, &taken_at.format("%Y%m%dT%H%M%SZ").to_string())?;
    let folder = vault.begin(&name)?;

    progress("database", 0, 1);
    std::fs::create_dir_all(scratch).map_err(BackupFault::at(scratch))?;
    let mut known = None;
    let copy = scratch.join("backup-copy.db");
    let database = vault.put_sealed(&folder.join("database.age"), &sealer, |out| {
        let wanted = |tx: &mut diwan_db::ReadTx<'_>| -> Result<Vec<(String, i64)>, DbError> {
            let kept = blobs::table.filter(blobs::destroyed_at.is_null());
            Ok(kept.order(blobs::hash).select((blobs::hash, blobs::size)).load(tx.conn())?)
        };
        known = Some(platform.db.dump(out, &copy, wanted).map_err(io::Error::other)?);
        Ok(())
    })?;
    let Some((facts, blobs)) = known else { return Err(BackupFault::NoSnapshot(String::new())) };

    let mut manifest = Manifest {
        form: FORM,
        taken_at,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        kind: kind_of(platform.db.backend()).to_owned(),
        database,
        facts,
        blobs,
        lost: Vec::new(),
    };
    let (mut new_blobs, mut new_bytes) = (0, 0);
    let total = manifest.blobs.len() as u64;
    for (at, (hash, _)) in manifest.blobs.iter().enumerate() {
        progress("files", at as u64, total);
        if vault.blob(hash).exists() {
            continue;
        }
        match keep(platform, vault, &sealer, hash).await? {
            Some(bytes) => {
                new_blobs += 1;
                new_bytes += bytes;
            }
            None => manifest.lost.push(hash.clone()),
        }
    }
    progress("files", total, total);
    let text = serde_json::to_vec(&manifest).map_err(|error| BackupFault::at(&folder)(error.into()))?;
    vault.put_sealed(&folder.join("manifest.age"), &sealer, |out| out.write_all(&text))?;
    vault.end(&name)?;
    Ok(Taken { snapshot: name, manifest, new_blobs, new_bytes })
}

/// What a database is called in a manifest.
pub(super) fn kind_of(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
    }
}

/// A name that no snapshot has.
fn new_name(vault: &Vault, wanted: &str) -> Result<String, BackupFault> {
    let taken = vault.snapshots()?;
    let others = (2..).map(|n| format!("{wanted}-{n}"));
    let free = std::iter::once(wanted.to_owned()).chain(others).find(|name| !taken.contains(name));
    Ok(free.unwrap_or_else(|| wanted.to_owned()))
}

/// Brings the content of a file into the backup; none where the store has it no longer as it was.
async fn keep(platform: &Platform, vault: &Vault, sealer: &Sealer, hash: &str) -> Result<Option<u64>, BackupFault> {
    let file = match platform.blobs.on_disk(hash).await {
        Ok(file) => file,
        Err(BlobFault::Missing(_)) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let mut from = Hashed::new(File::open(file.path()).map_err(BackupFault::at(file.path()))?);
    let mut kept = None;
    let put = vault.put(&vault.blob(hash), |out| {
        let mut sealed = sealer.seal(out)?;
        io::copy(&mut from, &mut sealed)?;
        sealed.finish()?.flush()?;
        let (real, size, _) = from.done();
        if real != hash {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "another content"));
        }
        kept = Some(size);
        Ok(())
    });
    match put {
        Err(BackupFault::Io { error, .. }) if error.kind() == io::ErrorKind::InvalidData => Ok(None),
        Err(fault) => Err(fault),
        Ok(()) => Ok(kept),
    }
}

/// Encrypts the master key for the backup's recipients into a file of another folder.
///
/// # Errors
/// A file cannot be read or written.
pub fn save_key(vault: &Vault, key: &Path, folder: &Path) -> Result<(), BackupFault> {
    let bytes = std::fs::read(key).map_err(BackupFault::at(key))?;
    vault.put_sealed(&folder.join("master.key.age"), &vault.sealer()?, |out| out.write_all(&bytes))?;
    Ok(())
}
