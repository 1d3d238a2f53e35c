//! Pages to bytes: fonts, images, metadata, language.

use std::hash::{DefaultHasher, Hash, Hasher};

use lopdf::{Object, dictionary};
use printpdf::{Mm, Op, PdfDocument, PdfPage, PdfSaveOptions, XObject};

use super::{Canvas, Raster, font_set::FontSet};
use crate::{
    PrintError,
    fonts::Fonts,
    model::{Document, Language},
};

/// What the file says about itself.
#[derive(Debug)]
pub(crate) struct Meta<'a> {
    pub(crate) title: &'a str,
    pub(crate) language: Language,
    pub(crate) created_at: i64,
    pub(crate) size_mm: (f32, f32),
}

impl<'a> Meta<'a> {
    pub(crate) fn of(document: &'a Document) -> Self {
        Self {
            title: &document.title,
            language: document.language,
            created_at: document.created_at,
            size_mm: (document.page.width_mm, document.page.height_mm),
        }
    }
}

/// Writes the file. The same input gives the same bytes.
pub(crate) fn save(
    meta: &Meta<'_>,
    pages: Vec<Vec<Op>>,
    images: Vec<Raster>,
    glyphs: &FontSet,
    fonts: &Fonts,
) -> Result<Vec<u8>, PrintError> {
    let mut document = PdfDocument::new(meta.title);
    document.metadata.info.producer = "Diwan".to_owned();
    document.metadata.info.creator = "Diwan".to_owned();
    if let Ok(at) = printpdf::OffsetDateTime::from_unix_timestamp(meta.created_at) {
        document.metadata.info.creation_date = at;
        document.metadata.info.modification_date = at;
    }
    glyphs.embed(fonts, &mut document)?;
    for (index, raster) in images.into_iter().enumerate() {
        document.resources.xobjects.map.insert(Canvas::image_id(index), XObject::Image(raster.into_raw()));
    }
    document.pages = pages.into_iter().map(|ops| PdfPage::new(Mm(meta.size_mm.0), Mm(meta.size_mm.1), ops)).collect();

    let mut file = printpdf::serialize::to_lopdf_doc(&document, &PdfSaveOptions::default(), &mut Vec::new());
    complete(&mut file, meta)?;
    file.compress();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|error| PrintError::Write { reason: error.to_string() })?;
    Ok(bytes)
}

/// Adds what printpdf leaves out: language, reading direction, title in the window, a stable file identifier; and
/// takes out its claim to be PDF/X.
fn complete(file: &mut lopdf::Document, meta: &Meta<'_>) -> Result<(), PrintError> {
    "1.7".clone_into(&mut file.version);
    let write = |error: lopdf::Error| PrintError::Write { reason: error.to_string() };
    let catalog = file.catalog_mut().map_err(write)?;
    catalog.set("Lang", Object::string_literal(meta.language.tag()));
    let direction = match meta.language {
        Language::Ar => "R2L",
        Language::En => "L2R",
    };
    catalog.set("ViewerPreferences", dictionary! { "Direction" => direction, "DisplayDocTitle" => true });
    if let Ok(info) = file.trailer.get(b"Info").and_then(Object::as_reference)
        && let Ok(info) = file.get_object_mut(info).and_then(Object::as_dict_mut)
    {
        for unneeded in [&b"GTS_PDFXVersion"[..], b"Trapped", b"Identifier", b"Author", b"Subject", b"Keywords"] {
            info.remove(unneeded);
        }
    }
    let id = identifier(file);
    file.trailer.set("ID", vec![Object::string_literal(id.clone()), Object::string_literal(id)]);
    Ok(())
}

/// Sixteen bytes that follow from the content.
fn identifier(file: &lopdf::Document) -> Vec<u8> {
    let mut hashers = [DefaultHasher::new(), DefaultHasher::new()];
    for (seed, hasher) in hashers.iter_mut().enumerate() {
        seed.hash(hasher);
        for object in file.objects.values() {
            if let Object::Stream(stream) = object {
                stream.content.hash(hasher);
            }
        }
    }
    hashers.iter().flat_map(|hasher| hasher.finish().to_be_bytes()).collect()
}
