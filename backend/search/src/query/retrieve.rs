//! Finding candidates, counting them, and putting the answer together.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, FuzzyTermQuery, Occur, Query};
use tantivy::schema::Value;
use tantivy::{DocAddress, Order, Searcher, TantivyDocument, TantivyError, Term};

use super::at_least::AtLeast;
use super::excerpt::{self, Marker};
use super::facets::{Tally, Tallying};
use super::parse::{MIN_FUZZY, Parsed, Word};
use super::rank::Scorer;
use super::{Filters, Hit, Hits, MAX_DEPTH, MAX_PAGE, Search, Sort, access, attest, strict};
use crate::error::Result;
use crate::index::fields::{DAY, Fields, ID, KIND};
use crate::index::{Index, Source};

/// Candidates whose words' positions are read for the final score.
const RESCORED: usize = 200;
/// With fewer hits than this that hold half of the words, those that hold any are given too.
const ENOUGH: usize = 10;

/// Stems shorter than this may have one letter wrong at most, or every other word would be like them.
const SHORT: usize = 6;

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

/// What a search is made for.
#[derive(Clone, Copy)]
enum Wanted {
    /// A page, and the facets.
    Page,
    /// The first so many, and how many there are.
    First(usize),
    /// How many there are.
    Number,
}

impl Index {
    /// Searches.
    ///
    /// # Errors
    /// When the engine fails; never because of what was typed.
    pub fn search(&self, search: &Search) -> Result<Hits> {
        let started = Instant::now();
        let mut hits = self.ask(search, Wanted::Page, |asked, Found { strictness, tally, addresses }| {
            Ok(Hits {
                total: tally.total,
                hits: asked.page(addresses)?,
                facets: tally.facets(),
                relaxed: strictness != Strictness::Most,
                guessed: strictness == Strictness::Fuzzy,
                cut: asked.parsed.cut,
                took: Duration::ZERO,
            })
        })?;
        hits.took = started.elapsed();
        Ok(hits)
    }

