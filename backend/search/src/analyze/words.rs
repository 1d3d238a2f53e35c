//! Cutting text into normalised words that remember where they stand in the original.

use super::fold::{Class, fold};

/// Separates the parts of one entry inside the indexed text: words on both sides never count as neighbours.
pub(crate) const PART_BREAK: char = '\u{1E}';

/// Positions skipped at a [`PART_BREAK`]; wider than any closeness that is rewarded.
pub(crate) const BREAK_GAP: u32 = 32;

/// Words longer than this many bytes are noise (base64, rulers of dots) and are not indexed.
const MAX_WORD_BYTES: usize = 96;

/// Reads the words of a text one after the other, without allocating for each.
pub(crate) struct Words<'a> {
    text: &'a str,
    /// Byte offset of the first character not read yet.
    at: usize,
    next_position: u32,
    /// The current word, normalised.
    pub(crate) word: String,
    /// Byte range of the current word in the original text.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Number of the current word, counted from 0, with gaps at part breaks.
    pub(crate) position: u32,
}

impl<'a> Words<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, next_position: 0, word: String::new(), from: 0, to: 0, position: 0 }
    }

    /// Position that the next word will get.
    pub(crate) fn next_position(&self) -> u32 {
        self.next_position
    }

    /// Moves to the next word; false at the end of the text.
    pub(crate) fn advance(&mut self) -> bool {
        loop {
            if !self.read_word() {
                return false;
            }
            self.position = self.next_position;
            self.next_position += 1;
            if self.word.len() <= MAX_WORD_BYTES {
                return true;
            }
        }
    }

    fn read_word(&mut self) -> bool {
        self.word.clear();
        let mut rest = self.text.get(self.at..).unwrap_or_default();
        while let Some(c) = rest.chars().next() {
            let after = rest.get(c.len_utf8()..).unwrap_or_default();
            let start = self.at;
            let length = self.word.len();
            let class = fold(c, after, &mut self.word);
            if class == Class::Letter && self.changes_script(length) {
                self.word.truncate(length);
                return true;
            }
            let splits = match class {
                Class::Split => true,
                Class::Thousands => !self.inside_number(after),
                Class::Letter | Class::Mark | Class::Format => false,
            };
            if splits && length > 0 {
                return true;
            }
            self.at += c.len_utf8();
            rest = after;
            if c == PART_BREAK {
                self.next_position += BREAK_GAP;
            }
            if class == Class::Letter && length == 0 {
                self.from = start;
            }
            if matches!(class, Class::Letter | Class::Mark) && !self.word.is_empty() {
                self.to = self.at;
            }
        }
        !self.word.is_empty()
    }

    /// `1443هـ` and `2022م` are a number and an era: a digit beside an Arabic letter begins a new word.
    fn changes_script(&self, length: usize) -> bool {
        let digit = |at: usize| self.word.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        if length == 0 || digit(length - 1) == digit(length) {
            return false;
        }
        let before = self.word.get(..length).and_then(|w| w.chars().next_back());
        let added = self.word.get(length..).and_then(|w| w.chars().next());
        matches!((before, added), (Some(a), Some(b))
            if (a.is_ascii_digit() && is_arabic(b)) || (is_arabic(a) && b.is_ascii_digit()))
    }

    fn inside_number(&self, after: &str) -> bool {
        let digit = |c: char| c.is_ascii_digit() || matches!(c, '\u{0660}'..='\u{0669}' | '\u{06F0}'..='\u{06F9}');
        self.word.ends_with(|c: char| c.is_ascii_digit()) && after.starts_with(digit)
    }
}

/// A letter of the Arabic block, after folding.
pub(crate) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{06FF}')
}

/// The normalised words of a text.
pub fn words(text: &str) -> Vec<String> {
    let mut reader = Words::new(text);
    let mut found = Vec::new();
    while reader.advance() {
        found.push(reader.word.clone());
    }
    found
}
