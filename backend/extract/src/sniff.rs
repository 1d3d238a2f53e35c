//! Finds the type of a file by its content, and whether its name tells the truth.
//!
//! Only the first and the last 64 KiB are looked at, and nothing is unpacked, so a server may sniff hostile
//! uploads in its own process.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::format::Format;
use crate::text;

/// Bytes looked at from either end of the file.
const WINDOW: u64 = 64 * 1024;

/// The type of a file as its content shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sniffed {
    /// The media type, for example `application/pdf`; `application/octet-stream` where it is not known.
    pub media_type: String,
    /// The extension which a file of this type should have, without the dot.
    pub extension: String,
    /// False when the name's extension belongs to another type. A name without an extension, or with one that no
    /// known type uses, tells no lie.
    pub matches_name: bool,
}

/// Sniffs a file on disk under the name that its sender gave it.
///
/// # Errors
/// The file cannot be opened or read.
pub fn sniff_file(path: &Path, file_name: &str) -> io::Result<Sniffed> {
    let mut file = std::fs::File::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(WINDOW).read_to_end(&mut head)?;
    let length = file.seek(SeekFrom::End(0))?;
    let mut tail = Vec::new();
    if length > WINDOW {
        file.seek(SeekFrom::Start(length.saturating_sub(WINDOW).max(WINDOW)))?;
        file.by_ref().take(WINDOW).read_to_end(&mut tail)?;
    }
    if let Some(offset) = compound_directory(&head).filter(|offset| *offset >= WINDOW && *offset < length) {
        file.seek(SeekFrom::Start(offset))?;
        file.take(4096).read_to_end(&mut tail)?;
    }
    Ok(sniff_windows(&head, &tail, file_name))
}

/// Sniffs bytes in memory: the whole file, or at least its beginning (64 KiB is enough).
pub fn sniff(bytes: &[u8], file_name: &str) -> Sniffed {
    let window = WINDOW as usize;
    let head = bytes.get(..window).unwrap_or(bytes);
    let tail = bytes.get(bytes.len().saturating_sub(window).max(head.len())..).unwrap_or_default();
    let directory = compound_directory(head).and_then(|offset| bytes.get(offset as usize..)).unwrap_or_default();
    let directory = directory.get(..4096).unwrap_or(directory);
    sniff_windows(head, &[tail, directory].concat(), file_name)
}

fn sniff_windows(head: &[u8], tail: &[u8], file_name: &str) -> Sniffed {
    let extension = extension_of(file_name);
    let (format, other) = detect(head, tail, &extension);
    if let Some(kind) = other {
        let lies = Format::knows_extension(&extension) && extension != kind.extension();
        return Sniffed {
            media_type: kind.mime_type().to_owned(),
            extension: kind.extension().to_owned(),
            matches_name: !lies,
        };
    }
    let truthful = format.extensions().contains(&extension.as_str())
        || !Format::knows_extension(&extension)
        || (head.is_empty() && tail.is_empty());
    let own =
        if truthful && format.extensions().contains(&extension.as_str()) { &extension } else { format.extension() };
    Sniffed { media_type: format.media_type().to_owned(), extension: own.to_owned(), matches_name: truthful }
}

/// The extension of a name in lower case, empty where it has none.
fn extension_of(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.rsplit_once('.').map(|(_, extension)| extension.trim().to_lowercase()).unwrap_or_default()
}

/// The format, or, for types outside the table, what the signature list says.
fn detect(head: &[u8], tail: &[u8], extension: &str) -> (Format, Option<infer::Type>) {
    if contains(head.get(..1024).unwrap_or(head), b"%PDF-") {
        return (Format::Pdf, None);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return (zip_format(head, tail), None);
    }
    if head.starts_with(&COMPOUND_MAGIC) {
        return (compound_format(&[head, tail].concat()), None);
    }
    if head.starts_with(b"{\\rtf") {
        return (Format::Rtf, None);
    }
    if let Some(kind) = infer::get(head).filter(|kind| kind.matcher_type() != infer::MatcherType::Text) {
        return match Format::of_media_type(kind.mime_type()) {
            Format::Binary => (Format::Binary, Some(kind)),
            known => (known, None),
        };
    }
    (if text::looks_like_text(head) { text_format(head, extension) } else { Format::Binary }, None)
}

/// Tells the zip-based formats apart by the names of their entries, taken from the local headers at the beginning
/// and the central directory at the end.
fn zip_format(head: &[u8], tail: &[u8]) -> Format {
    const OPEN_DOCUMENT: [(&[u8], Format); 4] = [
        (b"application/vnd.oasis.opendocument.text", Format::Odt),
        (b"application/vnd.oasis.opendocument.spreadsheet", Format::Ods),
        (b"application/vnd.oasis.opendocument.presentation", Format::Odp),
        (b"application/vnd.oasis.opendocument.graphics", Format::Odg),
    ];
    // The OpenDocument package begins with an unpacked entry `mimetype` (ODF 1.3 part 2, 3.3).
    if let Some(mime) = head.get(30..).and_then(|rest| rest.strip_prefix(b"mimetype"))
        && let Some((_, format)) = OPEN_DOCUMENT.iter().find(|(name, _)| mime.starts_with(name))
    {
        return *format;
    }
    let names = [
        entry_names(head, b"PK\x03\x04", 30),
        entry_names(tail, b"PK\x01\x02", 46),
        entry_names(head, b"PK\x01\x02", 46),
    ]
    .concat();
    let has = |prefix: &str| names.iter().any(|name| name.starts_with(prefix));
    match () {
        () if has("xl/workbook.bin") => Format::Xlsb,
        () if has("word/") => Format::Docx,
        () if has("xl/") => Format::Xlsx,
        () if has("ppt/") => Format::Pptx,
        () => Format::Zip,
    }
}

