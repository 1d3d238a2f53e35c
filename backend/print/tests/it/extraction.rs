//! Text comes back from the PDF as it was written, with two independent readers.

use crate::{
    samples,
    support::{fonts, mupdf, plain, poppler},
};
use diwan_print::*;

/// Both readers give `source`, apart from white space and direction controls.
#[track_caller]
fn reads_back(document: &Document, source: &str) {
    let pdf = render(document, fonts()).unwrap();
    assert_eq!(pdf.warnings, []);
    assert_eq!(plain(&poppler(&pdf)), plain(source), "poppler");
    assert_eq!(plain(&mupdf(&pdf)), plain(source), "MuPDF");
}

fn body(language: Language, texts: &[&str]) -> Document {
    Document {
        language,
        footer: Footer { page_numbers: false, ..Footer::default() },
        blocks: texts.iter().map(|text| Block::text(*text)).collect(),
        ..Document::default()
    }
}

#[track_caller]
fn paragraphs_read_back(language: Language, texts: &[&str]) {
    for text in texts {
        reads_back(&body(language, &[text]), text);
    }
    reads_back(&body(language, texts), &texts.join(" "));
}

#[test]
fn official_prose() {
    paragraphs_read_back(
        Language::Ar,
        &[
            "معالي وزير المالية الأكرم",
            "إشارةً إلى كتاب معاليكم رقم (18/4/7765) تاريخ 11/11/2026، وحيث إن مخصصات بند صيانة الطرق الثانوية لا تكفي لتغطية المطالبات المستحقة حتى نهاية العام، نتيجة الأضرار التي خلّفتها سيول شهر تشرين الأول في محافظتي الكرك والطفيلة،",
            "أرجو معاليكم التكرم بالموافقة على مناقلة مبلغ 420,000.000 دينار (فقط أربعمئة وعشرون ألف دينار لا غير) من بند الدراسات والتصاميم رقم 28-101-014 إلى بند صيانة الطرق الثانوية رقم 28-101-009، علمًا بأن البند المنقول منه لا تترتب عليه التزامات حتى تاريخه، وفق الكشف المرفق.",
            "وتفضلوا معاليكم بقبول فائق الاحترام،",
        ],
    );
}

#[test]
fn lam_alef_and_tashkeel() {
    paragraphs_read_back(
        Language::Ar,
        &[
            "الأشغال، الاستكمال، لا، لأن، لإن، الآن، لآلئ، إلا، الأولى، الإسكان، سلام، كلام، بلاغ، علاوة، ملاحظات",
            "بِسْمِ اللَّهِ الرَّحْمٰنِ الرَّحِيمِ",
            "السَّلَامُ عَلَيْكُمْ وَرَحْمَةُ اللهِ وَبَرَكَاتُهُ، مُحَمَّدٌ رَسُولُ اللَّهِ، ٱلْحَقُّ، شيئًا فشيئًا، ثانيًا، مستوفٍ، مسؤوليّة، ﷺ",
            "ممـتاز، لـ (أ)، هـ، الـقرار",
        ],
    );
}

#[test]
fn numbers_dates_and_references() {
    paragraphs_read_back(
        Language::Ar,
        &[
            "الرقم ٢٠٢٣/٤٥ بتاريخ ٢٠ آذار ٢٠٢٣، ونسبة 75% و٧٥٪ فقط.",
            "١- البند الأول؛ ٢- البند الثاني: (أ) و(ب). المادة (5/ب) من النظام رقم (28) لسنة 2022، والساعة 10:30.",
            "رقمان 18/4 20/5 متتاليان، ومن 5 - 7، و3.5 كغم، و-5 درجات، و100%، و1,250.500 د.أ.",
            "هاتف: +962 6 5550100، فرعي 12، ص.ب (1220) عمان 11118",
            "في الفترة 2026-01-01 إلى 2026-12-31 والفترة ٢٠٢٦-٠١-٠١",
        ],
    );
}

#[test]
fn brackets_quotes_and_latin() {
    paragraphs_read_back(
        Language::Ar,
        &[
            "وفق (Ref A-15) من Microsoft Office 365 [ملحق 2] «نص» {س} \"اقتباس\".",
            "بريد info@example.gov.jo والموقع www.example.gov.jo، ورمز التحقق 7Q4M-K2XD-91TB.",
            "عمان - الأردن، «نعم»؟ لا! [هـ] {س}، A4، و(نظام ERP (إصدار 2.1)) قيد التجربة…",
            "(MoF) وزارة المالية",
            "Office of the Minister",
            "الشركة العربية (Arab Co. Ltd.) – فرع العقبة",
        ],
    );
}

