//! Bytes to text: UTF-8, UTF-16 with its mark, and the one-byte encodings that banks still send.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};

use crate::refusal::{Place, Reason, Refusal};

/// Text of a statement that declares no encoding. What is not UTF-8 is Arabic (windows-1256) where letters beyond ASCII
/// stand side by side, as they do in Arabic words, and Western (windows-1252) where they stand alone, as accents do.
pub(crate) fn text(bytes: &[u8]) -> Result<String, Refusal> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return strict(encoding, bytes.get(mark..).unwrap_or_default());
    }
    if bytes.contains(&0) {
        return Err(Refusal::new(Reason::Encoding, Place::default()));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => strict(if looks_arabic(bytes) { WINDOWS_1256 } else { WINDOWS_1252 }, bytes),
    }
}

/// Text of an XML document: its mark, else its declaration, else UTF-8 (XML 1.0, 4.3.3).
pub(crate) fn xml(bytes: &[u8]) -> Result<String, Refusal> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return strict(encoding, bytes.get(mark..).unwrap_or_default());
    }
    match bytes {
        [b'<', 0, ..] => return strict(UTF_16LE, bytes),
        [0, b'<', ..] => return strict(UTF_16BE, bytes),
        _ => {}
    }
    let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes));
    let declaration = head.split_once("?>").map_or("", |(declaration, _)| declaration);
    let label = declaration.split_once("encoding").and_then(|(_, rest)| {
        let value = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value.strip_prefix(quote)?.split_once(quote).map(|(label, _)| label.to_owned())
    });
    match label {
        // A declaration that could be read as ASCII cannot be one of UTF-16.
        Some(label) if !label.to_ascii_lowercase().starts_with("utf-16") => {
            let known = Encoding::for_label(label.as_bytes());
            strict(known.ok_or_else(|| Refusal::new(Reason::Encoding, Place::line(1)))?, bytes)
        }
        _ => strict(UTF_8, bytes),
    }
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, Refusal> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(std::borrow::Cow::into_owned).ok_or_else(|| {
        let sound = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
        let line = 1 + bytes.iter().take(sound).filter(|byte| **byte == b'\n').count();
        let place =
            if encoding == UTF_8 { Place::line(u32::try_from(line).unwrap_or(u32::MAX)) } else { Place::default() };
        Refusal::new(Reason::Encoding, place)
    })
}

fn looks_arabic(bytes: &[u8]) -> bool {
    let high = |byte: Option<&u8>| byte.is_some_and(|byte| *byte >= 0xc0);
    let (mut beside, mut alone) = (0_usize, 0_usize);
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte >= 0xc0) {
        let neighbour = high(bytes.get(at + 1)) || at.checked_sub(1).is_some_and(|before| high(bytes.get(before)));
        if neighbour { beside += 1 } else { alone += 1 }
    }
    beside > alone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let arabic = "دفعة من وزارة المالية";
        let western = "Café à Zürich";
        assert_eq!(text(arabic.as_bytes()).unwrap(), arabic);
        assert_eq!(text(&WINDOWS_1256.encode(arabic).0).unwrap(), arabic);
        assert_eq!(text(&WINDOWS_1252.encode(western).0).unwrap(), western);
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(arabic.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(text(&wide).unwrap(), arabic);
        assert_eq!(text(b"a\0b").unwrap_err().code(), "encoding");
    }

    #[test]
    fn xml_says_its_encoding() {
        let said = |label: &str| format!("<?xml version=\"1.0\" encoding='{label}'?><a>دينار</a>");
        let arabic = said("windows-1256");
        assert_eq!(xml(&WINDOWS_1256.encode(&arabic).0).unwrap(), arabic);
        assert_eq!(xml(said("utf-8").as_bytes()).unwrap(), said("utf-8"));
        assert_eq!(xml(said("klingon").as_bytes()).unwrap_err().code(), "encoding");
        assert_eq!(xml(b"<a>\n\xff</a>").unwrap_err().place.line, Some(2));
    }
}
