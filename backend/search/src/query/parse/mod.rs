//! Reading what the user typed. Nothing typed is an error: what cannot be read as a sign is read as words.

mod fields;
mod lex;
#[cfg(test)]
mod tests;

use self::fields::Field;
use self::lex::Piece;
use super::excerpt::distance;
use super::{Filters, MAX_QUERY_CHARS, MAX_QUERY_WORDS, Vocabulary};
use crate::analyze::{is_stop, stem, words};
use crate::reference;

/// A prefix search needs this many letters, or it would match half of the index.
const MIN_PREFIX: usize = 2;
/// Shortest word that is looked for with letters wrong.
pub(crate) const MIN_FUZZY: usize = 4;
/// From this length two letters may be wrong where that was asked for (`كلمة~`).
const TWICE_FUZZY: usize = 8;

/// A query text, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    /// All words in the order typed, those of phrases and numbers included: what closeness is measured on.
    pub(crate) words: Vec<Word>,
    /// Parts that restrict what is found beyond single words.
    pub(crate) strict: Vec<Strict>,
    /// What must not be there.
    pub(crate) without: Vec<Strict>,
    /// Filters that were typed.
    pub(crate) filters: Filters,
    /// Filters of which none may let an entry through.
    pub(crate) without_filters: Vec<Filters>,
    /// The text was longer than what is read.
    pub(crate) cut: bool,
}

/// One word of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) exact: String,
    /// `None` for words that carry no meaning of their own.
    pub(crate) stem: Option<String>,
    /// The stems under which it is looked for: its own, and others that the index attests.
    pub(crate) forms: Vec<String>,
    /// Stands alone, that is in no phrase, no number and no field.
    pub(crate) free: bool,
    /// Letters of it that may be wrong (`كلمة~`).
    pub(crate) wrong: u8,
    /// Words of one group are alternatives (`أو`).
    pub(crate) either: Option<usize>,
}

impl Word {
    /// True for bare digits, which may be the serial of a record's number.
    pub(crate) fn is_serial(&self) -> bool {
        self.exact.bytes().all(|b| b.is_ascii_digit())
    }
}

/// A part of the query that must be there as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Strict {
    /// One word by its stem; by itself where it has none.
    Word(Word),
    /// Exact words in this order.
    Phrase(Vec<String>),
    /// A word that begins so.
    Prefix(String),
    /// A reference number of several parts in any of these readings, or its words in the text.
    Number { readings: Vec<String>, words: Vec<String> },
    /// The record's own number, in any of these readings.
    Own(Vec<String>),
    /// Words of the subject; in this order where they stood between quotes.
    Subject { words: Vec<Word>, in_order: bool },
    /// Words of the names of its parties.
    Party(Vec<Word>),
    /// One of these.
    Either(Vec<Self>),
}

impl Parsed {
    /// Reads a text without names of kinds.
    pub(crate) fn read(text: &str) -> Self {
        Self::read_with(text, &Vocabulary::default())
    }

    pub(crate) fn read_with(text: &str, vocabulary: &Vocabulary) -> Self {
        let end = text.char_indices().nth(MAX_QUERY_CHARS).map(|(at, _)| at);
        let text = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
        let mut reader =
            Reader { vocabulary, parsed: Self::default(), before: Vec::new(), or: false, last: Last::None };
        reader.parsed.cut = end.is_some();
        for piece in lex::pieces(text) {
            reader.piece(piece);
        }
        reader.parsed
    }

    /// Words that are marked as they stand, not by their stems.
    pub(crate) fn exactly(words: &[String]) -> Self {
        Self { words: words.iter().map(|exact| Word::new(exact.clone(), None)).collect(), ..Self::default() }
    }

    /// All numbers of records that may be meant.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &String> {
        let serials = self.words.iter().filter(|word| word.is_serial()).map(|word| &word.exact);
        serials.chain(self.strict.iter().flat_map(Strict::numbers))
    }

    /// True when no words were asked for; filters and exclusions may be there.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.strict.is_empty()
    }
}

