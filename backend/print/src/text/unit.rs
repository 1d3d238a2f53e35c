//! Units: what a line break may not tear. Each is a chain of pieces of one style and one bidi level.

use std::{ops::Range, rc::Rc};

use icu_segmenter::{LineSegmenter, options::LineBreakOptions};
use unicode_bidi::{BidiInfo, Level};

use super::{
    clean::{Style, Styled, ZERO_WIDTH_SPACE, is_breaking_space},
    cut,
    number::bidi_view,
    shape::{Shaped, Shaper},
};
use crate::model::Direction;

/// Text of one style and one bidi level, shaped.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) level: u8,
    pub(crate) style: Style,
    pub(crate) shaped: Rc<Shaped>,
}

/// Spaces after a unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gap {
    /// Number of spaces.
    pub(crate) count: u16,
    pub(crate) level: u8,
    pub(crate) style: Style,
}

/// An unbreakable unit and the spaces after it.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) pieces: Vec<Piece>,
    /// Width in em.
    pub(crate) width: f32,
    pub(crate) gap: Option<Gap>,
}

/// Cuts a hard line into units. A unit wider than `max_width` (in em) is cut where it fits.
pub(crate) fn units(line: &Styled, direction: Direction, max_width: f32, shaper: &mut Shaper<'_>) -> Vec<Unit> {
    let base = match direction {
        Direction::Rtl => Level::rtl(),
        Direction::Ltr => Level::ltr(),
    };
    let view = bidi_view(&line.text);
    let bidi = BidiInfo::new(&view, Some(base));
    let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
    let mut start = 0;
    let mut result = Vec::new();
    for end in segmenter.segment_str(&line.text).filter(|&at| at > 0 && !inside_word(&line.text, at)) {
        let segment = cut(&line.text, start..end);
        let word_end = start + segment.trim_end_matches(|c| is_breaking_space(c) || c == ZERO_WIDTH_SPACE).len();
        let source = Source { line, levels: &bidi.levels };
        result.extend(source.unit(start..word_end, word_end..end, max_width, shaper));
        start = end;
    }
    result
}

/// A break inside a word, such as after a hyphen: names and reference codes stay in one piece, and the text reads
/// back without a space that was not written.
fn inside_word(text: &str, at: usize) -> bool {
    let before = cut(text, 0..at).chars().next_back();
    at < text.len() && before.is_some_and(|c| !is_breaking_space(c) && c != ZERO_WIDTH_SPACE)
}

struct Source<'a> {
    line: &'a Styled,
    levels: &'a [Level],
}

impl Source<'_> {
    fn unit(&self, word: Range<usize>, spaces: Range<usize>, max_width: f32, shaper: &mut Shaper<'_>) -> Vec<Unit> {
        let count = cut(&self.line.text, spaces.clone()).chars().filter(|&c| is_breaking_space(c)).count();
        let gap = self.style_at(spaces.start).filter(|_| count > 0).map(|style| Gap {
            count: u16::try_from(count).unwrap_or(u16::MAX),
            level: self.level_at(spaces.start),
            style,
        });
        let mut pieces = Vec::new();
        for range in self.uniform(word.clone()) {
            let (level, Some(style)) = (self.level_at(range.start), self.style_at(range.start)) else { continue };
            // Letters join across a change of style or level inside a word.
            let before = cut(&self.line.text, word.start..range.start);
            let after = cut(&self.line.text, range.end..word.end);
            let text = cut(&self.line.text, range);
            let shaped = shaper.shape(text, style.weight, level % 2 == 1, before, after);
            pieces.push(Piece { text: text.to_owned(), level, style, shaped });
        }
        let width: f32 = pieces.iter().map(|p| p.shaped.advance).sum();
        if width <= max_width {
            return vec![Unit { pieces, width, gap }];
        }
        cut_to_fit(pieces, gap, max_width, shaper)
    }

    /// Parts of a range with one level and one style.
    fn uniform(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut last = None;
        for (offset, c) in cut(&self.line.text, range.clone()).char_indices() {
            let at = range.start + offset;
            let kind = (self.level_at(at), self.style_at(at));
            match parts.last_mut() {
                Some(part) if last == Some(kind) => part.end = at + c.len_utf8(),
                _ => parts.push(at..at + c.len_utf8()),
            }
            last = Some(kind);
        }
        parts
    }

    fn level_at(&self, at: usize) -> u8 {
        self.levels.get(at).map_or(0, |level| level.number())
    }

    fn style_at(&self, at: usize) -> Option<Style> {
        let after = self.line.spans.partition_point(|(range, _)| range.end <= at);
        self.line.spans.get(after).map(|(_, style)| *style)
    }
}

/// Cuts an overlong word between clusters into units that fit.
fn cut_to_fit(pieces: Vec<Piece>, gap: Option<Gap>, max_width: f32, shaper: &mut Shaper<'_>) -> Vec<Unit> {
    let mut result: Vec<Unit> = Vec::new();
    for piece in pieces {
        let mut cuts = vec![0];
        let mut width = 0.0;
        for &(at, advance) in &piece.shaped.clusters {
            // Marks have no advance and stay with their letter.
            if width + advance > max_width && advance > 0.0 && width > 0.0 {
                cuts.push(at);
                width = 0.0;
            }
            width += advance;
        }
        cuts.push(piece.text.len());
        for pair in cuts.windows(2) {
            let [start, end] = *pair else { continue };
            let (before, after) = (cut(&piece.text, 0..start), cut(&piece.text, end..piece.text.len()));
            let text = cut(&piece.text, start..end);
            let shaped = shaper.shape(text, piece.style.weight, piece.level % 2 == 1, before, after);
            let width = shaped.advance;
            result.push(Unit {
                pieces: vec![Piece { text: text.to_owned(), shaped, ..piece.clone() }],
                width,
                gap: None,
            });
        }
    }
    if let Some(last) = result.last_mut() {
        last.gap = gap;
    }
    result
}