    /// The ids of everything that a search finds, in the order it asks for; `None` where there are more than `most`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn find_ids(&self, search: &Search, most: usize) -> Result<Option<Vec<u64>>> {
        self.ask(search, Wanted::First(most), |asked, Found { tally, addresses, .. }| {
            if tally.total > most {
                return Ok(None);
            }
            let addresses = match asked.sort() {
                Sort::Relevance => {
                    let scorer = Scorer::new(asked.searcher, asked.fields, asked.parsed)?;
                    rescored(&scorer, addresses)?.into_iter().map(|(_, address)| address).collect()
                }
                Sort::Newest | Sort::Oldest => addresses,
            };
            let id = |address: DocAddress| -> Result<u64> {
                let column = asked.searcher.segment_reader(address.segment_ord).fast_fields().u64(ID)?;
                Ok(column.first(address.doc_id).unwrap_or_default())
            };
            addresses.into_iter().map(id).collect::<Result<_>>().map(Some)
        })
    }

    /// How many entries a search finds.
    pub(super) fn count(&self, search: &Search) -> Result<usize> {
        self.ask(search, Wanted::Number, |_, found| Ok(found.tally.total))
    }

    /// Finds, and makes of it what is wanted.
    fn ask<T>(
        &self,
        search: &Search,
        wanted: Wanted,
        answer: impl FnOnce(&Asked<'_>, Found) -> Result<T>,
    ) -> Result<T> {
        let generation = self.generation();
        let (searcher, fields) = (generation.reader.searcher(), &generation.fields);
        let mut parsed = Parsed::read_with(&search.text, &search.vocabulary);
        attest::attest(&mut parsed, &searcher, fields)?;
        let asked = Asked { searcher: &searcher, fields, parsed: &parsed, search, wanted };
        let found = asked.find()?;
        answer(&asked, found)
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
    wanted: Wanted,
}

impl Asked<'_> {
    /// Asks the strictest query that finds enough.
    fn find(&self) -> Result<Found> {
        let access = access::access(self.searcher, self.fields, &self.search.access)?;
        let without = self.without()?;
        let limited = |text| access::without(access::limit(text, access.box_clone()), &without);
        if self.parsed.is_empty() {
            return self.collect(Strictness::Most, limited(access::everything()));
        }
        let most = if self.words(true).len() > 1 { ENOUGH } else { 1 };
        for (strictness, enough) in [(Strictness::Most, most), (Strictness::Some, 1), (Strictness::Any, 1)] {
            if let Some(found) = self.collect_enough(strictness, limited(self.text(strictness)), enough)? {
                return Ok(found);
            }
        }
        self.collect(Strictness::Fuzzy, limited(self.text(Strictness::Fuzzy)))
    }

    /// What is enough is judged without the filters, so that choosing one never brings in what was not there before.
    fn collect_enough(&self, strictness: Strictness, query: Box<dyn Query>, enough: usize) -> Result<Option<Found>> {
        if self.search.filters == Filters::default() && self.parsed.filters == Filters::default() {
            let found = self.collect(strictness, query)?;
            return Ok(Some(found).filter(|found| found.tally.total >= enough));
        }
        let first = self.searcher.search(query.as_ref(), &TopDocs::with_limit(enough).order_by_score())?;
        if first.len() < enough { Ok(None) } else { self.collect(strictness, query).map(Some) }
    }

    /// The words that count, each stem once, alternatives together. Those of phrases, numbers and fields count by themselves
    /// only where `strict` does not demand the whole; words without meaning only when there are no others.
    fn words(&self, strict: bool) -> Vec<Vec<&Word>> {
        let without_meaning = self.parsed.words.iter().all(|word| word.stem.is_none());
        let counts = |word: &&Word| (word.free || !strict) && (word.stem.is_some() || without_meaning);
        let once: BTreeMap<&String, &Word> = self
            .parsed
            .words
            .iter()
            .filter(counts)
            .map(|word| (word.stem.as_ref().unwrap_or(&word.exact), word))
            .collect();
        let mut groups: BTreeMap<(Option<usize>, &String), Vec<&Word>> = BTreeMap::new();
        for (stem, word) in once {
            // Words of one group share its number as their key, others have their own stem.
            let key = word.either.map_or((None, stem), |either| (Some(either), &self.search.text));
            groups.entry(key).or_default().push(word);
        }
        groups.into_values().collect()
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
        let alternatives =
            |words: Vec<&Word>| strict::any_of(words.into_iter().map(|word| self.word(word, strictness)));
        let clauses: Vec<_> = words.into_iter().map(alternatives).collect();
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let occur = if strict { Occur::Must } else { Occur::Should };
        if !clauses.is_empty() {
            parts.push((occur, Box::new(AtLeast { needed, clauses })));
        }
        parts.extend(self.parsed.strict.iter().map(|one| (occur, strict::query(self.fields, one))));
        Box::new(BooleanQuery::new(parts))
    }

    fn word(&self, word: &Word, strictness: Strictness) -> Box<dyn Query> {
        let found = strict::word(self.fields, word);
        let wrong = if strictness == Strictness::Fuzzy { 1 } else { word.wrong };
        if word.is_serial() {
            strict::any_of([found, strict::number(self.fields, &word.exact)])
        } else if wrong > 0 && word.exact.chars().count() >= MIN_FUZZY {
            let stem = word.stem.as_ref().map(|stem| (self.fields.body_s, stem));
            let (field, text) = stem.unwrap_or((self.fields.body_x, &word.exact));
            let wrong = if text.chars().count() < SHORT { 1 } else { wrong };
            let like = FuzzyTermQuery::new(Term::from_field_text(field, text), wrong, true);
            strict::any_of([found, Box::new(like) as Box<dyn Query>])
        } else {
            found
        }
    }

    /// What is never given, whatever else is found.
    fn without(&self) -> Result<Vec<Box<dyn Query>>> {
        let mut without: Vec<_> = self.parsed.without.iter().map(|one| strict::query(self.fields, one)).collect();
        for filters in &self.parsed.without_filters {
            without.extend(access::filters(self.searcher, self.fields, filters)?);
        }
        Ok(without)
    }

    /// Counts everything that the filters let through, and keeps as many of the first as are wanted.
    fn collect(&self, strictness: Strictness, query: Box<dyn Query>) -> Result<Found> {
        let mut query = query;
        for filters in [&self.search.filters, &self.parsed.filters] {
            if let Some(filters) = access::filters(self.searcher, self.fields, filters)? {
                query = access::limit(query, filters);
            }
        }
        let wanted = match self.wanted {
            Wanted::Page => self.end().max(1),
            Wanted::First(most) => most.max(1),
            Wanted::Number => {
                let tally = Tally::of(self.searcher.search(query.as_ref(), &Count)?);
                return Ok(Found { strictness, tally, addresses: Vec::new() });
            }
        };
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