/// The names in zip headers that begin with `signature` and keep the name `offset` bytes later. The length of the
/// name stands 4 bytes before the name in a local header, 18 before it in the central directory.
fn entry_names(bytes: &[u8], signature: &[u8], offset: usize) -> Vec<String> {
    let length_at = if offset == 30 { 26 } else { 28 };
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(found) = find(bytes.get(at..).unwrap_or_default(), signature) {
        let header = bytes.get(at + found..).unwrap_or_default();
        if let Some(&[low, high]) = header.get(length_at..length_at + 2) {
            let length = usize::from(u16::from_le_bytes([low, high]));
            if let Some(name) = header.get(offset..offset + length) {
                names.push(String::from_utf8_lossy(name).into_owned());
            }
        }
        at += found + signature.len();
    }
    names
}

const COMPOUND_MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Where the directory of a compound file begins (MS-CFB 2.2: sector number at byte 48, sector size at byte 30).
fn compound_directory(head: &[u8]) -> Option<u64> {
    if !head.starts_with(&COMPOUND_MAGIC) {
        return None;
    }
    let shift = u16::from_le_bytes([*head.get(30)?, *head.get(31)?]);
    let sector = u32::from_le_bytes([*head.get(48)?, *head.get(49)?, *head.get(50)?, *head.get(51)?]);
    (u64::from(sector) + 1).checked_shl(u32::from(shift)).filter(|_| shift <= 12)
}

/// Tells compound files apart by the names of their streams.
fn compound_format(bytes: &[u8]) -> Format {
    const STREAMS: [(&str, Format); 6] = [
        ("EncryptedPackage", Format::EncryptedOffice),
        ("WordDocument", Format::Doc),
        ("Workbook", Format::Xls),
        ("Book", Format::Xls),
        ("PowerPoint Document", Format::Ppt),
        ("__properties_version1.0", Format::Msg),
    ];
    let named = |stream: &str| {
        let name: Vec<u8> = stream.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        contains(bytes, &name)
    };
    STREAMS.iter().find(|(stream, _)| named(stream)).map_or(Format::Compound, |(_, format)| *format)
}

/// Tells text formats apart.
fn text_format(head: &[u8], extension: &str) -> Format {
    let (decoded, _) = text::decode(head);
    let start = decoded.trim_start();
    let lower: String = start.chars().take(2048).flat_map(char::to_lowercase).collect();
    if looks_like_html(&lower) {
        return Format::Html;
    }
    if lower.starts_with("<?xml") {
        return Format::Xml;
    }
    if looks_like_mail(start, extension == "eml") {
        return Format::Eml;
    }
    if looks_like_drawing(start) {
        return Format::Dxf;
    }
    if extension == "csv" { Format::Csv } else { Format::Text }
}

/// A drawing begins with a section, perhaps after comments, which have group code 999.
fn looks_like_drawing(start: &str) -> bool {
    let mut lines = start.lines().map(str::trim);
    loop {
        match (lines.next(), lines.next()) {
            (Some("999"), Some(_)) => {}
            (code, value) => return code == Some("0") && value == Some("SECTION"),
        }
    }
}

fn looks_like_html(lower: &str) -> bool {
    const OPENINGS: [&str; 8] = ["<!doctype html", "<html", "<head", "<body", "<title", "<table", "<div", "<meta"];
    let mut rest = lower;
    while let Some(after) = rest.strip_prefix("<!--").and_then(|comment| comment.split_once("-->")) {
        rest = after.1.trim_start();
    }
    if rest.starts_with("<?xml") {
        return rest.contains("<html");
    }
    OPENINGS.iter().any(|opening| rest.starts_with(opening))
}

/// A mail begins with header fields (RFC 5322): one that only mails have, and, unless the name says `.eml`, a second.
fn looks_like_mail(start: &str, named_eml: bool) -> bool {
    const TELLING: [&str; 8] =
        ["from", "received", "return-path", "message-id", "mime-version", "delivered-to", "to", "subject"];
    const KNOWN: [&str; 6] = ["date", "cc", "reply-to", "content-type", "content-transfer-encoding", "sender"];
    let (mut telling, mut known) = (0, 0);
    for line in start.lines().take(60) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) || line.starts_with("From ") || line.starts_with(">From ") {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { break };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            break;
        }
        let name = name.to_ascii_lowercase();
        telling += usize::from(TELLING.contains(&name.as_str()));
        known += usize::from(KNOWN.contains(&name.as_str()) || name.starts_with("x-"));
    }
    if named_eml { telling + known >= 1 } else { telling >= 1 && telling + known >= 2 }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    find(bytes, needle).is_some()
}

/// The first place of `needle`, skipping from one possible first byte to the next.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
#[path = "sniff_tests.rs"]
mod tests;
