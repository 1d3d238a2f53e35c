//! Compound files (OLE2) of the old office formats: told to be encrypted or not; their text needs a converter.

use crate::format::Format;
use crate::input::Input;
use crate::outcome::Reason;

/// Tells why the file gives no text: `encrypted` where it is, `unsupported` otherwise.
pub(crate) fn read(input: Input<'_>, format: Format) -> Result<(), Reason> {
    const SECTOR: usize = 512;
    let bytes = input.head(16 * 1024 * 1024)?;
    let encrypted = match format {
        // The file information block begins a sector with 0xA5EC; bit 8 of the flags at byte 10 is fEncrypted
        // (MS-DOC 2.5.2).
        Format::Doc => bytes
            .chunks(SECTOR)
            .skip(1)
            .any(|sector| sector.starts_with(&[0xEC, 0xA5]) && sector.get(11).is_some_and(|flags| flags & 0x01 != 0)),
        // An encrypted presentation keeps its summary in a stream of this name (MS-OFFCRYPTO 2.3.7).
        Format::Ppt => has_stream(&bytes, "EncryptedSummary"),
        _ => has_stream(&bytes, "EncryptedPackage"),
    };
    Err(if encrypted { Reason::Encrypted } else { Reason::Unsupported })
}

fn has_stream(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}
