//! The lines of a printed document: account with party and cost centre, key with its classes, and the amounts.

use diwan_finance_api::{Coded, DocumentLine, FinanceDocument, Shape, Side};
use diwan_kernel::{Lang, money};
use diwan_print::{Block, Row};

use super::table;

/// The lines with their totals.
pub(super) fn of(from: &FinanceDocument, lang: Lang) -> Block {
    let Shape { accounts, .. } = from.kind.shape();
    let amount = |line: &DocumentLine, side: Side| {
        if line.side == side { money::format(line.amount, from.scale) } else { String::new() }
    };
    let rows = from.lines.iter().zip(1..).map(|(line, at)| {
        let mut cells = vec![at.to_string()];
        if accounts {
            cells.push(account(line, lang));
        }
        cells.extend([key(line, lang), amount(line, Side::Debit), amount(line, Side::Credit), line.note.clone()]);
        Row::new(cells)
    });
    let mut header = vec![lang.pick(("ت", "#"))];
    if accounts {
        header.push(lang.pick(("الحساب", "Account")));
    }
    header.push(lang.pick(("مفتاح الموازنة", "Budget key")));
    header.push(lang.pick(if accounts { ("مدين", "Debit") } else { ("إلى (زيادة)", "To (increase)") }));
    header.push(lang.pick(if accounts { ("دائن", "Credit") } else { ("من (نقص)", "From (decrease)") }));
    header.push(lang.pick(("ملاحظة", "Note")));
    table(&header, rows.chain([total(from, lang, accounts)]).collect())
}

/// What was available of each budget line before the document took of it or gave it back, and after.
pub(super) fn available(from: &FinanceDocument) -> Vec<Row> {
    let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
    let moved = from.moves.iter().filter(|one| one.available_before != one.available_after);
    moved
        .map(|one| {
            let amounts = [one.available_before, one.amount, one.available_after].map(amount);
            Row::new(std::iter::once(one.line.clone()).chain(amounts))
        })
        .collect()
}

fn total(from: &FinanceDocument, lang: Lang, accounts: bool) -> Row {
    let sum = |side: Side| {
        let sum: i64 = from.lines.iter().filter(|line| line.side == side).map(|line| line.amount).sum();
        if sum == 0 { String::new() } else { money::format(sum, from.scale) }
    };
    let mut cells = vec![String::new()];
    if accounts {
        cells.push(String::new());
    }
    cells.extend([lang.pick(("المجموع", "Total")).to_owned(), sum(Side::Debit), sum(Side::Credit), String::new()]);
    Row::new(cells)
}

fn coded(coded: &Coded, lang: Lang) -> String {
    format!("{} {}", coded.code, coded.name.get(lang))
}

/// The account, and below it the party and the cost centre of the line.
fn account(line: &DocumentLine, lang: Lang) -> String {
    let all = [&line.account, &line.party, &line.centre].into_iter().flatten();
    all.map(|one| coded(one, lang)).collect::<Vec<_>>().join("\n")
}

/// The key, and below it what the line counts as in the statements.
fn key(line: &DocumentLine, lang: Lang) -> String {
    let named = line.key.as_ref().map(|key| coded(key, lang));
    let class = |name: &str, code: &str| (!code.is_empty()).then(|| format!("{name} {code}"));
    let classes = [class("GFSM", &line.gfsm), class("COFOG", &line.cofog)].into_iter().flatten();
    let classes = classes.collect::<Vec<_>>().join(" · ");
    named.into_iter().chain(Some(classes).filter(|text| !text.is_empty())).collect::<Vec<_>>().join("\n")
}
