//! PDF text by poppler's `pdftotext`, with the order of Arabic letters put right.
//!
//! Poppler reverses the letters of a right-to-left word one by one, and so also the two letters that a single glyph
//! such as lam-alef stands for. [`ligatures`] prevents that before, [`arabic`] mends what is left after.

mod arabic;
mod bidi;
mod ligatures;
mod program;

use std::path::Path;

use crate::collect::Collector;
use crate::input::{Input, temporary};
use crate::outcome::{PartKind, Reason, WarningCode};

use ligatures::Ligatures;
use program::Answer;

/// Files above this are not rewritten for their ligatures: that holds them in memory.
const LARGEST_REWRITTEN: u64 = 48 * 1024 * 1024;

/// Reads a PDF page by page.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let file = input.on_disk()?;
    let limit = collector.text_left() as u64 * 2;
    let run = |path: &Path| program::run(path, collector.limits.pages, limit);
    // A file that cannot be rewritten, or not be read after, is mended by rule.
    let rewritten = if size(file.path()) <= LARGEST_REWRITTEN { ligatures::rewrite(file.path()) } else { None };
    let better = match rewritten {
        Some((bytes, ligatures)) => run(temporary(&bytes)?.path()).ok().map(|answer| (answer, ligatures)),
        None => None,
    };
    let (mut answer, ligatures) = match better {
        Some(better) => better,
        None => (run(file.path())?, Ligatures::default()),
    };
    collector.describe(answer.title.take(), answer.author.take());
    add_pages(collector, &answer, &ligatures);
    Ok(())
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(u64::MAX, |metadata| metadata.len())
}

fn add_pages(collector: &mut Collector<'_>, answer: &Answer, ligatures: &Ligatures) {
    let raw: Vec<&str> = answer.text.strip_suffix('\u{c}').unwrap_or(&answer.text).split('\u{c}').collect();
    let count = u32::try_from(raw.len()).unwrap_or(u32::MAX);
    collector.count_pages(count);
    if count >= collector.limits.pages {
        collector.warn(WarningCode::PagesCut, None);
    }
    if answer.cut {
        collector.warn(WarningCode::TextCut, None);
    }
    let restored: Vec<String> = raw.iter().map(|page| arabic::mend_layout(&ligatures.restore(page))).collect();
    let (pages, mended) = arabic::mend_letters(restored);
    if mended || !ligatures.is_empty() {
        collector.warn(WarningCode::ArabicRepaired, None);
    }
    let mut blank = Vec::new();
    for (number, page) in (1..).zip(&pages) {
        if page.trim().is_empty() {
            blank.push(number);
        }
        collector.add(PartKind::Page, None, Some(number), page);
    }
    if blank.len() == pages.len() {
        // Nobody sends a PDF of nothing: pages without text are images of pages.
        collector.saw_image = true;
    } else if !blank.is_empty() {
        let numbers: Vec<String> = blank.iter().map(u32::to_string).collect();
        collector.warn(WarningCode::PagesWithoutText, Some(&numbers.join(",")));
    }
}
