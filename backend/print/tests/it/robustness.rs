//! Whatever text, size or shape a document has, it prints, and what could not be printed is reported.

use std::time::{Duration, Instant};

use crate::support::{fonts, mupdf, pages_of, plain, poppler};
use diwan_print::*;
use proptest::prelude::*;

fn of(blocks: Vec<Block>) -> Document {
    Document { blocks, ..Document::default() }
}

#[test]
fn empty_things_print() {
    let empty_table = Block::Table(Table::default());
    let blank_rows = Block::Table(Table { rows: vec![Row::default(), Row::new([""])], ..Table::default() });
    let document = of(vec![
        Block::Paragraph(Paragraph::default()),
        Block::text(""),
        Block::text("   "),
        Block::text("\n\n"),
        Block::Heading { level: 9, text: String::new(), align: Align::Start },
        Block::BulletList { items: vec![] },
        Block::OrderedList { start: u32::MAX, items: vec![ListItem::default(), ListItem::new("")] },
        empty_table,
        blank_rows,
        Block::KeyValues { pairs: vec![], columns: 0 },
        Block::Spacer { height_mm: -5.0 },
    ]);
    let pdf = render(&document, fonts()).unwrap();
    assert_eq!((pdf.pages, pdf.warnings), (1, vec![]));
    assert_eq!(render(&Document::default(), fonts()).unwrap().pages, 1);
}

#[test]
fn an_endless_word_is_cut_and_stays_whole() {
    for word in ["محمد".repeat(2_500), "reference".repeat(1_200), "7".repeat(10_000), "بَ".repeat(3_000)] {
        let pdf = render(&of(vec![Block::text(word.clone())]), fonts()).unwrap();
        let mut document = of(vec![Block::text(word.clone())]);
        document.footer.page_numbers = false;
        let read = mupdf(&render(&document, fonts()).unwrap());
        let read: String = plain(&read).chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(read, word);
        assert_eq!(pdf.warnings, []);
    }
}

#[test]
fn missing_glyphs_are_reported_once() {
    let pdf = render(&of(vec![Block::text("عقد 漢字 مع 漢 وأيضًا 😀")]), fonts()).unwrap();
    let missing = ['漢', '字', '😀'].map(Warning::MissingGlyph);
    assert_eq!(pdf.warnings, missing);
}

#[test]
fn control_characters_do_not_reach_the_page() {
    let text = "قبل\u{0}\u{7}\u{1b} بعد\tجدول\u{ad}ة \u{feff}\u{fffe}نهاية";
    let mut document = of(vec![Block::text(text)]);
    document.footer.page_numbers = false;
    let pdf = render(&document, fonts()).unwrap();
    assert_eq!(plain(&poppler(&pdf)), "قبل بعد جدولة نهاية");
    assert_eq!(pdf.warnings, []);
}

#[test]
fn bidi_controls_steer_and_are_not_drawn() {
    let mut document = of(vec![Block::text(
        "الرقم \u{2066}AB-12/ج\u{2069} تاريخ \u{200e}2026\u{200f} (\u{202b}نص\u{202c}) \u{2068}x\u{2069}",
    )]);
    document.footer.page_numbers = false;
    let pdf = render(&document, fonts()).unwrap();
    assert_eq!(pdf.warnings, []);
    assert_eq!(plain(&mupdf(&pdf)), "الرقم AB-12/ج تاريخ 2026 (نص) x");
    // Controls that are never closed, or close nothing.
    let hostile = "\u{202e}\u{202e}\u{2067}ابجد abc\u{202c}\u{2069}\u{2069}\u{202c} نص".repeat(200);
    assert!(render(&of(vec![Block::text(hostile)]), fonts()).is_ok());
}

#[test]
fn two_hundred_pages() {
    let paragraph = "إشارةً إلى كتاب معاليكم رقم (18/4/7765) تاريخ 11/11/2026، وحيث إن مخصصات بند صيانة الطرق الثانوية لا تكفي لتغطية المطالبات المستحقة حتى نهاية العام، نتيجة الأضرار.";
    let mut blocks = Vec::new();
    for page in 1..=200 {
        blocks.push(Block::Heading { level: 2, text: format!("الباب {page}"), align: Align::Start });
        blocks.extend((0..6).map(|_| Block::text(paragraph)));
        if page < 200 {
            blocks.push(Block::PageBreak);
        }
    }
    let start = Instant::now();
    let pdf = render(&of(blocks), fonts()).unwrap();
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert_eq!(pdf.pages, 200);
    let pages = pages_of(&pdf);
    for (at, text) in pages.iter().enumerate() {
        assert!(text.contains(&format!("صفحة {} من 200", at + 1)), "{text}");
        assert!(text.contains(&format!("الباب {}", at + 1)), "{text}");
    }
}

