//! Guarded light stemming (تجذيع خفيف): light10 of Larkey, Ballesteros and Connell, with a lexicon that keeps it from
//! cutting radical letters of government nouns (وزارة must not lose its و) and lets it cut ب ل ك ف before known words.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use super::lexicon::{KEPT_ENDINGS, KNOWN, QUESTIONS, STOP_WORDS};
use super::plurals::PLURALS;
use super::words::{is_arabic, words};

/// Article prefixes, longest first within each letter; what is left must have at least two letters.
const ARTICLES: [&str; 6] = ["وال", "بال", "كال", "فال", "ال", "لل"];
/// One-letter particles that are cut only before a word of the lexicon (و also elsewhere, the others where a query finds the
/// rest in the index).
pub(crate) const PARTICLES: [char; 5] = ['و', 'ف', 'ب', 'ل', 'ك'];
/// Suffixes, each tried once in this order; what is left must have at least two letters.
const SUFFIXES: [&str; 8] = ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];

static STOP: LazyLock<HashSet<String>> =
    LazyLock::new(|| STOP_WORDS.iter().flat_map(|w| words(w)).chain(words(QUESTIONS)).collect());
/// Stems of broken plurals with the stem of their singular.
static PLURAL: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut stems = HashMap::new();
    for line in PLURALS.lines() {
        let forms: Vec<String> = words(line).iter().map(|word| strip_suffixes(word).to_owned()).collect();
        if let Some((singular, plurals)) = forms.split_first() {
            stems.extend(plurals.iter().filter(|plural| *plural != singular).map(|p| (p.clone(), singular.clone())));
        }
    }
    stems
});
static ENDINGS: LazyLock<HashSet<String>> = LazyLock::new(|| KEPT_ENDINGS.iter().flat_map(|w| words(w)).collect());
static LEXICON: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let known = KNOWN.iter().chain(KEPT_ENDINGS).flat_map(|w| words(w));
    known.chain(words(PLURALS)).map(|w| strip_suffixes(&w).to_owned()).collect()
});

/// True for words that carry no meaning of their own (من، في، على، the): the stem field leaves them out.
pub(crate) fn is_stop(word: &str) -> bool {
    STOP.contains(word)
}

/// The stem of one normalised word.
pub fn stem(word: &str) -> Cow<'_, str> {
    match word.chars().next() {
        Some(c) if is_arabic(c) => {
            let stem = arabic(word);
            Cow::Borrowed(PLURAL.get(stem).map_or(stem, String::as_str))
        }
        Some(c) if c.is_ascii_alphabetic() => Stemmer::new(Algorithm::English).stem(word),
        _ => Cow::Borrowed(word),
    }
}

fn arabic(word: &str) -> &str {
    let whole = strip_suffixes(word);
    if known(whole) {
        return whole;
    }
    if let Some(rest) = word.strip_prefix(PARTICLES).filter(|rest| letters(rest) >= 2) {
        let base = strip_suffixes(rest);
        if known(base) {
            return base;
        }
    }
    if let Some(rest) = strip_article(word) {
        return strip_suffixes(rest);
    }
    match word.strip_prefix('و').filter(|rest| letters(rest) >= 3) {
        Some(rest) => strip_suffixes(strip_article(rest).unwrap_or(rest)),
        None => whole,
    }
}

fn known(base: &str) -> bool {
    LEXICON.contains(base)
}

fn strip_article(word: &str) -> Option<&str> {
    ARTICLES.iter().find_map(|article| word.strip_prefix(article).filter(|rest| letters(rest) >= 2))
}

fn strip_suffixes(word: &str) -> &str {
    let mut rest = word;
    for suffix in SUFFIXES {
        let Some(left) = rest.strip_suffix(suffix).filter(|left| letters(left) >= 2) else { continue };
        if ENDINGS.contains(rest) {
            break;
        }
        rest = left;
    }
    rest
}

fn letters(word: &str) -> usize {
    word.chars().count()
}
