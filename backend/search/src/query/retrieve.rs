//! Finding candidates, counting them, and putting the answer together.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, PhraseQuery, Query};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, Order, Searcher, TantivyDocument, TantivyError, Term};

use super::at_least::AtLeast;
use super::excerpt::{self, Marker};
use super::facets::{Tally, Tallying};
use super::parse::{Parsed, Strict, Word};
use super::rank::Scorer;
use super::{Filters, Hit, Hits, MAX_DEPTH, MAX_PAGE, Search, Sort, access};
use crate::error::Result;
use crate::index::fields::{DAY, Fields, ID, KIND};
use crate::index::{Index, Source};

/// Candidates whose words' positions are read for the final score.
const RESCORED: usize = 200;
/// With fewer hits than this that hold half of the words, those that hold any are given too.
const ENOUGH: usize = 10;
/// A number found in the register outweighs its digits found in texts.
const NUMBER_BOOST: f32 = 20.0;
/// Shortest word that is also looked for with one letter wrong.
const MIN_FUZZY: usize = 4;

/// How much of the query an entry must hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    /// Half of the words (of two both), and all phrases, prefixes and numbers.
    Most,
    /// Any word, and all phrases, prefixes and numbers.
    Some,
    /// Anything of it, the words of phrases and numbers included.
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
        let Found { strictness, tally, addresses } = asked.find()?;
        let mut hits = Hits {
            total: tally.total,
            hits: asked.page(addresses)?,
            facets: tally.facets(),
            relaxed: strictness != Strictness::Most,
            cut: parsed.cut,
            took: Duration::ZERO,
        };
        hits.took = started.elapsed();
        Ok(hits)
    }
}

/// What the first pass gives.
struct Found {
    strictness: Strictness,
    tally: Tally,
    addresses: Vec<DocAddress>,
}

/// One search against one state of the index.
struct Asked<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    parsed: &'a Parsed,
    search: &'a Search,
}

