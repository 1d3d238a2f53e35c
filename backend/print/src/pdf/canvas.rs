//! One document's pages as printpdf operations.

use std::collections::BTreeMap;

use printpdf::{
    Codepoint, DictItem, FontId, Line, LinePoint, Op, PaintMode, PdfFontHandle, Point, Polygon, PolygonRing, Pt,
    RawImage, RawImageData, RawImageFormat, Rgb, TextItem, TextMatrix, WindingOrder, XObjectId, XObjectTransform,
};

use unicode_bidi::{BidiClass, bidi_class};

use super::{Color, font_set::FontSet};
use crate::{
    mark::{Join, Mark, TextMark},
    model::Direction,
    text::shape::{Glyph, Seen},
};

/// A decoded image.
#[derive(Debug, Clone)]
pub(crate) struct Raster {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Red, green, blue, alpha per pixel.
    pub(crate) rgba: Vec<u8>,
}

/// Images beyond this many pixels are not decoded.
const MAX_PIXELS: u64 = 25_000_000;

impl Raster {
    /// Reads a PNG; `None` when it is none or too large.
    pub(crate) fn decode(png: &[u8]) -> Option<Self> {
        let mut reader = image::ImageReader::with_format(std::io::Cursor::new(png), image::ImageFormat::Png);
        let mut limits = image::Limits::default();
        limits.max_alloc = Some(MAX_PIXELS * 8);
        reader.limits(limits);
        let image = reader.decode().ok()?.into_rgba8();
        let (width, height) = image.dimensions();
        if width == 0 || height == 0 || u64::from(width) * u64::from(height) > MAX_PIXELS {
            return None;
        }
        Some(Self { width, height, rgba: image.into_raw() })
    }

    pub(crate) fn into_raw(self) -> RawImage {
        RawImage {
            width: self.width as usize,
            height: self.height as usize,
            data_format: RawImageFormat::RGBA8,
            pixels: RawImageData::U8(self.rgba),
            tag: Vec::new(),
        }
    }
}

/// Turns marks into page operations and collects the glyphs to embed.
pub(crate) struct Canvas {
    height: f32,
    pub(crate) fonts: FontSet,
    spaces: [u16; 2],
}

/// Direction marks a reader gets with a character.
#[derive(Clone, Copy, PartialEq, Default)]
struct Signs {
    rtl_before: bool,
    ltr_after: bool,
}

/// How many direction marks a page needs: letters against its direction, less letters with it, plus one.
fn lead<'a>(texts: impl Iterator<Item = &'a TextMark>, direction: Direction) -> usize {
    let letters = texts.flat_map(|text| &text.shaped.glyphs).flat_map(|glyph| glyph.text.chars());
    let (mut rtl, mut ltr) = (0_usize, 0_usize);
    for letter in letters {
        match bidi_class(letter) {
            BidiClass::R | BidiClass::AL => rtl += 1,
            BidiClass::L => ltr += 1,
            _ => {}
        }
    }
    let (with, against) = if direction == Direction::Rtl { (rtl, ltr) } else { (ltr, rtl) };
    if against > 0 && against >= with { against - with + 1 } else { 0 }
}

/// Graphics state that need not be said twice.
#[derive(Default)]
struct TextState {
    font: Option<(FontId, f32)>,
    color: Option<Color>,
}

impl Canvas {
    /// A canvas for sheets of `height` points; `spaces` are the glyphs of the space in the two weights.
    pub(crate) fn new(height: f32, spaces: [u16; 2]) -> Self {
        Self { height, fonts: FontSet::default(), spaces }
    }

    /// Name of an image of the document's list in the PDF.
    pub(crate) fn image_id(index: usize) -> XObjectId {
        XObjectId(format!("Image{index}"))
    }

