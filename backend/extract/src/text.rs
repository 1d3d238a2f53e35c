//! Plain text in the encodings that Arabic offices use: UTF-8, UTF-16, windows-1256, ISO-8859-6.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Decodes bytes of text. The second value is the name of the encoding where nothing in the bytes proved it.
pub(crate) fn decode(bytes: &[u8]) -> (String, Option<&'static str>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return (encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned(), None);
    }
    // A window cut out of a longer text may end within a character: that is no error.
    match std::str::from_utf8(bytes) {
        Ok(valid) if !valid.contains('\0') => return (valid.to_owned(), None),
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
            return (String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default()).into_owned(), None);
        }
        _ => {}
    }
    let encoding = unmarked_utf16(bytes).unwrap_or_else(|| guess(bytes));
    (encoding.decode_without_bom_handling(bytes).0.into_owned(), Some(encoding.name()))
}

/// Decodes bytes that declare an encoding. The declaration is taken unless the bytes contradict it: they are valid
/// UTF-8 beyond ASCII, or they are declared UTF-8 and are not.
pub(crate) fn decode_declared(bytes: &[u8], label: Option<&str>) -> (String, Option<&'static str>) {
    let declared = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    match declared {
        Some(encoding) if encoding != UTF_8 && encoding != UTF_16LE && encoding != UTF_16BE => {
            if Encoding::for_bom(bytes).is_none() && (bytes.is_ascii() || std::str::from_utf8(bytes).is_err()) {
                return (encoding.decode_without_bom_handling(bytes).0.into_owned(), None);
            }
            decode(bytes)
        }
        _ => decode(bytes),
    }
}

/// The likeliest single-byte (or East Asian) encoding of bytes that are not UTF-8.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

/// UTF-16 without a byte order mark: half the bytes are zero (Latin) or 0x06 (Arabic).
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let high = |byte: &&u8| matches!(byte, 0x00 | 0x06);
    let even = bytes.iter().step_by(2).filter(high).count();
    let odd = bytes.iter().skip(1).step_by(2).filter(high).count();
    let most = bytes.len() / 2 * 9 / 10;
    match (even > most, odd > most) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether bytes read as text: hardly any control characters in the encoding that they seem to have.
pub(crate) fn looks_like_text(bytes: &[u8]) -> bool {
    if bytes.is_empty() {
        return false;
    }
    let (decoded, _) = decode(bytes);
    let (mut all, mut odd) = (0_usize, 0_usize);
    for character in decoded.chars() {
        all += 1;
        let control = character.is_control() && !matches!(character, '\n' | '\r' | '\t' | '\u{c}' | '\u{1a}');
        odd += usize::from(control || character == '\u{fffd}');
    }
    odd * 100 <= all
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str =
        "إلى معالي وزير المالية: أرجو التكرم بالموافقة على صرف المبلغ المذكور أدناه، وتفضلوا بقبول الاحترام";

    fn utf16(text: &str, convert: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(convert).collect()
    }

    #[test]
    fn reads_the_encodings_of_arabic_offices() {
        let windows = encoding_rs::WINDOWS_1256.encode(LETTER).0.into_owned();
        assert_eq!(decode(&windows), (LETTER.to_owned(), Some("windows-1256")));
        assert_eq!(decode(LETTER.as_bytes()), (LETTER.to_owned(), None));
        assert_eq!(decode(&utf16(LETTER, u16::to_le_bytes)), (LETTER.to_owned(), Some("UTF-16LE")));
        assert_eq!(decode(&utf16(LETTER, u16::to_be_bytes)), (LETTER.to_owned(), Some("UTF-16BE")));
        let marked = [vec![0xFF, 0xFE], utf16(LETTER, u16::to_le_bytes)].concat();
        assert_eq!(decode(&marked), (LETTER.to_owned(), None));
        let marked = [b"\xEF\xBB\xBF".as_slice(), LETTER.as_bytes()].concat();
        assert_eq!(decode(&marked), (LETTER.to_owned(), None));
    }

    #[test]
    fn a_lying_declaration_is_not_believed() {
        let windows = encoding_rs::WINDOWS_1256.encode(LETTER).0.into_owned();
        assert_eq!(decode_declared(&windows, Some("utf-8")).0, LETTER);
        assert_eq!(decode_declared(LETTER.as_bytes(), Some("windows-1256")).0, LETTER);
        assert_eq!(decode_declared(&windows, Some("cp1256")).0, LETTER);
    }

    #[test]
    fn a_cut_character_is_not_binary() {
        let bytes = LETTER.as_bytes();
        assert!(looks_like_text(&bytes[..33]));
        assert!(!looks_like_text(b"\x00\x01\x02\x03\x7fELF\x00\x00\x00\x00"));
        assert!(!looks_like_text(b""));
    }
}
