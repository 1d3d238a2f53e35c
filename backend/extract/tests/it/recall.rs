//! The words of each file compared with the words of its truth file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use diwan_extract::{Limits, PartKind, Status};

use crate::support::{documents, read};

/// Words in lower case without vowel signs and tatweel.
fn words(text: &str) -> Vec<String> {
    let bare: String = text
        .chars()
        .filter(|one| !matches!(one, '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'))
        .flat_map(char::to_lowercase)
        .collect();
    bare.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Which share of the truth's words the text has, each counted as often as it stands there.
pub fn recall(truth: &str, text: &str) -> (f64, Vec<String>) {
    let mut have: HashMap<String, usize> = HashMap::new();
    words(text).into_iter().for_each(|word| *have.entry(word).or_default() += 1);
    let wanted = words(truth);
    let mut missing = Vec::new();
    for word in &wanted {
        match have.get_mut(word) {
            Some(count) if *count > 0 => *count -= 1,
            _ => missing.push(word.clone()),
        }
    }
    (1.0 - missing.len() as f64 / wanted.len().max(1) as f64, missing)
}

/// The truth beside a file: text, a table, or a mail's fields.
fn truth_of(path: &Path) -> Option<String> {
    let stem = path.with_extension("");
    let beside = |ending: &str| PathBuf::from(format!("{}.truth.{ending}", stem.display()));
    if let Ok(json) = std::fs::read_to_string(beside("json")) {
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        return Some([field("subject"), field("from"), field("body")].join("\n"));
    }
    if path.file_name().is_some_and(|name| name == "register_cp1256.csv") {
        // The code page has no Arabic-Indic digits: whoever wrote the file lost them.
        let truth = std::fs::read_to_string(path.with_file_name("register_04.truth.csv")).unwrap();
        return Some(truth.chars().filter(|one| !('٠'..='٩').contains(one)).collect());
    }
    ["txt", "md", "csv"].iter().find_map(|ending| std::fs::read_to_string(beside(ending)).ok())
}

#[test]
fn words_of_files_with_truth() {
    let documents = documents();
    let folders = ["arabic", "derived-arabic", "derived-arabic/mail"];
    let mut failures = Vec::new();
    let mut compared = 0;
    for folder in folders {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(documents.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths.iter().filter(|path| !path.to_string_lossy().contains(".truth.")) {
            let Some(truth) = truth_of(path) else { continue };
            let (extraction, time) = read(path, &Limits::default());
            let (share, missing) = recall(&truth, &extraction.text());
            let name = path.strip_prefix(&documents).unwrap().display().to_string();
            let sample = missing.iter().take(8).cloned().collect::<Vec<_>>().join(" ");
            println!(
                "{name:45} {:?} recall {share:.4} {:>5} ms  missing: {sample}",
                extraction.reason(),
                time.as_millis()
            );
            match extraction.status {
                Status::Text => {
                    compared += 1;
                    if share < 0.98 {
                        failures.push(format!("{name}: {share:.4}"));
                    }
                }
                // Scans have no text here.
                Status::NoText { .. } => {
                    let image = name.contains("scan_") || name.contains("ocr_page");
                    assert!(image, "{name}: {extraction:?}");
                }
                Status::Refused { reason } => panic!("{name}: {}", reason.code()),
            }
        }
    }
    assert!(compared >= 20, "only {compared} files compared");
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Phrases that each file must give, so that order and places are right and not only words.
#[test]
fn phrases_and_places() {
    let cases: [(&str, PartKind, &str); 14] = [
        ("arabic/uae_federal_decree_law.pdf", PartKind::Page, "مرسوم بقانون اتحادي رقم (39) لسنة 2022"),
        ("arabic/uae_federal_decree_law.pdf", PartKind::Page, "رئيس دولة الإمارات العربية المتحدة"),
        ("arabic/rtl-test.pdf", PartKind::Page, "وزارة الداخلية"),
        ("arabic/issue20504.pdf", PartKind::Page, "مرحبا بالعالم"),
        ("arabic/ArabicCIDTrueType.pdf", PartKind::Page, "انواع الخطوط العربية"),
        ("arabic/testArabicMisleadingCharset.html", PartKind::Body, "من"),
        ("arabic/windows-1256_no_charset.html", PartKind::Body, "أعلنت كتائب الشهيد عز الدين"),
        ("derived-arabic/regulation_05.pdf", PartKind::Page, "يقصد بالألفاظ والعبارات الآتية"),
        ("office/headerFooter.docx", PartKind::Header, "header"),
        ("office/headerFooter.docx", PartKind::Footer, "footer"),
        ("office/testComment.docx", PartKind::Comments, "comment"),
        ("office/table_footnotes.docx", PartKind::Notes, "snoska"),
        ("office/SampleShow.pptx", PartKind::Slide, "This is the second slide"),
        ("office/SampleSS.xls", PartKind::Sheet, "Start of 2nd sheet\nSheet 2 row 2"),
    ];
    let documents = documents();
    let mut failures = Vec::new();
    for (name, kind, phrase) in cases {
        let (extraction, _) = read(&documents.join(name), &Limits::default());
        let found = extraction
            .parts
            .iter()
            .any(|part| part.kind == kind && part.text.to_lowercase().contains(&phrase.to_lowercase()));
        if !found {
            let text: String =
                extraction.parts.iter().map(|part| format!("[{:?}] {}\n", part.kind, part.text)).collect();
            failures.push(format!(
                "{name}: no {phrase:?} in {kind:?}: {:?}\n{}",
                extraction.reason(),
                text.chars().take(600).collect::<String>()
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n---\n"));
}

/// Every other file of the folders is read too and ends in text or in a reason of the expected kind.
#[test]
fn every_other_document_ends_well() {
    let documents = documents();
    for folder in ["office", "email", "scan", "arabic"] {
        for entry in std::fs::read_dir(documents.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let (extraction, time) = read(&path, &Limits::default());
            let name = path.strip_prefix(&documents).unwrap().display().to_string();
            println!(
                "{name:50} {:?} {} parts {} bytes {} ms {:?}",
                extraction.status,
                extraction.parts.len(),
                extraction.text().len(),
                time.as_millis(),
                extraction.warnings
            );
            assert!(!matches!(extraction.status, Status::Refused { .. }), "{name}: {:?}", extraction.status);
        }
    }
}
