//! The printed receipt (سند صرف نقدي): what was paid, in figures and in words, who took it, and room to sign.

use diwan_db::ReadTx;
use diwan_finance_api::{CashPayment, CashPaymentState};
use diwan_kernel::{Lang, money};
use diwan_platform::{Actor, Outcome, records::store as spine};
use diwan_print::{Align, Block, Document, Field, Footer, Language, Letterhead, Logo, Paragraph, Row, Run, calendar};

use super::list::said;
use crate::{parts::currencies, payments::print::table};

/// A payment as a receipt; one that is cancelled says so.
///
/// # Errors
/// The database fails.
pub(super) fn receipt(tx: &mut ReadTx<'_>, actor: &Actor, of: &CashPayment) -> Outcome<Document> {
    let agency = spine::agency_ref(tx, actor.agency_id)?.name;
    let cancelled = of.state == CashPaymentState::Cancelled;
    Ok(Document {
        title: format!("سند صرف نقدي {}", of.number),
        language: Language::Ar,
        letterhead: Some(Letterhead { lines: vec![agency.ar], other_lines: vec![agency.en], logo: Logo::Star }),
        fields: vec![
            Field::new("الرقم", of.number.clone()),
            Field::new("التاريخ", calendar::hijri_text(of.paid_on, Language::Ar)),
            Field::new("الموافق", calendar::gregorian_text(of.paid_on, Language::Ar)),
        ],
        marks: if cancelled { vec![said(of.state, Lang::Ar).to_owned()] } else { Vec::new() },
        reference: of.number.clone(),
        blocks: blocks(of, currencies::in_words(tx, of.amount, &of.currency, Language::Ar)?),
        footer: Footer { text: String::new(), page_numbers: true },
        created_at: of.paid_at.and_utc().timestamp(),
        ..Document::default()
    })
}

fn blocks(of: &CashPayment, words: Option<String>) -> Vec<Block> {
    let title = Paragraph {
        keep_with_next: true,
        ..Paragraph::of(vec![Run::bold("سند صرف نقدي")]).aligned(Align::Center)
    };
    let start = |label| (label, Align::Start);
    let fact = |label: &str, value: &str| Row::new([label.to_owned(), value.to_owned()]);
    let mut facts = vec![
        fact("الصندوق", of.account.get(Lang::Ar)),
        fact("المستند المصروف", &of.document),
        fact("المستفيد", &of.payee),
        fact("المبلغ", &format!("{} {}", money::format(of.amount, of.scale), of.currency)),
        fact("المستلم", &of.taken_by),
    ];
    let known = [("رقم الهوية", &of.identity), ("بيان الاستلام", &of.note), ("سبب الإلغاء", &of.reason)];
    facts.extend(known.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| fact(label, value)));
    let mut blocks = vec![Block::Paragraph(title), table(&["البيان", ""].map(start), facts)];
    if let Some(words) = words {
        blocks.push(Block::text(format!("المبلغ كتابة: {words}")));
    }
    let cashier = format!("الاسم: {}\nالتوقيع:\nالتاريخ:", of.paid_by.get(Lang::Ar));
    let taker = format!("الاسم: {}\nالتوقيع:\nالتاريخ:", of.taken_by);
    blocks.push(table(&["أمين الصندوق", "المستلم"].map(start), vec![Row::new([cashier, taker])]));
    blocks
}
