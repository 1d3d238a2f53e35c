//! The certificate of a drill (شهادة تجربة استرجاع).

use chrono::{Duration, NaiveDateTime};
use diwan_archive_api::DrillReport;
use diwan_db::digest;
use diwan_kernel::Lang;
use diwan_platform::{Outcome, Refusal};
use diwan_print::{
    Align, Block, Column, Document, Fonts, Footer, KeyValue, Language, Paragraph, Row, Run, Table, calendar,
};

/// Faults that are named; all are counted.
const NAMED: usize = 20;

/// The certificate of what a drill found, as PDF.
///
/// # Errors
/// The fonts cannot be embedded.
pub fn pdf(
    report: &DrillReport,
    finished_at: NaiveDateTime,
    utc_offset_minutes: i32,
    lang: Lang,
    fonts: &Fonts,
) -> Outcome<Vec<u8>> {
    let offset = Duration::minutes(i64::from(utc_offset_minutes));
    let mut document = document(report, finished_at, offset, lang);
    let sealed = if lang == Lang::Ar {
        "بصمة النتيجة في سجل التدقيق"
    } else {
        "Hash of the result in the audit trail"
    };
    document.blocks.push(small(format!("{sealed}: {}", digest(report)?)));
    let pdf = diwan_print::render(&document, fonts).map_err(|error| Refusal::Internal(error.to_string()))?;
    Ok(pdf.bytes)
}

fn document(report: &DrillReport, finished_at: NaiveDateTime, offset: Duration, lang: Lang) -> Document {
    let say = |ar: &'static str, en: &'static str| if lang == Lang::Ar { ar } else { en };
    let language = if lang == Lang::Ar { Language::Ar } else { Language::En };
    let title = say("شهادة تجربة استرجاع", "Certificate of a restore drill");
    let result = if report.is_good() {
        say("النتيجة: ناجحة، استُرجع كل شيء", "Result: passed, everything came back")
    } else {
        say("النتيجة: فاشلة", "Result: failed")
    };
    let day = |at: NaiveDateTime| {
        let local = at + offset;
        format!("{} {}", calendar::gregorian_text(local.date(), language), local.format("%H:%M"))
    };
    let mut blocks = vec![
        Block::Heading { level: 1, text: title.to_owned(), align: Align::Center },
        Block::Paragraph(Paragraph::of(vec![Run::bold(result)]).aligned(Align::Center)),
        Block::text(say(
            "أُعيدت النسخة الاحتياطية المبينة أدناه إلى مكان منفصل عن النظام، وفُحص ما عاد منها وفق الأرقام التالية.",
            "The backup named below was brought back in a place apart from the system, and what came back was examined.",
        )),
        Block::KeyValues { pairs: facts(report, finished_at, &say, &day), columns: 1 },
        Block::Spacer { height_mm: 4.0 },
        Block::Table(figures(report, &say)),
    ];
    blocks.extend(faults(report, &say));
    blocks.push(Block::Spacer { height_mm: 6.0 });
    Document {
        title: title.to_owned(),
        language,
        blocks,
        footer: Footer { text: say("ديوان", "Diwan").to_owned(), page_numbers: true },
        created_at: finished_at.and_utc().timestamp(),
        ..Document::default()
    }
}

type Say<'a> = &'a dyn Fn(&'static str, &'static str) -> &'static str;

fn facts(
    report: &DrillReport,
    finished_at: NaiveDateTime,
    say: Say<'_>,
    day: &dyn Fn(NaiveDateTime) -> String,
) -> Vec<KeyValue> {
    let pair = |key: &str, value: String| KeyValue { key: key.to_owned(), value: vec![Run::plain(value)] };
    let kind = if report.fresh {
        say("أُخذت لهذه التجربة", "taken for this drill")
    } else {
        say("من النسخ الاحتياطية للنظام", "of the installation's backups")
    };
    vec![
        pair(say("تاريخ التجربة", "Date of the drill"), day(finished_at)),
        pair(say("النسخة الاحتياطية", "Backup"), format!("{} ({kind})", report.snapshot)),
        pair(say("تاريخ أخذها", "Taken"), report.taken_at.map(day).unwrap_or_default()),
        pair(say("إصدار النظام", "Version"), report.version.clone()),
        pair(say("مدة التجربة بالثواني", "Seconds it took"), report.seconds.to_string()),
    ]
}

fn figures(report: &DrillReport, say: Say<'_>) -> Table {
    let row = |what: &str, all: i64, good: i64| Row::new([what.to_owned(), all.to_string(), good.to_string()]);
    let (lost, broken) = (count(report.lost.len()), count(report.broken.len()));
    let column = |align| Column { align, ..Column::default() };
    Table {
        columns: vec![column(Align::Start), column(Align::Figures), column(Align::Figures)],
        header: vec![Row {
            strong: true,
            ..Row::new([say("ما فُحص", "Examined"), say("العدد", "Number"), say("السليم منه", "Good")])
        }],
        rows: vec![
            row(say("جداول قاعدة البيانات", "Tables of the database"), report.tables, report.tables),
            row(say("صفوفها", "Rows"), report.rows, report.rows),
            row(say("سلاسل سجل التدقيق", "Audit chains"), report.chains, report.chains - broken),
            row(say("حلقاتها", "Links"), report.links, report.links),
            row(say("محتويات الملفات", "Contents of files"), report.files + lost, report.files),
            row(say("قيود فهرس البحث", "Entries of the search index"), report.indexed, report.indexed),
            row(say("وثائق عشوائية فُتحت ملفاتها", "Random documents, opened"), report.documents, report.opened),
            row(
                say("وثائق عشوائية عُثر عليها بكلماتها", "Random documents, found by words"),
                report.documents,
                report.found,
            ),
        ],
        ..Table::default()
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What did not come back, by name.
fn faults(report: &DrillReport, say: Say<'_>) -> Vec<Block> {
    let mut lines: Vec<String> =
        report.fault.iter().map(|fault| format!("{}: {fault}", say("السبب", "Reason"))).collect();
    lines.extend(report.broken.iter().take(NAMED).cloned());
    lines.extend(
        report.lost.iter().take(NAMED).map(|hash| format!("{} {hash}", say("ملف لم يعد سليمًا:", "File not whole:"))),
    );
    let head = || Block::Heading {
        level: 3,
        text: say("ما لم يُسترجع", "What did not come back").to_owned(),
        align: Align::Start,
    };
    if lines.is_empty() { Vec::new() } else { std::iter::once(head()).chain(lines.into_iter().map(small)).collect() }
}

fn small(line: String) -> Block {
    Block::Paragraph(Paragraph { size_pt: Some(9.0), ..Paragraph::new(line) })
}
