//! The printed document: its fields, its lines, the amount in words, who did which duty, and the seal.

use diwan_db::ReadTx;
use diwan_finance_api::{
    Approval, BASE_CURRENCY, Coded, DocumentKind, DocumentLine, Duty, FinanceDocument, PayMethod, Shape, Side,
};
use diwan_kernel::{Lang, Named, money};
use diwan_platform::{
    Outcome,
    records::{seals, store as spine},
};
use diwan_platform_api::records::RecordKind;
use diwan_print::{
    Align, Block, Column, Document, Field, Footer, Language, Letterhead, Logo, Paragraph, Press, Row, Run, Table,
    calendar, words,
};

use super::list::state_words;

/// Arabic or English, as the print is wanted.
fn pick<'a>(lang: Lang, (ar, en): (&'a str, &'a str)) -> &'a str {
    if lang == Lang::Ar { ar } else { en }
}

/// The document to be printed: a draft says that it is one and has neither number nor code.
///
/// # Errors
/// The database fails.
pub(super) fn document(tx: &mut ReadTx<'_>, press: &Press, from: &FinanceDocument, lang: Lang) -> Outcome<Document> {
    let agency = spine::agency_ref(tx, from.head.agency.id)?.name;
    let kind = from.kind.code().parse::<RecordKind>()?.names();
    let language = if lang == Lang::Ar { Language::Ar } else { Language::En };
    let number = from.head.number.clone().unwrap_or_default();
    let label = pick(lang, ("التحقق من صحة المستند", "Check this document"));
    let verification = seals::of_record(tx, from.head.id)?
        .map(|seal| press.verification(label, seal.verify_code, (&seal.hash, &seal.signature)));
    let state = state_words(from.head.state.parse()?);
    let marks = if from.posted_at.is_none() { vec![pick(lang, state).to_owned()] } else { Vec::new() };
    Ok(Document {
        title: format!("{} {number}", pick(lang, kind)).trim().to_owned(),
        language,
        letterhead: Some(Letterhead { lines: vec![agency.ar], other_lines: vec![agency.en], logo: Logo::Star }),
        fields: vec![
            Field::new(pick(lang, ("الرقم", "Number")), number.clone()),
            Field::new(pick(lang, ("التاريخ", "Date")), calendar::gregorian_text(from.effective_on, language)),
            Field::new(pick(lang, ("السنة المالية", "Fiscal year")), from.year.to_string()),
        ],
        marks,
        reference: number,
        blocks: blocks(from, lang, kind),
        verification,
        footer: Footer { text: String::new(), page_numbers: true },
        created_at: from.posted_at.unwrap_or(from.head.updated_at).and_utc().timestamp(),
        ..Document::default()
    })
}