#[test]
fn a_row_taller_than_a_page_is_cut() {
    let words: Vec<String> = (0..1_500).map(|at| format!("كلمة{at}")).collect();
    let table = Table {
        columns: vec![Column { width: ColumnWidth::Content, ..Column::default() }, Column::default()],
        header: vec![Row::new(["الرقم", "البيان"])],
        rows: vec![Row::new(["1".to_owned(), words.join(" ")]), Row::new(["2", "التالي"])],
        ..Table::default()
    };
    let pdf = render(&of(vec![Block::Table(table)]), fonts()).unwrap();
    assert!(pdf.pages > 2);
    let read = plain(&mupdf(&pdf));
    for word in &words {
        assert!(read.split(' ').any(|other| other == word), "lost {word}");
    }
    assert!(read.contains("التالي"));
    assert_eq!(read.matches("البيان").count(), pdf.pages, "the head is repeated on every page");
}

#[test]
fn rows_with_wrong_cells_print() {
    let table = Table {
        columns: vec![Column::default(); 2],
        rows: vec![
            Row::new(["أ", "ب", "ج"]),
            Row::new(["د"]),
            Row { cells: vec![Cell { span: 9, ..Cell::new("هـ") }], strong: true },
        ],
        ..Table::default()
    };
    let pdf = render(&of(vec![Block::Table(table)]), fonts()).unwrap();
    assert_eq!(pdf.warnings, [Warning::SurplusCell]);
    let zero = Column { width: ColumnWidth::Ratio(0.0), ..Column::default() };
    let table = Table { columns: vec![zero; 3], rows: vec![Row::new(["1", "2", "3"])], ..Table::default() };
    assert_eq!(render(&of(vec![Block::Table(table)]), fonts()).unwrap().warnings, []);
}

#[test]
fn content_columns_share_a_page_that_is_too_narrow() {
    let wide = "نص طويل لا يسعه العمود وحده أبدًا مهما اتسعت الصفحة ".repeat(3);
    let columns = vec![Column { width: ColumnWidth::Content, ..Column::default() }; 3];
    let table = Table { columns, rows: vec![Row::new([wide.clone(), wide.clone(), wide])], ..Table::default() };
    assert_eq!(render(&of(vec![Block::Table(table)]), fonts()).unwrap().pages, 1);
}

#[test]
fn absurd_pages_print() {
    for page in [
        PageSetup { side_mm: 500.0, ..PageSetup::default() },
        PageSetup { top_mm: 290.0, bottom_mm: 290.0, ..PageSetup::default() },
        PageSetup { text_pt: 4_000.0, ..PageSetup::default() },
        PageSetup { text_pt: -1.0, width_mm: 20.0, height_mm: 20.0, ..PageSetup::default() },
    ] {
        let document = Document { page, ..crate::samples::arabic_letter() };
        assert!(render(&document, fonts()).unwrap().pages < 400);
    }
}

#[test]
fn an_unreadable_image_is_left_out() {
    let mut document = crate::samples::arabic_letter();
    document.letterhead.as_mut().unwrap().logo = Logo::Png(Png(b"not a png".to_vec()));
    assert_eq!(render(&document, fonts()).unwrap().warnings, [Warning::BadImage]);
}

#[test]
fn a_code_that_cannot_be_drawn_is_an_error() {
    let mut document = crate::samples::arabic_letter();
    document.verification.as_mut().unwrap().payload = "x".repeat(5_000);
    assert!(matches!(render(&document, fonts()), Err(PrintError::CodeTooLong { bytes: 5_000 })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any string of any planes prints, in text, tables and heads alike.
    #[test]
    fn any_text_prints(texts in prop::collection::vec("\\PC{0,40}|[\u{600}-\u{6ff} 0-9()/.,a-zA-Z\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\n]{0,80}", 1..6)) {
        let mut document = crate::samples::arabic_letter();
        document.title = texts[0].clone();
        document.fields = texts.iter().map(|text| Field::new(text.clone(), text.clone())).collect();
        document.blocks = texts.iter().map(|text| Block::text(text.clone())).collect();
        let rows = vec![Row::new(texts.clone())];
        document.blocks.push(Block::Table(Table { header: rows.clone(), rows, ..Table::default() }));
        document.blocks.push(Block::BulletList { items: texts.iter().map(ListItem::new).collect() });
        prop_assert!(render(&document, fonts()).is_ok());
        document.language = Language::En;
        prop_assert!(render(&document, fonts()).is_ok());
    }
}
