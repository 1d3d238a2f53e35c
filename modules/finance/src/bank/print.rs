//! The printed reconciliation (كشف التسوية البنكية), with the code that anybody can check.

use diwan_db::ReadTx;
use diwan_finance_api::{Reconciliation, ReconciliationItem, ReconciliationState};
use diwan_kernel::{Lang, money};
use diwan_platform::{
    Actor, Outcome,
    records::{seals, store as spine},
};
use diwan_print::{
    Align, Block, Column, Document, Field, Footer, Language, Letterhead, Logo, Paragraph, Press, Row, Run, Signature,
    Table, calendar,
};

/// A reconciliation as a document: what is not approved has neither number nor code, and says so.
pub(super) fn reconciliation(
    press: &Press,
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    of: &Reconciliation,
) -> Outcome<Document> {
    let agency = spine::agency_ref(tx, actor.agency_id)?.name;
    let at = of.approved_at.or(of.submitted_at);
    let day = at.map_or_else(|| tx.today(), |at| tx.day_of(at));
    let number = of.number.clone().unwrap_or_else(|| "—".to_owned());
    let label = "التحقق من صحة التسوية";
    let verification = seals::of_record(tx, of.id)?
        .map(|seal| press.verification(label, seal.verify_code, (&seal.hash, &seal.signature)));
    let approved = of.approved_by.as_ref().map(|name| Signature {
        above: vec!["اعتمدها".to_owned()],
        image: None,
        name: name.get(Lang::Ar).to_owned(),
        below: Vec::new(),
    });
    Ok(Document {
        title: format!("تسوية بنكية {number}"),
        language: Language::Ar,
        letterhead: Some(Letterhead { lines: vec![agency.ar], other_lines: vec![agency.en], logo: Logo::Star }),
        fields: vec![
            Field::new("الرقم", number.clone()),
            Field::new("التاريخ", calendar::hijri_text(day, Language::Ar)),
            Field::new("الموافق", calendar::gregorian_text(day, Language::Ar)),
        ],
        marks: if of.state == ReconciliationState::Approved { Vec::new() } else { vec!["مسودة".to_owned()] },
        reference: number,
        blocks: blocks(of),
        signature: approved,
        verification,
        footer: Footer { text: of.root.clone().unwrap_or_default(), page_numbers: true },
        created_at: at.map_or(0, |at| at.and_utc().timestamp()),
        ..Document::default()
    })
}

fn blocks(of: &Reconciliation) -> Vec<Block> {
    let title =
        format!("كشف تسوية حساب {} حتى {}", of.account.get(Lang::Ar), calendar::gregorian_text(of.day, Language::Ar));
    let title = Paragraph { keep_with_next: true, ..Paragraph::of(vec![Run::bold(title)]).aligned(Align::Center) };
    let amount = |minor: i64| money::format(minor, of.scale);
    let total = |label: &str, minor: i64| Row { strong: true, ..Row::new([label.to_owned(), amount(minor)]) };
    let plain = |label: &str, minor: i64| Row::new([label.to_owned(), amount(minor)]);
    let summary = table(
        &[("البيان", Align::Start), ("المبلغ", Align::Figures)],
        vec![
            plain("الرصيد حسب الدفاتر", of.book_balance),
            plain("يضاف: لدى البنك وليس في الدفاتر", of.bank_only),
            total("رصيد الدفاتر المعدل", of.adjusted),
            plain("الرصيد حسب كشف البنك", of.bank_balance),
            plain("يضاف: في الدفاتر وليس لدى البنك", of.books_only),
            total("رصيد البنك المعدل", of.bank_balance + of.books_only),
        ],
    );
    let mut blocks = vec![
        Block::Paragraph(title),
        Block::text(format!("رقم الحساب: {}، العملة: {}", of.account_number, of.currency)),
        summary,
    ];
    for (heading, items) in [
        ("حركات لدى البنك وليست في الدفاتر", &of.bank_items),
        ("صكوك وحوالات لم تُصرف", &of.outstanding),
        ("إيداعات في الطريق", &of.in_transit),
    ] {
        if items.is_empty() {
            continue;
        }
        blocks.push(Block::Heading { level: 3, text: heading.to_owned(), align: Align::Start });
        blocks.push(listed(items, &amount));
    }
    blocks.push(Block::text(format!("أعدّها: {}", of.prepared_by.get(Lang::Ar))));
    blocks
}

/// Items with their sum.
fn listed(items: &[ReconciliationItem], amount: &impl Fn(i64) -> String) -> Block {
    let mut rows: Vec<Row> = items
        .iter()
        .map(|item| {
            let day = item.day.format("%d/%m/%Y").to_string();
            Row::new([day, item.reference.clone(), item.text.clone(), amount(item.amount)])
        })
        .collect();
    let sum = amount(items.iter().map(|item| item.amount).sum());
    rows.push(Row { strong: true, ..Row::new(["المجموع".to_owned(), String::new(), String::new(), sum]) });
    let head =
        [("التاريخ", Align::Start), ("المرجع", Align::Start), ("البيان", Align::Start), ("المبلغ", Align::Figures)];
    table(&head, rows)
}

fn table(head: &[(&str, Align)], rows: Vec<Row>) -> Block {
    Block::Table(Table {
        columns: head.iter().map(|(_, align)| Column { align: *align, ..Column::default() }).collect(),
        header: vec![Row::new(head.iter().map(|(label, _)| *label))],
        rows,
        size_pt: Some(10.0),
        ..Table::default()
    })
}
