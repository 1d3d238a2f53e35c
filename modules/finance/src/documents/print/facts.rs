//! What a printed document says above its lines.

use diwan_finance_api::{
    AdvanceKind, BASE_CURRENCY, Coded, DocumentDetails, DocumentKind, FinanceDocument, JournalReason, OrderKind,
    PayMethod, ReceivedAs, rate_text,
};
use diwan_kernel::{Lang, money};
use diwan_print::{Block, Column, Row, Table};

use super::{Payee, net};

/// A label in both languages, and what stands beside it.
type Fact = ((&'static str, &'static str), String);

/// The facts as a table of two columns; what is empty is left out.
pub(super) fn of(from: &FinanceDocument, lang: Lang, payee: Option<&Payee>) -> Block {
    let mut facts = vec![(("البيان", "Subject"), from.head.subject.clone())];
    let of_advance = matches!(from.kind, DocumentKind::Advance | DocumentKind::AdvanceSettlement);
    let party = if of_advance { ("صاحب السلفة", "Holder") } else { ("الجهة", "Party") };
    facts.extend(from.party.as_ref().or(from.holder.as_ref()).map(|one| (party, named(one, lang))));
    if let Some((tax, national, iban)) = payee {
        facts.push((("الرقم الضريبي", "Tax number"), tax.clone()));
        facts.push((("الرقم الوطني", "National number"), national.clone()));
        facts.push((("رقم الحساب الدولي (IBAN)", "IBAN"), iban.clone()));
    }
    facts.extend(refers(from));
    facts.push((("مراسلات ووثائق ذات صلة", "Related records"), related(from, lang)));
    facts.extend(details(&from.details, lang));
    facts.extend(from.guarantor.as_ref().map(|party| (("الكفيل", "Guarantor"), named(party, lang))));
    if from.method != PayMethod::None {
        facts.push((("طريقة الدفع", "Method"), lang.pick(method(from.method)).to_owned()));
    }
    let due = if of_advance {
        ("موعد التسديد", "To be settled by")
    } else {
        ("تاريخ الاستحقاق", "Due on")
    };
    facts.extend(from.head.due_on.or(from.settle_by).map(|day| (due, day.to_string())));
    facts.extend(paid(from));
    if let Some(counter) = &from.counter {
        let account = format!("{} {}", counter.code, counter.name.get(lang));
        facts.push((("الحساب المقابل", "Counter account"), account));
    }
    facts.extend(amounts(from));
    facts.retain(|(_, value)| !value.is_empty());
    let rows = facts.into_iter().map(|(label, value)| Row::new([lang.pick(label).to_owned(), value])).collect();
    Block::Table(Table { columns: vec![Column::default(); 2], rows, size_pt: Some(11.0), ..Table::default() })
}

fn named(party: &Coded, lang: Lang) -> String {
    format!("{} ({})", party.name.get(lang), party.code)
}

/// What it refers to, and the documents it stands on.
fn refers(from: &FinanceDocument) -> Vec<Fact> {
    let label =
        if from.kind.shape().invoice { ("رقم الفاتورة", "Invoice") } else { ("المرجع", "Reference") };
    let day = from.reference_on.map(|day| format!(" - {day}")).unwrap_or_default();
    let mut facts = Vec::new();
    if !from.reference.is_empty() {
        facts.push((label, format!("{}{day}", from.reference)));
    }
    // A refund names the receipt of the deposit.
    let source = match from.kind {
        DocumentKind::DepositRefund => ("سند الأمانة", "Deposit"),
        DocumentKind::JournalVoucher => ("إسقاط المستحق من", "Gives up the claim of"),
        _ => ("يستند إلى", "Draws on"),
    };
    for (label, named) in [(source, &from.source), (("يعكس", "Reverses"), &from.reverses)] {
        if let Some(named) = named {
            facts.push((label, named.number.clone().unwrap_or_default()));
        }
    }
    if let Some(deposit) = from.source.as_ref().filter(|_| from.kind == DocumentKind::DepositRefund) {
        let left = format!("{} {BASE_CURRENCY}", money::format(deposit.open, money::JOD_SCALE));
        facts.push((("المتبقي من الأمانة حاليًا", "Left of the deposit now"), left));
    }
    facts
}

/// Letters and other records that it is linked to, by their numbers.
fn related(from: &FinanceDocument, lang: Lang) -> String {
    let numbered = from.links.iter().filter_map(|link| Some((&link.other, link.other.number.as_ref()?)));
    let all = numbered
        .map(|(other, number)| format!("{} {number} - {}", lang.pick(other.kind.names()), other.agency.get(lang)));
    all.collect::<Vec<_>>().join("\n")
}

