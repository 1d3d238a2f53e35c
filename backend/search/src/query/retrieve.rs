//! Finding candidates, counting them, and putting the answer together.

use std::collections::BTreeSet;
use std::time::Instant;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, PhraseQuery, Query};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, Order, Searcher, TantivyDocument, TantivyError, Term};

use super::excerpt::{self, Marker};
use super::facets::{Facets, Tally, Tallying};
use super::parse::{Parsed, Strict};
use super::rank::Scorer;
use super::{Hit, Hits, MAX_DEPTH, MAX_PAGE, Search, Sort, access};
use crate::error::Result;
use crate::index::fields::{DAY, Fields, ID, KIND};
use crate::index::{Index, Source};

/// Candidates whose words' positions are read for the final score.
const RESCORED: usize = 200;
/// With fewer hits than this that hold most of the words, those that hold any are given too.
const ENOUGH: usize = 10;
/// A number found in the register outweighs its digits found in texts.
const NUMBER_BOOST: f32 = 20.0;
/// Shortest word that is also looked for with one letter wrong.
const MIN_FUZZY: usize = 4;

/// How much of the query an entry must hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    /// Half of the words (of two both), all phrases, prefixes and numbers.
    Most,
    /// Anything of it.
    Any,
    /// Any word with one letter wrong.
    Fuzzy,
}

impl Index {
    /// Searches.
    ///
    /// # Errors
    /// When the engine fails; never because of what was typed.
    pub fn search(&self, search: &Search) -> Result<Hits> {
        let started = Instant::now();
        let generation = self.generation();
        let (searcher, fields) = (generation.reader.searcher(), &generation.fields);
        let parsed = Parsed::read(&search.text);
        let asked = Asked { searcher: &searcher, fields, parsed: &parsed, search };
        let (strictness, query) = asked.query()?;
        let (tally, addresses) = asked.collect(query.as_ref())?;
        let mut hits = Hits {
            total: tally.total,
            hits: Vec::new(),
            facets: Facets::default(),
            relaxed: strictness != Strictness::Most,
            cut: parsed.cut,
            took: started.elapsed(),
        };
        hits.facets = tally.facets();
        hits.hits = asked.page(addresses)?;
        hits.took = started.elapsed();
        Ok(hits)
    }
}

/// One search against one state of the index.
struct Asked<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    parsed: &'a Parsed,
    search: &'a Search,
}

