//! Drawings in DXF: the texts, attributes and titles that stand in them.
//!
//! A DXF file is lines in pairs, a group code and its value. Only entities that carry text are looked at; what the file
//! draws is nobody's business here.

use encoding_rs::Encoding;

use crate::collect::Collector;
use crate::input::Input;
use crate::outcome::{PartKind, Reason, WarningCode};
use crate::text;

/// Reads a drawing.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let bytes = input.read()?;
    let (decoded, guessed) = decode(&bytes);
    if let Some(charset) = guessed {
        collector.warn(WarningCode::CharsetGuessed, Some(charset));
    }
    let (found, whole) = texts(&decoded);
    collector.add(PartKind::Drawing, None, None, &found);
    // The last pair of a whole drawing says so.
    if whole { Ok(()) } else { Err(Reason::Corrupt) }
}

/// Drawings before AutoCAD 2007 name their code page, later ones are UTF-8.
fn decode(bytes: &[u8]) -> (String, Option<&'static str>) {
    if std::str::from_utf8(bytes).is_ok() {
        return text::decode(bytes);
    }
    let head = String::from_utf8_lossy(bytes.get(..64 * 1024).unwrap_or(bytes)).into_owned();
    let declared = pairs(&head).skip_while(|(code, value)| (*code, value.trim()) != (9, "$DWGCODEPAGE")).nth(1);
    let page = declared.map(|(_, value)| value.trim().to_ascii_lowercase().replace("ansi_", "windows-"));
    match page.and_then(|label| Encoding::for_label(label.as_bytes())) {
        Some(encoding) => (encoding.decode_without_bom_handling(bytes).0.into_owned(), None),
        None => text::decode(bytes),
    }
}

/// The pairs of a drawing; ends at what is none.
fn pairs(text: &str) -> impl Iterator<Item = (i32, &str)> {
    let mut lines = text.lines();
    std::iter::from_fn(move || Some((lines.next()?.trim().parse().ok()?, lines.next()?)))
}

/// The texts of the entities in their order, a line each, and whether the drawing came to its end.
fn texts(drawing: &str) -> (String, bool) {
    let (mut found, mut whole) = (String::new(), false);
    let (mut entity, mut text) = ("", String::new());
    for (code, value) in pairs(drawing) {
        match (code, entity) {
            (0, _) => {
                finish(&mut found, entity, &text);
                text.clear();
                entity = value.trim();
                whole |= entity == "EOF";
            }
            // A long text comes in pieces of 250 signs under code 3, its end under code 1.
            (1 | 3, "MTEXT") | (1, "TEXT" | "ATTRIB" | "ATTDEF" | "DIMENSION" | "ARC_DIMENSION") => {
                text.push_str(value)
            }
            (304, "MULTILEADER") | (1, "ACAD_TABLE" | "TABLECONTENT") | (302, "ACAD_TABLE") => {
                text.push_str(value);
                text.push('\n');
            }
            _ => {}
        }
    }
    finish(&mut found, entity, &text);
    (found, whole)
}

fn finish(found: &mut String, entity: &str, raw: &str) {
    // A dimension without a text of its own shows what it measures: `<>` or nothing.
    if raw.trim().is_empty() || raw == "<>" {
        return;
    }
    let formatted = matches!(entity, "MTEXT" | "MULTILEADER" | "ACAD_TABLE" | "TABLECONTENT" | "ATTRIB" | "ATTDEF");
    found.push_str(plain(raw, formatted).trim());
    found.push('\n');
}

/// A text without the codes of its form: `\U+0645`, `%%d`, and, in formatted text, `\P`, `{\fArial|b0;…}`, `\S1^2;`.
fn plain(raw: &str, formatted: bool) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw.chars().peekable();
    while let Some(sign) = rest.next() {
        match sign {
            '%' if rest.peek() == Some(&'%') => {
                rest.next();
                percent(&mut rest, &mut out);
            }
            '\\' if rest.peek().is_some_and(|next| "UuMm".contains(*next)) => escaped(&mut rest, &mut out),
            '\\' if formatted => command(&mut rest, &mut out),
            '{' | '}' if formatted => {}
            '^' if rest.peek().is_some_and(|next| matches!(next, 'I' | 'J' | 'M')) => {
                rest.next();
                out.push(' ');
            }
            sign => out.push(sign),
        }
    }
    out
}

