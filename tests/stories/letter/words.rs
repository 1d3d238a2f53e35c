//! What is written in the story: the template, the letter, its attachments, the answer.

use std::io::Write;

use diwan_kernel::{Lang, Named, Priority};
use diwan_tarasol_api::{Body, Form, LetterInput, Template};
use diwan_testkit::TestDb;
use diwan_tests::{TestApp, letter};
use serde_json::json;

/// The subject of the letter; no other text of the test government has its words.
pub(super) const SUBJECT: &str = "طلب تخصيص موازنة إضافية لمشروع التحول الرقمي";
/// The subject of the answer.
pub(super) const ANSWER: &str = "الموافقة على طلب التخصيص الإضافي";
/// A word that stands in the PDF alone.
pub(super) const IN_PDF: &str = "الزبرجد";
/// A word that stands in the Word file alone.
pub(super) const IN_DOCX: &str = "الفيروزج";

/// A template with merge fields, a formatted passage and a table.
pub(super) fn template() -> Template {
    let text = |text: &str| json!({ "type": "text", "text": text });
    let strong = json!({ "type": "text", "text": "{{amount}} دينار", "marks": [{ "type": "strong" }] });
    let cell = |kind: &str, words: &str| {
        let paragraph = json!({ "type": "paragraph", "content": [text(words)] });
        json!({ "type": kind, "content": [paragraph] })
    };
    let row = |kind: &str, words: [&str; 2]| {
        let cells = words.map(|words| cell(kind, words));
        json!({ "type": "table_row", "content": cells })
    };
    let table = [row("table_header", ["البند", "القيمة"]), row("table_cell", ["أجهزة وخوادم", "280,000.000"])];
    let body = json!({ "type": "doc", "content": [
        { "type": "paragraph", "content": [text("تحية طيبة وبعد،")] },
        { "type": "paragraph", "attrs": { "align": "justify" },
          "content": [text("أرجو معاليكم التكرم بالموافقة على تخصيص مبلغ "), strong, text(" وفق الجدول الآتي:")] },
        { "type": "table", "content": table },
        { "type": "paragraph", "content": [text("وتفضلوا بقبول فائق الاحترام،")] },
    ] });
    Template {
        id: 0,
        shared: false,
        form: Form::Letter,
        name: Named { ar: "طلب تخصيص".to_owned(), en: "Request for funds".to_owned() },
        lang: Lang::Ar,
        subject: SUBJECT.to_owned(),
        body: serde_json::from_value(body).unwrap(),
        active: true,
        version: 0,
    }
}

/// The letter written from the template.
pub(super) fn from_template(template: &Template, to: i64) -> LetterInput {
    let mut body: Body = template.body.clone();
    body.fill(&|field| (field == "amount").then(|| "420,000.000".to_owned()));
    LetterInput { body, priority: Priority::Urgent, reply_due_days: Some(5), ..letter(to, &template.subject) }
}

/// A PDF with Arabic text: a print from another installation.
pub(super) async fn pdf() -> Vec<u8> {
    let app = TestApp::new(TestDb::sqlite());
    let writer = app.world.moh.users["clerk"];
    let mut letter = letter(app.world.modee.id, "ورقة");
    letter.body = Body::from_text("دراسة الجدوى لمنصة الزبرجد وملاحقها");
    let step: diwan_tarasol_api::LetterStep = app.post(writer, "/api/letters", &letter).await.created();
    app.get(writer, &format!("/api/letters/{}/pdf", step.id)).await.body.to_vec()
}

/// A Word file of one paragraph.
pub(super) fn docx() -> Vec<u8> {
    const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    const TEXT: &str = r#"<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>كشف أجهزة مختبر الفيروزج</w:t></w:r></w:p></w:body></w:document>"#;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", TYPES), ("_rels/.rels", RELS), ("word/document.xml", TEXT)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
