//! Shaping: characters to glyphs, each glyph knowing the characters it stands for.

use std::{collections::HashMap, rc::Rc};

use harfrust::{Buffer, BufferFlags, ClusterLevel, GlyphId, ShapeOptions, ShaperFont};

use super::{
    clean::{is_arabic, is_invisible},
    readable,
};
use crate::fonts::{Fonts, Shaping, Weight};

/// A glyph at its place in a piece; lengths in em.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Width in the font.
    pub(crate) width: f32,
    /// The characters it stands for; empty for the second and further glyphs of one character.
    pub(crate) text: String,
    /// The box a reader must see, where it is not the glyph's own.
    pub(crate) seen: Seen,
}

/// What a reader must be told about a character beyond its glyph.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Seen {
    /// Left edge (em), when the glyph's own would mislead.
    pub(crate) start: Option<f32>,
    /// Right edge (em), when the glyph's own would mislead.
    pub(crate) end: Option<f32>,
    /// A right-to-left mark stands at its left.
    pub(crate) fence: bool,
}

/// A shaped piece of text in one style and direction.
#[derive(Debug, Default)]
pub(crate) struct Shaped {
    /// Glyphs in logical (reading) order.
    pub(crate) glyphs: Vec<Glyph>,
    /// Width in em.
    pub(crate) advance: f32,
    /// Byte offset and width in em of each cluster, in logical order: where an overlong word may be cut.
    pub(crate) clusters: Vec<(usize, f32)>,
}

type CacheKey = (Weight, Shaping, Box<str>);

/// Shapes text with the shared fonts; keeps what it shaped, since official prose repeats its words.
pub(crate) struct Shaper<'f> {
    fonts: &'f Fonts,
    regular: ShaperFont<'f, 'f>,
    bold: ShaperFont<'f, 'f>,
    spaces: [(u16, f32); 2],
    buffer: Buffer,
    cache: HashMap<CacheKey, Rc<Shaped>>,
    /// Characters no face has, in order of appearance.
    pub(crate) missing: Vec<char>,
}

/// Words beyond this many bytes are not kept in the cache.
const CACHED_WORD: usize = 64;
/// Entries after which the cache is started anew, so that a very long document cannot eat the memory.
const CACHED_WORDS: usize = 20_000;

impl<'f> Shaper<'f> {
    pub(crate) fn new(fonts: &'f Fonts) -> Self {
        Self {
            fonts,
            regular: ShaperFont::new(&fonts.face(Weight::Regular).font),
            bold: ShaperFont::new(&fonts.face(Weight::Bold).font),
            spaces: [fonts.face(Weight::Regular).space(), fonts.face(Weight::Bold).space()],
            buffer: Buffer::new(),
            cache: HashMap::new(),
            missing: Vec::new(),
        }
    }

    /// Glyph and width in em of a space.
    pub(crate) fn space(&self, weight: Weight) -> (u16, f32) {
        match weight {
            Weight::Regular => self.spaces[0],
            Weight::Bold => self.spaces[1],
        }
    }

    /// Shapes `text`, which stands between `before` and `after` (empty at word edges): letters join across them.
    pub(crate) fn shape(&mut self, text: &str, weight: Weight, rtl: bool, before: &str, after: &str) -> Rc<Shaped> {
        let arabic = text.chars().any(is_arabic) || (rtl && !text.chars().any(char::is_alphanumeric));
        let shaping = Shaping::new(arabic, rtl);
        let cacheable = before.is_empty() && after.is_empty() && text.len() <= CACHED_WORD;
        let key = (weight, shaping, Box::from(text));
        if cacheable && let Some(known) = self.cache.get(&key) {
            return Rc::clone(known);
        }
        let shaped = Rc::new(self.shape_anew(text, weight, shaping, before, after));
        if cacheable {
            if self.cache.len() >= CACHED_WORDS {
                self.cache.clear();
            }
            self.cache.insert(key, Rc::clone(&shaped));
        }
        shaped
    }

    fn shape_anew(&mut self, text: &str, weight: Weight, shaping: Shaping, before: &str, after: &str) -> Shaped {
        let buffer = &mut self.buffer;
        buffer.clear();
        buffer.set_pre_context(before);
        buffer.push_str(text);
        buffer.set_post_context(after);
        buffer.set_direction(shaping.direction());
        buffer.set_script(Some(shaping.script()));
        buffer.set_language(shaping.language());
        buffer.set_cluster_level(ClusterLevel::MonotoneCharacters);
        buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
        let face = self.fonts.face(weight);
        let font = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        if harfrust::shape(font, buffer, ShapeOptions::new().plan(face.plan(shaping))).is_err() {
            // Only misuse of the shaper gets here; the words must not be lost silently.
            self.missing.extend(text.chars());
            return Shaped::default();
        }
        let raw = raw_glyphs(buffer, font, face.units_per_em(), shaping.is_rtl());
        let mut shaped = Shaped { advance: raw.iter().map(|g| g.advance).sum(), ..Shaped::default() };
        let space = face.space().0;
        let mut characters_of: Vec<Character> = Vec::with_capacity(raw.len());
        let mut rest = raw.as_slice();
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|g| g.cluster == first.cluster).count();
            let (group, later) = rest.split_at(count);
            let end = later.first().map_or(text.len(), |g| g.cluster);
            let characters: Vec<char> =
                super::cut(text, first.cluster..end).chars().filter(|&c| !is_invisible(c)).collect();
            if group.iter().any(|g| g.id == 0) {
                self.missing.extend(characters.iter().filter(|&&c| font.nominal_glyph(u32::from(c)).is_none()));
            }
            shaped.clusters.push((first.cluster, group.iter().map(|g| g.advance).sum()));
            characters_of.extend(assign(group, &characters, font, shaping.is_rtl(), space));
            rest = later;
        }
        shaped.glyphs = if shaping.is_rtl() {
            readable::rtl(&characters_of)
        } else {
            characters_of.iter().flat_map(Character::glyphs).collect()
        };
        shaped
    }
}

