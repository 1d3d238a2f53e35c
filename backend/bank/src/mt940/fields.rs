//! A text cut into messages and fields.

use crate::refusal::{Place, Reason, Refusal};

/// A field: `:61:` and the lines up to the next one.
#[derive(Debug)]
pub(super) struct Field<'a> {
    /// The tag without its colons.
    pub tag: &'a str,
    /// Its lines, the first without the tag.
    pub lines: Vec<&'a str>,
    /// Where it begins, from 1.
    pub line: u32,
}

impl<'a> Field<'a> {
    pub fn first(&self) -> &'a str {
        self.lines.first().copied().unwrap_or_default()
    }

    pub fn place(&self) -> Place {
        Place::at(self.line, &format!(":{}:", self.tag))
    }

    /// Fields that only an interim report has: floor limit, time, sums.
    pub fn is_interim(&self) -> bool {
        matches!(self.tag, "34F" | "13" | "13D" | "90C" | "90D")
    }
}

/// A line without the controls that transports leave at its ends.
pub(super) fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_control() || c == '\u{feff}')
}

/// The tag that a line begins with, and what follows it: two digits and perhaps a letter between colons, or `NS`, in which
/// some banks put what has no place in the standard.
pub(super) fn tag(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix(':').and_then(tag_after_colon)
}

/// The same of a line whose first colon was folded off it.
fn tag_after_colon(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.split_once(':')?;
    let known = match tag.as_bytes() {
        b"NS" => true,
        [one, two] => one.is_ascii_digit() && two.is_ascii_digit(),
        [one, two, letter] => one.is_ascii_digit() && two.is_ascii_digit() && letter.is_ascii_uppercase(),
        _ => false,
    };
    known.then_some((tag, rest))
}

/// The messages of a text. One begins with `:20:` and ends with a line that begins with `-`, with a block of SWIFT or with
/// the next `:20:`; lines between messages are envelopes.
///
/// # Errors
/// `field_missing` for `:20:` where a field stands outside of a message.
pub(super) fn messages(text: &str) -> Result<Vec<Vec<Field<'_>>>, Refusal> {
    let mut messages: Vec<Vec<Field<'_>>> = Vec::new();
    let (mut open, mut colon) = (false, false);
    for (line, number) in text.lines().zip(1..) {
        let line = bare(line);
        if line == "-" || line.starts_with("-}") || line.starts_with("{1:") {
            open = false;
        } else if let Some((tag, rest)) = tag(line).or_else(|| tag_after_colon(line).filter(|_| colon)) {
            if tag == "20" {
                messages.push(Vec::new());
                open = true;
            }
            match messages.last_mut().filter(|_| open) {
                Some(message) => message.push(Field { tag, lines: vec![rest], line: number }),
                None => return Err(Refusal::new(Reason::FieldMissing, Place::at(number, ":20:"))),
            }
        } else if let Some(field) = messages.last_mut().filter(|_| open).and_then(|message| message.last_mut()) {
            field.lines.push(line);
        }
        colon = line == ":";
    }
    Ok(messages)
}
