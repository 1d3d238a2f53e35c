//! Keeps the letters of ligatures in order by giving each ligature a single stand-in letter.
//!
//! A font of a PDF tells by its ToUnicode table (ISO 32000-1, 9.10.3) which characters a glyph stands for. Poppler
//! spreads several characters over the width of the glyph and then reverses them with the word, so that `لا` comes
//! out as `ال`. Here every Arabic sequence in these tables is replaced by one right-to-left letter of a script that
//! the file does not use; poppler cannot reverse that, and afterwards it is replaced by the sequence.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use lopdf::{Document, LoadOptions, Object, ObjectId};

use super::arabic;

/// Bytes that a single table or object stream may unpack to.
const LARGEST_STREAM: usize = 32 * 1024 * 1024;

/// Right-to-left letters of scripts that no Arabic document uses: Thaana, N'Ko, Samaritan, Mandaic.
fn stand_ins() -> impl Iterator<Item = char> {
    ('\u{780}'..='\u{7a5}').chain('\u{7ca}'..='\u{7ea}').chain('\u{800}'..='\u{815}').chain('\u{840}'..='\u{858}')
}

/// The ligatures of a file with the letters that stand in for them.
#[derive(Debug, Default)]
pub(super) struct Ligatures(Vec<(char, String)>);

impl Ligatures {
    /// Whether the file has none that need care.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts the sequences back in place of their stand-ins.
    pub(super) fn restore(&self, text: &str) -> String {
        let mut restored = String::with_capacity(text.len());
        for one in text.chars() {
            match self.0.iter().find(|(stand_in, _)| *stand_in == one) {
                Some((_, sequence)) => restored.push_str(sequence),
                None => restored.push(one),
            }
        }
        restored
    }

    /// The stand-in of a sequence; `None` when all are taken.
    fn stand_in(&mut self, sequence: &str) -> Option<char> {
        if let Some((known, _)) = self.0.iter().find(|(_, known)| known == sequence) {
            return Some(*known);
        }
        let free = stand_ins().nth(self.0.len())?;
        self.0.push((free, sequence.to_owned()));
        Some(free)
    }
}

/// Rewrites a file so that each Arabic ligature is a single letter. `None` when there is nothing to rewrite, or the
/// file is encrypted or too damaged for it.
pub(super) fn rewrite(path: &Path) -> Option<(Vec<u8>, Ligatures)> {
    // The library is trusted less than the file is worth: should it panic, the text is mended by rule.
    catch_unwind(AssertUnwindSafe(|| try_rewrite(path))).ok().flatten()
}

fn try_rewrite(path: &Path) -> Option<(Vec<u8>, Ligatures)> {
    let options = LoadOptions { max_decompressed_size: Some(LARGEST_STREAM), ..LoadOptions::default() };
    let mut document = Document::load_with_options(path, options).ok()?;
    if document.is_encrypted() {
        return None;
    }
    let mut ligatures = Ligatures::default();
    for id in unicode_tables(&document) {
        let Some(Object::Stream(stream)) = document.objects.get_mut(&id) else { continue };
        let Ok(table) = stream.decompressed_content_with_limit(LARGEST_STREAM) else { continue };
        if let Some(rewritten) = rewrite_table(&String::from_utf8_lossy(&table), &mut ligatures) {
            stream.dict.remove(b"Filter");
            stream.dict.remove(b"DecodeParms");
            stream.set_content(rewritten.into_bytes());
        }
    }
    if ligatures.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).ok()?;
    Some((bytes, ligatures))
}

/// The streams that fonts refer to as their ToUnicode tables.
fn unicode_tables(document: &Document) -> Vec<ObjectId> {
    let dictionaries = document.objects.values().filter_map(|object| match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        _ => None,
    });
    let mut tables: Vec<ObjectId> =
        dictionaries.filter_map(|font| font.get(b"ToUnicode").ok()?.as_reference().ok()).collect();
    tables.sort_unstable();
    tables.dedup();
    tables
}

/// Rewrites one table. `None` when it has no Arabic sequence.
fn rewrite_table(table: &str, ligatures: &mut Ligatures) -> Option<String> {
    let mut rewritten = String::with_capacity(table.len());
    let (mut rest, mut changed, mut in_range, mut in_list, mut before) = (table, false, false, false, ["", ""]);
    while let Some((plain, after)) = rest.split_once('<') {
        in_range = match (plain.contains("beginbfrange"), plain.contains("endbfrange")) {
            (true, _) => true,
            (_, true) => false,
            _ => in_range,
        };
        in_list = match plain.rfind(['[', ']']) {
            Some(at) => plain.get(at..).is_some_and(|rest| rest.starts_with('[')),
            None => in_list,
        };
        rewritten.push_str(plain);
        rewritten.push('<');
        let Some((token, following)) = after.split_once('>') else {
            rest = after;
            break;
        };
        // A range counts its target up from glyph to glyph; only a range of one glyph can take a stand-in.
        let single = !in_range || in_list || before[0] == before[1];
        match sequence(token).filter(|_| single).and_then(|sequence| ligatures.stand_in(&sequence)) {
            Some(stand_in) => {
                rewritten.push_str(&format!("{:04X}", u32::from(stand_in)));
                changed = true;
            }
            None => rewritten.push_str(token),
        }
        rewritten.push('>');
        before = [before[1], token];
        rest = following;
    }
    rewritten.push_str(rest);
    changed.then_some(rewritten)
}

/// The Arabic letters of a hexadecimal target of two characters or more, in the order in which they are read.
fn sequence(token: &str) -> Option<String> {
    let hex: Vec<u8> = token.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if hex.len() < 8 || !hex.len().is_multiple_of(4) {
        return None;
    }
    let unit = |four: &[u8]| u16::from_str_radix(std::str::from_utf8(four).ok()?, 16).ok();
    let units: Vec<u16> = hex.chunks(4).map(unit).collect::<Option<_>>()?;
    let sequence = String::from_utf16(&units).ok()?;
    let letters = sequence.chars().filter(|one| arabic::is_letter(*one)).count();
    let others = sequence.chars().any(|one| !arabic::is_letter(one) && !arabic::is_mark(one));
    if letters < 2 || others {
        return None;
    }
    // Alef never joins the letter after it: a glyph for "alef, lam" is a lam-alef written by its look.
    let mut order: Vec<char> = sequence.chars().collect();
    if let [first, 'ل'] = order.as_slice()
        && arabic::is_alef(*first)
    {
        order.reverse();
    }
    Some(order.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_sequences_get_stand_ins() {
        let table = "2 beginbfchar\n<04> <06440623>\n<05> <0041>\n<06> <06270644>\nendbfchar\n\
                     2 beginbfrange\n<0007> <0007> <06440645>\n<0008> <0009> <06440645>\n\
                     <000a> <000c> [<0627> <06440645> <06440645>]\nendbfrange";
        let mut ligatures = Ligatures::default();
        let rewritten = rewrite_table(table, &mut ligatures).unwrap();
        assert_eq!(
            rewritten,
            "2 beginbfchar\n<04> <0780>\n<05> <0041>\n<06> <0781>\nendbfchar\n\
             2 beginbfrange\n<0007> <0007> <0782>\n<0008> <0009> <06440645>\n\
             <000a> <000c> [<0627> <0782> <0782>]\nendbfrange"
        );
        assert_eq!(ligatures.restore("ا\u{780}مر ح\u{781}ت ا\u{782}دة"), "الأمر حلات المدة");
        assert!(rewrite_table("<05> <00410042>", &mut Ligatures::default()).is_none());
    }
}
