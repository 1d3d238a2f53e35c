//! Mails as Outlook keeps them (MS-OXMSG): properties in the streams of a compound file.
//!
//! Text properties come as UTF-16 or in the message's code page, which in Jordan is windows-1256. The body may be there as
//! plain text, as HTML or as packed RTF; the first that says something counts.

mod lzfu;

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use encoding_rs::{Encoding, UTF_8, UTF_16LE, WINDOWS_1252, WINDOWS_1256};

use crate::collect::Collector;
use crate::input::Input;
use crate::outcome::{PartKind, Reason};
use crate::{html, rtf, text};

const SUBJECT: u16 = 0x0037;
const SENT: u16 = 0x0039;
const DELIVERED: u16 = 0x0E06;
const SENDER_NAME: u16 = 0x0C1A;
const SENDER_ADDRESS: u16 = 0x0C1F;
const SENDER_SMTP: u16 = 0x5D01;
const TO: u16 = 0x0E04;
const COPY_TO: u16 = 0x0E03;
const BODY: u16 = 0x1000;
const PACKED_RTF: u16 = 0x1009;
const HTML: u16 = 0x1013;
const MESSAGE_CODE_PAGE: u16 = 0x3FFD;
const INTERNET_CODE_PAGE: u16 = 0x3FDE;
const DATA: u16 = 0x3701;
const NAME_8_3: u16 = 0x3704;
const NAME: u16 = 0x3707;
const DISPLAY_NAME: u16 = 0x3001;

/// How deep mails within mails are followed here; deeper ones are told as loops.
const DEPTH: usize = 8;

type File<'a> = CompoundFile<Cursor<&'a [u8]>>;

/// Reads a mail.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let bytes = input.read()?;
    collector.begin(&bytes);
    let mut file = CompoundFile::open(Cursor::new(bytes.as_ref())).map_err(|_| Reason::Corrupt)?;
    message(collector, &mut file, "", DEPTH)
}

fn message(collector: &mut Collector<'_>, file: &mut File<'_>, at: &str, depth: usize) -> Result<(), Reason> {
    let depth = depth.checked_sub(1).ok_or(Reason::Loops)?;
    let properties = Properties::of(file, at, collector.unpacked_left);
    let sender = [SENDER_NAME, SENDER_SMTP, SENDER_ADDRESS].iter().find_map(|id| properties.text(file, *id));
    let subject = properties.text(file, SUBJECT);
    collector.describe(subject.clone(), sender.clone());
    let address = [SENDER_SMTP, SENDER_ADDRESS].iter().find_map(|id| properties.text(file, *id));
    let people = [sender, address, properties.text(file, TO), properties.text(file, COPY_TO)];
    let mut head: Vec<String> = subject.into_iter().chain(people.into_iter().flatten()).collect();
    head.extend([SENT, DELIVERED].iter().find_map(|id| properties.time(*id)));
    head.dedup();
    collector.add(PartKind::MailHeader, None, None, &head.join("\n"));
    collector.add(PartKind::Body, None, None, &properties.body(file));
    for attachment in storages(file, at, "__attach_version1.0_") {
        attached(collector, file, &attachment, depth);
    }
    Ok(())
}

fn attached(collector: &mut Collector<'_>, file: &mut File<'_>, at: &str, depth: usize) {
    let properties = Properties::of(file, at, collector.unpacked_left);
    let name = [NAME, NAME_8_3, DISPLAY_NAME].iter().find_map(|id| properties.text(file, *id)).unwrap_or_default();
    let inner = format!("{at}/__substg1.0_{DATA:04X}000D");
    if file.is_storage(&inner) {
        if let Err(reason) = message(collector, file, &inner, depth) {
            collector.unread(&name, reason);
        }
    } else if let Some(bytes) = properties.bytes(file, DATA).filter(|bytes| !bytes.is_empty()) {
        collector.attachment(&name, &bytes);
    }
}

