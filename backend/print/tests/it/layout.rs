//! Page breaks, frames, metadata, and what the file looks like from outside.

use std::process::Command;

use crate::{
    samples,
    support::{fonts, info, pages_of, plain, poppler},
};
use diwan_print::*;

#[test]
fn a_document_survives_json_and_renders_to_the_same_bytes() {
    for document in [samples::arabic_letter(), samples::english_letter(), samples::two_page_circular()] {
        let json = serde_json::to_string(&document).unwrap();
        let again: Document = serde_json::from_str(&json).unwrap();
        assert_eq!(again, document);
        let (first, second) = (render(&document, fonts()).unwrap(), render(&again, fonts()).unwrap());
        assert!(first.bytes == second.bytes, "two prints of one document differ");
    }
}

#[test]
fn a_document_can_be_written_by_hand() {
    let json = r#"{
        "title": "كشف",
        "blocks": [
            {"type": "paragraph", "runs": [{"text": "نص"}, {"text": "غامق", "bold": true}], "align": "center"},
            {"type": "table", "columns": [{"width": "content"}, {"width": {"ratio": 2}}],
             "rows": [{"cells": [{"runs": [{"text": "1"}]}, {"runs": [{"text": "ورق"}]}]}]},
            {"type": "rule"}, {"type": "page_break"}
        ],
        "verification": {"payload": "x", "label": "رمز:", "code": "ABC"}
    }"#;
    let document: Document = serde_json::from_str(json).unwrap();
    assert_eq!(render(&document, fonts()).unwrap().pages, 2);
    assert!(serde_json::from_str::<Document>(r#"{"titel": "typo"}"#).is_err());
}

#[test]
fn the_file_says_what_it_is() {
    let pdf = render(&samples::arabic_letter(), fonts()).unwrap();
    let info = info(&pdf);
    for line in
        ["Title: طلب مناقلة مخصصات ضمن موازنة عام 2026", "Producer: Diwan", "Page size: 595.276 x 841.89 pts (A4)"]
    {
        assert!(plain(&info).contains(line), "no “{line}” in {info}");
    }
    let raw = String::from_utf8_lossy(&pdf.bytes);
    assert!(raw.starts_with("%PDF-1.7") && raw.contains("/Lang(ar)") && raw.contains("/Direction/R2L"));
    assert!(!raw.contains("PDFX"), "the file must not claim a standard it does not keep");
}

#[test]
fn threads_share_the_fonts() {
    let document = samples::english_letter();
    let alone = render(&document, fonts()).unwrap().bytes;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| render(&document, fonts()).unwrap().bytes)).collect();
        for thread in threads {
            assert!(thread.join().unwrap() == alone);
        }
    });
}

#[test]
fn one_page_letters_are_small() {
    for document in [samples::arabic_letter(), samples::english_letter()] {
        let pdf = render(&document, fonts()).unwrap();
        assert_eq!(pdf.pages, 1);
        assert!(pdf.bytes.len() < 60_000, "{} bytes", pdf.bytes.len());
    }
}

#[test]
fn following_pages_carry_the_short_header_and_the_table_head() {
    let mut document = samples::two_page_circular();
    document.marks = vec!["سري".to_owned()];
    let pages = pages_of(&render(&document, fonts()).unwrap());
    assert_eq!(pages.len(), 2);
    for page in &pages {
        assert!(page.contains("سري"), "the classification stands on every page: {page}");
        assert!(page.contains("الحصة (لتر)"), "the table head stands on every page: {page}");
    }
    assert!(pages[1].contains("تعميم رقم 7/1/2026") && pages[1].contains("وزارة الأشغال العامة والإسكان"));
    assert!(!pages[0].contains("تعميم رقم 7/1/2026"));
    assert!(pages[0].contains("صفحة 1 من 2") && pages[1].contains("صفحة 2 من 2"));
}

#[test]
fn the_signature_is_never_torn_nor_alone() {
    for lines in 8..26 {
        let mut document = samples::arabic_letter();
        document.blocks = (0..lines).map(|at| Block::Paragraph(Paragraph::new(format!("سطر{at}")))).collect();
        let pages = pages_of(&render(&document, fonts()).unwrap());
        let of = |text: &str| pages.iter().position(|page| page.contains(text)).unwrap_or_else(|| panic!("no {text}"));
        let name = of("المهندس سامي الحوراني");
        assert_eq!(of("وزير الأشغال العامة والإسكان المهندس سامي"), name, "{lines} lines: torn");
        assert_eq!(of(&format!("سطر{}", lines - 1)), name, "{lines} lines: alone");
        assert_eq!(of("7Q4M-K2XD-91TB"), pages.len() - 1, "the code stands on the last page");
    }
}