fn blocks(from: &FinanceDocument, lang: Lang, kind: (&str, &str)) -> Vec<Block> {
    let title =
        Paragraph { keep_with_next: true, ..Paragraph::of(vec![Run::bold(pick(lang, kind))]).aligned(Align::Center) };
    let mut blocks = vec![Block::Paragraph(title), facts(from, lang), lines(from, lang)];
    let (ar, en) = ("المبلغ كتابة", "Amount in words");
    if let Some(words) = in_words(from, lang) {
        blocks.push(Block::text(format!("{}: {words}", pick(lang, (ar, en)))));
    }
    if !from.slices.is_empty() {
        let rows = from
            .slices
            .iter()
            .map(|slice| Row::new([slice.year.to_string(), money::format(slice.amount, money::JOD_SCALE)]));
        blocks.push(heading(pick(lang, ("شرائح السنوات التالية", "Later years"))));
        blocks.push(table(&[pick(lang, ("السنة", "Year")), pick(lang, ("المبلغ", "Amount"))], rows.collect()));
    }
    blocks.push(duties(from, lang));
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

/// The amount in words, where it is in dinars: other currencies have no words here.
fn in_words(from: &FinanceDocument, lang: Lang) -> Option<String> {
    let language = if lang == Lang::Ar { Language::Ar } else { Language::En };
    let paid = net(from).filter(|net| *net > 0).unwrap_or(from.amount);
    (from.currency == BASE_CURRENCY).then(|| words::amount_in_words(paid, language).ok()).flatten()
}

/// What is left after deductions, where the document is paid.
fn net(from: &FinanceDocument) -> Option<i64> {
    let signed = |line: &DocumentLine| if line.side == Side::Debit { line.amount } else { -line.amount };
    from.kind.shape().pays.then(|| from.lines.iter().map(signed).sum())
}

fn facts(from: &FinanceDocument, lang: Lang) -> Block {
    let text = |named: &Named| named.get(lang).to_owned();
    let mut rows: Vec<(&str, String)> = vec![(pick(lang, ("البيان", "Subject")), from.head.subject.clone())];
    if let Some(party) = &from.party {
        rows.push((pick(lang, ("الجهة", "Party")), format!("{} ({})", text(&party.name), party.code)));
    }
    if !from.reference.is_empty() {
        let label = match from.kind {
            DocumentKind::PaymentVoucher => ("رقم الفاتورة", "Invoice"),
            _ => ("المرجع", "Reference"),
        };
        let day = from.reference_on.map(|day| format!(" - {day}")).unwrap_or_default();
        rows.push((pick(lang, label), format!("{}{day}", from.reference)));
    }
    for (label, named) in [(("يستند إلى", "Draws on"), &from.source), (("يعكس", "Reverses"), &from.reverses)]
    {
        if let Some(named) = named {
            rows.push((pick(lang, label), named.number.clone().unwrap_or_default()));
        }
    }
    if from.method != PayMethod::None {
        rows.push((pick(lang, ("طريقة الدفع", "Method")), pick(lang, method(from.method)).to_owned()));
    }
    if let Some(counter) = &from.counter {
        rows.push((
            pick(lang, ("الحساب المقابل", "Counter account")),
            format!("{} {}", counter.code, text(&counter.name)),
        ));
    }
    let scale = from.scale;
    let gross = format!("{} {}", money::format(from.amount, scale), from.currency);
    rows.push((pick(lang, ("المبلغ", "Amount")), gross));
    if let Some(net) = net(from).filter(|net| *net != from.amount) {
        rows.push((pick(lang, ("الصافي بعد الاقتطاعات", "Net of deductions")), money::format(net, scale)));
    }
    let rows = rows.into_iter().map(|(label, text)| Row::new([label.to_owned(), text])).collect();
    Block::Table(Table { columns: vec![Column::default(); 2], rows, size_pt: Some(11.0), ..Table::default() })
}

const fn method(method: PayMethod) -> (&'static str, &'static str) {
    match method {
        PayMethod::Transfer => ("حوالة بنكية", "Bank transfer"),
        PayMethod::Cheque => ("شيك", "Cheque"),
        PayMethod::Cash => ("نقدًا", "Cash"),
        PayMethod::None => ("", ""),
    }
}

fn lines(from: &FinanceDocument, lang: Lang) -> Block {
    let Shape { accounts, .. } = from.kind.shape();
    let amount = |line: &DocumentLine, side: Side| {
        if line.side == side { money::format(line.amount, from.scale) } else { String::new() }
    };
    let coded = |coded: &Option<Coded>| {
        coded.as_ref().map_or_else(String::new, |coded| format!("{} {}", coded.code, coded.name.get(lang)))
    };
    let rows = from.lines.iter().zip(1..).map(|(line, at)| {
        let mut cells = vec![at.to_string()];
        if accounts {
            cells.push(coded(&line.account));
        }
        cells.extend([coded(&line.key), amount(line, Side::Debit), amount(line, Side::Credit), line.note.clone()]);
        Row::new(cells)
    });
    let mut header = vec![pick(lang, ("ت", "#"))];
    if accounts {
        header.push(pick(lang, ("الحساب", "Account")));
    }
    header.push(pick(lang, ("بند الموازنة", "Budget key")));
    header.push(pick(lang, if accounts { ("مدين", "Debit") } else { ("إلى", "To") }));
    header.push(pick(lang, if accounts { ("دائن", "Credit") } else { ("من", "From") }));
    header.push(pick(lang, ("ملاحظة", "Note")));
    let sum = |side: Side| {
        let sum: i64 = from.lines.iter().filter(|line| line.side == side).map(|line| line.amount).sum();
        if sum == 0 { String::new() } else { money::format(sum, from.scale) }
    };
    let mut total = vec![String::new()];
    if accounts {
        total.push(String::new());
    }
    total.extend([pick(lang, ("المجموع", "Total")).to_owned(), sum(Side::Debit), sum(Side::Credit), String::new()]);
    table(&header, rows.chain([Row::new(total)]).collect())
}

/// Who did which duty in the last round, with the day.
fn duties(from: &FinanceDocument, lang: Lang) -> Block {
    let round = from.approvals.iter().map(|approval| approval.round).max().unwrap_or(0);
    let by = |duty: Duty| {
        let done: Vec<&Approval> = from.approvals.iter().filter(|one| one.round == round && one.duty == duty).collect();
        let name = |one: &Approval| match &one.on_behalf_of {
            Some(other) => format!("{} {} {}", one.by.name.get(lang), pick(lang, ("عن", "for")), other.name.get(lang)),
            None => one.by.name.get(lang).to_owned(),
        };
        (
            done.iter().map(|one| name(one)).collect::<Vec<_>>().join("، "),
            done.last().map(|one| one.at.date().to_string()).unwrap_or_default(),
        )
    };
    let rows = [
        (Duty::Prepare, ("أعدّه", "Prepared by")),
        (Duty::Certify, ("دقّقه", "Certified by")),
        (Duty::Authorise, ("آمر الصرف", "Authorised by")),
    ]
    .map(|(duty, label)| {
        let (name, day) = by(duty);
        Row::new([pick(lang, label).to_owned(), name, day])
    });
    table(
        &[pick(lang, ("المهمة", "Duty")), pick(lang, ("الاسم", "Name")), pick(lang, ("التاريخ", "Date"))],
        rows.into_iter().collect(),
    )
}
