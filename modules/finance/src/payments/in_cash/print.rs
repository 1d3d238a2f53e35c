//! The printed receipt (سند صرف نقدي): what was paid, in figures and in words, who took it, and room to sign.

use diwan_db::ReadTx;
use diwan_finance_api::{CashPayment, CashPaymentState};
use diwan_kernel::{Lang, money};
use diwan_platform::{Actor, Outcome, records::store as spine};
use diwan_print::{Align, Block, Document, Footer, Letterhead, Logo, Paragraph, Row, Run};

use super::list::said;
use crate::{
    parts::currencies,
    payments::print::{fields, language, table},
};

/// What the paper is called.
const TITLE: (&str, &str) = ("سند صرف نقدي", "Cash payment voucher");

/// A payment as a receipt in a language; one that is cancelled says so.
///
/// # Errors
/// The database fails.
pub(super) fn receipt(tx: &mut ReadTx<'_>, actor: &Actor, of: &CashPayment, lang: Lang) -> Outcome<Document> {
    let agency = spine::agency_ref(tx, actor.agency_id)?.name;
    let cancelled = of.state == CashPaymentState::Cancelled;
    let language = language(lang);
    Ok(Document {
        title: format!("{} {}", lang.pick(TITLE), of.number),
        language,
        letterhead: Some(Letterhead { lines: vec![agency.ar], other_lines: vec![agency.en], logo: Logo::Star }),
        fields: fields(&of.number, of.paid_on, lang),
        marks: if cancelled { vec![said(of.state, lang).to_owned()] } else { Vec::new() },
        reference: of.number.clone(),
        blocks: blocks(of, currencies::in_words(tx, of.amount, &of.currency, language)?, lang),
        footer: Footer { text: String::new(), page_numbers: true },
        created_at: of.paid_at.and_utc().timestamp(),
        ..Document::default()
    })
}

fn blocks(of: &CashPayment, words: Option<String>, lang: Lang) -> Vec<Block> {
    let say = |ar: &'static str, en: &'static str| lang.pick((ar, en));
    let title =
        Paragraph { keep_with_next: true, ..Paragraph::of(vec![Run::bold(lang.pick(TITLE))]).aligned(Align::Center) };
    let start = |label| (label, Align::Start);
    let fact = |label: &str, value: &str| Row::new([label.to_owned(), value.to_owned()]);
    let taker = say("المستلم", "Received by");
    let mut facts = vec![
        fact(say("الصندوق", "Cash box"), of.account.get(lang)),
        fact(say("المستند المصروف", "Document paid"), &of.document),
        fact(say("المستفيد", "Payee"), &of.payee),
        fact(say("المبلغ", "Amount"), &format!("{} {}", money::format(of.amount, of.scale), of.currency)),
        fact(taker, &of.taken_by),
    ];
    let known = [
        (say("رقم الهوية", "Identity number"), &of.identity),
        (say("بيان الاستلام", "Note of receipt"), &of.note),
        (say("سبب الإلغاء", "Why it was cancelled"), &of.reason),
    ];
    facts.extend(known.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| fact(label, value)));
    let mut blocks = vec![Block::Paragraph(title), table(&[say("البيان", "Details"), ""].map(start), facts)];
    if let Some(words) = words {
        blocks.push(Block::text(format!("{}: {words}", say("المبلغ كتابة", "Amount in words"))));
    }
    let [name, signature, date] = [say("الاسم", "Name"), say("التوقيع", "Signature"), say("التاريخ", "Date")];
    let signs = |who: &str| format!("{name}: {who}\n{signature}:\n{date}:");
    let row = Row::new([signs(of.paid_by.get(lang)), signs(&of.taken_by)]);
    blocks.push(table(&[say("أمين الصندوق", "Cashier"), taker].map(start), vec![row]));
    blocks
}
