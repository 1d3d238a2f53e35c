//! The master key of the installation, and small secrets encrypted with it (XChaCha20-Poly1305).

use std::{
    collections::BTreeMap,
    fs, io,
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair},
};

use crate::{Outcome, Refusal};

/// Length of the random part in front of each sealed secret, in bytes.
const NONCE: usize = 24;

/// Encrypts and decrypts what the database must not hold in the clear: TOTP secrets, private keys of seals.
#[derive(Clone)]
pub struct Secrets {
    master: XChaCha20Poly1305,
    /// Keys of seals that were opened, by what is stored: opening one takes longer than signing with it.
    signing: Arc<RwLock<BTreeMap<Vec<u8>, Arc<EcdsaKeyPair>>>>,
}

impl Secrets {
    /// Reads the key file (32 bytes); makes it, readable by its owner alone, where there is none.
    /// Who loses the file loses the secrets: it belongs into the backup, apart from the database.
    ///
    /// # Errors
    /// The file cannot be read or made, or is not a key.
    pub fn open(file: &Path) -> io::Result<Self> {
        if !file.exists() {
            create(file)?;
        }
        let key: [u8; 32] = fs::read(file)?.try_into().map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{} is not a master key of 32 bytes", file.display()))
        })?;
        if fs::metadata(file)?.permissions().mode() & 0o077 != 0 {
            tracing::warn!(file = %file.display(), "Others can read the master key; chmod 600 it");
        }
        Ok(Self::from_key(key))
    }

    /// A key that is kept elsewhere (tests, key services).
    pub fn from_key(key: [u8; 32]) -> Self {
        Self { master: XChaCha20Poly1305::new(&key.into()), signing: Arc::default() }
    }

    /// Signs with the private key of a seal (PKCS#8, P-256), which is opened once; answers the signature as DER. Many sign while
    /// others wait for their turn to write: this takes a few hundredths of a millisecond.
    ///
    /// # Errors
    /// As [`Secrets::unseal`]; what opens is not a key; no random bytes.
    pub fn sign(&self, purpose: &str, sealed: &[u8], text: &[u8]) -> Outcome<Vec<u8>> {
        let key = self.signing_key(purpose, sealed)?;
        let signature = key.sign(&SystemRandom::new(), text);
        Ok(signature.map_err(|_| Refusal::Internal("no random bytes to sign with".to_owned()))?.as_ref().to_vec())
    }

    fn signing_key(&self, purpose: &str, sealed: &[u8]) -> Outcome<Arc<EcdsaKeyPair>> {
        if let Some(key) = self.signing.read().unwrap_or_else(PoisonError::into_inner).get(sealed) {
            return Ok(Arc::clone(key));
        }
        let opened = self.unseal(purpose, sealed)?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &opened, &SystemRandom::new())
            .map_err(|error| Refusal::Internal(format!("the key of {purpose} is broken: {error}")))?;
        let key = Arc::new(key);
        self.signing.write().unwrap_or_else(PoisonError::into_inner).insert(sealed.to_vec(), Arc::clone(&key));
        Ok(key)
    }

    /// Encrypts; `purpose` names the place (`user.totp:17`), and the result opens for that place only.
    ///
    /// # Errors
    /// [`Refusal::Internal`] when the machine gives no random bytes.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Outcome<Vec<u8>> {
        let nonce = random::<NONCE>()?;
        let mut sealed = nonce.to_vec();
        let cipher = self.master.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: purpose.as_bytes() });
        sealed.extend(cipher.map_err(|_| Refusal::Internal("encryption failed".to_owned()))?);
        Ok(sealed)
    }

    /// Decrypts what [`Secrets::seal`] made for the same purpose.
    ///
    /// # Errors
    /// [`Refusal::Internal`] when it was made elsewhere, with another key, or was changed.
    pub fn unseal(&self, purpose: &str, sealed: &[u8]) -> Outcome<Vec<u8>> {
        let fault = || Refusal::Internal(format!("the secret of {purpose} does not open with this master key"));
        let (nonce, cipher) = sealed.split_first_chunk::<NONCE>().ok_or_else(fault)?;
        self.master
            .decrypt(&XNonce::from(*nonce), Payload { msg: cipher, aad: purpose.as_bytes() })
            .map_err(|_| fault())
    }
}

/// Random bytes of the operating system.
///
/// # Errors
/// [`Refusal::Internal`] when it has none.
pub fn random<const N: usize>() -> Outcome<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Refusal::Internal(format!("no random bytes: {error}")))?;
    Ok(bytes)
}

/// Puts a whole new key file in place at once; where another process was faster, its key stays.
fn create(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let key = random::<32>().map_err(io::Error::other)?;
    let whole = file.with_extension(format!("{}.new", std::process::id()));
    let mut new = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&whole)?;
    new.write_all(&key)?;
    new.sync_all()?;
    let linked = fs::hard_link(&whole, file);
    fs::remove_file(&whole)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_purpose_with_its_key_only() {
        let secrets = Secrets::from_key([7; 32]);
        let sealed = secrets.seal("user.totp:17", b"JBSWY3DP").unwrap();
        assert_eq!(secrets.unseal("user.totp:17", &sealed).unwrap(), b"JBSWY3DP");
        assert!(secrets.unseal("user.totp:18", &sealed).is_err());
        assert!(Secrets::from_key([8; 32]).unseal("user.totp:17", &sealed).is_err());
        assert!(secrets.unseal("user.totp:17", &sealed[..10]).is_err());
        let mut changed = sealed.clone();
        changed[30] ^= 1;
        assert!(secrets.unseal("user.totp:17", &changed).is_err());
        assert_ne!(secrets.seal("user.totp:17", b"JBSWY3DP").unwrap(), sealed);
    }

    #[test]
    fn the_key_file_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/master.key");
        let sealed = Secrets::open(&file).unwrap().seal("x", b"y").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Secrets::open(&file).unwrap().unseal("x", &sealed).unwrap(), b"y");
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
        fs::write(&file, b"short").unwrap();
        assert!(Secrets::open(&file).is_err());
    }
}
