//! Text that people type: what is accepted, and the folded form lists are filtered by.

use crate::FieldError;

/// The longest subject, in characters.
pub const SUBJECT_MAX: usize = 500;
/// The longest name or title, in characters.
pub const NAME_MAX: usize = 200;
/// The longest note, comment or reason, in characters.
pub const NOTE_MAX: usize = 4_000;

/// Characters that turn the direction of what follows and could make a subject read as another one.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// One line of text: trimmed, NFC, white space folded; refuses controls, bidi controls and too much of it.
///
/// # Errors
/// `required`, `too_long` (with `max`), `control_characters`.
pub fn line(field: &str, text: &str, max: usize) -> Result<String, FieldError> {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    check(field, &folded, max)
}

/// Several lines: as [`line`], but line breaks stay.
///
/// # Errors
/// As [`line`].
pub fn lines(field: &str, text: &str, max: usize) -> Result<String, FieldError> {
    let joined = text.replace("\r\n", "\n");
    check(field, joined.trim(), max)
}

/// The text with composed characters (NFC).
#[cfg(not(target_arch = "wasm32"))]
pub fn nfc(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfc(text).collect()
}

/// The text with composed characters (NFC). The browser has the tables for it.
#[cfg(target_arch = "wasm32")]
pub fn nfc(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFC").into()
}

fn check(field: &str, text: &str, max: usize) -> Result<String, FieldError> {
    if text.is_empty() {
        return Err(FieldError::new(field, "required"));
    }
    // A cheap bound first: a megabyte is refused before it is walked through several times.
    if text.len() > max.saturating_mul(8) || text.chars().count() > max {
        return Err(FieldError::new(field, "too_long").with("max", max));
    }
    if text.chars().any(|c| is_bidi_control(c) || (c.is_control() && c != '\n' && c != '\t')) {
        return Err(FieldError::new(field, "control_characters"));
    }
    Ok(nfc(text))
}

/// The folded form of a text for filtering lists: no tashkeel, one alef, one yeh, ASCII digits, lower case.
pub fn fold(text: &str) -> String {
    nfc(text)
        .chars()
        .filter_map(|c| {
            Some(match c {
                '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{0640}' => return None,
                c if is_bidi_control(c) => return None,
                'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
                'ى' | 'ی' => 'ي',
                'ة' => 'ه',
                'ؤ' => 'و',
                'ئ' => 'ي',
                '٠'..='٩' => ascii_digit(c, '٠'),
                '۰'..='۹' => ascii_digit(c, '۰'),
                c => c,
            })
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The text with Arabic and Persian digits written as Latin ones, without marks of direction and without blanks around it:
/// codes and numbers as people type or paste them.
pub fn latin_digits(text: &str) -> String {
    let digit = |c: char| match c {
        '٠'..='٩' => ascii_digit(c, '٠'),
        '۰'..='۹' => ascii_digit(c, '۰'),
        c => c,
    };
    text.trim().chars().filter(|c| !is_bidi_control(*c)).map(digit).collect()
}

pub(crate) fn ascii_digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

/// A `LIKE` pattern that finds `text` anywhere in a folded column; `\` escapes.
pub fn like_anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in fold(text.trim()).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cleaned_or_refused() {
        assert_eq!(line("subject", "  طلب   مناقلة ", 50).unwrap(), "طلب مناقلة");
        assert_eq!(line("subject", " \n ", 50).unwrap_err().code, "required");
        assert_eq!(line("subject", "كتاب\u{202e}رقم", 50).unwrap_err().code, "control_characters");
        let long = line("subject", &"ك".repeat(501), SUBJECT_MAX).unwrap_err();
        assert_eq!((long.code.as_str(), long.args["max"].as_str()), ("too_long", "500"));
        assert_eq!(line("subject", &"x".repeat(1 << 20), SUBJECT_MAX).unwrap_err().code, "too_long");
        assert_eq!(lines("note", "سطر\r\nسطر", 50).unwrap(), "سطر\nسطر");
    }

    #[test]
    fn folding_joins_what_people_type_differently() {
        assert_eq!(fold("إِدَارَةُ الأَشْغَالِ"), fold("اداره الاشغال"));
        assert_eq!(fold("رقم ١٨/٤"), "رقم 18/4");
        assert_eq!(fold("مسؤول"), "مسوول");
        assert_eq!(like_anywhere("50%_\\"), "%50\\%\\_\\\\%");
    }
}
