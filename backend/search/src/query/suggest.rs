//! Completions while typing (Ctrl+K): subjects that hold the words typed so far.

use serde::Serialize;
use tantivy::Order;
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{FuzzyTermQuery, Query};
use tantivy::schema::IndexRecordOption;

use super::excerpt::{self, Excerpt, Marker};
use super::parse::{Parsed, Strict};
use super::retrieve::read;
use super::{Access, access};
use crate::analyze::words;
use crate::error::Result;
use crate::index::Index;
use crate::index::fields::DAY;

/// Most suggestions given.
const MAX_SUGGESTIONS: usize = 20;
/// Longest text that is completed, in characters and in words; a longer one has no completion.
const MAX_CHARS: usize = 200;
const MAX_WORDS: usize = 12;

/// A subject that completes what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Record id.
    pub id: u64,
    /// Kind code.
    pub kind: String,
    /// The record's own number.
    pub number: Option<String>,
    /// The subject, with the words typed marked.
    pub subject: Excerpt,
}

impl Index {
    /// The latest entries whose subject holds all words of `typed`, the last one as the beginning of a word.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn suggest(&self, typed: &str, reader: &Access, limit: usize) -> Result<Vec<Suggestion>> {
        let mut typed_words = if typed.chars().nth(MAX_CHARS).is_some() { Vec::new() } else { words(typed) };
        if typed_words.len() > MAX_WORDS || limit == 0 {
            return Ok(Vec::new());
        }
        let Some(last) = typed_words.pop() else { return Ok(Vec::new()) };
        let generation = self.generation();
        let (searcher, fields) = (generation.reader.searcher(), &generation.fields);
        let term = |word: &str| Term::from_field_text(fields.subject_x, word);
        let mut clauses: Vec<Box<dyn Query>> =
            typed_words.iter().map(|word| access::term(term(word), IndexRecordOption::Basic)).collect();
        clauses.push(Box::new(FuzzyTermQuery::new_prefix(term(&last), 0, true)));
        clauses.push(access::access(&searcher, fields, reader)?);
        let Some(query) = access::all_of(clauses) else { return Ok(Vec::new()) };
        let newest = TopDocs::with_limit(limit.min(MAX_SUGGESTIONS)).order_by_fast_field::<i64>(DAY, Order::Desc);
        let parsed = Parsed { strict: vec![Strict::Prefix(last)], ..Parsed::exactly(&typed_words) };
        let marker = Marker::new(&parsed);
        let mut suggestions = Vec::new();
        for (_, address) in searcher.search(&query, &newest)? {
            let entry = read(&searcher, fields, address)?;
            let subject = excerpt::subject(&entry.source, &marker);
            suggestions.push(Suggestion { id: entry.id, kind: entry.kind, number: entry.source.number, subject });
        }
        Ok(suggestions)
    }
}