/// The paths of the storages in a storage whose names begin so, in the order of their names.
fn storages(file: &File<'_>, at: &str, prefix: &str) -> Vec<String> {
    let entries = file.read_storage(if at.is_empty() { "/" } else { at });
    let mut found: Vec<String> = entries
        .into_iter()
        .flatten()
        .filter(|entry| entry.is_storage() && entry.name().starts_with(prefix))
        .map(|entry| format!("{at}/{}", entry.name()))
        .collect();
    found.sort();
    found
}

/// The properties of a message or an attachment.
struct Properties {
    at: String,
    /// Those of a fixed length: sixteen bytes each, the type and the id first, the value in the last eight.
    fixed: Vec<u8>,
    encoding: &'static Encoding,
    /// Bytes that one stream may have.
    most: u64,
}

impl Properties {
    fn of(file: &mut File<'_>, at: &str, most: u64) -> Self {
        let fixed = stream(file, &format!("{at}/__properties_version1.0"), most).unwrap_or_default();
        let mut properties = Self { at: at.to_owned(), fixed, encoding: WINDOWS_1252, most };
        let page = [MESSAGE_CODE_PAGE, INTERNET_CODE_PAGE].iter().find_map(|id| properties.number(*id));
        // An attachment names no code page of its own; its names are then those of an Arabic machine if they are any.
        properties.encoding = page.and_then(of_code_page).unwrap_or(WINDOWS_1256);
        properties
    }

    fn fixed(&self, id: u16, kind: u16) -> Option<[u8; 8]> {
        let tag = [kind.to_le_bytes(), id.to_le_bytes()].concat();
        // The head before the entries has 32, 24 or 8 bytes, all of them a multiple of eight.
        let mut entries = self.fixed.chunks_exact(8).skip(1);
        while let Some(entry) = entries.next() {
            if entry.starts_with(&tag) {
                return entries.next().and_then(|value| value.try_into().ok());
            }
        }
        None
    }

    fn number(&self, id: u16) -> Option<u32> {
        self.fixed(id, 0x0003).map(|[a, b, c, d, ..]| u32::from_le_bytes([a, b, c, d]))
    }

    /// A time as RFC 3339: units of 100 ns since 1601.
    fn time(&self, id: u16) -> Option<String> {
        let units = i64::try_from(u64::from_le_bytes(self.fixed(id, 0x0040)?)).ok()?;
        rfc3339(units / 10_000_000 - 11_644_473_600)
    }

    fn bytes(&self, file: &mut File<'_>, id: u16) -> Option<Vec<u8>> {
        stream(file, &format!("{}/__substg1.0_{id:04X}0102", self.at), self.most)
    }

    fn text(&self, file: &mut File<'_>, id: u16) -> Option<String> {
        let path = |kind: &str| format!("{}/__substg1.0_{id:04X}{kind}", self.at);
        let text = match stream(file, &path("001F"), self.most) {
            Some(bytes) => UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned(),
            None => {
                let bytes = stream(file, &path("001E"), self.most)?;
                text::decode_declared(&bytes, Some(self.encoding.name())).0
            }
        };
        Some(text.trim_end_matches('\0').to_owned()).filter(|text| !text.trim().is_empty())
    }

    fn body(&self, file: &mut File<'_>) -> String {
        if let Some(text) = self.text(file, BODY) {
            return text;
        }
        let page = self.bytes(file, HTML).map(|bytes| {
            let declared = self.number(INTERNET_CODE_PAGE).and_then(of_code_page).unwrap_or(self.encoding);
            text::decode_declared(&bytes, Some(declared.name())).0
        });
        if let Some(page) = page.or_else(|| self.text(file, HTML)) {
            return html::strip(&page).text;
        }
        self.bytes(file, PACKED_RTF)
            .and_then(|packed| lzfu::unpack(&packed))
            .map_or_else(String::new, |rtf| rtf::text(&rtf))
    }
}

/// A stream of at most so many bytes.
fn stream(file: &mut File<'_>, path: &str, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.open_stream(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The encoding of a Windows code page.
fn of_code_page(page: u32) -> Option<&'static Encoding> {
    match page {
        65001 => Some(UTF_8),
        1200 => Some(UTF_16LE),
        28591..=28606 => Encoding::for_label(format!("iso-8859-{}", page - 28590).as_bytes()),
        page => Encoding::for_label(format!("windows-{page}").as_bytes()),
    }
}