impl Asked<'_> {
    /// The strictest query that finds enough; what is enough is judged without the filters, so that choosing a filter
    /// never brings in entries that were not there before.
    fn query(&self) -> Result<(Strictness, Box<dyn Query>)> {
        let access = access::access(self.searcher, self.fields, &self.search.access)?;
        let filters = access::filters(self.fields, &self.search.filters);
        let with_filters = |text: Box<dyn Query>| match &filters {
            Some(filters) => access::limit(text, filters.box_clone()),
            None => text,
        };
        if self.parsed.is_empty() {
            return Ok((Strictness::Most, with_filters(access::limit(access::everything(), access))));
        }
        for (strictness, enough) in [(Strictness::Most, ENOUGH), (Strictness::Any, 1), (Strictness::Fuzzy, 0)] {
            let text = access::limit(self.text(strictness), access.box_clone());
            if enough == 0 || self.finds(text.as_ref(), enough)? {
                return Ok((strictness, with_filters(text)));
            }
        }
        Ok((Strictness::Any, with_filters(access::limit(self.text(Strictness::Any), access))))
    }

    fn finds(&self, query: &dyn Query, enough: usize) -> Result<bool> {
        Ok(self.searcher.search(query, &TopDocs::with_limit(enough).order_by_score())?.len() >= enough)
    }

    /// The words typed, as a query.
    fn text(&self, strictness: Strictness) -> Box<dyn Query> {
        let all = &self.parsed.words;
        let without_meaning = all.iter().all(|word| word.stem.is_none());
        let free = all.iter().filter(|word| word.free || strictness != Strictness::Most);
        let words: BTreeSet<(bool, &str)> = free
            .filter_map(|word| match &word.stem {
                Some(stem) => Some((true, stem.as_str())),
                None => without_meaning.then_some((false, word.exact.as_str())),
            })
            .collect();
        let needed = match (strictness, words.len()) {
            (Strictness::Most, n) if n > 2 => n.div_ceil(2),
            (Strictness::Most, n) => n,
            _ => 1,
        };
        let words: Vec<_> =
            words.into_iter().map(|(is_stem, word)| (Occur::Should, self.word(is_stem, word, strictness))).collect();
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        if !words.is_empty() {
            clauses.push((Occur::Must, Box::new(BooleanQuery::with_minimum_required_clauses(words, needed))));
        }
        clauses.extend(self.parsed.strict.iter().map(|strict| (Occur::Must, self.strict(strict))));
        if strictness != Strictness::Most {
            clauses.iter_mut().for_each(|(occur, _)| *occur = Occur::Should);
        }
        Box::new(BooleanQuery::new(clauses))
    }

    fn word(&self, is_stem: bool, word: &str, strictness: Strictness) -> Box<dyn Query> {
        let term = Term::from_field_text(if is_stem { self.fields.body_s } else { self.fields.body_x }, word);
        if strictness == Strictness::Fuzzy && word.chars().count() >= MIN_FUZZY {
            Box::new(FuzzyTermQuery::new(term, 1, true))
        } else {
            access::term(term, IndexRecordOption::WithFreqs)
        }
    }

    fn strict(&self, strict: &Strict) -> Box<dyn Query> {
        let exact = |word: &String| Term::from_field_text(self.fields.body_x, word);
        match strict {
            Strict::Prefix(prefix) => Box::new(FuzzyTermQuery::new_prefix(exact(prefix), 0, true)),
            Strict::Phrase(words) => self.in_order(words),
            Strict::Number { readings, words } => {
                let number = |reading: &String| {
                    let term = Term::from_field_text(self.fields.reference, reading);
                    Box::new(BoostQuery::new(access::term(term, IndexRecordOption::Basic), NUMBER_BOOST))
                        as Box<dyn Query>
                };
                let mut alternatives: Vec<Box<dyn Query>> = readings.iter().map(number).collect();
                alternatives.push(self.in_order(words));
                Box::new(BooleanQuery::union(alternatives))
            }
        }
    }

    fn in_order(&self, words: &[String]) -> Box<dyn Query> {
        let mut terms: Vec<Term> = words.iter().map(|word| Term::from_field_text(self.fields.body_x, word)).collect();
        match (terms.pop(), terms.is_empty()) {
            (Some(only), true) => access::term(only, IndexRecordOption::WithFreqs),
            (Some(last), false) => {
                terms.push(last);
                Box::new(PhraseQuery::new(terms))
            }
            (None, _) => Box::new(tantivy::query::EmptyQuery),
        }
    }

    /// Counts everything and keeps as many of the first as can be asked for.
    fn collect(&self, query: &dyn Query) -> Result<(Tally, Vec<DocAddress>)> {
        let wanted = (self.search.offset + self.search.limit.min(MAX_PAGE)).min(MAX_DEPTH).max(1);
        let by_day = |order| TopDocs::with_limit(wanted).order_by_fast_field::<i64>(DAY, order);
        Ok(match self.sort() {
            Sort::Relevance => {
                let best = TopDocs::with_limit(wanted.max(RESCORED)).order_by_score();
                let (tally, found) = self.searcher.search(query, &(Tallying, best))?;
                (tally, found.into_iter().map(|(_, address)| address).collect())
            }
            Sort::Newest => {
                let (tally, found) = self.searcher.search(query, &(Tallying, by_day(Order::Desc)))?;
                (tally, found.into_iter().map(|(_, address)| address).collect())
            }
            Sort::Oldest => {
                let (tally, found) = self.searcher.search(query, &(Tallying, by_day(Order::Asc)))?;
                (tally, found.into_iter().map(|(_, address)| address).collect())
            }
        })
    }

    /// Without words nothing is more relevant than anything else.
    fn sort(&self) -> Sort {
        match self.search.sort {
            Sort::Relevance if self.parsed.is_empty() => Sort::Newest,
            sort => sort,
        }
    }

    /// The hits of the page asked for.
    fn page(&self, addresses: Vec<DocAddress>) -> Result<Vec<Hit>> {
        let scorer = Scorer::new(self.searcher, self.fields, self.parsed)?;
        let ordered = if self.sort() == Sort::Relevance {
            rescored(&scorer, addresses)?
        } else {
            addresses.into_iter().map(|address| (0.0, address)).collect()
        };
        let marker = Marker::new(self.parsed);
        let end = (self.search.offset.saturating_add(self.search.limit.min(MAX_PAGE))).min(MAX_DEPTH);
        let page = ordered.into_iter().take(end).skip(self.search.offset);
        page.map(|(score, address)| {
            let entry = read(self.searcher, self.fields, address)?;
            let (snippet, place) = excerpt::best(&entry.source, &scorer.occurrences(address)?, &marker);
            let subject = excerpt::subject(&entry.source, &marker);
            Ok(Hit { id: entry.id, kind: entry.kind, number: entry.source.number, score, subject, snippet, place })
        })
        .collect()
    }
}

/// Puts the best candidates into their final order; those after them stay as they were found, with score 0.
fn rescored(scorer: &Scorer<'_>, mut addresses: Vec<DocAddress>) -> Result<Vec<(f32, DocAddress)>> {
    let rest = addresses.split_off(addresses.len().min(RESCORED));
    let scores = scorer.score(&addresses)?;
    let mut ordered: Vec<(f32, DocAddress)> = scores.into_iter().zip(addresses).collect();
    // Stable: equal scores keep the order of the first pass.
    ordered.sort_by(|a, b| b.0.total_cmp(&a.0));
    ordered.extend(rest.into_iter().map(|address| (0.0, address)));
    Ok(ordered)
}

/// What is kept of an entry for showing it.
pub(super) struct Stored {
    pub(super) id: u64,
    pub(super) kind: String,
    pub(super) source: Source,
}

/// Reads an entry from the store.
pub(super) fn read(searcher: &Searcher, fields: &Fields, address: DocAddress) -> Result<Stored> {
    let fast = searcher.segment_reader(address.segment_ord).fast_fields();
    let id = fast.u64(ID)?.first(address.doc_id).unwrap_or_default();
    let mut kind = String::new();
    if let Some(column) = fast.str(KIND)? {
        if let Some(value) = column.term_ords(address.doc_id).next() {
            column.ord_to_str(value, &mut kind).map_err(TantivyError::from)?;
        }
    }
    let document: TantivyDocument = searcher.doc(address)?;
    let source = document.get_first(fields.source).and_then(|value| value.as_bytes()).unwrap_or_default();
    Ok(Stored { id, kind, source: serde_json::from_slice(source)? })
}
