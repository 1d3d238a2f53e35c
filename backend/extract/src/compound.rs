//! Compound files (OLE2) of the old office formats: told to be encrypted or not, and read by what reads them.

use crate::collect::Collector;
use crate::format::Format;
use crate::input::Input;
use crate::outcome::Reason;
use crate::{msg, office};

/// Reads a compound file that is not a workbook.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>, format: Format) -> Result<(), Reason> {
    if is_encrypted(input, format)? {
        return Err(Reason::Encrypted);
    }
    match format {
        Format::Doc | Format::Ppt => office::read(collector, input, format),
        Format::Msg => msg::read(collector, input),
        _ => Err(Reason::Unsupported),
    }
}

fn is_encrypted(input: Input<'_>, format: Format) -> Result<bool, Reason> {
    const SECTOR: usize = 512;
    let bytes = input.head(16 * 1024 * 1024)?;
    Ok(match format {
        // The file information block begins a sector with 0xA5EC; bit 8 of the flags at byte 10 is fEncrypted
        // (MS-DOC 2.5.2).
        Format::Doc => bytes
            .chunks(SECTOR)
            .skip(1)
            .any(|sector| sector.starts_with(&[0xEC, 0xA5]) && sector.get(11).is_some_and(|flags| flags & 0x01 != 0)),
        // An encrypted presentation keeps its summary in a stream of this name (MS-OFFCRYPTO 2.3.7).
        Format::Ppt => has_stream(&bytes, "EncryptedSummary"),
        // A mail may bring an encrypted file with it, which says nothing of the mail.
        Format::Msg => false,
        _ => has_stream(&bytes, "EncryptedPackage"),
    })
}

fn has_stream(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}
