//! Scoring the best candidates again, with everything known about where the words stand.
//!
//! The first pass finds candidates by stems alone. The second reads the positions of all query words in each candidate
//! and adds up: BM25 over stems, exact words and three-letter pieces of stems; closeness of the stems (after Büttcher,
//! Clarke and Lushman); the window that holds most of the query, which tells a long text about it from one that has its words
//! here and there; and the longest run of query words that stands in the text exactly as typed. Stems and pieces win for
//! questions and keywords, the run for people who type a subject as they remember it.

use std::collections::{BTreeMap, HashMap};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader, Term};

use super::closeness::{Occurrence, closeness, longest_run, window};
use super::parse::Parsed;
use crate::analyze::grams;
use crate::error::Result;
use crate::index::fields::Fields;

/// BM25 saturation and length normalisation: flatter than the usual 1.2 and 0.75, as letters differ much in length.
const K1: f32 = 0.9;
const B: f32 = 0.5;

/// Weights of what is added to the BM25 of the stems. One setting for all collections, measured with `eval`: with a tenth
/// more or less of any one of them every collection stays above its gate.
const EXACT: f32 = 0.6;
const GRAM: f32 = 0.5;
const SUBJECT: f32 = 0.3;
const CLOSE: f32 = 0.9;
const RUN: f32 = 0.4;
const WINDOW: f32 = 0.2;
/// Words of the window in which as much of the query as possible is looked for.
const WINDOW_WORDS: u32 = 40;
/// For an entry whose own number is the one asked for.
const NUMBER: f32 = 3.0;

/// The words of a query with what the index knows of them.
pub(crate) struct Scorer<'a> {
    searcher: &'a Searcher,
    stems: Group,
    exact: Group,
    grams: Group,
    subject: Group,
    numbers: Group,
}

/// Terms of one field.
struct Group {
    field: Field,
    terms: Vec<Weighted>,
    /// Words per entry in this field.
    average_length: f32,
}

/// A word in its forms, where their postings are in each segment, its rarity (inverse document frequency), and which words
/// of the query it stands for.
struct Weighted {
    forms: Vec<String>,
    postings: Vec<Vec<TermInfo>>,
    idf: f32,
    at: Vec<usize>,
}

/// A candidate being scored.
struct Candidate {
    address: DocAddress,
    score: f32,
    stems: Vec<Occurrence>,
    exact: Vec<Occurrence>,
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(searcher: &'a Searcher, fields: &Fields, parsed: &Parsed) -> Result<Self> {
        let words = || parsed.words.iter().enumerate();
        let stems = || words().filter(|(_, word)| !word.forms.is_empty()).map(|(at, word)| (at, word.forms.clone()));
        let alone = |at: usize, form: String| (at, vec![form]);
        let bases = words().filter_map(|(at, word)| Some((at, word.forms.first()?)));
        let pieces = bases.flat_map(|(at, stem)| grams(stem).into_iter().map(move |gram| alone(at, gram)));
        let numbers = parsed.numbers().map(|number| alone(0, number.clone()));
        Ok(Self {
            searcher,
            stems: Group::new(searcher, fields.body_s, stems())?,
            exact: Group::new(searcher, fields.body_x, words().map(|(at, word)| alone(at, word.exact.clone())))?,
            grams: Group::new(searcher, fields.body_g, pieces)?,
            subject: Group::new(searcher, fields.subject_s, stems())?,
            numbers: Group::new(searcher, fields.reference, numbers)?,
        })
    }

    /// The score of each candidate, in the order given.
    pub(crate) fn score(&self, addresses: &[DocAddress]) -> Result<Vec<f32>> {
        let mut order: Vec<usize> = (0..addresses.len()).collect();
        order.sort_by_key(|at| addresses.get(*at));
        let mut candidates: Vec<Candidate> =
            order.iter().filter_map(|at| addresses.get(*at)).map(new_candidate).collect();
        for segment in candidates.chunk_by_mut(|a, b| a.address.segment_ord == b.address.segment_ord) {
            self.score_segment(segment)?;
        }
        let mut scores = vec![0.0; addresses.len()];
        for (at, candidate) in order.into_iter().zip(candidates) {
            if let Some(score) = scores.get_mut(at) {
                *score = candidate.score;
            }
        }
        Ok(scores)
    }

    /// Where the query's words stand in one entry: their stems, or the words themselves when none has a stem.
    pub(crate) fn occurrences(&self, address: DocAddress) -> Result<Vec<(u32, f32)>> {
        let group = if self.stems.terms.is_empty() { &self.exact } else { &self.stems };
        let mut candidate = [new_candidate(&address)];
        let mut found = Vec::new();
        group.visit(self.searcher, &mut candidate, true, |_, term, _, positions| {
            found.extend(positions.iter().map(|position| (*position, term.idf)));
        })?;
        found.sort_by_key(|(position, _)| *position);
        Ok(found)
    }

