//! Searching: what is asked, what comes back.

mod access;
mod at_least;
mod attest;
mod closeness;
mod excerpt;
mod facets;
mod parse;
mod propose;
mod rank;
mod retrieve;
mod strict;
mod suggest;
#[cfg(test)]
mod tests;
mod within;

use std::time::Duration;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use excerpt::{Excerpt, Mark};
pub use facets::{Count, Facets};
pub use propose::{Change, Proposal};
pub use suggest::Suggestion;
pub use within::{MAX_PASSAGES, Passage, Within};

use self::parse::Parsed;
use crate::index::Place;

/// Longest query text that is read, in characters; the rest is cut off.
pub const MAX_QUERY_CHARS: usize = 1_000;
/// Most words of a query that count; further ones are left out.
pub const MAX_QUERY_WORDS: usize = 48;
/// Largest page of hits.
pub const MAX_PAGE: usize = 100;
/// Last hit that can be paged to; beyond it the query should be narrowed.
pub const MAX_DEPTH: usize = 2_000;

/// Who is asking. Everything a search gives back (hits, counts, facets, suggestions, excerpts) is limited to entries
/// of which one principal is held, the level does not exceed the clearance and all caveats are held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Principals held now: units, roles, the person.
    pub principals: Vec<String>,
    /// Clearance (درجة الاطلاع): the highest secrecy level that may be seen.
    pub clearance: u8,
    /// Caveats held.
    pub caveats: Vec<String>,
}

/// A search.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// What the user typed: words, `"an exact phrase"`, `begin*`, `fuzzy~`, `-without`, `this OR that`, `field:value`, a
    /// reference number. Empty means everything.
    pub text: String,
    /// The names of kinds, for `kind:…`.
    pub vocabulary: Vocabulary,
    /// Restrictions chosen beside the text.
    pub filters: Filters,
    /// Who is asking.
    pub access: Access,
    /// Order of the hits.
    pub sort: Sort,
    /// Number of hits wanted, at most [`MAX_PAGE`]; 0 gives counts only.
    pub limit: usize,
    /// Number of hits to pass over; hits after [`MAX_DEPTH`] are not given.
    pub offset: usize,
}

/// Restrictions; an empty list restricts nothing, several values of one list are alternatives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filters {
    /// Agencies.
    pub agencies: Vec<u64>,
    /// Kind codes.
    pub kinds: Vec<String>,
    /// State codes.
    pub states: Vec<String>,
    /// Secrecy levels.
    pub secrecy: Vec<u8>,
    /// Class paths, each with everything below it.
    pub classes: Vec<String>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

impl Filters {
    /// Adds restrictions; of two first or last days the later typed one counts.
    pub(crate) fn add(&mut self, more: Self) {
        self.agencies.extend(more.agencies);
        self.kinds.extend(more.kinds);
        self.states.extend(more.states);
        self.secrecy.extend(more.secrecy);
        self.classes.extend(more.classes);
        self.from = more.from.or(self.from);
        self.to = more.to.or(self.to);
    }
}

/// The names that a query may give to kinds, with their codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    kinds: Vec<(String, String)>,
}

impl Vocabulary {
    /// Names with their codes; they are compared as words, so any spelling will do.
    pub fn new<'a>(kinds: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self { kinds: kinds.into_iter().map(|(name, code)| (folded(name), code.to_owned())).collect() }
    }

    fn kind(&self, name: &str) -> Option<String> {
        let name = folded(name);
        self.kinds.iter().find(|(known, _)| *known == name).map(|(_, code)| code.clone())
    }
}

fn folded(name: &str) -> String {
    crate::analyze::words(name).join(" ")
}

/// Order of the hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best first.
    #[default]
    Relevance,
    /// Latest date first.
    Newest,
    /// Earliest date first.
    Oldest,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hits {
    /// Number of entries that match, of which `hits` is one page.
    pub total: usize,
    /// The page.
    pub hits: Vec<Hit>,
    /// Counts of all entries that match.
    pub facets: Facets,
    /// Too few entries held most of the words, so those that hold any of them are given.
    pub relaxed: bool,
    /// No entry held any of it: those that hold a word with one letter other are given.
    pub guessed: bool,
    /// The query text was longer than what is read.
    pub cut: bool,
    /// Time taken.
    pub took: Duration,
}

/// One entry found. Check it in the database again before it is shown: the index may be seconds behind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Record id.
    pub id: u64,
    /// Kind code.
    pub kind: String,
    /// The record's own number.
    pub number: Option<String>,
    /// Higher is better; comparable within one answer only. Not meaningful when sorted by date.
    pub score: f32,
    /// The subject, with the words found marked.
    pub subject: Excerpt,
    /// The passage that fits best.
    pub snippet: Excerpt,
    /// Where the passage stands.
    pub place: Place,
}

/// Whether each of these texts has a word that a search for `query` marks: to show hits on the picture of a page.
pub fn found<'a>(query: &str, texts: impl Iterator<Item = &'a str>) -> Vec<bool> {
    let parsed = Parsed::read(query);
    let marker = excerpt::Marker::new(&parsed);
    texts.map(|text| marker.marks_any(text)).collect()
}