#[test]
fn english() {
    paragraphs_read_back(
        Language::En,
        &[
            "Dear Sir, with reference to your letter No. 18/4/7765 (dated 11/11/2026), efficient office fi ffi.",
            "A total of JOD 1,250.500 (10% bond), e-mail: info@example.gov.jo; “quoted” – that is it!",
            "The Ministry of Finance (وزارة المالية) and the file no. 4/12 are named in the letter of the Ministry.",
        ],
    );
}

#[test]
fn bold_and_underlined_parts_inside_words() {
    let runs = vec![
        Run::plain("الموضوع: "),
        Run::bold("طلب مناق").underlined(),
        Run::plain("لة "),
        Run::bold("(2026)"),
        Run::plain("، والسلام"),
    ];
    let source: String = runs.iter().map(|run| run.text.as_str()).collect();
    let document = Document { blocks: vec![Block::Paragraph(Paragraph::of(runs))], ..body(Language::Ar, &[]) };
    reads_back(&document, &source);
}

#[test]
fn every_alignment() {
    let text = "إشارةً إلى كتاب معاليكم رقم (18/4/7765) تاريخ 11/11/2026، وحيث إن مخصصات بند صيانة الطرق الثانوية لا تكفي (Ref A-15) لتغطية المطالبات.";
    for align in [Align::Start, Align::End, Align::Center, Align::Justify, Align::Figures] {
        let block = Block::Paragraph(Paragraph::new(text).aligned(align));
        reads_back(&Document { blocks: vec![block], ..body(Language::Ar, &[]) }, text);
    }
}

/// Readers order the cells of a table each in its own way: every cell must be there, whole.
#[track_caller]
fn contains_all(document: &Document, texts: &[&str]) {
    let pdf = render(document, fonts()).unwrap();
    for (reader, read) in [("poppler", plain(&poppler(&pdf))), ("MuPDF", plain(&mupdf(&pdf)))] {
        for text in texts {
            assert!(read.contains(&plain(text)), "{reader} lost “{text}” in: {read}");
        }
    }
}

#[test]
fn the_arabic_letter_with_its_table() {
    contains_all(
        &samples::arabic_letter(),
        &[
            "المملكة الأردنية الهاشمية",
            "وزارة الأشغال العامة والإسكان",
            "4/12/4821",
            "8 جمادى الآخرة 1448 هـ",
            "18 تشرين الثاني 2026 م",
            "محدود",
            "عاجل",
            "الموضوع: طلب مناقلة مخصصات ضمن موازنة عام 2026",
            "رقم البند",
            "28-101-014",
            "الدراسات والتصاميم",
            "صيانة الطرق الثانوية",
            "المجموع",
            "420,000.000",
            "المهندس سامي الحوراني",
            "المرفقات: كشف الالتزامات (صفحتان).",
            "التحقق من صحة الكتاب: 7Q4M-K2XD-91TB",
            "ص.ب (1220) عمان 11118 الأردن · هاتف +962 6 5550100 · www.example.gov.jo",
            "صفحة 1 من 1",
        ],
    );
}

#[test]
fn the_english_letter_with_its_bilingual_head() {
    contains_all(
        &samples::english_letter(),
        &[
            "The Hashemite Kingdom of Jordan",
            "وزارة الأشغال العامة والإسكان",
            "Subject: Supply of bridge bearings, tender No. 28/2026",
            "Delivery to the Ministry's stores in Marka within 45 days of this letter.",
            "Efficient after-sales service: two visits, free of charge.",
            "Verify this letter: 3R8P-AA1C-77QK",
            "Page 1 of 1",
        ],
    );
}

#[test]
fn the_two_page_circular() {
    contains_all(
        &samples::two_page_circular(),
        &[
            "تعميم رقم (7) لسنة 2026",
            "بِسْمِ اللَّهِ الرَّحْمٰنِ الرَّحِيمِ، السَّلَامُ عَلَيْكُمْ وَرَحْمَةُ اللهِ وَبَرَكَاتُهُ، وبعد؛",
            "نظام Fleet Card إصدار 2.1 أثناء الأعطال.",
            "تُرفع التقارير إلى fleet@example.gov.jo قبل الساعة 10:30 من يوم الخميس.",
            "96,250.750 دينار",
            "مديرية أشغال محافظة رقم 14",
            "٢٠٢٦/14",
            "17500.500",
            "صفحة 2 من 2",
        ],
    );
}
