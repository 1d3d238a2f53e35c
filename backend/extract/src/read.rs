//! Reads one document of a known format into a collector.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::collect::Collector;
use crate::format::Format;
use crate::input::Input;
use crate::limits::Limits;
use crate::outcome::{Extraction, PartKind, Reason, WarningCode};
use crate::xml::{self, Node};
use crate::{compound, docx, dxf, html, mail, odf, pdf, pptx, rtf, text, workbook, zipped};

/// Extracts the text of a file of this media type, in this process: sizes are limited, but not memory or time.
/// A server calls [`crate::run_limited`] instead, which also limits those.
///
/// Never panics and never fails: whatever happens is told by the status of the extraction.
pub fn extract(path: &Path, media_type: &str, limits: &Limits) -> Extraction {
    let guarded = AssertUnwindSafe(|| extract_unguarded(path, Format::of_media_type(media_type), limits));
    // A panic comes from a reader that met bytes its author did not think of.
    catch_unwind(guarded).unwrap_or_else(|_| Extraction::refused(Reason::Corrupt))
}

fn extract_unguarded(path: &Path, format: Format, limits: &Limits) -> Extraction {
    let length = match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        _ => return Extraction::refused(Reason::Unreadable),
    };
    if length == 0 {
        return Extraction::no_text(Reason::Empty);
    }
    if length > limits.file_bytes {
        return Extraction::refused(Reason::TooLarge);
    }
    let mut collector = Collector::new(limits);
    let result = read(&mut collector, Input::File(path), format);
    collector.finish(result)
}

/// Reads a document into the collector.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>, format: Format) -> Result<(), Reason> {
    match format {
        Format::Pdf => pdf::read(collector, input),
        Format::Docx => docx::read(collector, input),
        Format::Pptx => pptx::read(collector, input),
        Format::Xlsx | Format::Xlsb | Format::Xls => workbook::read(collector, input, format),
        Format::Odt | Format::Ods | Format::Odp | Format::Odg => odf::read(collector, input),
        Format::Eml => mail::read(collector, input),
        Format::Html => html::read(collector, input),
        Format::Rtf => rtf::read(collector, input),
        Format::Text | Format::Csv => plain(collector, input),
        Format::Xml => marked_up(collector, input),
        Format::Zip => zipped::read(collector, input),
        Format::Doc | Format::Ppt | Format::Compound | Format::Msg => compound::read(collector, input, format),
        Format::EncryptedOffice => Err(Reason::Encrypted),
        Format::Dxf => dxf::read(collector, input),
        Format::Binary => Err(Reason::Unsupported),
        image if image.is_image() => {
            collector.saw_image = true;
            Ok(())
        }
        _ => Err(Reason::Unsupported),
    }
}

fn plain(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let bytes = input.read()?;
    let (text, guessed) = text::decode(&bytes);
    if let Some(charset) = guessed {
        collector.warn(WarningCode::CharsetGuessed, Some(charset));
    }
    collector.add(PartKind::Body, None, None, &text);
    Ok(())
}

/// XML of no known vocabulary: the text between its tags.
fn marked_up(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let (xml, _) = text::decode(&input.read()?);
    let mut text = String::new();
    let result = xml::walk(&xml, |node| match node {
        Node::Text(piece) => text.push_str(piece),
        Node::Close(_) if !text.ends_with('\n') => text.push('\n'),
        _ => {}
    });
    collector.add(PartKind::Body, None, None, &text);
    result
}
