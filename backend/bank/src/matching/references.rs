//! Which lines name which entries, and pairs by it.

use std::collections::{HashMap, HashSet};

use super::{BookEntry, Explanation, OpenLine, Settings, side::Sides};

/// A reference is told from other words by its length: of so many characters at least, three of them digits; of digits
/// alone, one more, so that no year is one.
const SHORT: usize = 4;
/// A longer one is no reference.
const LONG: usize = 40;
/// A reference may be written in so many words: `PV 2026 / 000123`.
const WORDS: usize = 6;
/// So many words of a line are looked at.
const WORDS_OF_LINE: usize = 400;

/// A reference, and who has it.
pub(super) struct Name {
    pub reference: String,
    /// Places of the lines that name it, and of the entries whose it is.
    pub lines: Vec<usize>,
    pub entries: Vec<usize>,
}

/// The references that both sides have.
pub(super) struct Names(pub Vec<Name>);

impl Names {
    pub fn find(lines: &[&OpenLine], entries: &[&BookEntry]) -> Self {
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut names: Vec<Name> = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            let own: HashSet<String> =
                entry.references.iter().filter_map(|text| normal(&words(text).concat())).collect();
            for reference in own {
                let at = *known.entry(reference.clone()).or_insert_with(|| {
                    names.push(Name { reference, lines: Vec::new(), entries: Vec::new() });
                    names.len() - 1
                });
                if let Some(name) = names.get_mut(at) {
                    name.entries.push(place);
                }
            }
        }
        for (place, line) in lines.iter().enumerate() {
            for at in named(line, &known) {
                if let Some(name) = names.get_mut(at) {
                    name.lines.push(place);
                }
            }
        }
        names.retain(|name| !name.lines.is_empty());
        names.sort_by(|one, other| one.reference.cmp(&other.reference));
        Self(names)
    }
}

/// Folded words of letters and digits.
fn words(text: &str) -> Vec<String> {
    let folded = diwan_kernel::text::fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(WORDS_OF_LINE).map(str::to_owned).collect()
}

/// A reference without the zeros before a number; `None` where it could be any word or number.
fn normal(text: &str) -> Option<String> {
    let length = text.chars().count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let enough = if digits == length { length > SHORT } else { length >= SHORT && digits >= 3 };
    let trimmed = if digits == length { text.trim_start_matches('0') } else { text };
    (enough && length <= LONG && !trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// The known references that stand in a line, as whole words, however the bank parted them.
fn named(line: &OpenLine, known: &HashMap<String, usize>) -> HashSet<usize> {
    let mut found = HashSet::new();
    for text in &line.references {
        let words = words(text);
        for start in 0..words.len() {
            let mut joined = String::new();
            for word in words.iter().skip(start).take(WORDS) {
                joined.push_str(word);
                if joined.len() > LONG * 4 {
                    break;
                }
                found.extend(normal(&joined).and_then(|reference| known.get(&reference)));
            }
        }
    }
    found
}

/// Pairs lines and entries of one amount that a reference links, where nothing else of that amount is linked to either. As
/// many lines as entries, of a rent that is paid every month, are paired in their order if their days fit.
pub(super) fn pair(sides: &mut Sides, names: &Names, settings: &Settings) {
    // The same lines and entries may be linked by several references: once is enough.
    let mut groups: HashMap<(Vec<usize>, Vec<usize>), &str> = HashMap::new();
    for name in &names.0 {
        let mut by_amount: HashMap<i64, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for place in &name.lines {
            if let Some(item) = sides.lines.0.get(*place).filter(|item| item.free) {
                by_amount.entry(item.amount).or_default().0.push(*place);
            }
        }
        for place in &name.entries {
            if let Some(item) = sides.entries.0.get(*place).filter(|item| item.free)
                && let Some((_, entries)) = by_amount.get_mut(&item.amount)
            {
                entries.push(*place);
            }
        }
        for group in by_amount.into_values().filter(|(_, entries)| !entries.is_empty()) {
            groups.entry(group).or_insert(&name.reference);
        }
    }
    let (mut lines, mut entries): (HashMap<usize, usize>, HashMap<usize, usize>) = Default::default();
    for (of_lines, of_entries) in groups.keys() {
        of_lines.iter().for_each(|place| *lines.entry(*place).or_default() += 1);
        of_entries.iter().for_each(|place| *entries.entry(*place).or_default() += 1);
    }
    for ((of_lines, of_entries), reference) in groups {
        let alone = of_lines.iter().all(|place| lines.get(place) == Some(&1))
            && of_entries.iter().all(|place| entries.get(place) == Some(&1));
        let fit = |(line, entry): (&usize, &usize)| match (sides.lines.date(*line), sides.entries.date(*entry)) {
            (Some(at_bank), Some(in_books)) => {
                (at_bank - in_books).num_days().unsigned_abs() <= u64::from(settings.days)
            }
            _ => false,
        };
        let fit = of_lines.len() == 1 || of_lines.iter().zip(&of_entries).all(fit);
        if alone && fit && of_lines.len() == of_entries.len() {
            for (line, entry) in of_lines.into_iter().zip(of_entries) {
                sides.join(&[line], &[entry], Explanation::Reference { reference: reference.to_owned() });
            }
        }
    }
}
