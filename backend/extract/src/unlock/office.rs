//! Office Open XML under a password (MS-OFFCRYPTO): the package lies encrypted in a compound file, since 2010 in the
//! “agile” way, which its XML describes, before that in the “standard” way with AES and SHA-1.

use std::io::{Cursor, Read};
use std::path::Path;

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt, KeyInit};
use cfb::CompoundFile;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{base64, cbc};
use crate::limits::Limits;
use crate::outcome::Reason;
use crate::xml::{self, Node};

/// The package in an encrypted file.
pub(super) fn decrypt(file: &Path, password: &str, limits: &Limits) -> Result<Vec<u8>, Reason> {
    let bytes = std::fs::read(file).map_err(|_| Reason::Unreadable)?;
    let mut compound = CompoundFile::open(Cursor::new(bytes.as_slice())).map_err(|_| Reason::Corrupt)?;
    let mut stream = |name: &str| {
        let mut content = Vec::new();
        let stream = compound.open_stream(name).map_err(|_| Reason::Corrupt)?;
        stream.take(limits.file_bytes).read_to_end(&mut content).map_err(|_| Reason::Corrupt)?;
        Ok::<_, Reason>(content)
    };
    let (info, package) = (stream("/EncryptionInfo")?, stream("/EncryptedPackage")?);
    let (size, package) = package.split_at_checked(8).ok_or(Reason::Corrupt)?;
    let size = usize::try_from(u64::from_le_bytes(size.try_into().map_err(|_| Reason::Corrupt)?)).unwrap_or(usize::MAX);
    let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let version = (number(&info, 0, 2)?, number(&info, 2, 2)?);
    let mut opened = match version {
        (4, 4) => Agile::read(info.get(8..).unwrap_or_default())?.open(&password, package)?,
        (2..=4, 2) => standard(&info, &password, package)?,
        _ => return Err(Reason::Unsupported),
    };
    opened.truncate(size);
    Ok(opened)
}

fn number(bytes: &[u8], at: usize, length: usize) -> Result<u32, Reason> {
    let part = bytes.get(at..at + length).ok_or(Reason::Corrupt)?;
    Ok(part.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// What an agile file says of its protection.
struct Agile {
    package: Described,
    key: Described,
    spins: u32,
    verifier: [Vec<u8>; 2],
    encrypted_key: Vec<u8>,
}

/// How a key is made: the attributes that `keyData` and `encryptedKey` share.
struct Described {
    salt: Vec<u8>,
    hash: Hash,
    key_bytes: usize,
    block: usize,
}

/// What an element says of a key: attributes by name, absent ones too.
type Said<'a> = Vec<(&'a str, Option<String>)>;

impl Agile {
    fn read(info: &[u8]) -> Result<Self, Reason> {
        let text = std::str::from_utf8(info).map_err(|_| Reason::Corrupt)?;
        let mut found: Vec<(bool, Said<'_>)> = Vec::new();
        xml::walk(text, |node| {
            if let Node::Open(name @ ("keyData" | "encryptedKey"), attributes) = node {
                let all = NAMES.iter().map(|one| (*one, attributes.get(one))).collect();
                found.push((name == "keyData", all));
            }
        })?;
        let of = |data: bool| {
            found.iter().find(|(is_data, _)| *is_data == data).map(|(_, all)| all).ok_or(Reason::Unsupported)
        };
        let (data, key) = (of(true)?, of(false)?);
        Ok(Self {
            package: Described::of(data)?,
            key: Described::of(key)?,
            spins: get(key, "spinCount")?.parse().map_err(|_| Reason::Corrupt)?,
            verifier: [
                base64(get(key, "encryptedVerifierHashInput")?)?,
                base64(get(key, "encryptedVerifierHashValue")?)?,
            ],
            encrypted_key: base64(get(key, "encryptedKeyValue")?)?,
        })
    }

    fn open(&self, password: &[u8], package: &[u8]) -> Result<Vec<u8>, Reason> {
        const SEGMENT: usize = 4096;
        let hash = self.key.hash;
        let mut spun = hash.of(&[&self.key.salt, password]);
        for turn in 0..self.spins {
            spun = hash.of(&[&turn.to_le_bytes(), &spun]);
        }
        let part = |block: [u8; 8], encrypted: &[u8]| {
            let key = sized(hash.of(&[&spun, &block]), self.key.key_bytes);
            let mut opened = encrypted.to_vec();
            cbc(&key, &sized(self.key.salt.clone(), self.key.block), &mut opened)?;
            Ok::<_, Reason>(opened)
        };
        let input = part([0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79], &self.verifier[0])?;
        let value = part([0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e], &self.verifier[1])?;
        if !value.starts_with(&hash.of(&[&input])) {
            return Err(Reason::Encrypted);
        }
        let mut key = part([0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6], &self.encrypted_key)?;
        key.truncate(self.package.key_bytes);
        let mut opened = package.get(..package.len() / 16 * 16).unwrap_or_default().to_vec();
        for (number, segment) in (0_u32..).zip(opened.chunks_mut(SEGMENT)) {
            let iv = self.package.hash.of(&[&self.package.salt, &number.to_le_bytes()]);
            cbc(&key, &sized(iv, self.package.block), segment)?;
        }
        Ok(opened)
    }
}

/// The attributes that are looked at.
const NAMES: [&str; 9] = [
    "saltValue",
    "hashAlgorithm",
    "keyBits",
    "blockSize",
    "cipherChaining",
    "spinCount",
    "encryptedVerifierHashInput",
    "encryptedVerifierHashValue",
    "encryptedKeyValue",
];

fn get<'a>(all: &'a [(&str, Option<String>)], name: &str) -> Result<&'a str, Reason> {
    all.iter().find(|(one, _)| *one == name).and_then(|(_, value)| value.as_deref()).ok_or(Reason::Corrupt)
}

