//! Reference numbers (رقم الكتاب): one canonical form for `ق ع/١/٢٣٤٥`, `قع-1-2345` and `2345\1\ق ع`.

use std::collections::BTreeSet;

use crate::analyze::words;

/// Longest reference number read, in characters; what is longer is not a number.
const MAX_CHARS: usize = 80;
/// Letters before the first slash are initials of a unit when they are no longer than this each (`ق ع`).
const MAX_INITIALS: usize = 2;
/// Most initials joined to one number.
const MAX_JOINED: usize = 4;

/// The canonical form: folded letters and digits, parts joined by `/`, nothing between letters of one part.
/// `None` when the text holds no digit or is too long for a number.
pub fn canonical(number: &str) -> Option<String> {
    let parts = parts(number);
    let canonical = parts.join("/");
    (canonical.contains(|c: char| c.is_ascii_digit()) && number.chars().count() <= MAX_CHARS).then_some(canonical)
}

/// The keys under which a record with this number is found: the canonical form, the same read from the other end
/// (digits get reversed when Arabic is copied), the bare serial, and `serial/year`.
pub fn keys(number: &str, year: Option<i32>) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let Some(canonical) = canonical(number) else { return keys };
    let parts: Vec<&str> = canonical.split('/').collect();
    keys.insert(parts.iter().rev().copied().collect::<Vec<_>>().join("/"));
    let numeric: Vec<&str> = parts.iter().copied().filter(|p| p.bytes().all(|b| b.is_ascii_digit())).collect();
    let (serial, own_year) = match *numeric.as_slice() {
        [.., serial, last] if is_year(last) && !is_year(serial) => (Some(serial), last.parse().ok()),
        [first, .., serial] if is_year(first) => (Some(serial), first.parse().ok()),
        [.., serial] => (Some(serial), None),
        [] => (None, None),
    };
    if let Some(serial) = serial {
        keys.insert(serial.to_owned());
        if let Some(year) = own_year.or(year) {
            keys.insert(format!("{serial}/{year}"));
        }
    }
    keys.insert(canonical);
    keys
}

/// The canonical numbers that one run of query words may mean. `before` are the words in front of `word`: initials set
/// apart by spaces (`ق ع/١/٢٣٤٥`) are joined in a second reading.
pub(crate) fn readings(before: &[&str], word: &str) -> Vec<String> {
    let Some(alone) = canonical(word) else { return Vec::new() };
    let initials: Vec<&str> =
        before.iter().rev().copied().take(MAX_JOINED).take_while(|w| is_initials(w)).collect::<Vec<_>>();
    let mut readings = vec![alone];
    if word.starts_with(char::is_alphabetic) {
        let mut joined = word.to_owned();
        for initial in initials {
            joined.insert_str(0, initial);
            readings.extend(canonical(&joined));
        }
    }
    readings
}

/// The folded parts of a number; initials written apart (`ق.ع`, `ق/ع`) are one part.
fn parts(number: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let pieces = number.split(['/', '\\', '-', '_', '.', '–', '\u{066B}']).map(|piece| words(piece).concat());
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        match parts.last_mut() {
            Some(last) if is_initials(last) && is_initials(&piece) => last.push_str(&piece),
            _ => parts.push(piece),
        }
    }
    parts
}

fn is_initials(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && word.chars().count() <= MAX_INITIALS
}

fn is_year(part: &str) -> bool {
    part.parse::<i32>().is_ok_and(|year| (1300..1500).contains(&year) || (1900..2100).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_every_spelling() {
        for spelling in ["ق ع/١/٢٣٤٥", "قع/1/2345", "قع-1-2345", "ق.ع/١/٢٣٤٥", "\u{202B}ق ع\u{202C}/۱/۲۳۴۵"]
        {
            assert_eq!(canonical(spelling).as_deref(), Some("قع/1/2345"), "{spelling}");
        }
        assert_eq!(canonical("وزارة المالية"), None);
        assert_eq!(canonical(&"1".repeat(200)), None);
    }

    #[test]
    fn keys_hold_serial_and_year() {
        let found = keys("ق ع/١/٢٣٤٥", Some(2023));
        for key in ["قع/1/2345", "2345", "2345/2023", "2345/1/قع"] {
            assert!(found.contains(key), "{key}");
        }
        assert!(keys("٢٣٤٥/٢٠٢٢", Some(2023)).contains("2345/2022"));
        assert!(keys("2022/55", None).contains("55/2022"));
        assert!(keys("2024", None).contains("2024"));
        assert!(keys("بلا رقم", Some(2023)).is_empty());
    }

    #[test]
    fn initials_set_apart_are_joined() {
        assert!(readings(&["كتاب", "ق"], "ع/١/٢٣٤٥").contains(&"قع/1/2345".to_owned()));
        assert_eq!(readings(&["كتاب"], "٢٣٤٥"), ["2345"]);
        assert!(readings(&[], "كتاب").is_empty());
    }
}
