//! One entry of the index: everything about one record that can be searched.

use std::hash::{Hash, Hasher};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;

use super::fields::Fields;
use crate::analyze::{BREAK_GAP, PART_BREAK, Words};
use crate::error::Result;
use crate::reference;

/// Most bytes of a subject or a party that are indexed; the rest is cut off.
pub const MAX_LINE_BYTES: usize = 4 << 10;
/// Most bytes of text of one entry that are indexed (about 3,000 pages); the rest is cut off.
pub const MAX_TEXT_BYTES: usize = 8 << 20;
/// Most parties, reference numbers, caveats or principals of one entry.
pub const MAX_LIST: usize = 1_000;

/// What the index knows of one record. Give top-secret records (سري للغاية) without `body`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Entry {
    /// Record id; an entry replaces the one with the same id.
    pub id: u64,
    /// Kind code (`letter`, `document`, …).
    pub kind: String,
    /// Agency (الجهة) that holds the record.
    pub agency: u64,
    /// State code.
    pub state: String,
    /// The record's own number, and other numbers it is known by (the sender's), as written.
    pub numbers: Vec<String>,
    /// Subject (الموضوع).
    pub subject: String,
    /// Names of senders, receivers and persons concerned.
    pub parties: Vec<String>,
    /// Date of the record.
    pub date: NaiveDate,
    /// Place in the classification plan, root first, joined by `/`.
    pub class: Option<String>,
    /// Secrecy level (درجة السرية): 0 عادي, 1 محدود, 2 سري, 3 سري للغاية.
    pub secrecy: u8,
    /// Caveats (قيود التداول); a reader must hold all of them.
    pub caveats: Vec<String>,
    /// Who may see it: unit, role and person principals; any one suffices, none means nobody.
    pub principals: Vec<String>,
    /// Main text and the texts of attachments.
    pub body: Vec<Part>,
}

/// One part of a record's text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Part {
    /// Name of the attachment; `None` for the record's own text.
    pub label: Option<String>,
    /// Page of the attachment, from 1.
    pub page: Option<u32>,
    /// Plain text.
    pub text: String,
}

/// Eight bytes at a time, multiplied and turned: quick, and the same with every compiler and on every machine, which the
/// standard hasher does not promise.
#[derive(Default)]
struct Stamp(u64);

impl Hasher for Stamp {
    fn write(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks(8) {
            let mut padded = [0_u8; 8];
            for (to, from) in padded.iter_mut().zip(eight) {
                *to = *from;
            }
            self.write_u64(u64::from_le_bytes(padded));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// The stored original of an entry.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Source {
    pub(crate) number: Option<String>,
    /// Subject, then parties, then parts, as they follow each other in the body fields.
    pub(crate) parts: Vec<SourcePart>,
}

/// One stretch of the body fields.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SourcePart {
    pub(crate) place: Place,
    pub(crate) text: String,
    /// Position of its first word in the body fields.
    pub(crate) start: u32,
    /// Number and byte offset of about every 512th word, so that a passage far inside is found without reading all
    /// before it.
    pub(crate) checkpoints: Vec<(u32, usize)>,
}

/// Words between two checkpoints.
const CHECKPOINT_WORDS: u32 = 512;

impl SourcePart {
    /// The last checkpoint at or before the word with this number: the number of its word and its byte offset.
    pub(crate) fn checkpoint(&self, word: u32) -> (u32, usize) {
        let after = self.checkpoints.partition_point(|(number, _)| *number <= word);
        after.checked_sub(1).and_then(|last| self.checkpoints.get(last)).copied().unwrap_or_default()
    }
}

/// Where in a record a text stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "in")]
pub enum Place {
    /// The subject line.
    Subject,
    /// The names of the parties.
    Parties,
    /// The record's own text.
    Text,
    /// An attachment.
    Attachment {
        /// Its name.
        label: String,
        /// Page, from 1, where known.
        page: Option<u32>,
    },
}

impl Entry {
    /// The engine's document for this entry.
    pub(crate) fn document(self, fields: &Fields) -> Result<TantivyDocument> {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.id, self.id);
        document.add_text(fields.kind, &self.kind);
        document.add_u64(fields.agency, self.agency);
        document.add_text(fields.state, &self.state);
        document.add_u64(fields.secrecy, u64::from(self.secrecy));
        document.add_i64(fields.day, i64::from(self.date.num_days_from_ce()) - EPOCH_DAYS);
        for caveat in &self.caveats {
            document.add_text(fields.caveats, caveat);
        }
        // The engine drops terms that are too long; a dropped caveat would open the record, so it closes it instead.
        if self.caveats.iter().all(|caveat| caveat.len() <= MAX_LINE_BYTES) {
            for principal in &self.principals {
                document.add_text(fields.principals, principal);
            }
        }
        for class in self.class.iter().flat_map(|path| ancestors(path)) {
            document.add_text(fields.class, class);
        }
        for number in self.numbers.iter().take(MAX_LIST) {
            for key in reference::keys(number, Some(self.date.year())) {
                document.add_text(fields.reference, key);
            }
        }
        document.add_u64(fields.stamp, self.stamp());
        let source = self.source();
        for party in source.parts.iter().filter(|part| part.place == Place::Parties) {
            document.add_text(fields.party_s, &party.text);
        }
        let subject = source.parts.first().map_or("", |part| part.text.as_str());
        document.add_text(fields.subject_x, subject);
        document.add_text(fields.subject_s, subject);
        document.add_bytes(fields.source, &serde_json::to_vec(&source)?);
        let text = source.joined();
        document.add_text(fields.body_g, &text);
        document.add_text(fields.body_s, &text);
        document.add_text(fields.body_x, text);
        Ok(document)
    }