/// A glyph as the shaper gave it, with its pen position from the left edge.
#[derive(Debug, Clone)]
pub(super) struct RawGlyph {
    pub(super) id: u16,
    cluster: usize,
    pub(super) x: f32,
    pub(super) y: f32,
    /// Distance to the next glyph, kerning included.
    advance: f32,
    /// Width in the font.
    pub(super) width: f32,
}

/// One character (a ligature left to right: several) and its glyphs.
#[derive(Debug)]
pub(super) struct Character {
    pub(super) text: String,
    pub(super) glyphs: Vec<RawGlyph>,
}

impl Character {
    /// The glyphs in the order they are drawn; the first carries the text.
    pub(super) fn glyphs(&self) -> impl Iterator<Item = Glyph> + '_ {
        self.glyphs.iter().enumerate().map(|(at, raw)| Glyph {
            id: raw.id,
            x: raw.x,
            y: raw.y,
            text: if at == 0 { self.text.clone() } else { String::new() },
            seen: Seen::default(),
            width: raw.width,
        })
    }
}

/// Glyphs in logical order.
#[expect(clippy::cast_precision_loss, reason = "glyph metrics are small integers")]
fn raw_glyphs(buffer: &Buffer, font: &ShaperFont<'_, '_>, units_per_em: f32, rtl: bool) -> Vec<RawGlyph> {
    let mut pen = 0.0;
    let mut glyphs = Vec::with_capacity(buffer.len());
    for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
        let advance = position.x_advance as f32 / units_per_em;
        glyphs.push(RawGlyph {
            id: u16::try_from(info.glyph_id).unwrap_or(0),
            cluster: info.cluster as usize,
            x: pen + position.x_offset as f32 / units_per_em,
            y: position.y_offset as f32 / units_per_em,
            advance,
            width: font.glyph_h_advance(GlyphId::new(info.glyph_id)) as f32 / units_per_em,
        });
        pen += advance;
    }
    if rtl {
        glyphs.reverse();
    }
    glyphs
}

/// Gives each character of a cluster its glyphs, so that the text can be read back from the page in order.
///
/// A glyph that is the character's own goes to it; the others are paired in order; glyphs left over belong to the
/// last character; characters left over (a ligature) share the last glyph.
fn assign(group: &[RawGlyph], characters: &[char], font: &ShaperFont<'_, '_>, rtl: bool, space: u16) -> Vec<Character> {
    let mut owner: Vec<Option<usize>> = vec![None; group.len()];
    let mut free: Vec<usize> = Vec::new();
    for (at, &c) in characters.iter().enumerate() {
        let own = font.nominal_glyph(u32::from(c)).map(|g| g.to_u32());
        let is_own = |&g: &usize| owner[g].is_none() && own == Some(u32::from(group[g].id));
        match (0..group.len()).filter(|_| group.len() > 1).find(is_own) {
            Some(g) => owner[g] = Some(at),
            None => free.push(at),
        }
    }
    let mut free = free.into_iter();
    for slot in owner.iter_mut().filter(|slot| slot.is_none()) {
        *slot = free.next();
    }
    let mut result: Vec<Character> =
        characters.iter().map(|c| Character { text: c.to_string(), glyphs: Vec::new() }).collect();
    let last = result.len().checked_sub(1);
    for (raw, at) in group.iter().zip(owner) {
        match at.or(last).and_then(|at| result.get_mut(at)) {
            Some(character) => character.glyphs.push(raw.clone()),
            None => result.push(Character { text: String::new(), glyphs: vec![raw.clone()] }),
        }
    }
    share_ligature(result, rtl, space)
}

/// Characters that got no glyph: left to right they join the text of the one before; right to left, where readers
/// turn such a text around, each gets an empty glyph at its share of the ligature's width.
fn share_ligature(characters: Vec<Character>, rtl: bool, space: u16) -> Vec<Character> {
    let bare = characters.iter().filter(|c| c.glyphs.is_empty()).count();
    let mut result: Vec<Character> = Vec::with_capacity(characters.len());
    let mut shared = 0;
    for character in characters {
        match result.last_mut() {
            Some(before) if character.glyphs.is_empty() && !rtl => before.text.push_str(&character.text),
            Some(before) if character.glyphs.is_empty() => {
                let Some(ligature) = before.glyphs.first().cloned() else { continue };
                shared += 1;
                #[expect(clippy::cast_precision_loss, reason = "a ligature has a handful of characters")]
                let step = ligature.width / (bare + 1) as f32;
                let empty = RawGlyph { id: space, x: ligature.x - step * 0.01, width: step * 0.5, ..ligature };
                let glyphs = vec![RawGlyph { x: empty.x - 0.004 * shared as f32, ..empty }];
                result.push(Character { text: character.text, glyphs });
            }
            _ => result.push(character),
        }
    }
    result
}
