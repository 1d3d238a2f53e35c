//! Searching inside one entry: all passages that hold what was asked, in the order of the text.

use std::collections::HashSet;

use serde::Serialize;
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::schema::IndexRecordOption;

use super::excerpt::{self, Excerpt, Marker};
use super::parse::{Parsed, Strict};
use super::retrieve::read;
use super::{Access, access, attest};
use crate::analyze::{Words, stem};
use crate::error::Result;
use crate::index::{Index, Place, SourcePart};

/// Most passages given.
pub const MAX_PASSAGES: usize = 500;
/// Words of the query this near to each other are shown in one passage.
const TOGETHER: u32 = 24;
/// Words shown before the first of them.
const LEAD: u32 = 5;
/// Words shown after the last.
const TAIL: u32 = 9;

/// A passage of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// The part it is from.
    pub place: Place,
    /// The text with the words found.
    pub excerpt: Excerpt,
}

/// What was found inside an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Within {
    /// The passages in the order of the text, at most [`MAX_PASSAGES`].
    pub passages: Vec<Passage>,
    /// How many there are in all.
    pub total: usize,
    /// No passage holds most of the words, so those that hold any are given.
    pub relaxed: bool,
}

impl Index {
    /// The passages of one entry that hold what was typed; none where the reader may not see the entry.
    ///
    /// # Errors
    /// When the engine fails; never because of what was typed.
    pub fn within(&self, id: u64, typed: &str, reader: &Access) -> Result<Within> {
        let generation = self.generation();
        let (searcher, fields) = (generation.reader.searcher(), &generation.fields);
        let mut parsed = Parsed::read(typed);
        attest::attest(&mut parsed, &searcher, fields)?;
        if parsed.is_empty() {
            return Ok(Within::default());
        }
        let only = access::term(Term::from_field_u64(fields.id, id), IndexRecordOption::Basic);
        let query = access::limit(only, access::access(&searcher, fields, reader)?);
        let found = searcher.search(query.as_ref(), &TopDocs::with_limit(1).order_by_score())?;
        let Some((_, address)) = found.first() else { return Ok(Within::default()) };
        let source = read(&searcher, fields, *address)?.source;
        let marker = Marker::new(&parsed);
        let mut strict = Found::default();
        let mut any = Found::default();
        let asked = Asked::new(&parsed);
        for part in &source.parts {
            for window in windows(part, &parsed, &marker) {
                let fits = asked.fits(&window);
                let take = |into: &mut Found| {
                    into.total += 1;
                    if into.passages.len() < MAX_PASSAGES {
                        let excerpt = excerpt::stretch(part, window.first, window.last, &marker);
                        into.passages.push(Passage { place: part.place.clone(), excerpt });
                    }
                };
                if fits {
                    take(&mut strict);
                } else if strict.total == 0 {
                    take(&mut any);
                }
            }
        }
        let relaxed = strict.total == 0;
        let found = if relaxed { any } else { strict };
        Ok(Within { passages: found.passages, total: found.total, relaxed: relaxed && found.total > 0 })
    }
}

#[derive(Default)]
struct Found {
    passages: Vec<Passage>,
    total: usize,
}

/// What a passage has to hold.
struct Asked<'a> {
    phrases: Vec<&'a [String]>,
    needed: usize,
}

impl<'a> Asked<'a> {
    fn new(parsed: &'a Parsed) -> Self {
        let phrases = parsed.strict.iter().filter_map(|strict| match strict {
            Strict::Phrase(words) | Strict::Number { words, .. } => Some(words.as_slice()),
            _ => None,
        });
        let meaning: HashSet<&String> =
            parsed.words.iter().filter(|word| word.free).filter_map(|word| word.stem.as_ref()).collect();
        let needed = if meaning.len() > 2 { meaning.len().div_ceil(2) } else { meaning.len() };
        Self { phrases: phrases.collect(), needed }
    }

    fn fits(&self, window: &Window) -> bool {
        let follows = |phrase: &&[String]| {
            window
                .words
                .windows(phrase.len().max(1))
                .any(|run| run.iter().map(String::as_str).eq(phrase.iter().map(String::as_str)))
        };
        window.held.len() >= self.needed && self.phrases.iter().all(follows)
    }
}

/// A stretch of a part around words of the query.
struct Window {
    first: u32,
    last: u32,
    /// Position of the last word found.
    end: u32,
    /// Which free words of the query are in it, by number.
    held: HashSet<usize>,
    /// The exact words from the first to the last one found.
    words: Vec<String>,
}

fn windows(part: &SourcePart, parsed: &Parsed, marker: &Marker<'_>) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    let mut reader = Words::new(&part.text);
    // Words between the last one found and here; they belong to a window only if another one follows soon.
    let mut between: Vec<String> = Vec::new();
    while reader.advance() {
        let (word, position) = (&reader.word, reader.position);
        let near = windows.last().is_some_and(|window| position - window.end <= TOGETHER);
        // A word of a phrase that has no meaning of its own is not marked, but it stands in the phrase.
        let of_query =
            marker.marks(word) || (near && parsed.words.iter().any(|asked| !asked.free && asked.exact == *word));
        if !of_query {
            if near {
                between.push(word.clone());
            }
            continue;
        }
        if !near {
            let first = position.saturating_sub(LEAD);
            windows.push(Window { first, last: 0, end: position, held: HashSet::new(), words: Vec::new() });
            between.clear();
        }
        if let Some(window) = windows.last_mut() {
            window.words.append(&mut between);
            window.words.push(word.clone());
            window.end = position;
            window.last = position + TAIL;
            let stem = stem(word);
            let is = |asked: &crate::query::parse::Word| {
                asked.exact == *word || asked.forms.iter().any(|form| *form == *stem) || asked.is_like(word)
            };
            // Each stem once, however often it was typed.
            window.held.extend(parsed.words.iter().position(is));
        }
    }
    windows
}
