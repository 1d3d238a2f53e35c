//! Right-to-left glyphs that every reader puts together again as they were written.
//!
//! Readers of one family (MuPDF) follow the order of drawing, so glyphs are drawn in logical order. Readers of the
//! other (poppler) sort characters by their boxes: a vowel mark stands inside the box of its letter, and kerning
//! leaves gaps and overlaps that look like spaces or swap neighbours. For those characters `seen` gives the box a
//! reader must see; the canvas makes it so, inside an `/ActualText` span.

use unicode_bidi::{BidiClass, bidi_class};

use super::shape::{Character, Glyph};

/// Gap (em) that a reader may take for a space; poppler's limit is 0.03.
const GAP: f32 = 0.02;
/// Least width (em) of a letter as a reader sees it: poppler runs two letters drawn right to left together, in the
/// wrong order, when they are narrower than 0.2 in all, and takes two equal signs less than 0.1 apart for one.
const NARROW: f32 = 0.11;
/// Distance (em) that decides the order of two characters.
const STEP: f32 = 0.004;

/// A letter and the marks on it: index of the letter, number of marks, box a reader sees.
struct Letter {
    at: usize,
    marks: usize,
    start: f32,
    end: f32,
    /// Box of its glyphs.
    drawn: (f32, f32),
}

/// Glyphs of a right-to-left piece in logical order, with `seen` where a reader needs it.
pub(super) fn rtl(characters: &[Character]) -> Vec<Glyph> {
    let mut glyphs: Vec<Vec<Glyph>> = characters.iter().map(|character| character.glyphs().collect()).collect();
    let (mut right, mut overlapped): (Option<f32>, bool) = (None, false);
    for letter in letters(characters) {
        let Some(base) = glyphs.get_mut(letter.at).and_then(|drawn| drawn.first_mut()) else { continue };
        // A gap to the letter on the right looks like a space. And one pair at least must overlap: poppler takes a
        // line with all its letters apart for one that is set wide.
        let overlap = right.filter(|_| !overlapped).map_or(f32::NEG_INFINITY, |right| right + 2.0 * STEP);
        let end = right.filter(|right| right - letter.end > GAP).unwrap_or(letter.end).max(overlap);
        overlapped |= right.is_some();
        base.seen.start = Some(letter.start).filter(|&start| start > letter.drawn.0);
        base.seen.end = Some(end).filter(|&end| end > letter.drawn.1);
        for (mark, drawn) in (1_u8..).zip(glyphs.iter_mut().skip(letter.at + 1).take(letter.marks)) {
            if let Some(glyph) = drawn.first_mut() {
                let start = letter.start - STEP * f32::from(mark);
                glyph.seen.start = Some(start);
                glyph.seen.end = Some(start + STEP / 2.0);
            }
        }
        right = Some(letter.start);
    }
    for (drawn, character) in glyphs.iter_mut().zip(characters) {
        if let Some(glyph) = drawn.first_mut() {
            glyph.seen.fence = character.text.chars().last().is_some_and(is_weak);
        }
    }
    glyphs.into_iter().flatten().collect()
}

/// The letters in logical order. From the left, each starts right of its neighbour's start and middle (readers sort
/// by one or the other), with room for its marks between.
fn letters(characters: &[Character]) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    for (at, character) in characters.iter().enumerate() {
        match letters.last_mut() {
            Some(letter) if is_mark(character) => letter.marks += 1,
            _ => {
                let start = character.glyphs.iter().map(|g| g.x).fold(f32::INFINITY, f32::min);
                let end = character.glyphs.iter().map(|g| g.x + g.width).fold(f32::NEG_INFINITY, f32::max);
                letters.push(Letter { at, marks: 0, start, end, drawn: (start, end) });
            }
        }
    }
    let (mut least, mut least_marked) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
    let mut last: Option<(&str, f32)> = None;
    for letter in letters.iter_mut().rev() {
        #[expect(clippy::cast_precision_loss, reason = "a letter carries a handful of marks")]
        let room = STEP * (letter.marks + 2) as f32;
        letter.start = letter.start.max(least + room);
        let text = characters.get(letter.at).map(|character| character.text.as_str());
        if letter.marks > 0 {
            letter.start = letter.start.max(least_marked + NARROW);
            least_marked = letter.start;
        }
        if let Some((_, start)) = last.filter(|(other, _)| Some(*other) == text) {
            letter.start = letter.start.max(start + NARROW);
        }
        last = text.map(|text| (text, letter.start));
        letter.end = letter.end.max(letter.start + NARROW);
        least = letter.start.max((letter.start + letter.end) / 2.0);
    }
    letters
}

/// A mark stands on the letter before it.
fn is_mark(character: &Character) -> bool {
    character.text.chars().next().is_some_and(|c| bidi_class(c) == BidiClass::NSM)
}

/// A sign that readers count with the digits, and so as left to right, though it stands in right-to-left text; and
/// U+065E, which poppler takes for a letter of the other direction.
fn is_weak(c: char) -> bool {
    use BidiClass::{AN, CS, EN, ES, ET};
    matches!(bidi_class(c), ES | ET | CS | EN | AN) || c == '\u{65e}'
}