    /// A number of everything the entry says: two entries that differ have different ones.
    pub fn stamp(&self) -> u64 {
        let mut stamp = Stamp::default();
        self.hash(&mut stamp);
        stamp.finish()
    }

    fn source(self) -> Source {
        let mut source = Source { number: self.numbers.into_iter().next(), parts: Vec::new() };
        let mut builder = SourceBuilder { left: MAX_TEXT_BYTES, position: 0, parts: Vec::new() };
        builder.push(Place::Subject, cut(self.subject, MAX_LINE_BYTES));
        for party in self.parties.into_iter().take(MAX_LIST) {
            builder.push(Place::Parties, cut(party, MAX_LINE_BYTES));
        }
        for part in self.body {
            let place = part.label.map_or(Place::Text, |label| Place::Attachment { label, page: part.page });
            builder.push(place, part.text);
        }
        source.parts = builder.parts;
        source
    }
}

/// Days from 0001-01-01 (day 1) to 1970-01-01.
pub(crate) const EPOCH_DAYS: i64 = 719_163;

impl Source {
    /// The text as it is indexed.
    fn joined(&self) -> String {
        let mut text = String::with_capacity(self.parts.iter().map(|part| part.text.len() + 1).sum());
        for part in &self.parts {
            text.push_str(&part.text);
            text.push(PART_BREAK);
        }
        text
    }

    pub(crate) fn subject(&self) -> &str {
        self.parts.first().map_or("", |part| &part.text)
    }
}

/// Lines parts up in the order of the body fields, up to the limit of text.
struct SourceBuilder {
    left: usize,
    position: u32,
    parts: Vec<SourcePart>,
}

impl SourceBuilder {
    fn push(&mut self, place: Place, text: String) {
        let mut text = cut(text, self.left);
        if text.contains(PART_BREAK) {
            text = text.replace(PART_BREAK, " ");
        }
        if text.is_empty() && place != Place::Subject {
            return;
        }
        self.left -= text.len();
        let start = self.position;
        let mut words = Words::new(&text);
        let mut checkpoints = Vec::new();
        while words.advance() {
            if words.position >= checkpoints.len() as u32 * CHECKPOINT_WORDS {
                checkpoints.push((words.position, words.from));
            }
        }
        self.position += words.next_position() + BREAK_GAP;
        self.parts.push(SourcePart { place, text, start, checkpoints });
    }
}

/// Shortens a text to at most `limit` bytes, at a character.
fn cut(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        let end = (0..=limit).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        text.truncate(end);
    }
    text
}

/// A class path and its ancestors: `1/13/131` gives `1`, `1/13`, `1/13/131`.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| at).chain([path.len()]).filter_map(|end| path.get(..end))
}