#[test]
fn no_lone_line_at_a_page_edge() {
    let long = "كلمات كثيرة تملأ أسطرًا عدة في الفقرة الواحدة حتى يظهر أثر انتقال الصفحة على أسطرها كلها ".repeat(4);
    for before in 20..34 {
        let mut blocks: Vec<Block> = (0..before).map(|_| Block::Paragraph(Paragraph::new("سطر"))).collect();
        blocks.push(Block::text(format!("بداية {long} نهاية")));
        let pdf = render(&Document { blocks, ..Document::default() }, fonts()).unwrap();
        let text = poppler(&pdf);
        for page in text.trim_end_matches('\u{c}').split('\u{c}') {
            let of_paragraph = page
                .lines()
                .filter(|line| line.contains("كلم") || line.contains("نهاية") || line.chars().count() > 40)
                .count();
            assert_ne!(of_paragraph, 1, "after {before} lines a line stands alone:\n{page}");
        }
    }
}

#[test]
fn headings_stay_with_their_text() {
    for before in 15..34 {
        let mut blocks: Vec<Block> = (0..before).map(|_| Block::Paragraph(Paragraph::new("سطر"))).collect();
        blocks.push(Block::Heading { level: 2, text: "العنوان".to_owned(), align: Align::Start });
        blocks.push(Block::text("متن"));
        let pages = pages_of(&render(&Document { blocks, ..Document::default() }, fonts()).unwrap());
        let page = pages.iter().find(|page| page.contains("العنوان")).unwrap();
        assert!(page.contains("متن"), "after {before} lines the heading stands alone");
    }
}

#[test]
fn a_logo_is_drawn() {
    let mut png = std::io::Cursor::new(Vec::new());
    let image = image::RgbaImage::from_pixel(40, 20, image::Rgba([200, 0, 0, 255]));
    image.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mut document = samples::arabic_letter();
    document.letterhead.as_mut().unwrap().logo = Logo::Png(Png(png.into_inner()));
    document.signature.as_mut().unwrap().image = match &document.letterhead.as_ref().unwrap().logo {
        Logo::Png(png) => Some(png.clone()),
        _ => None,
    };
    let pdf = render(&document, fonts()).unwrap();
    assert_eq!(pdf.warnings, []);
    let page = raster(&pdf, 72);
    let (x, y) = (page.width / 2, 15 * 72 / 25 + 15);
    assert_eq!(page.pixel(x, y), [200, 0, 0], "the logo stands in the middle of the head");
}

/// A page drawn by poppler.
struct Raster {
    width: usize,
    rgb: Vec<u8>,
}

impl Raster {
    fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    fn dark(&self, x: usize, y: usize) -> bool {
        self.pixel(x, y).iter().all(|&part| part < 100)
    }
}

fn raster(pdf: &Pdf, dpi: u32) -> Raster {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.pdf");
    std::fs::write(&file, &pdf.bytes).unwrap();
    let root = folder.path().join("page");
    let status =
        Command::new("pdftoppm").args(["-r", &dpi.to_string(), "-png", "-singlefile"]).arg(&file).arg(&root).status();
    assert!(status.unwrap().success());
    let image = image::open(root.with_extension("png")).unwrap().into_rgb8();
    Raster { width: image.width() as usize, rgb: image.into_raw() }
}

#[test]
fn the_drawn_code_is_the_encoded_one() {
    let document = samples::arabic_letter();
    let payload = &document.verification.as_ref().unwrap().payload;
    let code = qrcode::QrCode::with_error_correction_level(payload, qrcode::EcLevel::M).unwrap();
    let page = raster(&render(&document, fonts()).unwrap(), 300);
    let mm = |mm: f64| (mm * 300.0 / 25.4).round() as usize;
    // The code stands at the left margin, 24 mm wide, its last module just above the footer.
    let bottom = (mm(200.0)..mm(280.0)).rev().find(|&y| page.dark(mm(20.0) + 10, y)).unwrap() + 1;
    let (side, top) = (mm(24.0), bottom - mm(24.0));
    let modules = code.width();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        let middle = |module: usize| (2 * module + 1) * side / (2 * modules);
        let (x, y) = (mm(20.0) + middle(at % modules), top + middle(at / modules));
        assert_eq!(page.dark(x, y), color == qrcode::Color::Dark, "module {} {}", at % modules, at / modules);
    }
}
