//! Names that tell the truth and names that lie.

use std::io::{Cursor, Write};

use super::*;

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in entries {
        zip.start_file(*name, stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn assert_type(bytes: &[u8], name: &str, media_type: &str, extension: &str, truthful: bool) {
    let sniffed = sniff(bytes, name);
    assert_eq!(
        (sniffed.media_type.as_str(), sniffed.extension.as_str(), sniffed.matches_name),
        (media_type, extension, truthful),
        "{name}"
    );
}

#[test]
fn tells_the_types_apart() {
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    assert_type(b"%PDF-1.7\n", "a.pdf", "application/pdf", "pdf", true);
    assert_type(
        &zip_of(&[("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")]),
        "كتاب.DOCX",
        docx,
        "docx",
        true,
    );
    assert_type(
        &zip_of(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"")]),
        "a.odt",
        "application/vnd.oasis.opendocument.text",
        "odt",
        true,
    );
    assert_type(&zip_of(&[("a.txt", b"a")]), "a.zip", "application/zip", "zip", true);
    assert_type("الرقم؛التاريخ\n".as_bytes(), "سجل.csv", "text/csv", "csv", true);
    assert_type(b"From: a@b.jo\r\nSubject: x\r\n\r\ntext", "a.eml", "message/rfc822", "eml", true);
    assert_type(b"<!-- c -->\n<HTML><body>", "a.htm", "text/html", "htm", true);
    assert_type(b"{\\rtf1 a}", "a.rtf", "application/rtf", "rtf", true);
    assert_type(b"\x89PNG\r\n\x1a\n\0\0", "a.png", "image/png", "png", true);
    assert_type(b"  0\nSECTION\n  2\nHEADER\n", "a.dxf", "image/vnd.dxf", "dxf", true);
}

#[test]
fn lies_are_found() {
    let executable = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 64]].concat();
    assert_type(&executable, "كتاب رسمي.pdf", "application/x-executable", "elf", false);
    assert_type(
        b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff",
        "photo.jpg",
        "application/vnd.microsoft.portable-executable",
        "exe",
        false,
    );
    assert_type(b"%PDF-1.4", "photo.png", "application/pdf", "pdf", false);
    assert_type(b"<html><script>alert(1)</script>", "letter.txt", "text/html", "html", false);
    assert_type("نص عادي".as_bytes(), "letter.docx", "text/plain", "txt", false);
    assert_type(
        &zip_of(&[("xl/workbook.xml", b"<a/>")]),
        "letter.docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
        false,
    );
    assert_type(&[0, 1, 2, 3, 0, 0, 9, 250, 0, 7], "a.txt", "application/octet-stream", "bin", false);
}

#[test]
fn names_without_a_claim_do_not_lie() {
    assert_type(b"%PDF-1.4", "letter", "application/pdf", "pdf", true);
    assert_type(b"%PDF-1.4", "letter.signed", "application/pdf", "pdf", true);
    assert_type("نص".as_bytes(), "تقرير v1.2", "text/plain", "txt", true);
    assert_type(b"", "empty.pdf", "application/octet-stream", "bin", true);
}

#[test]
fn the_end_of_a_long_package_is_looked_at() {
    let filler = vec![b'x'; 200_000];
    let package = zip_of(&[("customXml/filler.bin", &filler), ("ppt/presentation.xml", b"<a/>")]);
    let path = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(path.path(), &package).unwrap();
    let sniffed = sniff_file(path.path(), "a.pptx").unwrap();
    assert_eq!((sniffed.extension.as_str(), sniffed.matches_name), ("pptx", true));
    assert_eq!(sniff(&package, "a.pptx"), sniffed);
}
