//! The printed run (كشف دفعة الصرف): its transfers, the total in words, who made and approved it, and the seal.

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

/// A run as a document: what is not approved has neither number nor code, and says so.
///
/// # Errors
/// The database fails.
pub(super) fn run(
    press: &Press,
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    (of, items): (&PaymentRun, &[PaymentItem]),
) -> Outcome<Document> {
    let agency = spine::agency_ref(tx, actor.agency_id)?.name;
    let day = of.approved_at.map_or_else(|| tx.today(), |at| tx.day_of(at));
    let number = of.number.clone().unwrap_or_else(|| "—".to_owned());
    let verification = seals::of_record(tx, of.id)?
        .map(|seal| press.verification("التحقق من صحة الدفعة", seal.verify_code, (&seal.hash, &seal.signature)));
    let approved = of.approved_by.as_ref().map(|name| Signature {
        above: vec!["اعتمدها".to_owned()],
        image: None,
        name: name.get(Lang::Ar).to_owned(),
        below: Vec::new(),
    });
    let marked = matches!(of.state, PaymentRunState::Draft | PaymentRunState::Void);
    Ok(Document {
        title: format!("دفعة صرف {number}"),
        language: Language::Ar,
        letterhead: Some(Letterhead { lines: vec![agency.ar], other_lines: vec![agency.en], logo: Logo::Star }),
        fields: vec![
            Field::new("الرقم", number.clone()),
            Field::new("التاريخ", calendar::hijri_text(day, Language::Ar)),
            Field::new("الموافق", calendar::gregorian_text(day, Language::Ar)),
        ],
        marks: if marked { vec![said(of.state, Lang::Ar).to_owned()] } else { Vec::new() },
        reference: number,
        blocks: blocks(of, items, currencies::in_words(tx, of.amount, &of.currency, Language::Ar)?),
        signature: approved,
        verification,
        footer: Footer { text: of.file_hash.clone().unwrap_or_default(), page_numbers: true },
        created_at: of.sent_at.or(of.approved_at).map_or(0, |at| at.and_utc().timestamp()),
        ..Document::default()
    })
}

fn blocks(of: &PaymentRun, items: &[PaymentItem], words: Option<String>) -> Vec<Block> {
    let title = Paragraph {
        keep_with_next: true,
        ..Paragraph::of(vec![Run::bold(format!("كشف دفعة صرف: {}", of.subject))]).aligned(Align::Center)
    };
    let amount = |minor: i64| money::format(minor, of.scale);
    let facts = table(
        &[("البيان", Align::Start), ("", Align::Start)],
        vec![
            Row::new(["الحساب الدافع".to_owned(), of.account.get(Lang::Ar).to_owned()]),
            Row::new(["رقم الحساب الدولي (IBAN)".to_owned(), of.account_iban.clone()]),
            Row::new(["تاريخ الدفع المطلوب".to_owned(), calendar::gregorian_text(of.pay_on, Language::Ar)]),
            Row::new(["عدد الحوالات".to_owned(), of.items.to_string()]),
            Row::new(["المجموع".to_owned(), format!("{} {}", amount(of.amount), of.currency)]),
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
    let total = [String::new(), String::new(), "المجموع".to_owned(), String::new(), amount(of.amount)];
    rows.push(Row { strong: true, ..Row::new(total) });
    let head = [
        ("ت", Align::Start),
        ("المستند", Align::Start),
        ("المستفيد", Align::Start),
        ("رقم الحساب الدولي (IBAN)", Align::Start),
        ("المبلغ", Align::Figures),
    ];
    let mut blocks = vec![Block::Paragraph(title), facts, table(&head, rows)];
    if let Some(words) = words {
        blocks.push(Block::text(format!("المجموع كتابة: {words}")));
    }
    blocks.push(Block::text(format!("أعدّها: {}", of.prepared_by.get(Lang::Ar))));
    blocks
}

/// A table with these heads.
pub(super) fn table(head: &[(&str, Align)], rows: Vec<Row>) -> Block {
    Block::Table(Table {
        columns: head.iter().map(|(_, align)| Column { align: *align, ..Column::default() }).collect(),
        header: vec![Row::new(head.iter().map(|(label, _)| *label))],
        rows,
        size_pt: Some(10.0),
        ..Table::default()
    })
}
