//! The folder of a backup: what lies where, and how something gets its name only when it is whole.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    BackupFault, Manifest, Opener, Passphrase, Piece,
    seal::{Hashed, Sealer, new_key_under},
};

const HEADER: &str = "diwan-backup.json";
const KEY: &str = "key.age";
const LOCK: &str = "lock";
/// The end of the name of what is not whole yet.
const NEW: &str = "new";

/// How a backup is locked, where it is made anew.
#[derive(Debug, Clone, Default)]
pub struct Locks {
    /// For these public keys.
    pub recipients: Vec<String>,
    /// Or with a passphrase.
    pub passphrase: Option<Passphrase>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    form: u32,
    recipients: Vec<String>,
}

/// The folder of a backup.
#[derive(Debug, Clone)]
pub struct Vault {
    folder: PathBuf,
    recipients: Vec<String>,
}

impl Vault {
    /// Opens a backup that is there.
    ///
    /// # Errors
    /// There is none, or it is of a newer version.
    pub fn open(folder: &Path) -> Result<Self, BackupFault> {
        let file = folder.join(HEADER);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(BackupFault::NoBackup(folder.to_owned()));
            }
            Err(error) => return Err(BackupFault::at(file)(error)),
        };
        let damaged = |why: String| BackupFault::Damaged { place: file.clone(), why };
        let header: Header = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        if header.form > super::manifest::FORM {
            return Err(damaged(format!("it has form {}, which this version does not know", header.form)));
        }
        Ok(Self { folder: folder.to_owned(), recipients: header.recipients })
    }

    /// Opens a backup, or makes one that is locked like that.
    ///
    /// # Errors
    /// It is locked for others; it is new and nothing says for whom.
    pub fn open_or_make(folder: &Path, locks: &Locks) -> Result<Self, BackupFault> {
        match Self::open(folder) {
            Err(BackupFault::NoBackup(_)) => Self::make(folder, locks),
            Ok(vault) if locks.recipients.is_empty() || locks.recipients == vault.recipients => Ok(vault),
            Ok(vault) => Err(BackupFault::OtherRecipients(vault.recipients.join(", "))),
            Err(fault) => Err(fault),
        }
    }

    fn make(folder: &Path, locks: &Locks) -> Result<Self, BackupFault> {
        fs::create_dir_all(folder).map_err(BackupFault::at(folder))?;
        let vault = Self { folder: folder.to_owned(), recipients: locks.recipients.clone() };
        let recipients = match &locks.passphrase {
            _ if !locks.recipients.is_empty() => {
                Sealer::new(&locks.recipients)?;
                locks.recipients.clone()
            }
            Some(passphrase) => {
                let mut public = String::new();
                vault.put(&folder.join(KEY), |out| {
                    public = new_key_under(passphrase, out)?;
                    Ok(())
                })?;
                vec![public]
            }
            None => return Err(BackupFault::NoRecipient(folder.to_owned())),
        };
        let header = Header { form: super::manifest::FORM, recipients: recipients.clone() };
        let text = serde_json::to_string_pretty(&header)
            .map_err(|error| BackupFault::Damaged { place: folder.join(HEADER), why: error.to_string() })?;
        vault.put(&folder.join(HEADER), |out| out.write_all(text.as_bytes()))?;
        Ok(Self { recipients, ..vault })
    }

    /// Keeps other runs from writing to the backup, as long as the value lives.
    pub(super) fn lock(&self) -> Result<File, BackupFault> {
        let place = self.folder.join(LOCK);
        let file = File::create(&place).map_err(BackupFault::at(&place))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(BackupFault::Busy(self.folder.clone())),
            Err(fs::TryLockError::Error(error)) => Err(BackupFault::at(place)(error)),
        }
    }

    /// What opens it, by the passphrase it was made with.
    ///
    /// # Errors
    /// It was made for public keys, or with another passphrase.
    pub fn opener(&self, passphrase: &Passphrase) -> Result<Opener, BackupFault> {
        Opener::under(passphrase, &self.folder.join(KEY))
    }

    pub(super) fn sealer(&self) -> Result<Sealer, BackupFault> {
        Sealer::new(&self.recipients)
    }

    /// Where the content of a file lies.
    pub(super) fn blob(&self, hash: &str) -> PathBuf {
        self.folder.join("blobs").join(hash.get(..2).unwrap_or_default()).join(format!("{hash}.age"))
    }

    /// Where a snapshot lies.
    pub(super) fn snapshot(&self, name: &str) -> PathBuf {
        self.folder.join("snapshots").join(name)
    }

    /// The whole snapshots, the oldest first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn snapshots(&self) -> Result<Vec<String>, BackupFault> {
        let folder = self.folder.join("snapshots");
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(BackupFault::at(folder)(error)),
        };
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| Path::new(name).extension().is_none())
            .collect();
        names.sort();
        Ok(names)
    }

    /// The name of the newest whole snapshot, or of the one that is asked for.
    ///
    /// # Errors
    /// There is none.
    pub fn choose(&self, asked: Option<&str>) -> Result<String, BackupFault> {
        let names = self.snapshots()?;
        match asked {
            Some(asked) if names.iter().any(|name| name == asked) => Ok(asked.to_owned()),
            Some(asked) => Err(BackupFault::NoSnapshot(format!(" {asked}"))),
            None => names.last().cloned().ok_or_else(|| BackupFault::NoSnapshot(String::new())),
        }
    }

    /// What belongs to a snapshot.
    ///
    /// # Errors
    /// It does not open, or is damaged.
    pub fn manifest(&self, snapshot: &str, opener: &Opener) -> Result<Manifest, BackupFault> {
        let place = self.snapshot(snapshot).join("manifest.age");
        let file = File::open(&place).map_err(BackupFault::at(&place))?;
        let from = opener.open(BufReader::new(file), &place)?;
        serde_json::from_reader(BufReader::new(from))
            .map_err(|error| BackupFault::Damaged { place, why: error.to_string() })
    }

    /// Takes away what runs that were killed have left.
    pub(super) fn tidy(&self) -> Result<(), BackupFault> {
        let folder = self.folder.join("snapshots");
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|end| end == NEW) {
                fs::remove_dir_all(&path).map_err(BackupFault::at(path))?;
            }
        }
        Ok(())
    }

    /// A folder for a snapshot that is not whole yet.
    pub(super) fn begin(&self, name: &str) -> Result<PathBuf, BackupFault> {
        let folder = self.snapshot(&format!("{name}.{NEW}"));
        fs::create_dir_all(&folder).map_err(BackupFault::at(&folder))?;
        Ok(folder)
    }

    /// Gives a whole snapshot its name.
    pub(super) fn end(&self, name: &str) -> Result<(), BackupFault> {
        let (new, whole) = (self.snapshot(&format!("{name}.{NEW}")), self.snapshot(name));
        fs::rename(&new, &whole).map_err(BackupFault::at(&new))?;
        synced(whole.parent().unwrap_or(&self.folder))
    }

    /// Writes a file under another name, sees it safely onto the disk, and gives it its own.
    pub(super) fn put(
        &self,
        place: &Path,
        write: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
    ) -> Result<(), BackupFault> {
        let folder = place.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(BackupFault::at(folder))?;
        let new = place.with_extension(NEW);
        let written = || -> std::io::Result<()> {
            let mut out = BufWriter::new(File::create(&new)?);
            write(&mut out)?;
            out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
            fs::rename(&new, place)
        };
        if let Err(error) = written() {
            // What cannot be removed either is written over by the next run.
            let _left = fs::remove_file(&new);
            return Err(BackupFault::at(place)(error));
        }
        synced(folder)
    }

    /// Encrypts into a file; answers what lies there then.
    pub(super) fn put_sealed(
        &self,
        place: &Path,
        sealer: &Sealer,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<Piece, BackupFault> {
        let mut piece = Piece { sha256: String::new(), size: 0 };
        self.put(place, |out| {
            let mut sealed = sealer.seal(Hashed::new(out))?;
            write(&mut sealed)?;
            let (sha256, size, _) = sealed.finish()?.done();
            piece = Piece { sha256, size };
            Ok(())
        })?;
        Ok(piece)
    }

    /// Opens a file of the backup into another one; answers the hash and size of what came out.
    pub(super) fn get(&self, place: &Path, opener: &Opener, to: &Path) -> Result<(String, u64), BackupFault> {
        let file = File::open(place).map_err(BackupFault::at(place))?;
        let mut from = Hashed::new(opener.open(BufReader::new(file), place)?);
        let mut out = File::create(to).map_err(BackupFault::at(to))?;
        std::io::copy(&mut from, &mut out).map_err(|error| match error.kind() {
            // What was changed or cut off does not open: age notices it while reading.
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => {
                BackupFault::Damaged { place: place.to_owned(), why: error.to_string() }
            }
            _ => BackupFault::at(to)(error),
        })?;
        let (hash, size, _) = from.done();
        Ok((hash, size))
    }
}

/// The hash and the size of a file as it lies there.
pub(super) fn piece(place: &Path) -> Result<Piece, BackupFault> {
    let mut from = Hashed::new(File::open(place).map_err(BackupFault::at(place))?);
    let mut bytes = vec![0; 1 << 16];
    while from.read(&mut bytes).map_err(BackupFault::at(place))? > 0 {}
    let (sha256, size, _) = from.done();
    Ok(Piece { sha256, size })
}

/// Sees the names in a folder safely onto the disk.
fn synced(folder: &Path) -> Result<(), BackupFault> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupFault::at(folder))
}
