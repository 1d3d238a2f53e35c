//! The printed document: its fields, its lines, the amount in words, who did which duty, and the seal.

mod facts;
mod lines;
#[cfg(test)]
mod tests;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{Approval, DocumentKind, DocumentLine, Duty, FinanceDocument, Side};
use diwan_kernel::{Lang, money};
use diwan_platform::{
    Outcome,
    records::{seals, store as spine},
};
use diwan_platform_api::records::RecordKind;
use diwan_print::{
    Align, Block, Column, Document, Field, Footer, Language, Letterhead, Logo, Paragraph, Press, Row, Run, Table,
    calendar,
};
use diwan_schema::finance::parties;

use super::list::state_words;
use crate::parts::currencies;

/// Who is paid, as far as the paper says it: tax number, national number, IBAN.
type Payee = (String, String, String);

/// The document to be printed: a draft says that it is one and has neither number nor code.
///
/// # Errors
/// The database fails.
pub(super) fn document(tx: &mut ReadTx<'_>, press: &Press, from: &FinanceDocument, lang: Lang) -> Outcome<Document> {
    let agency = spine::agency_ref(tx, from.head.agency.id)?.name;
    let kind = from.kind.code().parse::<RecordKind>()?.names();
    let language = if lang == Lang::Ar { Language::Ar } else { Language::En };
    let number = from.head.number.clone().unwrap_or_default();
    let label = lang.pick(("التحقق من صحة المستند", "Check this document"));
    let verification = seals::of_record(tx, from.head.id)?
        .map(|seal| press.verification(label, seal.verify_code, (&seal.hash, &seal.signature)));
    let state = state_words(from.head.state.parse()?);
    let marks = if from.posted_at.is_none() { vec![lang.pick(state).to_owned()] } else { Vec::new() };
    let payee = payee(tx, from)?;
    let paid = net(from).filter(|net| *net > 0).unwrap_or(from.amount);
    let words = currencies::in_words(tx, paid, &from.currency, language)?;
    let mut blocks = body(from, lang, (kind, payee.as_ref()), words);
    blocks.push(duties(from, lang, &|at| tx.day_of(at)));
    blocks.push(signatures(from.kind, lang));
    Ok(Document {
        title: format!("{} {number}", lang.pick(kind)).trim().to_owned(),
        language,
        letterhead: Some(Letterhead { lines: vec![agency.ar], other_lines: vec![agency.en], logo: Logo::Star }),
        fields: vec![
            Field::new(lang.pick(("الرقم", "Number")), number.clone()),
            Field::new(lang.pick(("التاريخ", "Date")), calendar::gregorian_text(from.effective_on, language)),
            Field::new(lang.pick(("السنة المالية", "Fiscal year")), fiscal_year(from, lang)),
        ],
        marks,
        reference: number,
        blocks,
        verification,
        footer: Footer { text: String::new(), page_numbers: true },
        created_at: from.posted_at.unwrap_or(from.head.updated_at).and_utc().timestamp(),
        ..Document::default()
    })
}

/// The fiscal year, and that the document is of its complementary period.
fn fiscal_year(from: &FinanceDocument, lang: Lang) -> String {
    let period = lang.pick((" - الفترة التكميلية", " - complementary period"));
    format!("{}{}", from.year, if from.complementary { period } else { "" })
}

/// What is known of whoever is paid.
fn payee(tx: &mut ReadTx<'_>, from: &FinanceDocument) -> Outcome<Option<Payee>> {
    let Some(party) = from.party.as_ref().filter(|_| from.kind.shape().pays) else { return Ok(None) };
    let of = parties::table.find(party.id).select((parties::tax_number, parties::national_number, parties::iban));
    Ok(of.first(tx.conn()).optional()?)
}

