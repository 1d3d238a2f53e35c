//! Formats that other programs have left behind, files under a password, and very long ones.

use std::fmt::Write;

use diwan_extract::{Extraction, Limits, Reason, Status, pdf_limited, sniff_file, unlock_limited};

use crate::recall::recall;
use crate::support::{child, documents, file, read};

#[test]
fn old_office_files_are_read_by_libreoffice() {
    let path = documents().join("derived-arabic/regulation_03.doc");
    let (extraction, time) = read(&path, &Limits::default());
    let truth = std::fs::read_to_string(documents().join("derived-arabic/regulation_03.truth.txt")).unwrap();
    let (share, missing) = recall(&truth, &extraction.text());
    assert!(share >= 0.98, "{share} in {time:?}: {missing:?}");
    let (table, _) = read(&documents().join("office/simple-table.doc"), &Limits::default());
    assert_eq!(table.status, Status::Text);
}

#[test]
fn an_office_file_becomes_a_pdf_and_what_is_none_does_not() {
    for name in ["derived-arabic/regulation_01.docx", "derived-arabic/register_01.xlsx", "derived-arabic/slides_02.odp"]
    {
        let path = documents().join(name);
        let media_type = sniff_file(&path, name).unwrap().media_type;
        let pdf = pdf_limited(&child(), &path, &media_type, &Limits::default());
        assert!(pdf.as_ref().is_ok_and(|pdf| pdf.starts_with(b"%PDF-")), "{name}: {:?}", pdf.err());
    }
    let (_folder, text) = file("a.txt", b"text");
    assert_eq!(pdf_limited(&child(), &text, "text/plain", &Limits::default()), Err(Reason::Unsupported));
}

#[test]
fn a_conversion_that_takes_too_long_is_killed_with_its_children() {
    let path = documents().join("derived-arabic/regulation_03.doc");
    let hasty = Limits { wall_seconds: 0, office_seconds: 0, ..Limits::default() };
    assert_eq!(read(&path, &hasty).0.reason(), Some(Reason::Timeout));
}

#[test]
fn outlook_mail_and_drawings_are_read() {
    let (mail, _) = read(&documents().join("office/simple_msg.msg"), &Limits::default());
    assert_eq!(mail.status, Status::Text, "{mail:?}");
    let drawing = "0\nSECTION\n2\nENTITIES\n0\nTEXT\n1\n\\U+0645\\U+062E\\U+0637\\U+0637\n0\nENDSEC\n0\nEOF\n";
    let (_folder, path) = file("plan.dxf", drawing.as_bytes());
    assert_eq!(read(&path, &Limits::default()).0.text().trim(), "مخطط");
}

fn unlock(name: &str, password: &str) -> Extraction {
    let path = documents().join("bad-input").join(name);
    let media_type = sniff_file(&path, name).unwrap().media_type;
    unlock_limited(&child(), &path, &media_type, password, &Limits::default())
}

#[test]
fn protected_files_are_read_with_their_password_only() {
    for (name, password) in [
        ("password-is-test.pdf", "test"),
        ("PasswordSample-40bit.pdf", "user"),
        ("bug53475-password-is-solrcell.docx", "solrcell"),
        ("protected_passtika.xlsx", "tika"),
        ("testODTEncrypted.odt", "tika"),
    ] {
        let opened = unlock(name, password);
        assert_eq!(opened.status, Status::Text, "{name}: {opened:?}");
        assert!(!opened.text().trim().is_empty());
        assert_eq!(unlock(name, "غير صحيحة").reason(), Some(Reason::Encrypted), "{name}");
    }
    assert_eq!(unlock("testZipEncrypted.zip", "غير صحيحة").reason(), Some(Reason::Encrypted));
    assert_eq!(unlock("PasswordProtected.doc", "x").reason(), Some(Reason::Unsupported));
}

#[test]
fn a_zip_under_a_password_is_read_with_it_only() {
    use zip::{AesMode, ZipWriter, write::SimpleFileOptions};
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().with_aes_encryption(AesMode::Aes256, "مفتاح");
    writer.start_file("كتاب.txt", options).unwrap();
    std::io::Write::write_all(&mut writer, "نص محمي".as_bytes()).unwrap();
    let (_folder, path) = file("a.zip", writer.finish().unwrap().get_ref());
    let unlock = |password: &str| unlock_limited(&child(), &path, "application/zip", password, &Limits::default());
    assert_eq!(read(&path, &Limits::default()).0.reason(), Some(Reason::Encrypted));
    assert_eq!(unlock("آخر").reason(), Some(Reason::Encrypted));
    assert_eq!(unlock("مفتاح").text(), "نص محمي");
}

/// A PDF of so many pages, each with its number.
fn long_pdf(pages: usize) -> Vec<u8> {
    let mut pdf = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    let mut object = |pdf: &mut String, content: &str| {
        offsets.push(pdf.len());
        write!(pdf, "{} 0 obj\n{content}\nendobj\n", offsets.len()).unwrap();
    };
    object(&mut pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", 4 + page * 2)).collect();
    object(&mut pdf, &format!("<< /Type /Pages /Count {pages} /Kids [{kids}] >>"));
    object(&mut pdf, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    for page in 0..pages {
        let (own, content) =
            (format!("BT /F 12 Tf 72 700 Td (Page number {page} of a long report) Tj ET"), 5 + page * 2);
        let resources = "/Resources << /Font << /F 3 0 R >> >>";
        object(
            &mut pdf,
            &format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R {resources} >>"),
        );
        object(&mut pdf, &format!("<< /Length {} >>\nstream\n{own}\nendstream", own.len()));
    }
    let start = pdf.len();
    writeln!(pdf, "xref\n0 {}\n0000000000 65535 f ", offsets.len() + 1).unwrap();
    for offset in &offsets {
        writeln!(pdf, "{offset:010} 00000 n ").unwrap();
    }
    writeln!(pdf, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF", offsets.len() + 1).unwrap();
    pdf.into_bytes()
}

#[test]
fn a_pdf_of_5000_pages_is_read_within_the_limits() {
    let (_folder, path) = file("long.pdf", &long_pdf(5_000));
    let (extraction, time) = read(&path, &Limits::default());
    assert_eq!((extraction.status, extraction.pages), (Status::Text, Some(5_000)), "in {time:?}");
    assert!(extraction.parts.last().unwrap().text.contains("Page number 4999"));
}
