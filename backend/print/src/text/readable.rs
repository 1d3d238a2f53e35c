//! Right-to-left glyphs that every reader puts together again as they were written.
//!
//! Readers of one family (MuPDF) follow the order of drawing, so glyphs are drawn in logical order. Readers of the
//! other (poppler) sort characters by their boxes: a vowel mark stands inside the box of its letter, and kerning
//! leaves gaps and overlaps that look like spaces or swap neighbours. For those characters `seen` gives the box a
//! reader must see; the canvas makes it so, inside an `/ActualText` span.

use unicode_bidi::BidiClass;

use super::shape::{Character, Glyph, RawGlyph};

/// Gap (em) that a reader may take for a space; poppler's limit is 0.03.
const GAP: f32 = 0.02;
/// Distance (em) that decides the order of two characters.
const STEP: f32 = 0.004;

/// Glyphs of a right-to-left piece in logical order, with `seen` where a reader needs it.
pub(super) fn rtl(characters: &[Character]) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(characters.len());
    let mut base: Option<&RawGlyph> = None;
    let mut start = 0.0;
    let mut marks = 0.0;
    for (at, character) in characters.iter().enumerate() {
        let mut drawn: Vec<Glyph> = character.glyphs().collect();
        let (Some(first), Some(glyph)) = (character.glyphs.first(), drawn.first_mut()) else { continue };
        if is_mark(first) && base.is_some() {
            marks += 1.0;
            glyph.seen.start = Some(start - STEP * marks);
        } else {
            let next = characters.iter().skip(at + 1).filter_map(|c| c.glyphs.first()).find(|g| !is_mark(g));
            glyph.seen.start = next.filter(|next| first.x < next.x + 2.0 * STEP).map(|next| next.x + 4.0 * STEP);
            let end = character.glyphs.iter().map(|g| g.x + g.width).fold(f32::NEG_INFINITY, f32::max);
            glyph.seen.end = base.filter(|right| right.x - end > GAP).map(|right| right.x);
            start = glyph.seen.start.unwrap_or(first.x);
            marks = 0.0;
            base = Some(first);
        }
        glyph.seen.fence = character.text.chars().last().is_some_and(is_weak);
        glyphs.append(&mut drawn);
    }
    glyphs
}

/// A mark: something without a width of its own.
fn is_mark(glyph: &RawGlyph) -> bool {
    glyph.width == 0.0
}

/// A sign that readers count with the digits, and so as left to right, though it stands in right-to-left text.
fn is_weak(c: char) -> bool {
    matches!(unicode_bidi::bidi_class(c), BidiClass::ES | BidiClass::ET | BidiClass::CS | BidiClass::EN | BidiClass::AN)
}
