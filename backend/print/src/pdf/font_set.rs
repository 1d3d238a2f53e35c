//! Embedded font subsets.
//!
//! A PDF font says for each glyph which characters it stands for (`/ToUnicode`). One glyph can stand for two: the
//! drawing of “)” is “(” in a right-to-left run. So a face is embedded in as many *slots* as its glyphs have
//! meanings: nearly always one, and a second one of a few hundred bytes.

use std::collections::HashMap;

use printpdf::{FontId, ParsedFont, PdfDocument, PdfFont};
use subsetter::GlyphRemapper;

use crate::{
    PrintError,
    fonts::{Fonts, Weight},
};

/// More meanings of one glyph than this share the last slot; `/ActualText` still says the right one.
const MAX_SLOTS: usize = 8;

/// A glyph in an embedded subset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SetGlyph {
    /// Font resource.
    pub(crate) font: FontId,
    /// Glyph id within the subset.
    pub(crate) id: u16,
}

struct Slot {
    id: FontId,
    remapper: GlyphRemapper,
    meanings: HashMap<u16, String>,
}

/// The subsets of one document, growing as glyphs are drawn.
#[derive(Default)]
pub(crate) struct FontSet {
    regular: Vec<Slot>,
    bold: Vec<Slot>,
}

impl FontSet {
    /// Registers a glyph that stands for `text` and gives its place in a subset.
    pub(crate) fn take(&mut self, weight: Weight, glyph: u16, text: &str) -> SetGlyph {
        let (slots, name) = match weight {
            Weight::Regular => (&mut self.regular, "DiwanRegular"),
            Weight::Bold => (&mut self.bold, "DiwanBold"),
        };
        let fits = |slot: &Slot| slot.meanings.get(&glyph).is_none_or(|known| known == text);
        let at = match slots.iter().position(fits) {
            Some(at) => at,
            None if slots.len() < MAX_SLOTS => {
                let id = FontId(format!("{name}{}", slots.len()));
                slots.push(Slot { id, remapper: GlyphRemapper::new(), meanings: HashMap::new() });
                slots.len() - 1
            }
            None => MAX_SLOTS - 1,
        };
        let slot = &mut slots[at];
        slot.meanings.entry(glyph).or_insert_with(|| text.to_owned());
        SetGlyph { font: slot.id.clone(), id: slot.remapper.remap(glyph) }
    }

    /// Cuts the subsets and adds them to the document.
    pub(crate) fn embed(&self, fonts: &Fonts, document: &mut PdfDocument) -> Result<(), PrintError> {
        let faces = [(Weight::Regular, &self.regular, "Regular"), (Weight::Bold, &self.bold, "Bold")];
        for (weight, slots, style) in faces {
            // Six capitals and a plus mark a subset (ISO 32000-1, 9.6.4).
            for (slot, letter) in slots.iter().zip('A'..='Z') {
                let bytes = subsetter::subset(&fonts.face(weight).bytes, 0, &slot.remapper)
                    .map_err(|error| PrintError::Subset { reason: error.to_string() })?;
                let mut parsed = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new())
                    .ok_or_else(|| PrintError::Subset { reason: "the subset could not be read again".to_owned() })?;
                parsed.font_name = Some(format!("DIWAN{letter}+{style}"));
                document.resources.fonts.map.insert(slot.id.clone(), PdfFont::new(parsed));
            }
        }
        Ok(())
    }
}
