//! The passage of an entry that is shown with a hit.

use std::collections::HashSet;

use serde::Serialize;

use super::parse::{Parsed, Strict, Word};
use crate::analyze::{Words, is_format, stem};
use crate::index::{Place, Source, SourcePart};

/// Words of a passage.
const PASSAGE_WORDS: u32 = 36;
/// Words shown before the place that matters.
const LEAD_WORDS: u32 = 6;
/// Longest passage and longest subject, in characters.
const MAX_CHARS: usize = 400;

/// A piece of text with the words found marked. The text is plain: it is never to be read as HTML, and it holds no
/// control or bidi characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The text.
    pub text: String,
    /// The words found, in order, without overlaps.
    pub marks: Vec<Mark>,
}

/// A marked word of an [`Excerpt`], counted in characters (Unicode scalar values) of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// Characters before it.
    pub start: usize,
    /// Its characters.
    pub len: usize,
}

impl Excerpt {
    /// The text in runs, each marked or not; joined they are the text.
    pub fn runs(&self) -> Vec<(String, bool)> {
        let mut runs: Vec<(String, bool)> = Vec::new();
        for (at, c) in self.text.chars().enumerate() {
            let marked = self.marks.iter().any(|mark| (mark.start..mark.start + mark.len).contains(&at));
            match runs.last_mut() {
                Some((run, kind)) if *kind == marked => run.push(c),
                _ => runs.push((c.to_string(), marked)),
            }
        }
        runs
    }
}

/// Knows which words of a text are marked.
pub(crate) struct Marker<'a> {
    stems: HashSet<&'a str>,
    exact: HashSet<&'a str>,
    prefixes: Vec<&'a str>,
    /// Words of which some letters may be wrong.
    like: Vec<&'a Word>,
}

impl<'a> Marker<'a> {
    pub(crate) fn new(parsed: &'a Parsed) -> Self {
        let stems: HashSet<&str> = parsed.words.iter().flat_map(|word| &word.forms).map(String::as_str).collect();
        let exact = parsed.words.iter().filter(|word| stems.is_empty() || word.stem.is_some());
        let mut prefixes = Vec::new();
        for strict in &parsed.strict {
            gather_prefixes(strict, &mut prefixes);
        }
        let like = parsed.words.iter().filter(|word| word.wrong > 0);
        Self { exact: exact.map(|word| word.exact.as_str()).collect(), prefixes, like: like.collect(), stems }
    }

    /// Whether any word of a text is marked.
    pub(crate) fn marks_any(&self, text: &str) -> bool {
        let mut words = Words::new(text);
        while words.advance() {
            if self.marks(&words.word) {
                return true;
            }
        }
        false
    }

    pub(crate) fn marks(&self, word: &str) -> bool {
        self.exact.contains(word)
            || self.prefixes.iter().any(|prefix| word.starts_with(prefix))
            || self.stems.contains(stem(word).as_ref())
            || self.like.iter().any(|asked| asked.is_like(word))
    }
}

fn gather_prefixes<'a>(strict: &'a Strict, prefixes: &mut Vec<&'a str>) {
    match strict {
        Strict::Prefix(prefix) => prefixes.push(prefix),
        Strict::Either(parts) => parts.iter().for_each(|part| gather_prefixes(part, prefixes)),
        _ => {}
    }
}

/// Letters that differ between two words (Damerau and Levenshtein); none where they differ much in length.
pub(crate) fn distance(a: &str, b: &str) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return None;
    }
    let at = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let mut best = (at(&last, j) + usize::from(from != to)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from) {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied()
}

/// The subject with its words marked.
pub(crate) fn subject(source: &Source, marker: &Marker<'_>) -> Excerpt {
    passage(source.subject(), 0, u32::MAX, marker)
}

/// The passage where most of the query stands, and the part it is from. `occurrences` are positions in the body and
/// what a word there is worth.
pub(crate) fn best(source: &Source, occurrences: &[(u32, f32)], marker: &Marker<'_>) -> (Excerpt, Place) {
    let of_text = |part: &&SourcePart| !matches!(part.place, Place::Subject | Place::Parties);
    let text_start = source.parts.iter().find(of_text).map_or(u32::MAX, |part| part.start);
    let (lines, text): (Vec<_>, Vec<_>) = occurrences.iter().partition(|(position, _)| *position < text_start);
    let focus = densest(&text).or_else(|| (text_start == u32::MAX).then(|| densest(&lines)).flatten());
    let focus = focus.unwrap_or(if text_start == u32::MAX { 0 } else { text_start });
    let Some(part) = source.parts.iter().rev().find(|part| part.start <= focus) else {
        return (Excerpt::default(), Place::Text);
    };
    let first = (focus - part.start).saturating_sub(LEAD_WORDS);
    (stretch(part, first, first + PASSAGE_WORDS, marker), part.place.clone())
}

/// The words `first..last` of a part, cleaned, with marks.
pub(crate) fn stretch(part: &SourcePart, first: u32, last: u32, marker: &Marker<'_>) -> Excerpt {
    let (skipped, from) = part.checkpoint(first);
    let text = part.text.get(from..).unwrap_or_default();
    passage(text, first - skipped, last - skipped, marker)
}

/// Start of the window with the greatest worth.
fn densest(occurrences: &[&(u32, f32)]) -> Option<u32> {
    let mut best: Option<(f32, u32)> = None;
    for (at, (start, _)) in occurrences.iter().enumerate() {
        let window =
            occurrences.iter().skip(at).take_while(|(position, _)| position - start < PASSAGE_WORDS - LEAD_WORDS);
        let worth: f32 = window.map(|(_, worth)| worth).sum();
        if best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, *start));
        }
    }
    best.map(|(_, start)| start)
}

/// The words `first..last` of a text, cleaned, with marks.
fn passage(text: &str, first: u32, last: u32, marker: &Marker<'_>) -> Excerpt {
    let mut words = Words::new(text);
    let mut cleaner = Cleaner::default();
    let mut begun = None;
    let mut end = 0;
    while words.advance() && words.position < last && cleaner.chars < MAX_CHARS {
        if words.position < first {
            continue;
        }
        let start = *begun.get_or_insert(if first == 0 { 0 } else { words.from });
        end = end.max(start);
        cleaner.push(text.get(end..words.from).unwrap_or_default());
        let mark_start = cleaner.chars;
        cleaner.push(text.get(words.from..words.to).unwrap_or_default());
        if marker.marks(&words.word) {
            cleaner.excerpt.marks.push(Mark { start: mark_start, len: cleaner.chars - mark_start });
        }
        end = words.to;
    }
    // Signs that close the last word belong to it.
    let tail = text.get(end..).unwrap_or_default();
    cleaner.push(tail.split(char::is_whitespace).next().filter(|tail| tail.len() <= 8).unwrap_or_default());
    cleaner.excerpt
}

/// Copies text without control and bidi characters, white space as one space each.
#[derive(Default)]
struct Cleaner {
    excerpt: Excerpt,
    chars: usize,
}

impl Cleaner {
    fn push(&mut self, text: &str) {
        for c in text.chars().filter(|c| !is_format(*c)) {
            let space = c.is_whitespace() || c.is_control();
            if space && self.excerpt.text.chars().next_back().is_none_or(|last| last == ' ') {
                continue;
            }
            self.excerpt.text.push(if space { ' ' } else { c });
            self.chars += 1;
        }
    }
}
