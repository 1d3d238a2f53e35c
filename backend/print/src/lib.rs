//! Documents to PDF: shaping, bidi, line breaking, tables, letterhead, QR.

pub mod calendar;
mod fonts;
mod layout;
mod mark;
mod model;
mod pdf;
mod press;
mod qr;
mod scan;
mod text;
pub mod words;

pub use fonts::Fonts;
pub use model::{
    Align, Block, Borders, Cell, Column, ColumnWidth, Direction, Document, Field, Footer, KeyValue, Language,
    Letterhead, ListItem, Logo, PageSetup, Paragraph, Png, Row, Run, Signature, Table, Verification,
};

pub use press::Press;
pub use scan::{ScanPdf, ScanWord};

use std::path::PathBuf;

/// Why a print could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// No font file at any of these places.
    #[error("no font found; looked for {looked_for:?}. Run the set-up script or name the folder of the Amiri font")]
    FontMissing {
        /// Paths that were tried.
        looked_for: Vec<PathBuf>,
    },
    /// The bytes are not a TrueType font.
    #[error("the {face} font cannot be read; it must be a TrueType file")]
    FontUnreadable {
        /// Which of the two faces.
        face: &'static str,
    },
    /// The font lacks letters an official letter needs.
    #[error("the {face} font has no {character:?}; use a font that covers Arabic and Latin, such as Amiri")]
    FontIncomplete {
        /// Which of the two faces.
        face: &'static str,
        /// The first character found missing.
        character: char,
    },
    /// More text than a QR code can hold (2,331 bytes).
    #[error("the QR code cannot hold {bytes} bytes; shorten the payload")]
    CodeTooLong {
        /// Length of the payload.
        bytes: usize,
    },
    /// The font could not be cut to the used glyphs.
    #[error("the font could not be embedded: {reason}")]
    Subset {
        /// Message of the subsetter.
        reason: String,
    },
    /// The file could not be written.
    #[error("the PDF could not be written: {reason}")]
    Write {
        /// Message of the writer.
        reason: String,
    },
}

/// Something that was printed otherwise than asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// No face has this character; a box stands in its place.
    MissingGlyph(char),
    /// A table row has more cells than the table has columns; the surplus is not printed.
    SurplusCell,
    /// An image is no readable PNG (or larger than 25 million pixels) and is left out.
    BadImage,
}

/// A finished print.
#[derive(Debug)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// What could not be printed as asked; each thing once.
    pub warnings: Vec<Warning>,
}

/// Sets a document and writes it as PDF. The same document gives the same bytes.
///
/// # Errors
/// [`PrintError::CodeTooLong`] when the verification payload does not fit a QR code; [`PrintError::Subset`] and
/// [`PrintError::Write`] when the fonts cannot be embedded or the file cannot be written.
pub fn render(document: &Document, fonts: &Fonts) -> Result<Pdf, PrintError> {
    let frame = layout::page::Frame::new(document);
    let mut context = layout::Context::new(document, fonts, frame.body_height());
    let pages = layout::page::pages(document, &mut context)?;
    let spaces = [fonts::Weight::Regular, fonts::Weight::Bold].map(|weight| context.shaper.space(weight).0);
    let mut canvas = pdf::Canvas::new(document.page.height_mm * layout::MM, spaces);
    let ops: Vec<_> = pages.iter().map(|marks| canvas.page(marks, document.language.direction())).collect();
    let mut warnings = context.warnings;
    warnings.extend(context.shaper.missing.into_iter().map(Warning::MissingGlyph));
    let mut seen = Vec::new();
    for warning in warnings {
        if !seen.contains(&warning) {
            seen.push(warning);
        }
    }
    let bytes = pdf::save(&pdf::Meta::of(document), ops, context.images, &canvas.fonts, fonts)?;
    Ok(Pdf { bytes, pages: pages.len(), warnings: seen })
}