fn body(
    from: &FinanceDocument,
    lang: Lang,
    (kind, payee): ((&str, &str), Option<&Payee>),
    words: Option<String>,
) -> Vec<Block> {
    let title =
        Paragraph { keep_with_next: true, ..Paragraph::of(vec![Run::bold(lang.pick(kind))]).aligned(Align::Center) };
    let mut blocks = vec![Block::Paragraph(title), facts::of(from, lang, payee), lines::of(from, lang)];
    let (ar, en) = ("المبلغ كتابة", "Amount in words");
    if let Some(words) = words {
        blocks.push(Block::text(format!("{}: {words}", lang.pick((ar, en)))));
    }
    let available = if from.kind == DocumentKind::Commitment { lines::available(from) } else { Vec::new() };
    if !available.is_empty() {
        let header = [
            ("البند", "Line"),
            ("المتاح قبله", "Available before"),
            ("المبلغ", "Amount"),
            ("المتاح بعده", "Available after"),
        ];
        blocks.push(heading(lang.pick(("المتاح من المخصصات", "Available"))));
        blocks.push(table(&header.map(|words| lang.pick(words)), available));
    }
    if !from.slices.is_empty() {
        let rows = from
            .slices
            .iter()
            .map(|slice| Row::new([slice.year.to_string(), money::format(slice.amount, money::JOD_SCALE)]));
        blocks.push(heading(lang.pick(("شرائح السنوات التالية", "Later years"))));
        blocks.push(table(&[lang.pick(("السنة", "Year")), lang.pick(("المبلغ", "Amount"))], rows.collect()));
    }
    blocks
}

fn heading(text: &str) -> Block {
    Block::Heading { level: 3, text: text.to_owned(), align: Align::Start }
}

fn table(header: &[&str], rows: Vec<Row>) -> Block {
    Block::Table(Table {
        columns: vec![Column::default(); header.len()],
        header: vec![Row::new(header.iter().copied())],
        rows,
        size_pt: Some(10.0),
        ..Table::default()
    })
}

/// What is left after deductions, where the document is paid.
fn net(from: &FinanceDocument) -> Option<i64> {
    let signed = |line: &DocumentLine| if line.side == Side::Debit { line.amount } else { -line.amount };
    from.kind.shape().pays.then(|| from.lines.iter().map(signed).sum())
}

/// Who did which duty in the last round, each with the day as it is in the office; room where nobody did one yet.
pub(super) fn duties(from: &FinanceDocument, lang: Lang, day: &dyn Fn(NaiveDateTime) -> NaiveDate) -> Block {
    let round = from.approvals.iter().map(|approval| approval.round).max().unwrap_or(0);
    let done = |duty: Duty, label: (&str, &str)| {
        let of = from.approvals.iter().filter(|one| one.round == round && one.duty == duty);
        let name = |one: &Approval| match &one.on_behalf_of {
            Some(other) => format!("{} {} {}", one.by.name.get(lang), lang.pick(("عن", "for")), other.name.get(lang)),
            None => one.by.name.get(lang).to_owned(),
        };
        let mut rows: Vec<Row> =
            of.map(|one| Row::new([lang.pick(label).to_owned(), name(one), day(one.at).to_string()])).collect();
        if rows.is_empty() {
            rows.push(Row::new([lang.pick(label).to_owned(), String::new(), String::new()]));
        }
        rows
    };
    let rows = [
        (Duty::Prepare, ("أعدّه", "Prepared by")),
        (Duty::Certify, ("دقّقه (مراقب الالتزام)", "Certified by (commitment control)")),
        (Duty::Authorise, ("آمر الصرف", "Authorised by")),
    ]
    .into_iter()
    .flat_map(|(duty, label)| done(duty, label));
    table(&[lang.pick(("المهمة", "Duty")), lang.pick(("الاسم", "Name")), lang.pick(("التاريخ", "Date"))], rows.collect())
}

/// Room for those who sign on paper: internal audit, and where money changes hands who hands it out and who takes it.
fn signatures(kind: DocumentKind, lang: Lang) -> Block {
    let mut labels = vec![lang.pick(("الرقابة الداخلية", "Internal audit"))];
    if kind.shape().pays || matches!(kind, DocumentKind::Receipt | DocumentKind::Deposit) {
        labels.push(lang.pick(("أمين الصندوق", "Cashier")));
    }
    if kind.shape().pays {
        labels.push(lang.pick(("المستلم", "Received by")));
    }
    let room = lang.pick(("الاسم:\nالتوقيع:\nالتاريخ:", "Name:\nSignature:\nDate:"));
    table(&labels, vec![Row::new(vec![room; labels.len()])])
}
