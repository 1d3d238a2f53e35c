//! Word documents (Office Open XML): body, headers, footers, notes, comments, drawings, embedded files.

use crate::collect::Collector;
use crate::flow;
use crate::input::Input;
use crate::outcome::{PartKind, Reason};
use crate::package::Package;
use crate::xml;

/// Which entries hold which kind of text, by the beginning of their name.
const PARTS: [(&str, PartKind); 9] = [
    ("word/document", PartKind::Body),
    ("word/header", PartKind::Header),
    ("word/footer", PartKind::Footer),
    ("word/footnotes", PartKind::Notes),
    ("word/endnotes", PartKind::Notes),
    ("word/comments.xml", PartKind::Comments),
    ("word/diagrams/data", PartKind::Drawing),
    ("word/charts/chart", PartKind::Drawing),
    ("word/glossary/document", PartKind::Drawing),
];

/// Reads a Word document.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let mut package = Package::open(collector, input)?;
    describe(collector, &mut package)?;
    let names = package.names();
    if !names.iter().any(|name| name.starts_with("word/document")) {
        return Err(Reason::Corrupt);
    }
    let mut damage = Ok(());
    for (prefix, kind) in PARTS {
        for name in names.iter().filter(|name| name.starts_with(prefix) && name.ends_with(".xml")) {
            damage = damage.and(add_flow(collector, &mut package, name, kind, None));
        }
    }
    collector.saw_image |= names.iter().any(|name| name.starts_with("word/media/"));
    add_embedded(collector, &mut package, "word/embeddings/")?;
    damage
}

/// Adds the running text of one entry. A damaged or locked entry leaves the others readable; a bomb does not.
pub(crate) fn add_flow(
    collector: &mut Collector<'_>,
    package: &mut Package<'_>,
    entry: &str,
    kind: PartKind,
    page: Option<u32>,
) -> Result<(), Reason> {
    match package.xml(collector, entry) {
        Ok(Some(xml)) => {
            let (text, result) = flow::text(&xml);
            collector.add(kind, None, page, &text);
            result
        }
        Ok(None) => Ok(()),
        Err(reason) => Err(reason),
    }
}

/// Title and author from the core properties (ISO/IEC 29500-2, part 11).
pub(crate) fn describe(collector: &mut Collector<'_>, package: &mut Package<'_>) -> Result<(), Reason> {
    if let Some(core) = package.xml(collector, "docProps/core.xml")? {
        collector.describe(xml::text_of(&core, "title"), xml::text_of(&core, "creator"));
    }
    Ok(())
}

/// Reads the files embedded under a folder of the package.
pub(crate) fn add_embedded(
    collector: &mut Collector<'_>,
    package: &mut Package<'_>,
    folder: &str,
) -> Result<(), Reason> {
    for entry in package.names().into_iter().filter(|name| name.starts_with(folder)) {
        match package.read(collector, &entry) {
            Ok(Some(bytes)) => collector.attachment(entry.rsplit('/').next().unwrap_or_default(), &bytes),
            Ok(None) => {}
            Err(Reason::ZipBomb) => return Err(Reason::ZipBomb),
            Err(reason) => collector.unread(&entry, reason),
        }
    }
    Ok(())
}
