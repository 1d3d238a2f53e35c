//! What would find something where a search finds nothing: other words of the index, fewer words, fewer filters.
//!
//! Every proposal is counted through the reader's access before it is made, so that a word which only hidden entries hold is
//! never named.

use std::collections::BTreeMap;

use serde::Serialize;
use tantivy::collector::Count;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, TantivyError, Term};

use super::excerpt::distance;
use super::parse::{MIN_FUZZY, Parsed};
use super::{Access, Filters, Search, access};
use crate::error::Result;
use crate::index::Index;
use crate::index::fields::Fields;

/// Proposals made.
const MOST: usize = 5;
/// Words of the index looked at for each word of the query.
const CANDIDATES: usize = 24;
/// Words of a query for which others are looked for.
const WORDS: usize = 6;

/// Something that would find entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// How it differs from what was asked.
    pub change: Change,
    /// The text to search for.
    pub text: String,
    /// How many entries that finds.
    pub total: usize,
}

/// How a proposal differs from what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Change {
    /// A word was replaced.
    Word {
        /// The word typed.
        from: String,
        /// The word of the index.
        to: String,
    },
    /// A word was left out.
    Without(String),
    /// The filters chosen beside the text were left out.
    Unfiltered,
}

impl Index {
    /// What would find something instead.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn propose(&self, search: &Search) -> Result<Vec<Proposal>> {
        let generation = self.generation();
        let searcher = generation.reader.searcher();
        let nearest = Nearest { searcher: &searcher, fields: &generation.fields, reader: &search.access };
        let typed: Vec<&str> = search.text.split_whitespace().collect();
        let parsed = Parsed::read_with(&search.text, &search.vocabulary);
        let mut proposals = Vec::new();
        let mut counts: Vec<(usize, usize)> = Vec::new();
        for (at, chunk) in typed.iter().enumerate().take(WORDS) {
            let Some(word) = plain(chunk).filter(|word| parsed.words.iter().any(|asked| asked.exact == *word)) else {
                continue;
            };
            let own = nearest.count(&word)?;
            counts.push((own, at));
            if own > 0 {
                continue;
            }
            for other in nearest.of(&word)? {
                let replaced = replaced(&typed, at, Some(&other));
                let change = Change::Word { from: word.clone(), to: other };
                self.add(&mut proposals, search, change, replaced, &search.filters)?;
            }
        }
        // The rarest word first; a query of one word has nothing left without it.
        counts.sort_unstable();
        for (_, at) in counts.iter().take(2).filter(|_| counts.len() > 1) {
            let Some(word) = typed.get(*at) else { continue };
            let change = Change::Without((*word).to_owned());
            self.add(&mut proposals, search, change, replaced(&typed, *at, None), &search.filters)?;
        }
        if search.filters != Filters::default() {
            self.add(&mut proposals, search, Change::Unfiltered, search.text.clone(), &Filters::default())?;
        }
        proposals.sort_by_key(|proposal| matches!(proposal.change, Change::Without(_)));
        proposals.truncate(MOST);
        Ok(proposals)
    }

    /// Adds a proposal if it finds something.
    fn add(
        &self,
        proposals: &mut Vec<Proposal>,
        search: &Search,
        change: Change,
        text: String,
        filters: &Filters,
    ) -> Result<()> {
        let asked = Search { text, filters: filters.clone(), ..search.clone() };
        let total = self.count(&asked)?;
        if total > 0 && !proposals.iter().any(|known| known.text == asked.text && known.change == change) {
            proposals.push(Proposal { change, text: asked.text, total });
        }
        Ok(())
    }
}

/// The word of a chunk that is nothing but a word.
fn plain(chunk: &str) -> Option<String> {
    let mut words = crate::analyze::words(chunk);
    let only = words.pop().filter(|_| words.is_empty())?;
    let signs = chunk.chars().any(|c| "*~:\"«»".contains(c)) || chunk.starts_with('-');
    (!signs).then_some(only)
}

/// What was typed with one chunk replaced or left out.
fn replaced(typed: &[&str], at: usize, with: Option<&str>) -> String {
    let chunk = |(number, chunk): (usize, &&str)| {
        if number == at { with.map(str::to_owned) } else { Some((*chunk).to_owned()) }
    };
    typed.iter().enumerate().filter_map(chunk).collect::<Vec<_>>().join(" ")
}

struct Nearest<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    reader: &'a Access,
}

impl Nearest<'_> {
    /// Entries with this exact word that the reader may see.
    fn count(&self, word: &str) -> Result<usize> {
        let term = Term::from_field_text(self.fields.body_x, word);
        if self.searcher.doc_freq(&term)? == 0 {
            return Ok(0);
        }
        let query = access::term(term, IndexRecordOption::Basic);
        let query = access::limit(query, access::access(self.searcher, self.fields, self.reader)?);
        Ok(self.searcher.search(query.as_ref(), &Count)?)
    }

    /// The two words most like this one among those the reader may see: fewest letters wrong, then most entries.
    fn of(&self, word: &str) -> Result<Vec<String>> {
        let letters = word.chars().count();
        if letters < MIN_FUZZY {
            return Ok(Vec::new());
        }
        let most = if letters < 6 { 1 } else { 2 };
        let mut near = self.alike(self.fields.body_x, word, most)?;
        // Which of them are looked at must not depend on how many hidden entries hold them.
        near.sort_unstable();
        let mut seen = Vec::new();
        for (distance, other) in near.into_iter().take(CANDIDATES) {
            let count = self.count(&other)?;
            if count > 0 {
                seen.push((distance, usize::MAX - count, other));
            }
        }
        seen.sort_unstable();
        Ok(seen.into_iter().take(2).map(|(_, _, other)| other).collect())
    }

    /// Words of a field with at most so many letters wrong, each with how many.
    fn alike(&self, field: Field, word: &str, most: usize) -> Result<Vec<(usize, String)>> {
        let mut found = BTreeMap::new();
        let begin: String = word.chars().take(1).collect();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            for start in [begin.as_str(), ""] {
                // Whole dictionaries are read only where nothing begins alike.
                if start.is_empty() && !found.is_empty() {
                    continue;
                }
                let from = index.terms().range().ge(start.as_bytes());
                let mut terms = from.into_stream().map_err(TantivyError::from)?;
                while terms.advance() {
                    let Ok(other) = std::str::from_utf8(terms.key()) else { continue };
                    if !other.starts_with(start) {
                        break;
                    }
                    if other.len().abs_diff(word.len()) <= 4
                        && other != word
                        && let Some(distance) = distance(word, other).filter(|distance| *distance <= most)
                    {
                        found.insert(other.to_owned(), distance);
                    }
                }
            }
        }
        Ok(found.into_iter().map(|(other, distance)| (distance, other)).collect())
    }
}
