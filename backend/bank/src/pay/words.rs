//! What messages take for texts: no control characters, no marks of direction, at most so many characters.

use diwan_kernel::text;

use super::{Fault, ID_MAX, NAME_MAX};

/// An identifier: Latin letters, digits and the signs that all banks take; no slash at its ends and no two in a row.
pub(super) fn identifier(id: &str) -> Result<(), Fault> {
    let taken = |c: char| c.is_ascii_alphanumeric() || "/-?:().,'+".contains(c);
    let formed = !id.is_empty() && id.len() <= ID_MAX && id.chars().all(taken);
    if formed && !id.starts_with('/') && !id.ends_with('/') && !id.contains("//") {
        return Ok(());
    }
    Err(Fault::Identifier(id.to_owned()))
}

/// A name of which something is left.
pub(super) fn name(name: &str) -> Result<String, Fault> {
    let clean = clean(name, NAME_MAX);
    if clean.is_empty() { Err(Fault::Name) } else { Ok(clean) }
}

/// Words in one line, cut where they are too long. Arabic stays Arabic.
pub(super) fn clean(words: &str, max: usize) -> String {
    let plain: String = words
        .chars()
        .filter(|c| !text::is_bidi_control(*c) && !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c })
        .collect();
    let joined = plain.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    joined.chars().take(max).collect::<String>().trim_end().to_owned()
}

/// An amount as messages write it: digits, a point, the decimals of the currency.
pub(super) fn decimal(minor: i64, scale: u8) -> String {
    diwan_kernel::money::format(minor, scale).replace(',', "")
}
