//! The printed run (كشف دفعة الصرف): its transfers, the total in words, who made and approved it, and the seal.

use chrono::NaiveDate;
use diwan_db::ReadTx;
use diwan_finance_api::{PaymentItem, PaymentRun, PaymentRunState};
use diwan_kernel::{Lang, money};
use diwan_platform::{
    Actor, Outcome,
    records::{seals, store as spine},
};
use diwan_print::{
    Align, Block, Column, Document, Field, Footer, Language, Letterhead, Logo, Paragraph, Press, Row, Run, Signature,
    Table, calendar,
};

use super::run::list::said;
use crate::parts::currencies;

/// A run as a document in a language: what is not approved has neither number nor code, and says so.
///
/// # Errors
/// The database fails.
pub(super) fn run(
    press: &Press,
    tx: &mut ReadTx<'_>,
    (actor, lang): (&Actor, Lang),
    (of, items): (&PaymentRun, &[PaymentItem]),
) -> Outcome<Document> {
    let agency = spine::agency_ref(tx, actor.agency_id)?.name;
    let language = language(lang);
    let day = of.approved_at.map_or_else(|| tx.today(), |at| tx.day_of(at));
    let number = of.number.clone().unwrap_or_else(|| "—".to_owned());
    let label = lang.pick(("التحقق من صحة الدفعة", "Check this run"));
    let verification = seals::of_record(tx, of.id)?
        .map(|seal| press.verification(label, seal.verify_code, (&seal.hash, &seal.signature)));
    let approved = of.approved_by.as_ref().map(|name| Signature {
        above: vec![lang.pick(("اعتمدها", "Approved by")).to_owned()],
        image: None,
        name: name.get(lang).to_owned(),
        below: Vec::new(),
    });
    let marked = matches!(of.state, PaymentRunState::Draft | PaymentRunState::Void);
    Ok(Document {
        title: format!("{} {number}", lang.pick(("دفعة صرف", "Payment run"))),
        language,
        letterhead: Some(Letterhead { lines: vec![agency.ar], other_lines: vec![agency.en], logo: Logo::Star }),
        fields: fields(&number, day, lang),
        marks: if marked { vec![said(of.state, lang).to_owned()] } else { Vec::new() },
        reference: number,
        blocks: blocks((of, items), currencies::in_words(tx, of.amount, &of.currency, language)?, lang),
        signature: approved,
        verification,
        footer: Footer { text: of.file_hash.clone().unwrap_or_default(), page_numbers: true },
        created_at: of.sent_at.or(of.approved_at).map_or(0, |at| at.and_utc().timestamp()),
        ..Document::default()
    })
}

/// The language of what is printed for a reader of this one.
pub(crate) const fn language(lang: Lang) -> Language {
    match lang {
        Lang::Ar => Language::Ar,
        Lang::En => Language::En,
    }
}

/// The number and the day, in both calendars.
pub(crate) fn fields(number: &str, day: NaiveDate, lang: Lang) -> Vec<Field> {
    let language = language(lang);
    vec![
        Field::new(lang.pick(("الرقم", "Number")), number),
        Field::new(lang.pick(("التاريخ", "Hijri date")), calendar::hijri_text(day, language)),
        Field::new(lang.pick(("الموافق", "Date")), calendar::gregorian_text(day, language)),
    ]
}

fn blocks((of, items): (&PaymentRun, &[PaymentItem]), words: Option<String>, lang: Lang) -> Vec<Block> {
    let say = |ar: &'static str, en: &'static str| lang.pick((ar, en));
    let title = format!("{}: {}", say("كشف دفعة صرف", "Payment run"), of.subject);
    let title = Paragraph { keep_with_next: true, ..Paragraph::of(vec![Run::bold(title)]).aligned(Align::Center) };
    let amount = |minor: i64| money::format(minor, of.scale);
    let fact = |label: &str, value: String| Row::new([label.to_owned(), value]);
    let (iban, total) = (say("رقم الحساب الدولي (IBAN)", "IBAN"), say("المجموع", "Total"));
    let facts = table(
        &[(say("البيان", "Details"), Align::Start), ("", Align::Start)],
        vec![
            fact(say("الحساب الدافع", "Paying account"), of.account.get(lang).to_owned()),
            fact(iban, of.account_iban.clone()),
            fact(say("تاريخ الدفع المطلوب", "To be paid on"), calendar::gregorian_text(of.pay_on, language(lang))),
            fact(say("عدد الحوالات", "Transfers"), of.items.to_string()),
            fact(total, format!("{} {}", amount(of.amount), of.currency)),
        ],
    );
    let mut rows: Vec<Row> = items
        .iter()
        .map(|item| {
            Row::new([
                item.seq.to_string(),
                item.document.clone(),
                item.payee.clone(),
                item.iban.clone(),
                amount(item.amount),
            ])
        })
        .collect();
    let sum = [String::new(), String::new(), total.to_owned(), String::new(), amount(of.amount)];
    rows.push(Row { strong: true, ..Row::new(sum) });
    let head = [
        (say("ت", "#"), Align::Start),
        (say("المستند", "Document"), Align::Start),
        (say("المستفيد", "Payee"), Align::Start),
        (iban, Align::Start),
        (say("المبلغ", "Amount"), Align::Figures),
    ];
    let mut blocks = vec![Block::Paragraph(title), facts, table(&head, rows)];
    if let Some(words) = words {
        blocks.push(Block::text(format!("{}: {words}", say("المجموع كتابة", "Total in words"))));
    }
    blocks.push(Block::text(format!("{}: {}", say("أعدّها", "Prepared by"), of.prepared_by.get(lang))));
    blocks
}

/// A table with these heads.
pub(crate) fn table(head: &[(&str, Align)], rows: Vec<Row>) -> Block {
    Block::Table(Table {
        columns: head.iter().map(|(_, align)| Column { align: *align, ..Column::default() }).collect(),
        header: vec![Row::new(head.iter().map(|(label, _)| *label))],
        rows,
        size_pt: Some(10.0),
        ..Table::default()
    })
}
