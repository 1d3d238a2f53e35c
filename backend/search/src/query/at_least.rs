//! Entries that hold at least so many of a query's words.
//!
//! Tantivy merges the postings of such a query through a heap, entry by entry, and cannot skip: a line of fifteen words
//! costs a hundred milliseconds. Counting word by word into an array over the segment's entries touches each posting
//! once, in order.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// Entries that at least `needed` of the clauses find; the score is the sum of those that do.
#[derive(Debug)]
pub(crate) struct AtLeast {
    pub(crate) needed: usize,
    pub(crate) clauses: Vec<Box<dyn Query>>,
}

impl Clone for AtLeast {
    fn clone(&self) -> Self {
        Self { needed: self.needed, clauses: self.clauses.iter().map(|clause| clause.box_clone()).collect() }
    }
}

impl Query for AtLeast {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let clauses = self.clauses.iter().map(|clause| clause.weight(scoring)).collect::<Result<_, _>>()?;
        Ok(Box::new(Counting { needed: self.needed, clauses }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for clause in &self.clauses {
            clause.query_terms(visitor);
        }
    }
}

struct Counting {
    needed: usize,
    clauses: Vec<Box<dyn Weight>>,
}

impl Weight for Counting {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let entries = usize::try_from(reader.max_doc()).unwrap_or_default();
        let mut counted = vec![(0_u16, 0.0_f32); entries];
        for clause in &self.clauses {
            clause.for_each(reader, &mut |doc, score| {
                if let Some((count, sum)) = usize::try_from(doc).ok().and_then(|doc| counted.get_mut(doc)) {
                    *count += 1;
                    *sum += score;
                }
            })?;
        }
        let found = (0..).zip(counted).filter(|(_, (count, _))| usize::from(*count) >= self.needed.max(1));
        Ok(Box::new(Found { entries: found.map(|(doc, (_, sum))| (doc, sum * boost)).collect(), at: 0 }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("entry {doc} is not found by this query")));
        }
        Ok(Explanation::new("sum of the words it holds", scorer.score()))
    }
}

/// What was found in a segment, in order.
struct Found {
    entries: Vec<(DocId, Score)>,
    at: usize,
}

impl DocSet for Found {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.entries.len());
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.entries.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|(doc, _)| *doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.entries.get(self.at).map_or(TERMINATED, |(doc, _)| *doc)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for Found {
    fn score(&mut self) -> Score {
        self.entries.get(self.at).map_or(0.0, |(_, score)| *score)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, Occur, TermQuery};
    use tantivy::schema::{IndexRecordOption, Schema, TEXT};
    use tantivy::{Index, doc};

    use super::*;

    const WORDS: [&str; 6] = ["كتاب", "قرار", "لجنة", "عطاء", "موازنة", "تعميم"];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        /// Counting finds what Tantivy's merging finds, with the same scores, over several segments.
        #[test]
        fn counting_and_merging_agree(
            texts in prop::collection::vec(prop::collection::vec(0..WORDS.len(), 0..9), 1..40),
            asked in prop::collection::btree_set(0..WORDS.len(), 2..=WORDS.len()),
            needed in 2_usize..5,
        ) {
            let mut schema = Schema::builder();
            let text = schema.add_text_field("text", TEXT);
            let index = Index::create_in_ram(schema.build());
            let mut writer = index.writer_with_num_threads::<tantivy::TantivyDocument>(1, 15_000_000).unwrap();
            for (at, words) in texts.iter().enumerate() {
                let words: Vec<_> = words.iter().map(|word| WORDS[*word]).collect();
                writer.add_document(doc!(text => words.join(" "))).unwrap();
                if at % 15 == 14 {
                    writer.commit().unwrap();
                }
            }
            writer.commit().unwrap();
            let clause = |word: &usize| -> Box<dyn Query> {
                Box::new(TermQuery::new(Term::from_field_text(text, WORDS[*word]), IndexRecordOption::WithFreqs))
            };
            let counting = AtLeast { needed, clauses: asked.iter().map(clause).collect() };
            let merging = BooleanQuery::with_minimum_required_clauses(
                asked.iter().map(|word| (Occur::Should, clause(word))).collect(),
                needed,
            );
            let searcher = index.reader().unwrap().searcher();
            let all = |query: &dyn Query| {
                let mut found = searcher.search(query, &TopDocs::with_limit(100).order_by_score()).unwrap();
                found.sort_by_key(|(_, address)| *address);
                found
            };
            let (counted, merged) = (all(&counting), all(&merging));
            prop_assert_eq!(counted.len(), merged.len());
            for ((score, address), (other, same)) in counted.into_iter().zip(merged) {
                prop_assert_eq!(address, same);
                prop_assert!((score - other).abs() < 1e-4, "{} {}", score, other);
            }
        }
    }
}