    /// Operations of one page: shapes first, then all text in reading order.
    pub(crate) fn page(&mut self, marks: &[Mark], direction: Direction) -> Vec<Op> {
        let mut ops = Vec::with_capacity(marks.len() * 8);
        for mark in marks {
            self.shape(mark, &mut ops);
        }
        ops.push(Op::StartTextSection);
        let mut state = TextState::default();
        let texts = || marks.iter().filter_map(|mark| if let Mark::Text(text) = mark { Some(text) } else { None });
        if let Some(first) = texts().next() {
            let edge = match direction {
                Direction::Rtl => texts().map(|t| t.x + t.shaped.advance * t.size).fold(first.x, f32::max),
                Direction::Ltr => texts().map(|t| t.x).fold(first.x, f32::min),
            };
            self.lead(first, edge, lead(texts(), direction), direction, &mut state, &mut ops);
        }
        for text in texts() {
            self.text(text, &mut state, &mut ops);
        }
        ops.push(Op::EndTextSection);
        ops
    }

    /// Poppler takes a page with more Latin than Arabic letters for a left-to-right page, and the reverse. As many
    /// direction marks as the other side is ahead tell it better.
    fn lead(
        &mut self,
        at: &TextMark,
        x: f32,
        count: usize,
        direction: Direction,
        state: &mut TextState,
        ops: &mut Vec<Op>,
    ) {
        if count == 0 {
            return;
        }
        let sign = if direction == Direction::Rtl { RLM } else { LRM };
        open_span(&sign.repeat(count), ops);
        self.glyph(at, self.space(at), RLM, (x, at.y), state, ops);
        ops.push(Op::EndMarkedContent);
    }

    fn point(&self, (x, y): (f32, f32)) -> LinePoint {
        LinePoint { p: Point { x: Pt(hundredth(x)), y: Pt(hundredth(self.height - y)) }, bezier: false }
    }

