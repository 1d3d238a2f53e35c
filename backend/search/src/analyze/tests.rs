//! Golden table of the analyser.

use tantivy::tokenizer::{TokenStream, TokenizerManager};

use super::{Words, register, stem, words};

/// Words that meet (`=`) and words that must not (`≠`), the first of a line with each of the others.
const PAIRS: &str = include_str!("golden.txt");

/// Original text and its exact words.
const EXACT: &[(&str, &[&str])] = &[
    ("القَانُونُ المَدَنِيّ", &["القانون", "المدني"]),
    ("آمنة أحمد إبراهيم ٱلله", &["امنه", "احمد", "ابراهيم", "الله"]),
    ("٢٠٢٣/٣/٢٠", &["2023", "3", "20"]),
    ("۱۴۰۲", &["1402"]),
    ("١٬٢٣٤٫٥", &["1234", "5"]),
    ("٤ من شوال ١٤٤٣هـ", &["4", "من", "شوال", "1443", "ه"]),
    ("٢٠٢٢م", &["2022", "م"]),
    ("A4 COVID19", &["a4", "covid19"]),
    ("ن\u{0658}ون", &["نون"]),
    ("مي\u{200C}شود", &["ميشود"]),
    ("\u{202B}قرار\u{202C}", &["قرار"]),
    ("الموضوع:تعيين؛وإعفاء،ونقل؟", &["الموضوع", "تعيين", "واعفاء", "ونقل"]),
    ("ﷺ", &["صلعم"]),
    ("﷼", &["ريال"]),
    ("ﷲ", &["الله"]),
    ("ﻷﺟﻞ", &["لاجل"]),
    ("شي\u{0621} ئ و\u{0654}", &["شيء", "ي", "و"]),
    ("École ÉTÉ", &["ecole", "ete"]),
    ("لَهُۥ", &["له"]),
    ("", &[]),
    ("ـــ ، ٬ . \u{200F}", &[]),
];

fn stem_of(text: &str) -> String {
    let words = words(text);
    assert_eq!(words.len(), 1, "{text} is one word");
    stem(&words[0]).into_owned()
}

/// The pairs of the table with one sign. `\\u200F` stands for a character that cannot be seen.
fn pairs(sign: &str) -> Vec<(String, String)> {
    let shown = |word: &str| {
        let mut parts = word.split("\\u");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |mut word, part| {
            let (code, rest) = part.split_at(4);
            word.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
            word.push_str(rest);
            word
        })
    };
    let lines = PAIRS.lines().filter(|line| !line.starts_with('#'));
    let split = lines.filter_map(|line| line.split_once(sign));
    let of = |(one, others): (&str, &str)| {
        let one = shown(one.trim());
        others.split_whitespace().map(|other| (one.clone(), shown(other))).collect::<Vec<_>>()
    };
    split.flat_map(of).collect()
}

#[test]
fn the_golden_table_holds() {
    let (same, different) = (pairs("="), pairs("≠"));
    let wrong: Vec<String> = same
        .iter()
        .filter(|(a, b)| stem_of(a) != stem_of(b))
        .map(|(a, b)| format!("{a} = {b}: {} {}", stem_of(a), stem_of(b)))
        .chain(
            different
                .iter()
                .filter(|(a, b)| stem_of(a) == stem_of(b))
                .map(|(a, b)| format!("{a} ≠ {b}: {}", stem_of(a))),
        )
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(same.len() >= 150 && different.len() >= 25, "{} and {} pairs", same.len(), different.len());
}

#[test]
fn exact_words() {
    for (text, expected) in EXACT {
        assert_eq!(words(text), *expected, "{text}");
    }
}

#[test]
fn stems_of_the_published_table() {
    for (word, expected) in
        [("وزارة", "وزار"), ("لوزارة", "وزار"), ("وزير", "وزير"), ("وثيقة", "وثيق"), ("ولاية", "ولا"), ("شئون", "شوون")]
    {
        assert_eq!(stem_of(word), expected);
    }
}

#[test]
fn offsets_point_into_the_original() {
    let text = "\u{202B}في القَانُـون\u{202C} رقم ١٬٢٣٤";
    let mut reader = Words::new(text);
    let mut seen = Vec::new();
    while reader.advance() {
        seen.push(text.get(reader.from..reader.to).unwrap());
    }
    assert_eq!(seen, ["في", "القَانُـون", "رقم", "١٬٢٣٤"]);
}

#[test]
fn fields_share_positions() {
    let manager = TokenizerManager::default();
    register(&manager);
    let positions = |name: &str| {
        let mut analyzer = manager.get(name).unwrap();
        let mut stream = analyzer.token_stream("قرار من مجلس الوزراء في عمان");
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().position, stream.token().text.clone()));
        }
        found
    };
    let exact = positions(super::EXACT);
    assert_eq!(exact.len(), 6);
    let stems = positions(super::STEM);
    assert_eq!(stems.iter().map(|(p, _)| *p).collect::<Vec<_>>(), [0, 2, 3, 5]);
    // Pieces have no place of their own: each comes as often as it stands in the stems, equal ones one behind the other.
    let pieces: Vec<String> = positions(super::GRAM).into_iter().map(|(_, piece)| piece).collect();
    let mut expected: Vec<String> = stems.iter().flat_map(|(_, stem)| super::grams(stem)).collect();
    let mut sorted = pieces.clone();
    expected.sort();
    sorted.sort();
    assert_eq!(sorted, expected);
    let mut once = pieces.clone();
    once.dedup();
    assert_eq!(once.len(), once.iter().collect::<std::collections::BTreeSet<_>>().len());
}
