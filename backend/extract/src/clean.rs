//! Cleaning that every extracted text gets: no control or bidi characters, no presentation forms, no heaps of blanks.

use unicode_normalization::UnicodeNormalization;

/// Cleans a text: control characters and bidi controls go, Arabic presentation forms become their letters, line ends
/// become `\n`, and at most one empty line remains between paragraphs.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut breaks = 0;
    for line in text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let start = cleaned.len();
        push_line(&mut cleaned, line);
        cleaned.truncate(cleaned.trim_end().len().max(start));
        if cleaned.len() == start {
            breaks += 1;
            continue;
        }
        let line = cleaned.split_off(start);
        if !cleaned.is_empty() {
            cleaned.push_str(if breaks > 1 { "\n\n" } else { "\n" });
        }
        cleaned.push_str(&line);
        breaks = 1;
    }
    cleaned
}

fn push_line(cleaned: &mut String, line: &str) {
    for character in line.chars() {
        match character {
            '\t' => cleaned.push('\t'),
            // Bidi and other format controls that change how text looks, not what it says.
            '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{61c}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{ad}' => {}
            _ if is_presentation_form(character) => cleaned.extend(std::iter::once(character).nfkc()),
            '\u{a0}' | '\u{202f}' => cleaned.push(' '),
            _ if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {}
            _ => cleaned.push(character),
        }
    }
}

/// Letters of Arabic in a fixed shape, as old files keep them. The honorific ligatures U+FDFA and U+FDFB stay: NFKC
/// would turn them into whole sentences.
fn is_presentation_form(character: char) -> bool {
    matches!(character, '\u{fb50}'..='\u{fdf9}' | '\u{fdfc}' | '\u{fe70}'..='\u{fefc}')
}

/// Cuts a text to at most `bytes` bytes, between characters. Tells whether it had to cut.
pub(crate) fn cut(text: &mut String, bytes: usize) -> bool {
    if text.len() <= bytes {
        return false;
    }
    text.truncate(text.floor_char_boundary(bytes));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_out_what_is_not_text() {
        assert_eq!(clean("\u{202b}رقم\u{202c}\u{200f} 12\u{0}\r\n\r\n\r\n\n  تجربة \t"), "رقم 12\n\n  تجربة");
        assert_eq!(clean("ﻣﺮﺣﺒﺎ ﺑﺎﻟﻌﺎﻟﻢ ﻻ"), "مرحبا بالعالم لا");
        assert_eq!(clean("\u{fdfa}"), "\u{fdfa}");
        assert_eq!(clean("\n\n"), "");
    }

    #[test]
    fn cuts_between_characters() {
        let mut text = "وزارة".to_owned();
        assert!(cut(&mut text, 5));
        assert_eq!(text, "وز");
        assert!(!cut(&mut text, 5));
    }
}