/// What pays it: the cheque, the transfer with its run, or what was handed out of a box.
fn paid(from: &FinanceDocument) -> Vec<Fact> {
    let Some(paid) = &from.payment else { return Vec::new() };
    let (number, day) = match paid.method {
        PayMethod::Cheque => (("رقم شيك الصرف", "Paid by cheque"), ("تاريخ إصدار الشيك", "Issued on")),
        PayMethod::Cash => (("رقم الصرف النقدي", "Paid in cash"), ("تاريخ الصرف", "Paid on")),
        PayMethod::Transfer | PayMethod::None => (("مرجع الحوالة", "Transfer"), ("تاريخ التنفيذ", "Executed on")),
    };
    vec![
        (("رقم دفعة الصرف", "Payment run"), paid.run.clone()),
        (number, paid.number.clone()),
        (day, paid.on.map(|day| day.to_string()).unwrap_or_default()),
    ]
}

/// What its kind asks for besides.
fn details(of: &DocumentDetails, lang: Lang) -> Vec<Fact> {
    let word = |words: Option<(&'static str, &'static str)>| words.map(|words| lang.pick(words).to_owned());
    vec![
        (("رقم أمر الشراء", "Purchase order"), of.purchase_order.clone()),
        (("رقم مستند الاستلام", "Goods receipt"), of.goods_receipt.clone()),
        (("الجهة الطالبة", "Requested by"), of.requester.clone()),
        (("اسم الدافع", "Received from"), of.payer.clone()),
        (("طريقة القبض", "Received as"), word(of.received_as.map(received)).unwrap_or_default()),
        (("البنك المسحوب عليه", "Drawn on"), of.cheque_bank.clone()),
        (("رقم الشيك", "Cheque number"), of.cheque_no.clone()),
        (("تاريخ الشيك", "Date of the cheque"), of.cheque_on.map(|day| day.to_string()).unwrap_or_default()),
        (("رقم قسيمة الإيداع", "Deposit slip"), of.deposit_slip.clone()),
        (("سبب القيد", "Reason"), word(of.reason.map(reason)).unwrap_or_default()),
        (("يُعكس تلقائيًا في", "Reverses itself on"), of.reverse_on.map(|day| day.to_string()).unwrap_or_default()),
        (("نوع السلفة", "Kind of advance"), word(of.advance_kind.map(advance)).unwrap_or_default()),
        (("نوع الأمر المالي", "Kind of order"), word(of.order_kind.map(order)).unwrap_or_default()),
        (("السند القانوني", "Legal article"), of.legal_article.clone()),
        (("إثبات الاستحقاق", "Proof of entitlement"), of.proof.clone()),
    ]
}

/// Gross, in dinars too where it is another currency, and what is left after deductions.
fn amounts(from: &FinanceDocument) -> Vec<Fact> {
    let amount = |minor: i64| format!("{} {}", money::format(minor, from.scale), from.currency);
    let mut facts = vec![(("المبلغ", "Amount"), amount(from.amount))];
    if let Some(net) = net(from).filter(|net| *net != from.amount) {
        facts.push((("الصافي بعد الاقتطاعات", "Net of deductions"), amount(net)));
    }
    if from.currency != BASE_CURRENCY {
        let base = format!("{} {BASE_CURRENCY}", money::format(from.base_amount, money::JOD_SCALE));
        facts.push((("سعر الصرف", "Rate"), rate_text(from.rate)));
        facts.push((("المبلغ بالدينار", "Amount in dinars"), base));
    }
    facts
}

const fn method(method: PayMethod) -> (&'static str, &'static str) {
    match method {
        PayMethod::Transfer => ("حوالة بنكية", "Bank transfer"),
        PayMethod::Cheque => ("شيك", "Cheque"),
        PayMethod::Cash => ("نقدًا", "Cash"),
        PayMethod::None => ("", ""),
    }
}

const fn received(way: ReceivedAs) -> (&'static str, &'static str) {
    match way {
        ReceivedAs::Cash => ("نقدًا", "Cash"),
        ReceivedAs::Cheque => ("شيك", "Cheque"),
        ReceivedAs::Transfer => ("حوالة بنكية", "Bank transfer"),
        ReceivedAs::Card => ("بطاقة دفع", "Card"),
    }
}

const fn reason(reason: JournalReason) -> (&'static str, &'static str) {
    match reason {
        JournalReason::Correction => ("تصويب", "Correction"),
        JournalReason::Reclassification => ("إعادة تصنيف", "Reclassification"),
        JournalReason::Settlement => ("تسوية", "Settlement"),
        JournalReason::Accrual => ("استحقاق", "Accrual"),
        JournalReason::Other => ("غير ذلك", "Other"),
    }
}

const fn order(kind: OrderKind) -> (&'static str, &'static str) {
    match kind {
        OrderKind::General => ("أمر مالي عام", "General financial order"),
        OrderKind::Special => ("أمر مالي خاص", "Special financial order"),
    }
}

const fn advance(kind: AdvanceKind) -> (&'static str, &'static str) {
    match kind {
        AdvanceKind::Temporary => ("مؤقتة", "Temporary"),
        AdvanceKind::Permanent => ("دائمة", "Permanent"),
    }
}