impl Word {
    fn new(exact: String, stem: Option<String>) -> Self {
        let forms = stem.iter().cloned().collect();
        Self { exact, stem, forms, free: true, wrong: 0, either: None }
    }

    /// True for a word that differs by no more letters than were allowed, or whose stem differs by one.
    pub(crate) fn is_like(&self, word: &str) -> bool {
        let near = |a: &str, b: &str, most: u8| distance(a, b).is_some_and(|distance| distance <= usize::from(most));
        let stems = || self.stem.as_ref().is_some_and(|own| near(own, &stem(word), 1));
        self.wrong > 0 && (near(&self.exact, word, self.wrong) || stems())
    }

    fn of(exact: String) -> Self {
        let stem = (!is_stop(&exact)).then(|| stem(&exact).into_owned());
        Self::new(exact, stem)
    }
}

impl Strict {
    fn numbers(&self) -> Vec<&String> {
        match self {
            Self::Number { readings, .. } | Self::Own(readings) => readings.iter().collect(),
            Self::Either(parts) => parts.iter().flat_map(Self::numbers).collect(),
            Self::Word(_) | Self::Phrase(_) | Self::Prefix(_) | Self::Subject { .. } | Self::Party(_) => Vec::new(),
        }
    }
}

/// What was read last: `أو` joins it to what comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    None,
    Word,
    Strict,
}

struct Reader<'a> {
    vocabulary: &'a Vocabulary,
    parsed: Parsed,
    /// Words just before, for numbers whose initials stand apart.
    before: Vec<&'a str>,
    or: bool,
    last: Last,
}

impl<'a> Reader<'a> {
    fn piece(&mut self, piece: Piece<'a>) {
        let Piece::Asked { without, field, text, quoted } = piece else {
            self.or = self.last != Last::None;
            self.before.clear();
            return;
        };
        match field {
            Some(field) => self.in_field(field, text, quoted, without),
            None if quoted => self.phrase(text, without),
            None if without => self.without(text),
            None => return self.free(text),
        }
        self.before.clear();
    }

    fn in_field(&mut self, field: Field, text: &str, quoted: bool, without: bool) {
        let filter = match field {
            Field::Kind => self.vocabulary.kind(text).map(|kind| Filters { kinds: vec![kind], ..Filters::default() }),
            Field::Class => Some(Filters { classes: vec![text.to_owned()], ..Filters::default() }),
            Field::From | Field::To | Field::Date => fields::days(text).map(|(first, last)| Filters {
                from: (field != Field::To).then_some(first),
                to: (field != Field::From).then_some(last),
                ..Filters::default()
            }),
            Field::Number => return self.own_number(text, without),
            Field::Subject | Field::Party => return self.in_line(field, text, quoted, without),
        };
        match filter {
            Some(filter) if without => self.parsed.without_filters.push(filter),
            Some(filter) => self.parsed.filters.add(filter),
            None => self.words_of(text, without),
        }
    }

    /// What cannot be read as the value of its field is looked for as words.
    fn words_of(&mut self, text: &str, without: bool) {
        if without {
            return self.without(text);
        }
        for word in words(text) {
            self.word(Word::of(word));
        }
    }

    fn own_number(&mut self, text: &str, without: bool) {
        let readings: Vec<String> = reference::canonical(text).into_iter().collect();
        if readings.is_empty() {
            return self.words_of(text, without);
        }
        self.strict(Strict::Own(readings), without);
    }

    fn in_line(&mut self, field: Field, text: &str, quoted: bool, without: bool) {
        let found: Vec<Word> = words(text).into_iter().take(MAX_QUERY_WORDS).map(Word::of).collect();
        if found.is_empty() {
            return;
        }
        if !without {
            for word in &found {
                self.push(Word { free: false, ..word.clone() });
            }
        }
        let strict = match field {
            Field::Party => Strict::Party(found),
            _ => Strict::Subject { words: found, in_order: quoted },
        };
        self.strict(strict, without);
    }