impl Described {
    fn of(all: &[(&str, Option<String>)]) -> Result<Self, Reason> {
        if get(all, "cipherChaining")? != "ChainingModeCBC" {
            return Err(Reason::Unsupported);
        }
        let number = |name| get(all, name).and_then(|text| text.parse::<usize>().map_err(|_| Reason::Corrupt));
        Ok(Self {
            salt: base64(get(all, "saltValue")?)?,
            hash: Hash::named(get(all, "hashAlgorithm")?)?,
            key_bytes: number("keyBits")? / 8,
            block: number("blockSize")?.min(64),
        })
    }
}

/// Cut, or filled up with 0x36, to a length.
fn sized(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.resize(length, 0x36);
    bytes
}

#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Result<Self, Reason> {
        match name {
            "SHA1" | "SHA-1" => Ok(Self::Sha1),
            "SHA256" | "SHA-256" => Ok(Self::Sha256),
            "SHA384" | "SHA-384" => Ok(Self::Sha384),
            "SHA512" | "SHA-512" => Ok(Self::Sha512),
            _ => Err(Reason::Unsupported),
        }
    }

    fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha1 => digest::<Sha1>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }
}

fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().to_vec()
}

/// The way of Office 2007: AES in ECB, key and verifier by SHA-1 (MS-OFFCRYPTO 2.3.4.7).
fn standard(info: &[u8], password: &[u8], package: &[u8]) -> Result<Vec<u8>, Reason> {
    const SPINS: u32 = 50_000;
    let header = usize::try_from(number(info, 8, 4)?).unwrap_or(usize::MAX);
    let key_bytes = number(info, 12 + 16, 4)? as usize / 8;
    let verifier = info.get(12_usize.saturating_add(header)..).ok_or(Reason::Corrupt)?;
    let part = |from: usize, to: usize| verifier.get(from..to).ok_or(Reason::Corrupt);
    let (salt, input, value) = (part(4, 20)?, part(20, 36)?, part(40, 72)?);
    let mut spun = Hash::Sha1.of(&[salt, password]);
    for turn in 0..SPINS {
        spun = Hash::Sha1.of(&[&turn.to_le_bytes(), &spun]);
    }
    let last = Hash::Sha1.of(&[&spun, &[0; 4]]);
    let half = |fill: u8| {
        let mut block = [fill; 64];
        block.iter_mut().zip(&last).for_each(|(byte, with)| *byte ^= with);
        Hash::Sha1.of(&[&block])
    };
    let mut key = [half(0x36), half(0x5c)].concat();
    key.truncate(key_bytes);
    let input = ecb(&key, input)?;
    if !ecb(&key, value)?.starts_with(&Hash::Sha1.of(&[&input])) {
        return Err(Reason::Encrypted);
    }
    ecb(&key, package.get(..package.len() / 16 * 16).unwrap_or_default())
}

fn ecb(key: &[u8], data: &[u8]) -> Result<Vec<u8>, Reason> {
    let mut opened = data.to_vec();
    let length = match key.len() {
        16 => ecb::Decryptor::<aes::Aes128>::new_from_slice(key)
            .map_err(|_| Reason::Corrupt)?
            .decrypt_padded::<NoPadding>(&mut opened)
            .map(<[u8]>::len),
        24 => ecb::Decryptor::<aes::Aes192>::new_from_slice(key)
            .map_err(|_| Reason::Corrupt)?
            .decrypt_padded::<NoPadding>(&mut opened)
            .map(<[u8]>::len),
        32 => ecb::Decryptor::<aes::Aes256>::new_from_slice(key)
            .map_err(|_| Reason::Corrupt)?
            .decrypt_padded::<NoPadding>(&mut opened)
            .map(<[u8]>::len),
        _ => return Err(Reason::Unsupported),
    };
    length.map_err(|_| Reason::Corrupt)?;
    Ok(opened)
}
