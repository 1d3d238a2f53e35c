//! Texts to measure with: passages of real Arabic documents, or generated ones where the corpora are missing.

use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use diwan_kernel::text::is_bidi_control;
use serde_json::Value;

use crate::report::say;

/// Words of a passage.
const PASSAGE: usize = 60;
/// Passages that follow each other in the list are this far apart in the corpora: a prime, so that none comes twice early.
const STEP: usize = 7_919;
/// How far from the first half of a passage its second half is taken.
const OTHER: usize = 1_009;

/// Passages, as many as are wanted, in an order that mixes their sources.
pub struct Texts {
    passages: Vec<String>,
}

impl Texts {
    /// Reads the corpora below `data`; generates texts where there are none.
    pub fn load(data: &Path) -> Result<Self> {
        let corpus = data.join("corpus");
        let mut passages = Vec::new();
        if corpus.is_dir() {
            for file in jsonl(&corpus)? {
                for line in fs::read_to_string(file)?.lines() {
                    let Value::Object(fields) = serde_json::from_str(line)? else { continue };
                    let Some(text) = fields.get("text").and_then(Value::as_str) else { continue };
                    let text: String = text
                        .chars()
                        .filter(|c| c.is_whitespace() || !(c.is_control() || is_bidi_control(*c)))
                        .collect();
                    let words: Vec<&str> = text.split_whitespace().collect();
                    passages.extend(words.chunks(PASSAGE).map(|words| words.join(" ")));
                }
            }
            say(format_args!(
                "texts: {} passages of {} words of the corpora in {}",
                passages.len(),
                PASSAGE,
                corpus.display()
            ));
        } else {
            passages = generated();
            say(format_args!("texts: GENERATED, because there is no folder {}", corpus.display()));
        }
        Ok(Self { passages })
    }

    /// The passage of that number. When there are too few, each further one is half of one and half of another.
    pub fn at(&self, number: usize) -> Cow<'_, str> {
        let round = number / self.passages.len().max(1);
        let one = self.whole(number);
        if round == 0 {
            return Cow::Borrowed(one);
        }
        let other = self.whole(number.wrapping_add(round * OTHER));
        let halves = one.split_whitespace().take(PASSAGE / 2).chain(other.split_whitespace().skip(PASSAGE / 2));
        Cow::Owned(halves.collect::<Vec<_>>().join(" "))
    }

    fn whole(&self, number: usize) -> &str {
        let place = number.wrapping_mul(STEP) % self.passages.len().max(1);
        self.passages.get(place).map_or("", String::as_str)
    }

    /// Words from the middle of a passage.
    pub fn words(&self, number: usize, count: usize) -> String {
        self.at(number).split_whitespace().skip(11).take(count).collect::<Vec<_>>().join(" ")
    }

    /// The first words of a passage, as a subject.
    pub fn subject(&self, number: usize) -> String {
        self.at(number).split_whitespace().take(8).collect::<Vec<_>>().join(" ")
    }
}

/// The lines of text of a file of the retrieval sets.
pub fn queries(file: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for line in fs::read_to_string(file)?.lines() {
        texts.extend(serde_json::from_str::<Value>(line)?.get("text").and_then(Value::as_str).map(str::to_owned));
    }
    Ok(texts)
}

fn jsonl(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(jsonl(&path)?);
        } else if path.extension().is_some_and(|ext| ext == "jsonl") && !path.ends_with("queries.jsonl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Words made of common syllables, common words often and rare ones rarely.
fn generated() -> Vec<String> {
    const SYLLABLES: [&str; 16] =
        ["ال", "مـ", "كت", "قر", "ار", "ون", "مع", "لم", "دي", "وا", "سج", "حس", "با", "تن", "ظي", "فة"];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) % below
    };
    let syllable = |n: u64| SYLLABLES.get(usize::try_from(n % 16).unwrap_or(0)).copied().unwrap_or("با");
    let mut passage = || {
        let mut word = || {
            let limit = 1 + next(20_000);
            let n = next(limit);
            [syllable(n), syllable(n >> 4), syllable(n >> 8), syllable(n >> 12)].concat()
        };
        (0..PASSAGE).map(|_| word()).collect::<Vec<_>>().join(" ")
    };
    (0..100_000).map(|_| passage()).collect()
}