type Signs<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// `%%c` diameter, `%%d` degree, `%%p` plus or minus, `%%nnn` a sign by its number, `%%u` and `%%o` lines.
fn percent(rest: &mut Signs<'_>, out: &mut String) {
    match rest.next() {
        Some('c' | 'C') => out.push('⌀'),
        Some('d' | 'D') => out.push('°'),
        Some('p' | 'P') => out.push('±'),
        Some('%') => out.push('%'),
        Some(digit) if digit.is_ascii_digit() => {
            let mut number = digit.to_digit(10).unwrap_or_default();
            for _ in 0..2 {
                let Some(next) = rest.peek().and_then(|sign| sign.to_digit(10)) else { break };
                rest.next();
                number = number * 10 + next;
            }
            out.extend(char::from_u32(number).filter(|sign| !sign.is_control()));
        }
        _ => {}
    }
}

/// `\U+XXXX`; what only looks like it stays.
fn escaped(rest: &mut Signs<'_>, out: &mut String) {
    let mut ahead = rest.clone();
    let kind = ahead.next();
    let hex: String = ahead.by_ref().take(5).collect();
    let code = hex.strip_prefix('+').filter(|digits| digits.len() == 4).and_then(|d| u32::from_str_radix(d, 16).ok());
    match code.and_then(char::from_u32) {
        Some(sign) if matches!(kind, Some('U' | 'u')) => {
            *rest = ahead;
            out.push(sign);
        }
        _ => out.push('\\'),
    }
}

/// A command of formatted text, after its backslash.
fn command(rest: &mut Signs<'_>, out: &mut String) {
    match rest.next() {
        Some('P' | 'X' | 'N') => out.push('\n'),
        Some('~') => out.push(' '),
        Some(sign @ ('\\' | '{' | '}')) => out.push(sign),
        Some('S') => {
            for sign in rest.by_ref().take_while(|sign| *sign != ';') {
                out.push(if matches!(sign, '^' | '#') { '/' } else { sign });
            }
        }
        // Font, height, width, slant, colour, spacing, alignment, paragraph: up to the semicolon.
        Some('f' | 'F' | 'H' | 'W' | 'Q' | 'C' | 'c' | 'T' | 'A' | 'p') => {
            rest.by_ref().find(|sign| *sign == ';');
        }
        // Lines under, over and through.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWING: &str = "999\nmade by hand\n0\nSECTION\n2\nENTITIES\n0\nTEXT\n8\nLAYER\n1\n\\U+0645\\U+062E\\U+0637\\U+0637 %%c20\n\
        0\nMTEXT\n3\n{\\fArial|b0|i0;مسقط \n1\nأفقي}\\Pالطابق \\H2.5x;الأول \\S1^2; 50%%%\n0\nLINE\n1\nnot a text\n\
        0\nATTRIB\n2\nTITLE\n1\nمشروع المدرسة\n0\nDIMENSION\n1\n<>\n0\nENDSEC\n0\nEOF\n";

    #[test]
    fn texts_attributes_and_codes_are_read() {
        let (text, whole) = texts(DRAWING);
        assert_eq!(text, "مخطط ⌀20\nمسقط أفقي\nالطابق الأول 1/2 50%\nمشروع المدرسة\n");
        assert!(whole);
    }

    #[test]
    fn a_drawing_of_an_old_code_page_is_decoded_by_it() {
        let (bytes, ..) = encoding_rs::WINDOWS_1256.encode(
            "0\nSECTION\n2\nHEADER\n9\n$DWGCODEPAGE\n3\nANSI_1256\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n0\nTEXT\n1\nواجهة شمالية\n0\nEOF\n",
        );
        let (decoded, guessed) = decode(&bytes);
        assert_eq!((texts(&decoded).0.as_str(), guessed), ("واجهة شمالية\n", None));
    }

    #[test]
    fn a_drawing_that_was_cut_short_is_told_and_nothing_breaks() {
        let cut: String = DRAWING.chars().take(120).collect();
        assert!(!texts(&cut).1);
        for odd in ["\\U+", "\\U+12G4", "\\", "%%", "%%9", "{\\f", "\\S", "\\U+D800"] {
            assert!(plain(odd, true).len() <= odd.len() + 2, "{odd}");
        }
    }
}
