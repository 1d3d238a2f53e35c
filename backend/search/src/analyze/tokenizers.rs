//! The three tokenizers of the index: exact words, stems, and three-letter pieces of stems.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use super::stem::{is_stop, stem};
use super::words::Words;

/// Names under which the tokenizers are registered; part of the schema.
pub(crate) const EXACT: &str = "diwan_exact";
pub(crate) const STEM: &str = "diwan_stem";
pub(crate) const GRAM: &str = "diwan_gram";

/// Makes the tokenizers known to an index; must be done each time an index is opened.
pub(crate) fn register(tokenizers: &TokenizerManager) {
    for (name, form) in [(EXACT, Form::Exact), (STEM, Form::Stem), (GRAM, Form::Gram)] {
        tokenizers.register(name, TextAnalyzer::from(DiwanTokenizer { form }));
    }
}

/// Three-letter pieces of a stem with its ends marked: `قرار` gives `_قر`, `قرا`, `رار`, `ار_`.
pub(crate) fn grams(stem: &str) -> Vec<String> {
    let framed: Vec<char> = std::iter::once('_').chain(stem.chars()).chain(std::iter::once('_')).collect();
    framed.windows(3).map(|piece| piece.iter().collect()).collect()
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
        DiwanTokens { form: self.form, words: Words::new(text), token: Token::default(), pending: Vec::new() }
    }
}

struct DiwanTokens<'a> {
    form: Form,
    words: Words<'a>,
    token: Token,
    /// Pieces of the current stem not given out yet, last first.
    pending: Vec<String>,
}

impl DiwanTokens<'_> {
    fn next_word(&mut self) -> bool {
        while self.words.advance() {
            if self.form == Form::Exact {
                self.token.text.clone_from(&self.words.word);
            } else if is_stop(&self.words.word) {
                continue;
            } else {
                let stem = stem(&self.words.word);
                self.token.text.clear();
                self.token.text.push_str(&stem);
            }
            self.token.offset_from = self.words.from;
            self.token.offset_to = self.words.to;
            self.token.position = self.words.position as usize;
            return true;
        }
        false
    }
}

impl TokenStream for DiwanTokens<'_> {
    fn advance(&mut self) -> bool {
        if self.form != Form::Gram {
            return self.next_word();
        }
        if self.pending.is_empty() {
            if !self.next_word() {
                return false;
            }
            self.pending = grams(&self.token.text);
            self.pending.reverse();
        }
        self.token.text = self.pending.pop().unwrap_or_default();
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
