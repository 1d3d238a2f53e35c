//! Zip packages read within limits: number of entries, unpacked bytes, ratio, entity bombs in XML.

use std::borrow::Cow;
use std::io::{ErrorKind, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::collect::Collector;
use crate::input::{Input, Source, unless_memory};
use crate::outcome::Reason;

/// Below this an entry may have any ratio: empty tables and blank pictures pack very well.
const RATIO_FLOOR: u64 = 8 * 1024 * 1024;

/// An open package.
pub(crate) struct Package<'a> {
    zip: ZipArchive<Box<dyn Source + 'a>>,
}

impl<'a> Package<'a> {
    /// Opens a package and counts its entries.
    pub(crate) fn open(collector: &Collector<'_>, input: Input<'a>) -> Result<Self, Reason> {
        let zip = ZipArchive::new(input.open()?).map_err(reason_of)?;
        if zip.len() > collector.limits.zip_entries {
            return Err(Reason::ZipBomb);
        }
        Ok(Self { zip })
    }

    /// The names of the entries, sorted so that `header2.xml` comes before `header10.xml`.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.zip.file_names().flatten().map(Cow::into_owned).collect();
        names.sort_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
        names
    }

    /// Unpacks an entry; `None` when the package has none of that name.
    pub(crate) fn read(&mut self, collector: &mut Collector<'_>, name: &str) -> Result<Option<Vec<u8>>, Reason> {
        let entry = match self.zip.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(reason_of(error)),
        };
        let allowed =
            collector.unpacked_left.min(RATIO_FLOOR.max(entry.compressed_size() * collector.limits.zip_ratio));
        let mut bytes = Vec::new();
        entry.take(allowed + 1).read_to_end(&mut bytes).map_err(|error| unless_memory(&error, Reason::Corrupt))?;
        let unpacked = bytes.len() as u64;
        if unpacked > allowed {
            return Err(Reason::ZipBomb);
        }
        collector.unpacked_left -= unpacked;
        Ok(Some(bytes))
    }

    /// Unpacks an XML entry into text. A document type with entities is a bomb: office formats forbid it.
    pub(crate) fn xml(&mut self, collector: &mut Collector<'_>, name: &str) -> Result<Option<String>, Reason> {
        let Some(bytes) = self.read(collector, name)? else { return Ok(None) };
        let (xml, _) = crate::text::decode(&bytes);
        if declares_entities(&xml) { Err(Reason::ZipBomb) } else { Ok(Some(xml)) }
    }

    /// Unpacks everything once and throws it away, so that a library without limits may read the package after.
    pub(crate) fn check(&mut self, collector: &mut Collector<'_>) -> Result<(), Reason> {
        let before = collector.unpacked_left;
        for name in self.names() {
            if name.ends_with(".xml") || name.ends_with(".rels") {
                self.xml(collector, &name)?;
            } else {
                self.read(collector, &name)?;
            }
        }
        collector.unpacked_left = before;
        Ok(())
    }
}

/// Whether the prologue of an XML text declares entities.
fn declares_entities(xml: &str) -> bool {
    let prologue = xml.get(..xml.floor_char_boundary(4096)).unwrap_or(xml);
    prologue.contains("<!DOCTYPE") && prologue.contains("<!ENTITY")
}

fn reason_of(error: ZipError) -> Reason {
    match error {
        ZipError::Io(error) if error.kind() != ErrorKind::UnexpectedEof => unless_memory(&error, Reason::Unreadable),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => Reason::Encrypted,
        ZipError::CompressionMethodNotSupported(_) => Reason::Unsupported,
        _ => Reason::Corrupt,
    }
}
