//! From runs of text to lines of positioned glyphs: cleaning, bidi, shaping, breaking, placing.

pub(crate) mod clean;
mod number;
pub(crate) mod place;
mod readable;
pub(crate) mod shape;
pub(crate) mod unit;

use std::ops::Range;

/// Text of a byte range; empty when the range is not on character boundaries (which no caller produces).
pub(crate) fn cut(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}