    fn phrase(&mut self, text: &str, without: bool) {
        let exact = words(text);
        if exact.is_empty() {
            return;
        }
        if without {
            return self.strict(Strict::Phrase(exact), true);
        }
        let room = exact.len() <= MAX_QUERY_WORDS.saturating_sub(self.parsed.words.len());
        for word in &exact {
            self.push(Word { free: !room, ..Word::of(word.clone()) });
        }
        if room {
            self.strict(Strict::Phrase(exact), false);
        }
    }

    fn without(&mut self, text: &str) {
        let exact = words(text);
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric() && c != '*');
        let strict = match (exact.as_slice(), bare.strip_suffix('*')) {
            ([], _) => return,
            ([begin], Some(typed)) if typed.chars().count() >= MIN_PREFIX => Strict::Prefix(begin.clone()),
            ([_], _) => exact.into_iter().next().map(Word::of).map_or(Strict::Phrase(Vec::new()), Strict::Word),
            _ => Strict::Phrase(exact),
        };
        self.strict(strict, true);
    }

    fn free(&mut self, chunk: &'a str) {
        let bare = chunk.trim_matches(|c: char| !c.is_alphanumeric() && c != '*' && c != '~');
        let exact = words(chunk);
        let readings = reference::readings(&self.before, bare);
        let only = exact.first().filter(|_| exact.len() == 1);
        if let (Some(begin), Some(only)) = (bare.strip_suffix('*'), only) {
            if begin.chars().count() >= MIN_PREFIX {
                self.strict(Strict::Prefix(only.clone()), false);
            }
        } else if let (true, Some(only)) = (bare.ends_with('~'), only) {
            let wrong = match only.chars().count() {
                0..MIN_FUZZY => 0,
                MIN_FUZZY..TWICE_FUZZY => 1,
                _ => 2,
            };
            self.word(Word { wrong, ..Word::of(only.clone()) });
        } else if readings.is_empty() || exact.len() == 1 {
            for word in exact {
                self.word(Word::of(word));
            }
        } else {
            for word in &exact {
                self.push(Word { free: false, ..Word::of(word.clone()) });
            }
            self.strict(Strict::Number { readings, words: exact }, false);
        }
        self.before.push(bare);
    }

    fn push(&mut self, word: Word) -> bool {
        let room = self.parsed.words.len() < MAX_QUERY_WORDS;
        if room {
            self.parsed.words.push(word);
        } else {
            self.parsed.cut = true;
        }
        room
    }

    /// A word that stands alone.
    fn word(&mut self, word: Word) {
        let at = self.parsed.words.len();
        match (std::mem::take(&mut self.or), self.last) {
            (true, Last::Word) => {
                let group = self.parsed.words.last_mut().map(|last| *last.either.get_or_insert(at));
                self.push(Word { either: group, ..word });
            }
            (true, Last::Strict) => {
                self.push(Word { free: false, ..word.clone() });
                self.join(Strict::Word(word));
            }
            _ => {
                if self.push(word) {
                    self.last = Last::Word;
                }
            }
        }
    }

    fn strict(&mut self, strict: Strict, without: bool) {
        if without {
            self.or = false;
            self.last = Last::None;
            return self.parsed.without.push(strict);
        }
        match (std::mem::take(&mut self.or), self.last) {
            (true, Last::Strict) => self.join(strict),
            (true, Last::Word) => {
                // The words of what comes now were put behind the word it is joined to.
                let alone = self.parsed.words.iter_mut().rev().find(|word| word.free);
                if let Some(alone) = alone {
                    alone.free = false;
                    let alone = alone.clone();
                    self.parsed.strict.push(Strict::Either(vec![Strict::Word(alone), strict]));
                } else {
                    self.parsed.strict.push(strict);
                }
            }
            _ => self.parsed.strict.push(strict),
        }
        self.last = Last::Strict;
    }

    /// Makes an alternative of what was read last.
    fn join(&mut self, strict: Strict) {
        match self.parsed.strict.pop() {
            Some(Strict::Either(mut parts)) => {
                parts.push(strict);
                self.parsed.strict.push(Strict::Either(parts));
            }
            Some(last) => self.parsed.strict.push(Strict::Either(vec![last, strict])),
            None => self.parsed.strict.push(strict),
        }
    }
}
