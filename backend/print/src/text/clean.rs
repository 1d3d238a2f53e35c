//! Text as it comes from users, made safe to set: control characters go, line breaks become hard lines.

use std::ops::Range;

use crate::{fonts::Weight, model::Run};

/// Look of a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) weight: Weight,
    pub(crate) underline: bool,
    pub(crate) color: crate::pdf::Color,
}

/// One hard line: clean text and the styles that cover it without gaps.
#[derive(Debug, Default)]
pub(crate) struct Styled {
    pub(crate) text: String,
    pub(crate) spans: Vec<(Range<usize>, Style)>,
}

/// Cleans the runs and splits them at hard line breaks. Always gives at least one line.
pub(crate) fn hard_lines(runs: &[Run], base: Style) -> Vec<Styled> {
    let mut lines = vec![Styled::default()];
    for run in runs {
        let weight = if run.bold { Weight::Bold } else { base.weight };
        let style = Style { weight, underline: run.underline || base.underline, color: base.color };
        for (at, part) in normalise_breaks(&run.text).split('\n').enumerate() {
            if at > 0 {
                lines.push(Styled::default());
            }
            let Some(line) = lines.last_mut() else { continue };
            let start = line.text.len();
            line.text.extend(part.chars().filter_map(printable));
            if line.text.len() > start {
                line.spans.push((start..line.text.len(), style));
            }
        }
    }
    lines
}

fn normalise_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
}

/// The character to print, or `None` for what must not reach the page: controls, soft hyphens (no hyphenation is
/// done), byte order marks, non-characters. Bidi controls stay: they steer the order and are never drawn.
fn printable(c: char) -> Option<char> {
    match c {
        '\t' => Some(' '),
        '\u{ad}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => None,
        '\u{fdd0}'..='\u{fdef}' => None,
        c if c.is_control() || u32::from(c) & 0xfffe == 0xfffe => None,
        c => Some(c),
    }
}

/// Invisible characters that steer the bidi algorithm.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that are never drawn nor read back: bidi controls, joiners, variation selectors. They have done their
/// work once the text is shaped.
pub(crate) fn is_invisible(c: char) -> bool {
    is_bidi_control(c)
        || matches!(c, '\u{34f}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Invisible space: a line may break there.
pub(crate) const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// A space at which a line may break.
pub(crate) fn is_breaking_space(c: char) -> bool {
    c == ' '
        || c == '\u{1680}'
        || ('\u{2000}'..='\u{200a}').contains(&c) && c != '\u{2007}'
        || c == '\u{205f}'
        || c == '\u{3000}'
}

/// Arabic script, in all its Unicode blocks.
pub(crate) fn is_arabic(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{870}'..='\u{8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}
