//! Fonts, samples and text extraction for the tests.

use std::{path::PathBuf, process::Command, sync::OnceLock};

use diwan_print::{Fonts, Pdf};

/// The Amiri fonts: from `DIWAN_FONTS`, else where the set-up script installs them.
///
/// # Panics
/// When they are missing: a print test without fonts proves nothing.
pub fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| {
        let installed = PathBuf::from("../../frontend/node_modules/@expo-google-fonts/amiri");
        let folder = std::env::var_os("DIWAN_FONTS").map_or(installed, PathBuf::from);
        Fonts::load(&folder).unwrap_or_else(|error| panic!("{error}; run the set-up script or set DIWAN_FONTS"))
    })
}

/// Text of a PDF as poppler's `pdftotext` reads it.
pub fn poppler(pdf: &Pdf) -> String {
    let file = written(pdf);
    run(Command::new("pdftotext").args(["-enc", "UTF-8"]).arg(file.path()).arg("-"))
}

/// Text of each page as poppler reads it, with single spaces.
pub fn pages_of(pdf: &Pdf) -> Vec<String> {
    poppler(pdf).trim_end_matches('\u{c}').split('\u{c}').map(plain).collect()
}

/// Text of a PDF as MuPDF's `mutool` reads it.
pub fn mupdf(pdf: &Pdf) -> String {
    let file = written(pdf);
    run(Command::new("mutool").args(["draw", "-q", "-F", "txt"]).arg(file.path()))
}

/// What `pdfinfo` says.
pub fn info(pdf: &Pdf) -> String {
    let file = written(pdf);
    run(Command::new("pdfinfo").arg(file.path()))
}

fn written(pdf: &Pdf) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".pdf").tempfile().unwrap();
    std::fs::write(file.path(), &pdf.bytes).unwrap();
    file
}

fn run(command: &mut Command) -> String {
    let output =
        command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; install poppler-utils and mupdf-tools"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Text without direction controls, with single spaces.
pub fn plain(text: &str) -> String {
    let controls = |c: &char| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text: String = text.chars().filter(controls).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
