//! English numbers, in the British manner: “one hundred and one”.

use super::groups;

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [&str; 6] = ["", "thousand", "million", "billion", "trillion", "quadrillion"];

/// “… only”, with a capital letter: so many units, and parts of which a unit has `of`.
pub(super) fn amount(units: u64, (parts, of): (u64, u64), (unit, fraction): (&str, &str)) -> String {
    let part = if fraction.is_empty() { format!("{parts}/{of}") } else { counted(parts, fraction) };
    only(&match (units, parts) {
        (units, 0) => counted(units, unit),
        (0, _) if !fraction.is_empty() => part,
        (units, _) => format!("{} and {part}", counted(units, unit)),
    })
}

/// A number with its noun, of which one and many are given with `/` between them; the one where there is no other.
fn counted(count: u64, forms: &str) -> String {
    let (one, many) = forms.split_once('/').unwrap_or((forms, forms));
    format!("{} {}", number(count), if count == 1 { one.trim() } else { many.trim() })
}

fn only(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase()).into_iter();
    format!("{} only", first.chain(letters).collect::<String>())
}

fn number(value: u64) -> String {
    if value == 0 {
        return word(&ONES, 0).to_owned();
    }
    let parts: Vec<String> = groups(value)
        .into_iter()
        .map(|(scale, group)| match SCALES.get(scale) {
            Some(name) if scale > 0 => format!("{} {name}", below_thousand(group)),
            _ if group < 100 && value >= 1000 => format!("and {}", below_thousand(group)),
            _ => below_thousand(group),
        })
        .collect();
    parts.join(" ")
}

fn below_thousand(value: u64) -> String {
    match value {
        0..20 => word(&ONES, value).to_owned(),
        20..100 if value.is_multiple_of(10) => word(&TENS, value / 10).to_owned(),
        20..100 => format!("{}-{}", word(&TENS, value / 10), word(&ONES, value % 10)),
        _ if value.is_multiple_of(100) => format!("{} hundred", word(&ONES, value / 100)),
        _ => format!("{} hundred and {}", word(&ONES, value / 100), below_thousand(value % 100)),
    }
}

fn word(words: &[&'static str], at: u64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
}
