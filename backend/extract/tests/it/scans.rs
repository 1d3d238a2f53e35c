//! Scanned pages: what is recognised on them, where it stands, and what happens to pages that cannot be read.

use diwan_extract::{Limits, Reason, ScanPage, picture_limited, recognise_limited, sniff_file};

use crate::data::shared_data;
use crate::recall::recall;
use crate::support::{child, file};

fn limits() -> Limits {
    Limits { wall_seconds: 240, cpu_seconds: 240, memory_bytes: 2 << 30, ..Limits::default() }
}

fn recognise(path: &std::path::Path, page: u32) -> Result<ScanPage, Reason> {
    let media_type = sniff_file(path, &path.file_name().unwrap().to_string_lossy()).unwrap().media_type;
    recognise_limited(&child(), path, &media_type, page, &limits())
}

#[test]
fn words_of_arabic_scans_are_recognised() {
    let folder = shared_data("documents/derived-arabic");
    let mut recalls = Vec::new();
    for number in 1..=12 {
        let name = format!("scan_{number:02}");
        let path = ["png", "jpg", "tif", "pdf"].map(|end| folder.join(format!("{name}.{end}")));
        let path = path.iter().find(|path| path.exists()).unwrap();
        let page = recognise(path, 1).unwrap_or_else(|reason| panic!("{name}: {reason:?}"));
        assert_eq!((page.page, page.of, page.turns), (1, 1, 0), "{name}");
        assert!(page.words.iter().all(|word| word.place[0] < 10_000 && word.place[2] > 0), "{name}");
        let truth = std::fs::read_to_string(folder.join(format!("{name}.truth.txt"))).unwrap();
        recalls.push(recall(&truth, &page.text()).0);
    }
    // Plain `tesseract -l ara --psm 6` finds 0.829 of them.
    let mean = recalls.iter().sum::<f64>() / recalls.len() as f64;
    assert!(mean > 0.83, "only {mean:.3} of the words: {recalls:.2?}");
}

#[test]
fn an_english_page_is_read_as_english() {
    let page = recognise(&shared_data("documents/scan/linn.png"), 1).unwrap();
    let truth = std::fs::read_to_string(shared_data("documents/scan/linn.truth.txt")).unwrap();
    assert!(recall(&truth, &page.text()).0 > 0.8, "{}", page.text());
    assert!(page.confidence() > 70.0);
}

#[test]
fn codes_are_read_from_the_page() {
    let page = recognise(&shared_data("documents/scan/barcode-128-custom.pdf"), 1).unwrap();
    assert!(page.codes.iter().any(|code| code.kind == "CODE-128" && code.text == "CUSTOM BARCODE"), "{:?}", page.codes);
    let page = recognise(&shared_data("documents/scan/many-qr-codes.pdf"), 2).unwrap();
    assert!(page.codes.iter().any(|code| code.kind == "QR-Code" && code.text == "ADAR-NEXTDOC"), "{:?}", page.codes);
    assert!(page.of > 2);
}

#[test]
fn a_page_on_its_side_is_set_upright() {
    let upright = image::open(shared_data("documents/derived-arabic/scan_01.png")).unwrap();
    let (_folder, path) = file("side.png", &[]);
    upright.rotate270().save(&path).unwrap();
    let page = recognise(&path, 1).unwrap();
    assert_eq!(page.turns, 1);
    let truth = std::fs::read_to_string(shared_data("documents/derived-arabic/scan_01.truth.txt")).unwrap();
    assert!(recall(&truth, &page.text()).0 > 0.9, "{}", page.text());
    let picture = picture_limited(&child(), &path, "image/png", (1, 600, page.turns), &limits()).unwrap();
    let picture = image::load_from_memory(&picture).unwrap();
    assert!(picture.height() > picture.width(), "it stands");
}

#[test]
fn every_page_of_a_long_file_can_be_read() {
    let page = recognise(&shared_data("documents/scan/multipage.pdf"), 3).unwrap();
    assert!(page.of >= 3 && page.page == 3);
    assert_eq!(recognise(&shared_data("documents/scan/multipage.pdf"), page.of + 1), Err(Reason::Corrupt));
}

#[test]
fn every_page_of_a_tiff_can_be_read() {
    let (_folder, path) = file("pages.tif", &[]);
    let page = image::open(shared_data("documents/derived-arabic/scan_01.png")).unwrap().into_luma8();
    let blank = vec![255_u8; page.as_raw().len()];
    let mut writer = tiff::encoder::TiffEncoder::new(std::fs::File::create(&path).unwrap()).unwrap();
    for pixels in [&blank, page.as_raw()] {
        writer.write_image::<tiff::encoder::colortype::Gray8>(page.width(), page.height(), pixels).unwrap();
    }
    drop(writer);
    let (first, second) = (recognise(&path, 1).unwrap(), recognise(&path, 2).unwrap());
    assert_eq!((first.of, second.of), (2, 2));
    assert!(first.words.is_empty(), "{:?}", first.words);
    assert!(second.words.len() > 100);
    assert_eq!(recognise(&path, 3), Err(Reason::Corrupt));
}

#[test]
fn what_cannot_be_drawn_says_why() {
    let (_folder, path) = file("x.png", b"\x89PNG\r\n\x1a\nand nothing more");
    assert_eq!(recognise_limited(&child(), &path, "image/png", 1, &limits()), Err(Reason::Corrupt));
    assert_eq!(
        picture_limited(&child(), &path, "image/png", (1, 100, 0), &limits()),
        Err(Reason::Corrupt),
        "a picture of it neither"
    );
    let no_time = Limits { wall_seconds: 0, ..limits() };
    let scan = shared_data("documents/derived-arabic/scan_06.png");
    assert_eq!(recognise_limited(&child(), &scan, "image/png", 1, &no_time), Err(Reason::Timeout));
}
