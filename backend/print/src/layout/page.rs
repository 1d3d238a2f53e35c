//! Strips stacked into pages.

use super::{Column, Context, Kind, MM, Strip, flow, head, tail};
use crate::{PrintError, mark::Mark, model::Document, pdf::INK};

/// Lays out a whole document; gives the marks of each page.
pub(crate) fn pages(document: &Document, context: &mut Context<'_>) -> Result<Vec<Vec<Mark>>, PrintError> {
    let frame = Frame::new(document);
    let column = frame.column;
    let mut strips = head::first_page(document, column, context);
    strips.extend(flow::blocks(&document.blocks, column, INK, context));
    if let Some(signature) = &document.signature {
        keep_company(&mut strips);
        strips.extend(tail::signature(signature, column, context));
    }
    let tail = tail::tail(document, column, context)?;
    strips.extend(tail.flowing);
    let mut stack = Stack::new(&frame);
    stack.add(strips);
    if let Some(strip) = tail.anchored {
        stack.anchor(strip);
    }
    let total = stack.pages.len();
    let mut pages = Vec::with_capacity(total);
    for (at, body) in stack.pages.into_iter().enumerate() {
        let mut marks = Vec::new();
        if at > 0 {
            marks.extend(head::short(document, column, context).into_iter().map(|mark| mark.lowered(frame.top)));
        }
        marks.extend(body);
        let footer = head::footer(document, at + 1, total, column, context);
        marks.extend(footer.into_iter().map(|mark| mark.lowered(frame.bottom)));
        pages.push(marks);
    }
    Ok(pages)
}

/// Keeps the last lines of the body with the signature, so that no page holds a signature alone.
fn keep_company(strips: &mut [Strip]) {
    let mut lines = 0;
    for strip in strips.iter_mut().rev() {
        if strip.kind == Kind::Break || lines == 2 {
            break;
        }
        strip.keep = true;
        lines += usize::from(strip.kind == Kind::Content);
    }
}

/// The printable area of a sheet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    column: Column,
    /// Top of the first page's body, and of the short header on the others.
    top: f32,
    /// Bottom of the body; the footer starts here.
    bottom: f32,
}

impl Frame {
    pub(crate) fn new(document: &Document) -> Self {
        let page = &document.page;
        let side = page.side_mm * MM;
        // Absurd margins must not turn the column inside out.
        let width = (page.width_mm * MM - 2.0 * side).max(72.0);
        let top = page.top_mm * MM;
        let bottom = (page.height_mm - page.bottom_mm) * MM - head::FOOTER_HEIGHT;
        Self {
            column: Column { x: side, width, size: page.text_pt.clamp(6.0, 40.0) },
            top,
            bottom: bottom.max(top + head::SHORT_HEIGHT + 72.0),
        }
    }

    /// Height of the body of a page after the first.
    pub(crate) fn body_height(&self) -> f32 {
        self.bottom - self.top - head::SHORT_HEIGHT
    }
}

struct Stack<'a> {
    frame: &'a Frame,
    pages: Vec<Vec<Mark>>,
    y: f32,
    /// Nothing stands on the current page yet.
    fresh: bool,
}

impl<'a> Stack<'a> {
    fn new(frame: &'a Frame) -> Self {
        Self { frame, pages: vec![Vec::new()], y: frame.top, fresh: true }
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = self.frame.top + head::SHORT_HEIGHT;
        self.fresh = true;
    }

    fn fits(&self, height: f32) -> bool {
        // Rounding must not push a full page over its edge.
        self.y + height <= self.frame.bottom + 0.05
    }

    fn put(&mut self, strip: Strip) {
        let y = self.y;
        if let Some(page) = self.pages.last_mut() {
            page.extend(strip.marks.into_iter().map(|mark| mark.lowered(y)));
        }
        self.y += strip.height;
        self.fresh &= strip.kind == Kind::Space;
    }

    /// Turns the page and repeats the head of the table that goes on.
    fn turn_for(&mut self, strip: &Strip) {
        self.turn();
        for head in strip.header.iter().flat_map(|head| head.iter()) {
            self.put(head.clone());
        }
    }

    fn add(&mut self, strips: Vec<Strip>) {
        let mut strips = strips.into_iter().peekable();
        while let Some(first) = strips.next() {
            let mut chain = vec![first];
            while chain.last().is_some_and(|strip| strip.keep)
                && let Some(next) = strips.next_if(|next| next.kind != Kind::Break)
            {
                chain.push(next);
            }
            self.add_chain(chain);
        }
    }

    /// Puts strips that belong together on one page; only a chain longer than a page is torn.
    fn add_chain(&mut self, chain: Vec<Strip>) {
        let height: f32 = chain.iter().map(|strip| strip.height).sum();
        let ending_space: f32 = chain.iter().rev().take_while(|s| s.kind == Kind::Space).map(|s| s.height).sum();
        let needs_page =
            !self.fresh && !self.fits(height - ending_space) && chain.iter().any(|s| s.kind == Kind::Content);
        let mut turned = false;
        for strip in chain {
            match strip.kind {
                Kind::Break => self.turn(),
                // Space at the top of a page would only look like a mistake.
                Kind::Space if self.fresh && self.pages.len() > 1 => {}
                Kind::Space if !self.fits(strip.height) => self.y = self.frame.bottom,
                Kind::Space => self.put(strip),
                Kind::Content => {
                    if (needs_page && !turned) || (!self.fresh && !self.fits(strip.height)) {
                        self.turn_for(&strip);
                        turned = true;
                    }
                    self.put(strip);
                }
            }
        }
    }

    /// Puts a strip at the foot of the last page, or of one more page when there is no room.
    fn anchor(&mut self, strip: Strip) {
        if !self.fits(strip.height) && !self.fresh {
            self.turn();
        }
        self.y = self.y.max(self.frame.bottom - strip.height);
        self.put(strip);
    }
}
