//! The way in: what a file is, by its content, and what it says.

use crate::{
    camt, decode,
    draft::{self, Draft},
    limits::FILE_MAX,
    model::Statement,
    mt940,
    refusal::{Place, Reason, Refusal},
    sheet::{self, Template},
};

/// Forms that are recognised and not read, by their first bytes.
const OTHERS: [(&[u8], &str); 5] = [
    (b"%PDF", "PDF"),
    (&[0xd0, 0xcf, 0x11, 0xe0], "XLS"),
    (b"OFXHEADER", "OFX"),
    (b"!Type:", "QIF"),
    (&[0x1f, 0x8b], "GZIP"),
];

/// What is known of a file beforehand. Tables often name neither account nor currency; messages name both, and what is
/// said here of a table's balances is not looked at for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The account whose statement a table should be.
    pub account: Option<String>,
    /// Its currency, ISO 4217.
    pub currency: Option<String>,
    /// The balance before the first line of a table that has no balances, in minor units: from the paper statement.
    pub opening: Option<i64>,
    /// The balance after its last line.
    pub closing: Option<i64>,
    /// How the bank's tables are laid out.
    pub template: Template,
}

/// The statements of a file, checked: everything is in one currency, no page is missing, the lines of each give its closing
/// balance, and each begins where the one before of the same account ended (استيراد كشوف الحساب).
///
/// # Errors
/// The first reason for which the file as a whole is not taken.
pub fn read(bytes: &[u8], options: &Options) -> Result<Vec<Statement>, Refusal> {
    draft::check(parse(bytes, options)?)
}

/// What a file says, unchecked; for showing a refused file.
///
/// # Errors
/// The reason for which it cannot be read.
pub fn parse(bytes: &[u8], options: &Options) -> Result<Vec<Draft>, Refusal> {
    let refuse = |reason| Err(Refusal::new(reason, Place::default()));
    if bytes.len() > FILE_MAX {
        return refuse(Reason::TooLarge { what: "bytes", limit: u64::try_from(FILE_MAX).unwrap_or(u64::MAX) });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(vec![sheet::parse_xlsx(bytes, options)?]);
    }
    if let Some((_, format)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return refuse(Reason::FormatUnsupported { format });
    }
    if begins_as_xml(bytes) {
        return camt::parse(&decode::xml(bytes)?);
    }
    let text = decode::text(bytes)?;
    if text.chars().all(|c| c.is_whitespace() || c.is_control()) {
        return refuse(Reason::UnknownFormat);
    }
    if mt940::is_it(&text) {
        return mt940::parse(&text);
    }
    Ok(vec![sheet::parse_csv(&text, options)?])
}

/// Whether the first character that counts is `<`, in any encoding of XML.
fn begins_as_xml(bytes: &[u8]) -> bool {
    let skipped = [0xef, 0xbb, 0xbf, 0xff, 0xfe, 0, b' ', b'\t', b'\r', b'\n'];
    bytes.iter().take(64).find(|byte| !skipped.contains(byte)) == Some(&b'<')
}