/// Seconds since 1970 as a date and time, in UTC (days by Howard Hinnant's civil calendar).
fn rfc3339(seconds: i64) -> Option<String> {
    let (days, of_day) = (seconds.div_euclid(86_400) + 719_468, seconds.rem_euclid(86_400));
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    (1970..10_000).contains(&year).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::limits::Limits;
    use crate::outcome::Extraction;

    /// A message of these streams; the properties of a fixed length are those of code page 1256.
    fn message(streams: &[(&str, &[u8])], fixed: &[(u16, u16, u64)]) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        let mut properties = vec![0_u8; 32];
        for (id, kind, value) in fixed {
            properties.extend([kind.to_le_bytes(), id.to_le_bytes(), [6, 0], [0, 0]].concat());
            properties.extend(value.to_le_bytes());
        }
        file.create_stream("/__properties_version1.0").unwrap().write_all(&properties).unwrap();
        for (path, bytes) in streams {
            if let Some((storage, _)) = path.rsplit_once('/').filter(|(storage, _)| !storage.is_empty()) {
                file.create_storage_all(storage).unwrap();
            }
            file.create_stream(path).unwrap().write_all(bytes).unwrap();
        }
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    fn extraction(bytes: &[u8]) -> Extraction {
        let limits = Limits::default();
        let mut collector = Collector::new(&limits);
        let result = read(&mut collector, Input::Bytes(bytes));
        collector.finish(result)
    }

    fn cp1256(text: &str) -> Vec<u8> {
        WINDOWS_1256.encode(text).0.into_owned()
    }

    #[test]
    fn a_message_in_code_page_1256_with_an_attachment() {
        let name: Vec<u8> = "مرفق.txt".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bytes = message(
            &[
                ("/__substg1.0_0037001E", &cp1256("طلب إجازة")),
                ("/__substg1.0_0C1A001E", &cp1256("أحمد")),
                ("/__substg1.0_1000001E", &cp1256("أرجو التكرم بالموافقة على إجازتي")),
                ("/__attach_version1.0_#00000000/__substg1.0_3707001F", &name),
                ("/__attach_version1.0_#00000000/__substg1.0_37010102", "نص المرفق".as_bytes()),
            ],
            &[(MESSAGE_CODE_PAGE, 3, 1256), (SENT, 0x40, 133_485_408_000_000_000)],
        );
        let read = extraction(&bytes);
        assert_eq!((read.title.as_deref(), read.author.as_deref()), (Some("طلب إجازة"), Some("أحمد")));
        assert!(read.text().contains("أرجو التكرم بالموافقة"), "{read:?}");
        assert!(read.text().contains("2024-01-01T"), "{}", read.text());
        let attached = read.parts.last().unwrap();
        assert_eq!((attached.text.as_str(), attached.inside.as_slice()), ("نص المرفق", &["مرفق.txt".to_owned()][..]));
    }

    #[test]
    fn a_body_of_html_or_of_packed_rtf_is_read() {
        let page = cp1256("<html><body><p>كتاب رسمي</p></body></html>");
        let read = extraction(&message(&[("/__substg1.0_10130102", &page)], &[(INTERNET_CODE_PAGE, 3, 1256)]));
        assert_eq!(read.text().trim(), "كتاب رسمي");
        let rtf = lzfu::stored(b"{\\rtf1\\ansi\\ansicpg1256 \\'e3\\'d1\\'cd\\'c8\\'c7\\par}");
        let read = extraction(&message(&[("/__substg1.0_10090102", &rtf)], &[]));
        assert_eq!(read.text().trim(), "مرحبا");
    }

    #[test]
    fn times_are_told_as_dates() {
        assert_eq!(rfc3339(951_782_400).as_deref(), Some("2000-02-29T00:00:00Z"));
        assert_eq!(rfc3339(i64::MAX / 4), None);
    }
}