impl Asked<'_> {
    /// Asks the strictest query that finds enough.
    fn find(&self) -> Result<Found> {
        let access = access::access(self.searcher, self.fields, &self.search.access)?;
        if self.parsed.is_empty() {
            return self.collect(Strictness::Most, access::limit(access::everything(), access));
        }
        let most = if self.words(true).len() > 1 { ENOUGH } else { 1 };
        for (strictness, enough) in [(Strictness::Most, most), (Strictness::Some, 1), (Strictness::Any, 1)] {
            let query = access::limit(self.text(strictness), access.box_clone());
            if let Some(found) = self.collect_enough(strictness, query, enough)? {
                return Ok(found);
            }
        }
        self.collect(Strictness::Fuzzy, access::limit(self.text(Strictness::Fuzzy), access))
    }

    /// What is enough is judged without the filters, so that choosing one never brings in what was not there before.
    fn collect_enough(&self, strictness: Strictness, query: Box<dyn Query>, enough: usize) -> Result<Option<Found>> {
        if self.search.filters == Filters::default() {
            let found = self.collect(strictness, query)?;
            return Ok(Some(found).filter(|found| found.tally.total >= enough));
        }
        let first = self.searcher.search(query.as_ref(), &TopDocs::with_limit(enough).order_by_score())?;
        if first.len() < enough { Ok(None) } else { self.collect(strictness, query).map(Some) }
    }

    /// The words that count, each stem once. Those of phrases and numbers count by themselves only where `strict` does
    /// not demand the whole; words without meaning only when there are no others.
    fn words(&self, strict: bool) -> BTreeMap<&String, &Word> {
        let without_meaning = self.parsed.words.iter().all(|word| word.stem.is_none());
        let counts = |word: &&Word| (word.free || !strict) && (word.stem.is_some() || without_meaning);
        self.parsed.words.iter().filter(counts).map(|word| (word.stem.as_ref().unwrap_or(&word.exact), word)).collect()
    }

    /// What was typed, as a query.
    fn text(&self, strictness: Strictness) -> Box<dyn Query> {
        let strict = matches!(strictness, Strictness::Most | Strictness::Some);
        let words = self.words(strict);
        let needed = match (strictness, words.len()) {
            (Strictness::Most, n) if n > 2 => n.div_ceil(2),
            (Strictness::Most, n) => n,
            _ => 1,
        };
        let clauses: Vec<_> = words.into_values().map(|word| self.word(word, strictness)).collect();
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let occur = if strict { Occur::Must } else { Occur::Should };
        if !clauses.is_empty() {
            parts.push((occur, Box::new(AtLeast { needed, clauses })));
        }
        parts.extend(self.parsed.strict.iter().map(|strict| (occur, self.strict(strict))));
        Box::new(BooleanQuery::new(parts))
    }

    fn word(&self, word: &Word, strictness: Strictness) -> Box<dyn Query> {
        let term = match &word.stem {
            Some(stem) => Term::from_field_text(self.fields.body_s, stem),
            None => Term::from_field_text(self.fields.body_x, &word.exact),
        };
        if word.is_serial() {
            let in_text = access::term(term, IndexRecordOption::WithFreqs);
            Box::new(BooleanQuery::union(vec![in_text, self.number(&word.exact)]))
        } else if strictness == Strictness::Fuzzy && word.exact.chars().count() >= MIN_FUZZY {
            Box::new(FuzzyTermQuery::new(term, 1, true))
        } else {
            access::term(term, IndexRecordOption::WithFreqs)
        }
    }

    fn number(&self, number: &str) -> Box<dyn Query> {
        let term = Term::from_field_text(self.fields.reference, number);
        Box::new(BoostQuery::new(access::term(term, IndexRecordOption::Basic), NUMBER_BOOST))
    }

    fn strict(&self, strict: &Strict) -> Box<dyn Query> {
        match strict {
            Strict::Prefix(prefix) => {
                let term = Term::from_field_text(self.fields.body_x, prefix);
                Box::new(FuzzyTermQuery::new_prefix(term, 0, true))
            }
            Strict::Phrase(words) => self.in_order(words),
            Strict::Number { readings, words } => {
                let mut alternatives: Vec<_> = readings.iter().map(|reading| self.number(reading)).collect();
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

    /// Counts everything that the filters let through, and keeps as many of the first as can be asked for.
    fn collect(&self, strictness: Strictness, query: Box<dyn Query>) -> Result<Found> {
        let query = match access::filters(self.fields, &self.search.filters) {
            Some(filters) => access::limit(query, filters),
            None => query,
        };
        let wanted = self.end().max(1);
        let by_day = |order| TopDocs::with_limit(wanted).order_by_fast_field::<i64>(DAY, order);
        let (tally, addresses) = match self.sort() {
            Sort::Relevance => {
                let best = TopDocs::with_limit(wanted.max(RESCORED)).order_by_score();
                addresses(self.searcher.search(query.as_ref(), &(Tallying, best))?)
            }
            Sort::Newest => addresses(self.searcher.search(query.as_ref(), &(Tallying, by_day(Order::Desc)))?),
            Sort::Oldest => addresses(self.searcher.search(query.as_ref(), &(Tallying, by_day(Order::Asc)))?),
        };
        Ok(Found { strictness, tally, addresses })
    }

    /// Number of the last hit of the page.
    fn end(&self) -> usize {
        self.search.offset.saturating_add(self.search.limit.min(MAX_PAGE)).min(MAX_DEPTH)
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
        let page = ordered.into_iter().take(self.end()).skip(self.search.offset);
        page.map(|(score, address)| {
            let entry = read(self.searcher, self.fields, address)?;
            let (snippet, place) = excerpt::best(&entry.source, &scorer.occurrences(address)?, &marker);
            let subject = excerpt::subject(&entry.source, &marker);
            Ok(Hit { id: entry.id, kind: entry.kind, number: entry.source.number, score, subject, snippet, place })
        })
        .collect()
    }
}

fn addresses<K>((tally, found): (Tally, Vec<(K, DocAddress)>)) -> (Tally, Vec<DocAddress>) {
    (tally, found.into_iter().map(|(_, address)| address).collect())
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
    if let Some(column) = fast.str(KIND)?
        && let Some(value) = column.term_ords(address.doc_id).next()
    {
        column.ord_to_str(value, &mut kind).map_err(TantivyError::from)?;
    }
    let document: TantivyDocument = searcher.doc(address)?;
    let source = document.get_first(fields.source).and_then(|value| value.as_bytes()).unwrap_or_default();
    Ok(Stored { id, kind, source: serde_json::from_slice(source)? })
}
