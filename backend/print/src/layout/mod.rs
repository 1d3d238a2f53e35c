//! Blocks to strips, strips to pages.
//!
//! A strip is a slice of the page that cannot be torn: a line of text, a table row, a rule. Blocks become strips
//! ([`flow`]), the frame of the letter becomes strips too ([`head`], [`tail`]), and [`page`] stacks them.

pub(crate) mod flow;
pub(crate) mod grid;
pub(crate) mod head;
pub(crate) mod list;
pub(crate) mod page;
pub(crate) mod paragraph;
pub(crate) mod star;
pub(crate) mod table;
pub(crate) mod tail;

use std::rc::Rc;

use crate::{
    Warning,
    fonts::Fonts,
    mark::Mark,
    model::{Direction, Document, Language, Png},
    pdf::Raster,
    text::shape::Shaper,
};

/// Points per millimetre.
pub(crate) const MM: f32 = 72.0 / 25.4;
/// Line height in em: Amiri's marks need room above and below.
pub(crate) const LEADING: f32 = 1.62;

/// A slice of a page that is not torn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strip {
    pub(crate) height: f32,
    /// Marks with y from the top of the strip.
    pub(crate) marks: Vec<Mark>,
    /// Stays on the page of the strip after it.
    pub(crate) keep: bool,
    pub(crate) kind: Kind,
    /// Strips to repeat above this one when it starts a page: the head of its table.
    pub(crate) header: Option<Rc<Vec<Strip>>>,
}

/// What a strip is to the paginator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    #[default]
    Content,
    /// Dropped at the top of a page.
    Space,
    /// Ends the page.
    Break,
}

impl Strip {
    pub(crate) fn space(height: f32) -> Self {
        Self { height: height.max(0.0), kind: Kind::Space, ..Self::default() }
    }
}

/// A column of the page to set blocks in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) x: f32,
    pub(crate) width: f32,
    /// Text size.
    pub(crate) size: f32,
}

impl Column {
    pub(crate) fn right(&self) -> f32 {
        self.x + self.width
    }

    /// The same column without `by` points at the start edge.
    pub(crate) fn indented(self, by: f32, direction: Direction) -> Self {
        let x = if direction == Direction::Ltr { self.x + by } else { self.x };
        Self { x, width: (self.width - by).max(self.size * 2.0), ..self }
    }

    /// A part of the column, `width` wide, at its start or its end edge.
    pub(crate) fn part(self, width: f32, at_end: bool, direction: Direction) -> Self {
        let left = (direction == Direction::Ltr) != at_end;
        let x = if left { self.x } else { self.right() - width };
        Self { x, width, ..self }
    }
}

/// What layout needs and gathers.
pub(crate) struct Context<'f> {
    pub(crate) shaper: Shaper<'f>,
    pub(crate) language: Language,
    pub(crate) direction: Direction,
    /// Height of the body of a full page.
    pub(crate) body_height: f32,
    pub(crate) images: Vec<Raster>,
    pub(crate) warnings: Vec<Warning>,
}

impl<'f> Context<'f> {
    pub(crate) fn new(document: &Document, fonts: &'f Fonts, body_height: f32) -> Self {
        Self {
            shaper: Shaper::new(fonts),
            language: document.language,
            direction: document.language.direction(),
            body_height,
            images: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Decodes an image and gives its index and size in pixels; warns and gives `None` when it cannot be read.
    pub(crate) fn image(&mut self, png: &Png) -> Option<(usize, f32, f32)> {
        let Some(raster) = Raster::decode(&png.0) else {
            self.warnings.push(Warning::BadImage);
            return None;
        };
        #[expect(clippy::cast_precision_loss, reason = "an image is at most some thousand pixels wide")]
        let (width, height) = (raster.width as f32, raster.height as f32);
        self.images.push(raster);
        Some((self.images.len() - 1, width, height))
    }
}
