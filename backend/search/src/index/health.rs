//! How the index is, and what it holds: for the status page and for comparing it with the database.

use std::ops::RangeInclusive;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, TantivyError};

use super::fields::STAMP;
use super::{Index, generation};
use crate::error::Result;

/// The size of the index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// Entries.
    pub entries: u64,
    /// Pieces it is in; a few dozen are many.
    pub segments: usize,
    /// Bytes on disk.
    pub bytes: u64,
}

impl Index {
    /// The size of the index that serves.
    pub fn health(&self) -> Health {
        let generation = self.generation();
        let searcher = generation.reader.searcher();
        Health {
            entries: searcher.num_docs(),
            segments: searcher.segment_readers().len(),
            bytes: generation::size(&generation.folder),
        }
    }

    /// The entries with ids in this range, each with its stamp ([`super::Entry::stamp`]), in order of ids. An entry that is
    /// there twice is named twice.
    ///
    /// # Errors
    /// When a file of the index cannot be read.
    pub fn stamps(&self, ids: RangeInclusive<u64>) -> Result<Vec<(u64, u64)>> {
        let generation = self.generation();
        let (searcher, field) = (generation.reader.searcher(), generation.fields.id);
        let mut found = Vec::new();
        for segment in searcher.segment_readers() {
            let (index, stamps) = (segment.inverted_index(field)?, segment.fast_fields().u64(STAMP)?);
            let (from, to) = (ids.start().to_be_bytes(), ids.end().to_be_bytes());
            let range = index.terms().range().ge(from).le(to);
            let mut terms = range.into_stream().map_err(TantivyError::from)?;
            while terms.advance() {
                let Ok(id) = terms.key().try_into().map(u64::from_be_bytes) else { continue };
                let postings = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic);
                let mut postings = postings.map_err(TantivyError::from)?;
                while postings.doc() != TERMINATED {
                    let doc = postings.doc();
                    if segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                        found.push((id, stamps.first(doc).unwrap_or_default()));
                    }
                    postings.advance();
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}
