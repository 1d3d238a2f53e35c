//! Encrypting with age, and opening again.

use std::{
    fmt,
    io::{self, Read, Write},
    path::Path,
    str::FromStr,
};

use age::{
    Decryptor, Encryptor, Identity, Recipient, scrypt,
    secrecy::{ExposeSecret, SecretString},
    stream::StreamWriter,
    x25519,
};
use sha2::{Digest, Sha256};

use super::BackupFault;

/// A passphrase, which is never shown.
#[derive(Clone)]
pub struct Passphrase(SecretString);

impl Passphrase {
    /// From text; a line break at the end is no part of it.
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}

/// Encrypts for its recipients.
#[derive(Clone)]
pub(super) struct Sealer(Vec<x25519::Recipient>);

impl Sealer {
    /// For these public keys.
    pub(super) fn new(recipients: &[String]) -> Result<Self, BackupFault> {
        let parse =
            |text: &String| x25519::Recipient::from_str(text).map_err(|_| BackupFault::BadRecipient(text.clone()));
        Ok(Self(recipients.iter().map(parse).collect::<Result<_, _>>()?))
    }

    /// A writer whose input is encrypted into `out`; it has to be finished.
    pub(super) fn seal<W: Write>(&self, out: W) -> io::Result<StreamWriter<W>> {
        let recipients = self.0.iter().map(|recipient| -> &dyn Recipient { recipient });
        Encryptor::with_recipients(recipients).map_err(io::Error::other)?.wrap_output(out)
    }
}

/// Opens what was encrypted for its keys.
pub struct Opener(Vec<x25519::Identity>);

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opener({} keys)", self.0.len())
    }
}

impl Opener {
    /// The keys in a file as `age-keygen` writes it.
    ///
    /// # Errors
    /// It cannot be read, or holds no key.
    pub fn from_file(file: &Path) -> Result<Self, BackupFault> {
        let text = std::fs::read_to_string(file).map_err(BackupFault::at(file))?;
        let keys: Vec<_> = text.lines().filter_map(|line| x25519::Identity::from_str(line.trim()).ok()).collect();
        if keys.is_empty() { Err(BackupFault::NoKey(file.to_owned())) } else { Ok(Self(keys)) }
    }

    /// A key that is gone with this value, and the public part of it: for backups that are read once and thrown away.
    pub fn for_once() -> (Self, String) {
        let key = x25519::Identity::generate();
        let public = key.to_public().to_string();
        (Self(vec![key]), public)
    }

    /// The key that lies under a passphrase.
    pub(super) fn under(passphrase: &Passphrase, file: &Path) -> Result<Self, BackupFault> {
        let locked = |why: String| BackupFault::Locked { place: file.to_owned(), why };
        let bytes = std::fs::read(file).map_err(BackupFault::at(file))?;
        let key = scrypt::Identity::new(passphrase.0.clone());
        let mut text = String::new();
        Decryptor::new(&bytes[..])
            .and_then(|sealed| sealed.decrypt(std::iter::once::<&dyn Identity>(&key)))
            .map_err(|error| locked(error.to_string()))?
            .read_to_string(&mut text)
            .map_err(|error| locked(error.to_string()))?;
        let key = x25519::Identity::from_str(text.trim()).map_err(|why| locked(why.to_owned()))?;
        Ok(Self(vec![key]))
    }

    /// A reader of what was encrypted in `from`.
    pub(super) fn open<'a>(&self, from: impl Read + 'a, place: &Path) -> Result<impl Read + 'a, BackupFault> {
        let keys = self.0.iter().map(|key| -> &dyn Identity { key });
        let locked = |why: age::DecryptError| BackupFault::Locked { place: place.to_owned(), why: why.to_string() };
        Decryptor::new(from).map_err(locked)?.decrypt(keys).map_err(locked)
    }
}

/// Makes a key, locks it with a passphrase into `out`, and answers its public part.
pub(super) fn new_key_under(passphrase: &Passphrase, out: &mut impl Write) -> io::Result<String> {
    let key = x25519::Identity::generate();
    let lock = scrypt::Recipient::new(passphrase.0.clone());
    let mut writer = Encryptor::with_recipients(std::iter::once::<&dyn Recipient>(&lock))
        .map_err(io::Error::other)?
        .wrap_output(out)?;
    writer.write_all(key.to_string().expose_secret().as_bytes())?;
    writer.finish()?;
    Ok(key.to_public().to_string())
}

/// Passes on and makes the hash of what passes.
pub(super) struct Hashed<I> {
    inner: I,
    digest: Sha256,
    size: u64,
}

impl<I> Hashed<I> {
    pub(super) fn new(inner: I) -> Self {
        Self { inner, digest: Sha256::new(), size: 0 }
    }

    /// SHA-256 in hex and the number of bytes that passed, and what they passed to.
    pub(super) fn done(self) -> (String, u64, I) {
        let hash = self.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        (hash, self.size, self.inner)
    }

    fn passed(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.passed(bytes.get(..n).unwrap_or_default());
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(bytes)?;
        let passed = bytes.get(..n).unwrap_or_default();
        self.digest.update(passed);
        self.size += passed.len() as u64;
        Ok(n)
    }
}
