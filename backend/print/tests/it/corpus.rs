//! Real administrative and vowelled Arabic, and English, read back from the PDF by two readers.

use std::path::{Path, PathBuf};

use crate::data::shared_data;
use crate::support::{fonts, mupdf, plain, poppler};
use diwan_print::*;

fn corpus() -> PathBuf {
    shared_data("corpus")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Field `name` of every line of a JSON Lines file.
fn field(path: &Path, name: &str) -> Vec<String> {
    let value =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()[name].as_str().unwrap().to_owned();
    read(path).lines().map(value).collect()
}

/// Invisible characters are not read back; neither are characters the font lacks.
fn visible(text: &str) -> String {
    let invisible = |c: char| matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{ad}');
    plain(&text.chars().filter(|&c| !invisible(c)).collect::<String>())
}

/// Sets each paragraph on a page of its own; at most one in a hundred may differ in either reader.
fn read_back(language: Language, texts: impl Iterator<Item = String>) {
    let texts: Vec<String> =
        texts.map(|text| visible(&text)).filter(|text| (20..1200).contains(&text.chars().count())).collect();
    let step = (texts.len() / 150).max(1);
    let texts: Vec<&String> = texts.iter().step_by(step).collect();
    let mut blocks = Vec::new();
    for text in &texts {
        blocks.push(Block::text(text.as_str()));
        blocks.push(Block::PageBreak);
    }
    blocks.pop();
    let footer = Footer { page_numbers: false, ..Footer::default() };
    let pdf = render(&Document { language, blocks, footer, ..Document::default() }, fonts()).unwrap();
    assert_eq!(pdf.pages, texts.len());
    let missing = |text: &str| pdf.warnings.iter().any(|w| matches!(w, Warning::MissingGlyph(c) if text.contains(*c)));
    for (reader, output) in [("poppler", poppler(&pdf)), ("MuPDF", mupdf(&pdf))] {
        let pages: Vec<String> = output.split('\u{c}').map(visible).collect();
        let differ: Vec<_> =
            texts.iter().zip(&pages).filter(|(source, page)| *source != page && !missing(source)).collect();
        assert!(differ.len() * 100 <= texts.len(), "{reader}: {} of {}: {:#?}", differ.len(), texts.len(), differ);
    }
}

#[test]
fn regulations() {
    let documents = field(&corpus().join("saudi-regulations/docs.jsonl"), "text");
    read_back(Language::Ar, documents.iter().flat_map(|text| text.lines().map(str::to_owned)));
}

#[test]
fn fully_vowelled_prose() {
    read_back(Language::Ar, read(&corpus().join("tashkeela/val.txt")).lines().map(str::to_owned));
}

#[test]
fn scripture() {
    read_back(Language::Ar, field(&corpus().join("quran-tashkeel.jsonl"), "text").into_iter());
}

#[test]
fn health_notices_in_both_languages() {
    let file = corpus().join("tico19-health-en-ar.jsonl");
    read_back(Language::Ar, field(&file, "text").into_iter());
    read_back(Language::En, field(&file, "en").into_iter());
}
