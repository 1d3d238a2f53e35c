//! Marks: what is drawn. Lengths in points, x from the left edge of the sheet, y downwards.

use std::rc::Rc;

use crate::{fonts::Weight, pdf::Color, text::shape::Shaped};

/// A drawn thing.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    Text(TextMark),
    /// A straight line.
    Line {
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
        color: Color,
    },
    /// A closed outline.
    Outline {
        points: Vec<(f32, f32)>,
        width: f32,
        color: Color,
    },
    /// Rectangles `(x, y, width, height)` filled as one shape, without seams.
    Fill {
        boxes: Vec<(f32, f32, f32, f32)>,
        color: Color,
    },
    /// An image of the document's image list, scaled into the rectangle.
    Image {
        index: usize,
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
}

/// An invisible direction mark: right-to-left (U+200F) or left-to-right (U+200E).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Join {
    pub(crate) rtl: bool,
    pub(crate) x: f32,
}

/// A piece of text.
#[derive(Debug, Clone)]
pub(crate) struct TextMark {
    /// Left edge.
    pub(crate) x: f32,
    /// Baseline.
    pub(crate) y: f32,
    pub(crate) size: f32,
    pub(crate) weight: Weight,
    pub(crate) color: Color,
    pub(crate) shaped: Rc<Shaped>,
    /// Begins a number in right-to-left text: readers get a right-to-left mark before it.
    pub(crate) fenced: bool,
    /// Ends left-to-right text with a sign of no direction of its own: readers get a left-to-right mark after it.
    pub(crate) trailed: bool,
    /// Direction mark for readers, before the piece.
    pub(crate) join_before: Option<Join>,
    /// Direction mark for readers, after the piece.
    pub(crate) join_after: Option<Join>,
    /// Left edge of the space that follows in reading order, if one does.
    pub(crate) space_x: Option<f32>,
}

impl Mark {
    /// The same mark, moved down.
    pub(crate) fn lowered(mut self, by: f32) -> Self {
        match &mut self {
            Self::Text(text) => text.y += by,
            Self::Line { from, to, .. } => {
                from.1 += by;
                to.1 += by;
            }
            Self::Outline { points, .. } => points.iter_mut().for_each(|p| p.1 += by),
            Self::Fill { boxes, .. } => boxes.iter_mut().for_each(|b| b.1 += by),
            Self::Image { y, .. } => *y += by,
        }
        self
    }

    /// A horizontal line.
    pub(crate) fn rule(x0: f32, x1: f32, y: f32, width: f32, color: Color) -> Self {
        Self::Line { from: (x0, y), to: (x1, y), width, color }
    }
}
