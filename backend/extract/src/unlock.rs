//! Files under a password (ملفات محمية بكلمة مرور): opened into a temporary copy, which is read as any other file.
//!
//! The password comes into the child through its standard input, is tried once and kept nowhere.

mod odf;
mod office;

use std::io::{Cursor, Read, Seek, Write};
use std::path::Path;

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use lopdf::LoadOptions;
use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipReadOptions, ZipWriter};

use crate::format::Format;
use crate::input::temporary;
use crate::limits::Limits;
use crate::outcome::Reason;

/// The longest password, in bytes.
pub(crate) const PASSWORD_BYTES: u64 = 1024;

/// A copy of the file without protection.
///
/// # Errors
/// `encrypted`: the password is wrong. `unsupported`: this kind of protection cannot be opened here.
pub(crate) fn unlock(file: &Path, format: Format, password: &str, limits: &Limits) -> Result<NamedTempFile, Reason> {
    match format {
        Format::Pdf => pdf(file, password),
        Format::EncryptedOffice => temporary(&office::decrypt(file, password, limits)?),
        Format::Odt | Format::Ods | Format::Odp | Format::Odg => {
            repack(file, limits, |package| odf::Opener::new(package, password))
        }
        Format::Zip => repack(file, limits, |_package| Ok(Plain(password.as_bytes().to_vec()))),
        _ => Err(Reason::Unsupported),
    }
}

fn pdf(file: &Path, password: &str) -> Result<NamedTempFile, Reason> {
    let options = LoadOptions::with_password(password);
    let mut document = lopdf::Document::load_with_options(file, options).map_err(|error| match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => Reason::Encrypted,
        _ => Reason::Corrupt,
    })?;
    document.trailer.remove(b"Encrypt");
    document.encryption_state = None;
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).map_err(|_| Reason::Corrupt)?;
    temporary(&bytes)
}

type Archive = ZipArchive<std::fs::File>;

/// Opens the entries of a package, one by one.
trait Opens {
    /// The content of an entry; nothing for one that the copy does without.
    fn open(&self, archive: &mut Archive, at: usize, most: u64) -> Result<Option<Vec<u8>>, Reason>;
}

/// The protection of ZIP itself.
struct Plain(Vec<u8>);

impl Opens for Plain {
    fn open(&self, archive: &mut Archive, at: usize, most: u64) -> Result<Option<Vec<u8>>, Reason> {
        let options = ZipReadOptions::new().password(Some(&self.0));
        let entry = archive.by_index_with_options(at, options).map_err(|error| match error {
            zip::result::ZipError::InvalidPassword => Reason::Encrypted,
            _ => Reason::Corrupt,
        })?;
        // A wrong password shows with its sum only one time in 256 at once, and else here.
        read(entry, most).map(Some).map_err(|reason| if reason == Reason::ZipBomb { reason } else { Reason::Encrypted })
    }
}

fn read(entry: impl Read, most: u64) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::new();
    entry.take(most + 1).read_to_end(&mut bytes).map_err(|_| Reason::Corrupt)?;
    if bytes.len() as u64 > most { Err(Reason::ZipBomb) } else { Ok(bytes) }
}

/// The package with every entry opened.
fn repack<O: Opens>(
    file: &Path,
    limits: &Limits,
    opener: impl FnOnce(&mut Archive) -> Result<O, Reason>,
) -> Result<NamedTempFile, Reason> {
    let opened = std::fs::File::open(file).map_err(|_| Reason::Unreadable)?;
    let mut archive = ZipArchive::new(opened).map_err(|_| Reason::Corrupt)?;
    if archive.len() > limits.zip_entries {
        return Err(Reason::ZipBomb);
    }
    let opener = opener(&mut archive)?;
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut left = limits.unpacked_bytes;
    for at in 0..archive.len() {
        let name = archive.name_for_index(at).and_then(Result::ok).ok_or(Reason::Corrupt)?.into_owned();
        if name.ends_with('/') {
            continue;
        }
        if let Some(bytes) = opener.open(&mut archive, at, left)? {
            left -= bytes.len() as u64;
            put(&mut copy, &name, &bytes, options).map_err(|_| Reason::Crashed)?;
        }
    }
    let bytes = copy.finish().map_err(|_| Reason::Crashed)?.into_inner();
    temporary(&bytes)
}

fn put<W: Write + Seek>(
    copy: &mut ZipWriter<W>,
    name: &str,
    bytes: &[u8],
    options: SimpleFileOptions,
) -> zip::result::ZipResult<()> {
    copy.start_file(name, options)?;
    Ok(copy.write_all(bytes)?)
}

/// Takes AES in CBC off whole blocks, in place.
fn cbc(key: &[u8], iv: &[u8], data: &mut [u8]) -> Result<(), Reason> {
    let wrong = |_| Reason::Corrupt;
    let opened = match key.len() {
        16 => {
            let cipher = cbc::Decryptor::<aes::Aes128>::new_from_slices(key, iv).map_err(|_| Reason::Corrupt)?;
            cipher.decrypt_padded::<NoPadding>(data).map(<[u8]>::len)
        }
        24 => {
            let cipher = cbc::Decryptor::<aes::Aes192>::new_from_slices(key, iv).map_err(|_| Reason::Corrupt)?;
            cipher.decrypt_padded::<NoPadding>(data).map(<[u8]>::len)
        }
        32 => {
            let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(key, iv).map_err(|_| Reason::Corrupt)?;
            cipher.decrypt_padded::<NoPadding>(data).map(<[u8]>::len)
        }
        _ => return Err(Reason::Unsupported),
    };
    opened.map(|_length| ()).map_err(wrong)
}

/// Bytes in base64, as the XML of both office formats gives them.
fn base64(text: &str) -> Result<Vec<u8>, Reason> {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.decode(text.trim()).map_err(|_| Reason::Corrupt)
}
