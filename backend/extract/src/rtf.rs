//! Rich Text Format 1.9: text with its code pages, Unicode escapes, tables; deleted revisions are not text.

mod reader;

use crate::collect::Collector;
use crate::input::Input;
use crate::outcome::{PartKind, Reason};

/// Reads an RTF document.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let bytes = input.read()?;
    let document = reader::read(&bytes);
    collector.describe(Some(document.title), Some(document.author));
    collector.add(PartKind::Body, None, None, &document.text);
    collector.saw_image |= document.has_picture;
    Ok(())
}

/// The text of an RTF document in memory.
pub(crate) fn text(bytes: &[u8]) -> String {
    reader::read(bytes).text
}

#[cfg(test)]
mod tests {
    use super::reader::read;

    #[test]
    fn code_pages_unicode_and_revisions() {
        let document = read(
            b"{\\rtf1\\ansi\\ansicpg1256{\\fonttbl{\\f0\\fcharset178 Arial;}{\\f1\\fcharset0 Times;}}{\\info{\\title T}}\
              \\f0 \\'ed\\'e6\\'e3 \\f1 caf\\'e9\\par \\uc1\\u1603?\\u1578?\\u1575?\\u1576? {\\deleted gone}{\\*\\unknown hidden}\
              {\\pict 0102}\\{x\\}\\cell y\\row}",
        );
        assert_eq!(document.text, "يوم café\nكتاب {x}\ty\n");
        assert_eq!(document.title, "T");
        assert!(document.has_picture);
    }

    #[test]
    fn broken_input_ends() {
        for broken in
            [b"{\\rtf1 \\u99999999999999 \\'z \\bin999999 a".as_slice(), b"{\\rtf1}}}}}a", b"{\\rtf1\\", b"{\\rtf1\\'"]
        {
            assert!(read(broken).text.len() < broken.len());
        }
        let deep = [b"{".repeat(100_000), b"x".to_vec()].concat();
        assert!(read(&deep).text.is_empty() || read(&deep).text == "x");
    }
}
