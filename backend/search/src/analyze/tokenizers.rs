//! The three tokenizers of the index: exact words, stems, and three-letter pieces of stems.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use super::stem::{is_stop, stem};
use super::words::Words;

/// Names under which the tokenizers are registered; part of the schema.
pub(crate) const EXACT: &str = "diwan_exact";
pub(crate) const STEM: &str = "diwan_stem";
pub(crate) const GRAM: &str = "diwan_gram";

/// Letters of a piece.
const PIECE: usize = 3;

/// Makes the tokenizers known to an index; must be done each time an index is opened.
pub(crate) fn register(tokenizers: &TokenizerManager) {
    for (name, form) in [(EXACT, Form::Exact), (STEM, Form::Stem), (GRAM, Form::Gram)] {
        tokenizers.register(name, TextAnalyzer::from(DiwanTokenizer { form }));
    }
}

/// Three-letter pieces of a stem with its ends marked: `قرار` gives `_قر`, `قرا`, `رار`, `ار_`.
pub(crate) fn grams(stem: &str) -> Vec<String> {
    let framed: Vec<char> = std::iter::once('_').chain(stem.chars()).chain(std::iter::once('_')).collect();
    framed.windows(PIECE).map(|piece| piece.iter().collect()).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Exact,
    Stem,
    Gram,
}

#[derive(Clone)]
struct DiwanTokenizer {
    form: Form,
}

impl Tokenizer for DiwanTokenizer {
    type TokenStream<'a> = DiwanTokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> DiwanTokens {
        let cut = cut(text);
        DiwanTokens { form: self.form, cut, at: 0, token: Token::default(), pieces: Vec::new() }
    }
}

/// A text that was cut into words. The engine asks for the same text in each of its forms, one after the other: cutting it
/// once makes indexing half as long.
struct Cut {
    text: String,
    /// The words, one behind the other.
    letters: String,
    words: Vec<Word>,
    stems: OnceCell<Stems>,
}

/// Where a word begins in [`Cut::letters`] (it ends where the next one begins), and its place in the text.
struct Word {
    start: usize,
    from: usize,
    to: usize,
    position: usize,
}

/// The stems of the words, one behind the other, and where each ends; `None` for a word that has none.
#[derive(Default)]
struct Stems {
    letters: String,
    places: Vec<Option<Range<usize>>>,
}

impl Cut {
    fn of(text: &str) -> Self {
        let mut reader = Words::new(text);
        let (mut letters, mut words) = (String::with_capacity(text.len()), Vec::with_capacity(text.len() / 8));
        while reader.advance() {
            let position = reader.position as usize;
            words.push(Word { start: letters.len(), from: reader.from, to: reader.to, position });
            letters.push_str(&reader.word);
        }
        Self { text: text.to_owned(), letters, words, stems: OnceCell::new() }
    }

    fn word(&self, at: usize) -> &str {
        let start = self.words.get(at).map_or(self.letters.len(), |word| word.start);
        let end = self.words.get(at + 1).map_or(self.letters.len(), |word| word.start);
        self.letters.get(start..end).unwrap_or_default()
    }

    fn stem(&self, at: usize) -> Option<&str> {
        let stems = self.stems.get_or_init(|| {
            let mut stems = Stems::default();
            for at in 0..self.words.len() {
                let start = stems.letters.len();
                let there = remembered_stem(self.word(at), &mut stems.letters);
                stems.places.push(there.then_some(start..stems.letters.len()));
            }
            stems
        });
        stems.letters.get(stems.places.get(at)?.clone()?)
    }
}

/// Longer texts are cut anew for each form: they would take too much memory to be kept.
const KEPT_BYTES: usize = 1 << 20;

thread_local! {
    static LAST: RefCell<Option<Rc<Cut>>> = const { RefCell::new(None) };
}

fn cut(text: &str) -> Rc<Cut> {
    LAST.with_borrow_mut(|last| match last {
        Some(cut) if cut.text == text => Rc::clone(cut),
        _ => {
            let cut = Rc::new(Cut::of(text));
            *last = (text.len() <= KEPT_BYTES).then(|| Rc::clone(&cut));
            cut
        }
    })
}

struct DiwanTokens {
    form: Form,
    cut: Rc<Cut>,
    /// The next word.
    at: usize,
    token: Token,
    /// Pieces still to be given, the last one first, each packed into a number.
    pieces: Vec<u64>,
}

/// Pieces that are put in order together. The engine keeps no positions of pieces, so their order is free; equal ones one behind
/// the other find their place in its memory still warm.
const PIECES_AT_ONCE: usize = 1 << 16;

/// Bits of a letter in a packed piece.
const LETTER_BITS: u32 = 21;

/// The letters of a packed piece.
fn unpacked(piece: u64) -> impl Iterator<Item = char> {
    let mask = (1_u64 << LETTER_BITS) - 1;
    let letters = (0..PIECE as u32).rev().map(move |at| (piece >> (at * LETTER_BITS)) & mask);
    letters.filter_map(|letter| char::from_u32(letter as u32))
}

/// Words whose stems a thread remembers: texts repeat their words, and looking one up is ten times as fast as cutting it.
const REMEMBERED: usize = 1 << 17;

thread_local! {
    static STEMS: RefCell<FxHashMap<Box<str>, Option<Box<str>>>> = RefCell::default();
}

/// Puts the stem of a word into `out`; false for a word that has none.
fn remembered_stem(word: &str, out: &mut String) -> bool {
    STEMS.with_borrow_mut(|stems| {
        if let Some(known) = stems.get(word) {
            out.push_str(known.as_deref().unwrap_or_default());
            return known.is_some();
        }
        let found = (!is_stop(word)).then(|| Box::from(stem(word).as_ref()));
        out.push_str(found.as_deref().unwrap_or_default());
        let there = found.is_some();
        if stems.len() >= REMEMBERED {
            stems.clear();
        }
        stems.insert(word.into(), found);
        there
    })
}

impl DiwanTokens {
    fn next_word(&mut self) -> bool {
        while let Some(word) = self.cut.words.get(self.at) {
            let text = if self.form == Form::Exact { Some(self.cut.word(self.at)) } else { self.cut.stem(self.at) };
            self.at += 1;
            let Some(text) = text else { continue };
            self.token.text.clear();
            self.token.text.push_str(text);
            self.token.offset_from = word.from;
            self.token.offset_to = word.to;
            self.token.position = word.position;
            return true;
        }
        false
    }

    fn next_piece(&mut self) -> bool {
        if self.pieces.is_empty() {
            self.gather_pieces();
        }
        let Some(piece) = self.pieces.pop() else { return false };
        self.token.text.clear();
        self.token.text.extend(unpacked(piece));
        true
    }

    /// Packs the pieces of the next words, in order.
    fn gather_pieces(&mut self) {
        let mask = (1_u64 << (LETTER_BITS * PIECE as u32)) - 1;
        while self.pieces.len() < PIECES_AT_ONCE && self.next_word() {
            let framed = std::iter::once('_').chain(self.token.text.chars()).chain(std::iter::once('_'));
            let mut packed = 0;
            for (at, letter) in framed.enumerate() {
                packed = (packed << LETTER_BITS | u64::from(letter)) & mask;
                if at + 1 >= PIECE {
                    self.pieces.push(packed);
                }
            }
        }
        self.pieces.sort_unstable();
    }
}

impl TokenStream for DiwanTokens {
    fn advance(&mut self) -> bool {
        if self.form == Form::Gram { self.next_piece() } else { self.next_word() }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
