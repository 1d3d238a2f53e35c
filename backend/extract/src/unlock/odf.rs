//! OpenDocument under a password (ODF 1.2 part 3, 4.8): each entry is packed, then encrypted with a key of its own.
//! AES-256 in CBC, which LibreOffice has written since 2011; the Blowfish of before is not opened here.

use std::collections::HashMap;
use std::io::Read;

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{Archive, Opens, base64, cbc, read};
use crate::outcome::Reason;
use crate::xml::{self, Node};

/// How one entry is protected.
#[derive(Default)]
struct Protection {
    iv: Vec<u8>,
    salt: Vec<u8>,
    spins: u32,
    supported: bool,
}

/// Opens the entries of an OpenDocument package.
pub(super) struct Opener {
    start: Vec<u8>,
    protected: HashMap<String, Protection>,
}

const MANIFEST: &str = "META-INF/manifest.xml";
/// The longest manifest.
const MANIFEST_BYTES: u64 = 8 << 20;

impl Opener {
    pub(super) fn new(archive: &mut Archive, password: &str) -> Result<Self, Reason> {
        let manifest = archive.by_name(MANIFEST).map_err(|_| Reason::Corrupt)?;
        let bytes = read(manifest, MANIFEST_BYTES)?;
        let (text, _) = crate::text::decode(&bytes);
        Ok(Self { start: Sha256::digest(password.as_bytes()).to_vec(), protected: protections(&text)? })
    }

    fn key(&self, protection: &Protection) -> [u8; 32] {
        let mut key = [0_u8; 32];
        pbkdf2::pbkdf2_hmac::<Sha1>(&self.start, &protection.salt, protection.spins, &mut key);
        key
    }
}

impl Opens for Opener {
    fn open(&self, archive: &mut Archive, at: usize, most: u64) -> Result<Option<Vec<u8>>, Reason> {
        let entry = archive.by_index(at).map_err(|_| Reason::Corrupt)?;
        let name = entry.name().map_err(|_| Reason::Corrupt)?.into_owned();
        if name == MANIFEST {
            // It would say still that the entries are encrypted.
            return Ok(None);
        }
        let mut bytes = read(entry, most)?;
        let Some(protection) = self.protected.get(&name) else { return Ok(Some(bytes)) };
        if !protection.supported {
            return Err(Reason::Unsupported);
        }
        cbc(&self.key(protection), &protection.iv, &mut bytes)?;
        // What was opened with a wrong key is nothing that was ever packed.
        let mut unpacked = Vec::new();
        let stream = flate2::read::DeflateDecoder::new(bytes.as_slice());
        stream.take(most + 1).read_to_end(&mut unpacked).map_err(|_| Reason::Encrypted)?;
        if unpacked.len() as u64 > most { Err(Reason::ZipBomb) } else { Ok(Some(unpacked)) }
    }
}

fn protections(manifest: &str) -> Result<HashMap<String, Protection>, Reason> {
    let (mut path, mut protection) = (String::new(), Protection::default());
    let mut found = HashMap::new();
    xml::walk(manifest, |node| match node {
        Node::Open("file-entry", attributes) => {
            path = attributes.get("full-path").unwrap_or_default();
            protection = Protection::default();
        }
        Node::Open("algorithm", attributes) => {
            protection.supported = attributes.get("algorithm-name").is_some_and(|name| name.ends_with("#aes256-cbc"));
            protection.iv = attributes.get("initialisation-vector").and_then(|iv| base64(&iv).ok()).unwrap_or_default();
        }
        Node::Open("key-derivation", attributes) => {
            protection.supported &= attributes.get("key-derivation-name").is_some_and(|name| name.ends_with("PBKDF2"));
            protection.salt = attributes.get("salt").and_then(|salt| base64(&salt).ok()).unwrap_or_default();
            protection.spins =
                attributes.get("iteration-count").and_then(|count| count.parse().ok()).unwrap_or_default();
        }
        Node::Open("start-key-generation", attributes) => {
            protection.supported &=
                attributes.get("start-key-generation-name").is_some_and(|name| name.ends_with("#sha256"));
        }
        Node::Close("encryption-data") => {
            found.insert(std::mem::take(&mut path), std::mem::take(&mut protection));
        }
        _ => {}
    })?;
    Ok(found)
}
