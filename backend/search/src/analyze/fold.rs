//! Folding of one code point: what is kept, what is dropped, what splits words.
//!
//! Folding works code point by code point *before* words are cut, because several marks and all format characters
//! would otherwise split a word in two. Nothing here looks at the whole text, so offsets into the original survive.

use unicode_normalization::char::{decompose_canonical, decompose_compatible, is_combining_mark};

/// What one code point does to the word it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A letter or digit; its folded form was appended.
    Letter,
    /// A mark that belongs to the letter before it (harakat, tatweel); dropped.
    Mark,
    /// An invisible control (bidi, zero width); dropped, and never highlighted.
    Format,
    /// The thousands separator `٬`: dropped between digits, a splitter elsewhere.
    Thousands,
    /// Anything else: ends the word.
    Split,
}

/// Appends the folded form of `c` to `out` and says what `c` was. `rest` is the text after `c`.
pub(crate) fn fold(c: char, rest: &str, out: &mut String) -> Class {
    if c.is_ascii() {
        return fold_ascii(c, out);
    }
    // Most of what is read: letters of Arabic, among which is neither a mark nor a control.
    if matches!(c, '\u{0621}'..='\u{063A}' | '\u{0641}'..='\u{064A}')
        && let Some(letter) = fold_arabic(c, rest)
    {
        out.push(letter);
        return Class::Letter;
    }
    if is_mark(c) {
        return Class::Mark;
    }
    if is_format(c) {
        return Class::Format;
    }
    if let Some(letter) = fold_arabic(c, rest) {
        out.push(letter);
        return Class::Letter;
    }
    match c {
        '\u{066C}' => Class::Thousands,
        '\u{FDFA}' => push(out, "صلعم"),
        '\u{FDFC}' => push(out, "ريال"),
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' => fold_presentation(c, out),
        _ if c.is_alphanumeric() => fold_other(c, out),
        _ => Class::Split,
    }
}

fn push(out: &mut String, text: &str) -> Class {
    out.push_str(text);
    Class::Letter
}

fn fold_ascii(c: char, out: &mut String) -> Class {
    if c.is_ascii_alphanumeric() {
        out.push(c.to_ascii_lowercase());
        Class::Letter
    } else {
        Class::Split
    }
}

/// Harakat (الحركات), Quranic signs, tatweel (التطويل) and Latin combining accents.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{0610}'..='\u{061A}' | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}'
        | '\u{08D3}'..='\u{08E1}' | '\u{08E3}'..='\u{08FF}')
}

/// Bidi controls, zero-width characters, soft hyphen, byte order mark.
pub(crate) fn is_format(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Arabic letters that are one letter to a reader, and the two families of Arabic digits.
fn fold_arabic(c: char, rest: &str) -> Option<char> {
    Some(match c {
        'آ' | 'أ' | 'إ' | 'ٱ' | '\u{0672}' | '\u{0673}' | '\u{0675}' => 'ا',
        // شئون and شؤون, مسئول and مسؤول are two spellings of one word: ئ before و is written و.
        'ئ' if next_letter(rest) == Some('و') => 'و',
        'ى' | 'ئ' | '\u{06CC}' | '\u{06D2}' | '\u{06D3}' => 'ي',
        'ؤ' => 'و',
        'ة' | '\u{06BE}' | '\u{06C0}'..='\u{06C3}' | '\u{06D5}' => 'ه',
        '\u{06A9}' | '\u{06AA}' => 'ك',
        '\u{0660}'..='\u{0669}' => digit(c, '\u{0660}'),
        '\u{06F0}'..='\u{06F9}' => digit(c, '\u{06F0}'),
        '\u{0621}'..='\u{064A}' => c,
        _ => return None,
    })
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

fn next_letter(rest: &str) -> Option<char> {
    rest.chars().find(|c| !is_mark(*c) && !is_format(*c))
}

/// Presentation forms (أشكال العرض) come from old encodings and from PDF text layers; ligatures give several letters.
fn fold_presentation(c: char, out: &mut String) -> Class {
    let before = out.len();
    decompose_compatible(c, |part| {
        if part.is_alphanumeric() && !is_mark(part) {
            out.push(fold_arabic(part, "").unwrap_or(part));
        }
    });
    if out.len() > before { Class::Letter } else { Class::Mark }
}

/// Other scripts: lower case; Latin letters also lose their accents (é and e + U+0301 must meet).
fn fold_other(c: char, out: &mut String) -> Class {
    let latin = matches!(c, '\u{00C0}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}');
    for lower in c.to_lowercase() {
        if latin {
            decompose_canonical(lower, |part| {
                if !is_combining_mark(part) {
                    out.push(part);
                }
            });
        } else {
            out.push(lower);
        }
    }
    Class::Letter
}
