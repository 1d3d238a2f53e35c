//! The printed reconciliation (كشف التسوية البنكية), with the code that anybody can check.

use diwan_db::ReadTx;
use diwan_finance_api::{Reconciliation, ReconciliationItem, ReconciliationState};
use diwan_kernel::{Lang, money};
use diwan_platform::{
    Actor, Outcome,
    records::{seals, store as spine},
};
use diwan_print::{Align, Block, Document, Footer, Letterhead, Logo, Paragraph, Press, Row, Run, Signature, calendar};

use crate::payments::print::{fields, language, table};

/// A reconciliation as a document in a language: what is not approved has neither number nor code, and says so.
///
/// # Errors
/// The database fails.
pub(super) fn reconciliation(
    press: &Press,
    tx: &mut ReadTx<'_>,
    (actor, lang): (&Actor, Lang),
    of: &Reconciliation,
) -> Outcome<Document> {
    let agency = spine::agency_ref(tx, actor.agency_id)?.name;
    let at = of.approved_at.or(of.submitted_at);
    let day = at.map_or_else(|| tx.today(), |at| tx.day_of(at));
    let number = of.number.clone().unwrap_or_else(|| "—".to_owned());
    let label = lang.pick(("التحقق من صحة التسوية", "Check this reconciliation"));
    let verification = seals::of_record(tx, of.id)?
        .map(|seal| press.verification(label, seal.verify_code, (&seal.hash, &seal.signature)));
    let approved = of.approved_by.as_ref().map(|name| Signature {
        above: vec![lang.pick(("اعتمدها", "Approved by")).to_owned()],
        image: None,
        name: name.get(lang).to_owned(),
        below: Vec::new(),
    });
    let draft = lang.pick(("مسودة", "Draft")).to_owned();
    Ok(Document {
        title: format!("{} {number}", lang.pick(("تسوية بنكية", "Bank reconciliation"))),
        language: language(lang),
        letterhead: Some(Letterhead { lines: vec![agency.ar], other_lines: vec![agency.en], logo: Logo::Star }),
        fields: fields(&number, day, lang),
        marks: if of.state == ReconciliationState::Approved { Vec::new() } else { vec![draft] },
        reference: number,
        blocks: blocks(of, lang),
        signature: approved,
        verification,
        footer: Footer { text: of.root.clone().unwrap_or_default(), page_numbers: true },
        created_at: at.map_or(0, |at| at.and_utc().timestamp()),
        ..Document::default()
    })
}

fn blocks(of: &Reconciliation, lang: Lang) -> Vec<Block> {
    let say = |ar: &'static str, en: &'static str| lang.pick((ar, en));
    let (account, until) = (of.account.get(lang), calendar::gregorian_text(of.day, language(lang)));
    let [of_account, to_day] = [say("كشف تسوية حساب", "Reconciliation of"), say("حتى", "until")];
    let title = format!("{of_account} {account} {to_day} {until}");
    let title = Paragraph { keep_with_next: true, ..Paragraph::of(vec![Run::bold(title)]).aligned(Align::Center) };
    let amount = |minor: i64| money::format(minor, of.scale);
    let total = |label: &str, minor: i64| Row { strong: true, ..Row::new([label.to_owned(), amount(minor)]) };
    let plain = |label: &str, minor: i64| Row::new([label.to_owned(), amount(minor)]);
    let summary = table(
        &[(say("البيان", "Details"), Align::Start), (say("المبلغ", "Amount"), Align::Figures)],
        vec![
            plain(say("الرصيد حسب الدفاتر", "Balance of the books"), of.book_balance),
            plain(say("يضاف: لدى البنك وليس في الدفاتر", "Add: at the bank, not in the books"), of.bank_only),
            total(say("رصيد الدفاتر المعدل", "Adjusted balance of the books"), of.adjusted),
            plain(say("الرصيد حسب كشف البنك", "Balance of the bank's statement"), of.bank_balance),
            plain(say("يضاف: في الدفاتر وليس لدى البنك", "Add: in the books, not at the bank"), of.books_only),
            total(say("رصيد البنك المعدل", "Adjusted balance of the bank"), of.bank_balance + of.books_only),
        ],
    );
    let mut blocks = vec![
        Block::Paragraph(title),
        Block::text(match lang {
            Lang::Ar => format!("رقم الحساب: {}، العملة: {}", of.account_number, of.currency),
            Lang::En => format!("Account number: {}, currency: {}", of.account_number, of.currency),
        }),
        summary,
    ];
    for (heading, items) in [
        (say("حركات لدى البنك وليست في الدفاتر", "At the bank, not in the books"), &of.bank_items),
        (say("شيكات وحوالات لم تُصرف", "Outstanding cheques and transfers"), &of.outstanding),
        (say("إيداعات في الطريق", "Deposits in transit"), &of.in_transit),
    ] {
        if items.is_empty() {
            continue;
        }
        blocks.push(Block::Heading { level: 3, text: heading.to_owned(), align: Align::Start });
        blocks.push(listed(items, &amount, lang));
    }
    blocks.push(Block::text(format!("{}: {}", say("أعدّها", "Prepared by"), of.prepared_by.get(lang))));
    blocks
}

/// Items with their sum.
fn listed(items: &[ReconciliationItem], amount: &impl Fn(i64) -> String, lang: Lang) -> Block {
    let mut rows: Vec<Row> = items
        .iter()
        .map(|item| {
            let day = item.day.format("%d/%m/%Y").to_string();
            Row::new([day, item.reference.clone(), item.text.clone(), amount(item.amount)])
        })
        .collect();
    let sum = amount(items.iter().map(|item| item.amount).sum());
    let total = lang.pick(("المجموع", "Total")).to_owned();
    rows.push(Row { strong: true, ..Row::new([total, String::new(), String::new(), sum]) });
    let head = [
        (lang.pick(("التاريخ", "Date")), Align::Start),
        (lang.pick(("المرجع", "Reference")), Align::Start),
        (lang.pick(("البيان", "Details")), Align::Start),
        (lang.pick(("المبلغ", "Amount")), Align::Figures),
    ];
    table(&head, rows)
}
