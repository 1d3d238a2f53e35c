//! The three tokenizers of the index: exact words, stems, and three-letter pieces of stems.

use std::cell::RefCell;

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
    type TokenStream<'a> = DiwanTokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> DiwanTokens<'a> {
        DiwanTokens { form: self.form, words: Words::new(text), token: Token::default(), pieces: Vec::new(), next: 0 }
    }
}

struct DiwanTokens<'a> {
    form: Form,
    words: Words<'a>,
    token: Token,
    /// The letters of the current stem with its ends marked, and the first of the next piece.
    pieces: Vec<char>,
    next: usize,
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

impl DiwanTokens<'_> {
    fn next_word(&mut self) -> bool {
        while self.words.advance() {
            self.token.text.clear();
            if self.form == Form::Exact {
                self.token.text.push_str(&self.words.word);
            } else if !remembered_stem(&self.words.word, &mut self.token.text) {
                continue;
            }
            self.token.offset_from = self.words.from;
            self.token.offset_to = self.words.to;
            self.token.position = self.words.position as usize;
            return true;
        }
        false
    }

    fn next_piece(&mut self) -> bool {
        while self.next + PIECE > self.pieces.len() {
            if !self.next_word() {
                return false;
            }
            self.pieces.clear();
            self.pieces.push('_');
            self.pieces.extend(self.token.text.chars());
            self.pieces.push('_');
            self.next = 0;
        }
        self.token.text.clear();
        self.token.text.extend(self.pieces.iter().skip(self.next).take(PIECE));
        self.next += 1;
        true
    }
}

impl TokenStream for DiwanTokens<'_> {
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
