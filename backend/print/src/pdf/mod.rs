//! Marks to PDF through printpdf, used as a canvas for glyphs.

mod canvas;
mod font_set;
mod save;

pub(crate) use canvas::{Canvas, Raster};
pub(crate) use save::{Meta, save};

/// A colour, red, green and blue from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Color(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// Text.
pub(crate) const INK: Color = Color(0x1b, 0x1b, 0x1b);
/// Labels and small print.
pub(crate) const MUTED: Color = Color(0x4d, 0x4d, 0x4d);
/// Diwan's green: rules and the star.
pub(crate) const BRAND: Color = Color(0x0b, 0x5a, 0x54);
/// Thin lines.
pub(crate) const HAIRLINE: Color = Color(0xb8, 0xbd, 0xbc);
/// Ground of table heads and totals.
pub(crate) const TINT: Color = Color(0xe9, 0xf2, 0xf0);
