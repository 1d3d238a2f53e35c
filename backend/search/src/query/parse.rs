//! Reading what the user typed.

use super::{MAX_QUERY_CHARS, MAX_QUERY_WORDS};
use crate::analyze::{is_stop, stem, words};
use crate::reference;

/// Signs that open or close an exact phrase.
const QUOTES: [char; 7] = ['"', '“', '”', '„', '«', '»', '＂'];
/// A prefix search needs this many letters, or it would match half of the index.
const MIN_PREFIX: usize = 2;

/// A query text, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    /// All words in the order typed, those of phrases and numbers included: what closeness is measured on.
    pub(crate) words: Vec<Word>,
    /// Parts that restrict what is found beyond single words.
    pub(crate) strict: Vec<Strict>,
    /// The text was longer than what is read.
    pub(crate) cut: bool,
}

/// One word of the query.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) exact: String,
    /// `None` for words that carry no meaning of their own.
    pub(crate) stem: Option<String>,
    /// Stands alone, that is in no phrase and no number.
    pub(crate) free: bool,
}

impl Word {
    /// True for bare digits, which may be the serial of a record's number.
    pub(crate) fn is_serial(&self) -> bool {
        self.exact.bytes().all(|b| b.is_ascii_digit())
    }
}

/// A part of the query that must be there as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Strict {
    /// Exact words in this order.
    Phrase(Vec<String>),
    /// A word that begins so.
    Prefix(String),
    /// A reference number of several parts in any of these readings, or its words in the text.
    Number { readings: Vec<String>, words: Vec<String> },
}

impl Parsed {
    pub(crate) fn read(text: &str) -> Self {
        let mut parsed = Self::default();
        let end = text.char_indices().nth(MAX_QUERY_CHARS).map(|(at, _)| at);
        parsed.cut = end.is_some();
        let text = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
        // Pieces between an opening and a closing sign are phrases; the piece after an unclosed sign is not.
        let pieces: Vec<&str> = text.split(QUOTES).collect();
        for (number, piece) in pieces.iter().enumerate() {
            if number % 2 == 1 && number + 1 < pieces.len() {
                parsed.phrase(piece);
            } else {
                parsed.free(piece);
            }
        }
        parsed
    }

    /// Words that are marked as they stand, not by their stems.
    pub(crate) fn exactly(words: &[String]) -> Self {
        let word = |exact: &String| Word { exact: exact.clone(), stem: None, free: true };
        Self { words: words.iter().map(word).collect(), ..Self::default() }
    }

    /// All numbers of records that may be meant.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &String> {
        let serials = self.words.iter().filter(|word| word.is_serial()).map(|word| &word.exact);
        serials.chain(self.strict.iter().flat_map(|strict| match strict {
            Strict::Number { readings, .. } => readings.as_slice(),
            Strict::Phrase(_) | Strict::Prefix(_) => &[],
        }))
    }

    /// True when nothing was asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.strict.is_empty()
    }

    fn phrase(&mut self, piece: &str) {
        let exact = words(piece);
        let room = exact.len() <= MAX_QUERY_WORDS.saturating_sub(self.words.len());
        for word in &exact {
            self.push(word.clone(), !room);
        }
        if room && !exact.is_empty() {
            self.strict.push(Strict::Phrase(exact));
        }
    }

    fn free(&mut self, piece: &str) {
        let mut before: Vec<&str> = Vec::new();
        for chunk in piece.split_whitespace() {
            let bare = chunk.trim_matches(|c: char| !c.is_alphanumeric() && c != '*');
            let exact = words(chunk);
            let readings = reference::readings(&before, bare);
            if let (Some(begin), [only]) = (bare.strip_suffix('*'), exact.as_slice()) {
                if begin.chars().count() >= MIN_PREFIX {
                    self.strict.push(Strict::Prefix(only.clone()));
                }
            } else if readings.is_empty() || exact.len() == 1 {
                for word in exact {
                    self.push(word, true);
                }
            } else {
                for word in &exact {
                    self.push(word.clone(), false);
                }
                self.strict.push(Strict::Number { readings, words: exact });
            }
            before.push(bare);
        }
    }

    fn push(&mut self, exact: String, free: bool) {
        if self.words.len() >= MAX_QUERY_WORDS {
            self.cut = true;
            return;
        }
        let stem = (!is_stop(&exact)).then(|| stem(&exact).into_owned());
        self.words.push(Word { exact, stem, free });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(parsed: &Parsed) -> Vec<&str> {
        parsed.words.iter().map(|word| word.exact.as_str()).collect()
    }

    #[test]
    fn words_phrases_prefixes_and_numbers() {
        let parsed = Parsed::read("تعيين «مجلس الوزراء» قرا* ق ع/١/٢٣٤٥ \"مفتوح");
        assert_eq!(exact(&parsed), ["تعيين", "مجلس", "الوزراء", "ق", "ع", "1", "2345", "مفتوح"]);
        assert_eq!(parsed.strict[0], Strict::Phrase(vec!["مجلس".into(), "الوزراء".into()]));
        assert_eq!(parsed.strict[1], Strict::Prefix("قرا".into()));
        let Strict::Number { readings, .. } = &parsed.strict[2] else { panic!("a number") };
        assert!(readings.contains(&"قع/1/2345".to_owned()));
        assert_eq!(parsed.strict.len(), 3);
        assert!(!parsed.cut);
    }

    #[test]
    fn bounded() {
        let parsed = Parsed::read(&"كلمة ".repeat(100_000));
        assert_eq!(parsed.words.len(), MAX_QUERY_WORDS);
        assert!(parsed.cut);
        assert!(Parsed::read(&"7/".repeat(100_000)).strict.len() <= 1);
        assert!(Parsed::read(" * ** \" «» ـ \u{202E} ").is_empty());
        assert!(Parsed::read("").is_empty());
    }

    #[test]
    fn a_long_phrase_is_read_as_words() {
        let parsed = Parsed::read(&format!("\"{}\"", "قرار ".repeat(90)));
        assert!(parsed.strict.is_empty());
        assert!(parsed.cut);
    }
}