    fn shape(&self, mark: &Mark, ops: &mut Vec<Op>) {
        match mark {
            Mark::Text(_) => {}
            Mark::Line { from, to, width, color } => {
                self.stroke(vec![self.point(*from), self.point(*to)], false, *width, *color, ops);
            }
            Mark::Outline { points, width, color } => {
                self.stroke(points.iter().map(|p| self.point(*p)).collect(), true, *width, *color, ops);
            }
            Mark::Fill { boxes, color } => {
                let rings = boxes.iter().map(|b| self.ring(*b)).collect();
                ops.push(Op::SetFillColor { col: paint(*color) });
                ops.push(Op::DrawPolygon {
                    polygon: Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero },
                });
            }
            Mark::Image { index, x, y, width, height } => ops.push(Op::UseXobject {
                id: Self::image_id(*index),
                transform: XObjectTransform {
                    translate_x: Some(Pt(*x)),
                    translate_y: Some(Pt(self.height - y - height)),
                    scale_x: Some(*width),
                    scale_y: Some(*height),
                    no_auto_scale: true,
                    ..XObjectTransform::default()
                },
            }),
        }
    }

    fn ring(&self, (x, y, width, height): (f32, f32, f32, f32)) -> PolygonRing {
        let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        PolygonRing { points: corners.map(|p| self.point(p)).to_vec() }
    }

    fn stroke(&self, points: Vec<LinePoint>, is_closed: bool, width: f32, color: Color, ops: &mut Vec<Op>) {
        ops.push(Op::SetOutlineColor { col: paint(color) });
        ops.push(Op::SetOutlineThickness { pt: Pt(width) });
        ops.push(Op::DrawLine { line: Line { points, is_closed } });
    }

    fn text(&mut self, mark: &TextMark, state: &mut TextState, ops: &mut Vec<Op>) {
        if state.color != Some(mark.color) {
            ops.push(Op::SetFillColor { col: paint(mark.color) });
            state.color = Some(mark.color);
        }
        if let Some(join) = mark.join_before {
            self.join(mark, join, state, ops);
        }
        let mut groups = mark.shaped.glyphs.chunk_by(|_, next| next.text.is_empty()).enumerate().peekable();
        while let Some((at, group)) = groups.next() {
            let signs =
                Signs { rtl_before: at == 0 && mark.fenced, ltr_after: mark.trailed && groups.peek().is_none() };
            self.character(mark, group, signs, state, ops);
        }
        if let Some(join) = mark.join_after {
            self.join(mark, join, state, ops);
        }
        if let Some(x) = mark.space_x {
            self.glyph(mark, self.space(mark), " ", (x, mark.y), state, ops);
        }
    }

    fn space(&self, mark: &TextMark) -> u16 {
        self.spaces[usize::from(mark.weight == crate::fonts::Weight::Bold)]
    }

    /// One character: its glyph; or, where that does not say enough, an `/ActualText` span with all of it. Readers
    /// take the box of a span from the start of its first glyph to the end of its last.
    fn character(&mut self, mark: &TextMark, group: &[Glyph], signs: Signs, state: &mut TextState, ops: &mut Vec<Op>) {
        let place = |g: &Glyph| (mark.x + g.x * mark.size, mark.y - g.y * mark.size);
        let Some(first) = group.first() else { return };
        if group.len() == 1
            && first.seen == Seen::default()
            && signs == Signs::default()
            && first.id != NOTDEF
            && !first.text.is_empty()
        {
            return self.glyph(mark, first.id, &first.text, place(first), state, ops);
        }
        let before = if signs.rtl_before || first.seen.fence { RLM } else { "" };
        let after = if signs.ltr_after { LRM } else { "" };
        open_span(&[before, &first.text, after].concat(), ops);
        if let Some(x) = first.seen.start {
            self.glyph(mark, self.space(mark), RLM, (mark.x + x * mark.size, mark.y), state, ops);
        }
        let mut in_order: Vec<&Glyph> = group.iter().collect();
        in_order.sort_by(|a, b| a.x.total_cmp(&b.x));
        let last = in_order.len() - 1;
        for (at, glyph) in in_order.into_iter().enumerate() {
            let text = if glyph.text.is_empty() { RLM } else { &glyph.text };
            // Character spacing widens the last glyph's box without drawing anything.
            let widen = first.seen.end.filter(|_| at == last).map(|end| (end - glyph.x - glyph.width) * mark.size);
            if let Some(multiplier) = widen {
                ops.push(Op::SetCharacterSpacing { multiplier: hundredth(multiplier) });
            }
            self.glyph(mark, glyph.id, text, place(glyph), state, ops);
            if widen.is_some() {
                ops.push(Op::SetCharacterSpacing { multiplier: 0.0 });
            }
        }
        ops.push(Op::EndMarkedContent);
    }

    /// An invisible direction mark that keeps readers from mixing up the two sides of a change of direction.
    fn join(&mut self, mark: &TextMark, join: Join, state: &mut TextState, ops: &mut Vec<Op>) {
        open_span(if join.rtl { RLM } else { LRM }, ops);
        // Always RLM as the meaning of the glyph: MuPDF starts a new line at a jump to a left-to-right character.
        self.glyph(mark, self.space(mark), RLM, (join.x, mark.y), state, ops);
        ops.push(Op::EndMarkedContent);
    }

    fn glyph(
        &mut self,
        mark: &TextMark,
        id: u16,
        text: &str,
        at: (f32, f32),
        state: &mut TextState,
        ops: &mut Vec<Op>,
    ) {
        // The box drawn for all missing characters has no meaning of its own.
        let text = if id == NOTDEF { "\u{fffd}" } else { text };
        let glyph = self.fonts.take(mark.weight, id, text);
        let font = (glyph.font, mark.size);
        if state.font.as_ref() != Some(&font) {
            ops.push(Op::SetFont { font: PdfFontHandle::External(font.0.clone()), size: Pt(font.1) });
            state.font = Some(font);
        }
        let point = self.point(at).p;
        ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(point.x, point.y) });
        let codepoint = Codepoint { gid: glyph.id, offset: 0.0, cid: Some(text.to_owned()) };
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(vec![codepoint])] });
    }
}

/// Enough for print, short in the file.
fn hundredth(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

fn paint(color: Color) -> printpdf::Color {
    let part = |v: u8| f32::from(v) / 255.0;
    printpdf::Color::Rgb(Rgb { r: part(color.0), g: part(color.1), b: part(color.2), icc_profile: None })
}

/// The glyph drawn for a character the face does not have.
const NOTDEF: u16 = 0;
const RLM: &str = "\u{200f}";
const LRM: &str = "\u{200e}";

/// Opens `/Span << /ActualText … >>`, the text in UTF-16.
fn open_span(text: &str, ops: &mut Vec<Op>) {
    let data = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let properties = DictItem::Dict { map: BTreeMap::from([("ActualText".to_owned(), DictItem::Bytes(data))]) };
    ops.push(Op::BeginMarkedContentWithProperties { tag: "Span".to_owned(), properties });
}