    /// Adds up for the candidates of one segment, in order.
    fn score_segment(&self, candidates: &mut [Candidate]) -> Result<()> {
        let Some(segment) = segment_of(self.searcher, candidates) else { return Ok(()) };
        self.stems.visit(self.searcher, candidates, true, |candidate, term, bm25, positions| {
            candidate.score += bm25;
            let at = term.at.first().copied().unwrap_or_default();
            candidate.stems.extend(positions.iter().map(|position| (*position, at)));
        })?;
        self.exact.visit(self.searcher, candidates, true, |candidate, term, bm25, positions| {
            candidate.score += EXACT * bm25;
            let all = |position: &u32| term.at.iter().map(|at| (*position, *at)).collect::<Vec<_>>();
            candidate.exact.extend(positions.iter().flat_map(all));
        })?;
        self.grams.visit(self.searcher, candidates, false, |candidate, _, bm25, _| candidate.score += GRAM * bm25)?;
        self.subject
            .visit(self.searcher, candidates, false, |candidate, _, bm25, _| candidate.score += SUBJECT * bm25)?;
        self.numbers.visit(self.searcher, candidates, false, |candidate, term, _, _| {
            candidate.score += NUMBER * (2.0 + term.idf)
        })?;
        let (stem_idf, exact_idf) = (self.stems.idf_by_word(), self.exact.idf_by_word());
        let norms = norms(segment, self.stems.field)?;
        for candidate in candidates {
            let length = norms.fieldnorm(candidate.address.doc_id) as f32;
            let close = closeness(&mut candidate.stems, &stem_idf, length / self.stems.average_length);
            candidate.score += CLOSE * close + RUN * longest_run(&mut candidate.exact, &exact_idf);
            candidate.score += WINDOW * window(&candidate.stems, &stem_idf, WINDOW_WORDS);
        }
        Ok(())
    }
}

fn new_candidate(address: &DocAddress) -> Candidate {
    Candidate { address: *address, score: 0.0, stems: Vec::new(), exact: Vec::new() }
}

fn segment_of<'a>(searcher: &'a Searcher, candidates: &[Candidate]) -> Option<&'a SegmentReader> {
    candidates.first().map(|first| searcher.segment_reader(first.address.segment_ord))
}

fn norms(segment: &SegmentReader, field: Field) -> Result<FieldNormReader> {
    Ok(segment.get_fieldnorms_reader(field)?)
}

impl Group {
    fn new(searcher: &Searcher, field: Field, words: impl Iterator<Item = (usize, Vec<String>)>) -> Result<Self> {
        let mut by_forms: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for (at, forms) in words {
            by_forms.entry(forms).or_default().push(at);
        }
        let documents = searcher.num_docs().max(1);
        let mut segments = Vec::new();
        for segment in searcher.segment_readers() {
            segments.push(segment.inverted_index(field)?);
        }
        let tokens: u64 = segments.iter().map(|segment| segment.total_num_tokens()).sum();
        let mut terms = Vec::with_capacity(by_forms.len());
        for (forms, at) in by_forms {
            let own: Vec<Term> = forms.iter().map(|form| Term::from_field_text(field, form)).collect();
            let mut postings: Vec<Vec<TermInfo>> = Vec::with_capacity(segments.len());
            for segment in &segments {
                let found: std::io::Result<Vec<_>> = own.iter().map(|term| segment.get_term_info(term)).collect();
                postings.push(found.map_err(tantivy::TantivyError::from)?.into_iter().flatten().collect());
            }
            let found: u64 = postings.iter().flatten().map(|info| u64::from(info.doc_freq)).sum();
            if found > 0 {
                terms.push(Weighted { forms, postings, idf: idf(found, documents), at });
            }
        }
        // Sums of floats depend on their order.
        terms.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.forms.cmp(&b.forms)));
        Ok(Self { field, terms, average_length: (tokens as f32 / documents as f32).max(1.0) })
    }

    /// Rarity by number of the word in the query.
    fn idf_by_word(&self) -> HashMap<usize, f32> {
        self.terms.iter().flat_map(|term| term.at.iter().map(|at| (*at, term.idf))).collect()
    }

    /// Calls `found` for every word and candidate (all of one segment, in order) that holds it, with the word's BM25 and,
    /// where they are wanted, its positions.
    fn visit(
        &self,
        searcher: &Searcher,
        candidates: &mut [Candidate],
        positions: bool,
        mut found: impl FnMut(&mut Candidate, &Weighted, f32, &[u32]),
    ) -> Result<()> {
        let Some(segment) = segment_of(searcher, candidates) else { return Ok(()) };
        let ord =
            candidates.first().and_then(|first| usize::try_from(first.address.segment_ord).ok()).unwrap_or_default();
        let index = segment.inverted_index(self.field)?;
        let norms = norms(segment, self.field).ok();
        let record = if positions { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
        let (mut places, mut of_form) = (Vec::new(), Vec::new());
        for term in &self.terms {
            let infos = term.postings.get(ord).into_iter().flatten();
            let forms = infos.map(|info| index.read_postings_from_terminfo(info, record));
            let mut forms: Vec<SegmentPostings> =
                forms.collect::<std::io::Result<_>>().map_err(tantivy::TantivyError::from)?;
            for candidate in &mut *candidates {
                let doc: DocId = candidate.address.doc_id;
                let mut tf = 0;
                places.clear();
                for postings in &mut forms {
                    if postings.doc() < doc {
                        postings.seek(doc);
                    }
                    if postings.doc() == doc {
                        tf += postings.term_freq();
                        if positions {
                            postings.positions(&mut of_form);
                            places.append(&mut of_form);
                        }
                    }
                }
                if tf > 0 {
                    let length = norms.as_ref().map_or(self.average_length, |norms| norms.fieldnorm(doc) as f32);
                    let tf = tf as f32;
                    let saturated = tf / (tf + K1 * (1.0 - B + B * length / self.average_length));
                    found(candidate, term, term.idf * term.at.len() as f32 * saturated, &places);
                }
            }
        }
        Ok(())
    }
}

fn idf(found: u64, documents: u64) -> f32 {
    let (found, documents) = (found as f32, documents.max(found) as f32);
    (1.0 + (documents - found + 0.5) / (found + 0.5)).ln()
}
