//! What is open on a day: commitments and arrears by age (حسب العمر), advances (السلف), deposits (الأمانات), each by party with
//! its documents; obligations of coming years by year and key with their commitments. Of any day and as known at any moment.

mod coming;
mod rows;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diwan_db::ReadTx;
use diwan_finance_api::{
    AGES, DocumentKind, OpenReport, Report, ReportCell, ReportCheck, ReportColumn, ReportQuery, ReportRow, Side,
};
use diwan_kernel::{Named, text};
use diwan_platform::{Actor, Outcome, Refusal};

use self::rows::Row;
use super::{
    form::{self, code, column, document, fact, report, total, words},
    frame::{self, Frame},
    names::Shown,
};
use crate::amounts::sum;

/// A report of what is open.
///
/// # Errors
/// Not found for an unknown code; those of the frame; the database fails; a sum does not fit.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, of: &str, query: &ReportQuery) -> Outcome<Report> {
    let of: OpenReport = of.parse().map_err(|_| Refusal::NotFound("statement"))?;
    let frame = frame::of(tx, actor, query)?;
    // It is about one day.
    let frame = Frame { from: frame.to, ..frame };
    let wanted = text::fold(query.q.as_deref().unwrap_or_default().trim());
    let mut rows = rows::read(tx, of, &frame)?;
    rows.retain(|row| wanted.is_empty() || row.words().iter().any(|word| text::fold(word).contains(&wanted)));
    let mut made = report(&frame, title(of), columns(of));
    if of == OpenReport::Advances {
        let late: Vec<&Row> = rows.iter().filter(|row| days_late(row, frame.to) > 0).collect();
        made.facts = vec![
            fact("سلف تجاوزت موعدها", "Advances past their day", code(late.len().to_string())),
            fact("القائم منها", "Open of them", ReportCell::Amount(sum(late.iter().map(|row| row.open))?)),
        ];
    }
    let open = sum(rows.iter().map(|row| row.open))?;
    made.rows = grouped(of, &frame, rows)?;
    if wanted.is_empty() {
        made.checks = check(tx, of, &frame, open)?.into_iter().collect();
    }
    Ok(made)
}

/// What is open beside what the ledgers say of it.
fn check(tx: &mut ReadTx<'_>, of: OpenReport, frame: &Frame, open: i64) -> Outcome<Option<ReportCheck>> {
    let (label, right) = match of {
        OpenReport::Commitments => (
            ("الالتزامات القائمة = الملتزم به في سجل الموازنة", "Open commitments = committed in the budget ledger"),
            rows::in_ledger(tx, frame)?,
        ),
        OpenReport::Advances => (
            ("السلف القائمة = أرصدة حساباتها في الأستاذ العام", "Advances outstanding = the balances of their accounts"),
            rows::in_books(tx, frame, (DocumentKind::Advance, Side::Debit))?,
        ),
        OpenReport::Deposits => (
            ("الأمانات القائمة = أرصدة حساباتها في الأستاذ العام", "Deposits held = the balances of their accounts"),
            rows::in_books(tx, frame, (DocumentKind::Deposit, Side::Credit))?,
        ),
        OpenReport::Arrears | OpenReport::Obligations => return Ok(None),
    };
    Ok(Some(ReportCheck { label: form::named(label), left: open, right }))
}

/// The groups with their documents below them, and all of it.
fn grouped(of: OpenReport, frame: &Frame, rows: Vec<Row>) -> Outcome<Vec<ReportRow>> {
    let mut groups: BTreeMap<Shown, Vec<Row>> = BTreeMap::new();
    for row in rows {
        groups.entry(row.group()).or_default().push(row);
    }
    let (mut made, mut all) = (Vec::new(), Vec::new());
    for (group, rows) in groups {
        let (mut of_group, mut below) = (Vec::new(), Vec::with_capacity(rows.len()));
        for row in &rows {
            let amounts = amounts(of, row, frame.to)?;
            add(&mut of_group, &amounts)?;
            let cells = [code(row.name()), subject(row)].into_iter().chain(days(of, row, frame.to));
            let cells = cells.chain(amounts.into_iter().map(ReportCell::Amount)).collect();
            below.push(ReportRow { level: 1, ..form::row(cells, document(&row.kind, row.id)) });
        }
        add(&mut all, &of_group)?;
        let name = group.name();
        let nobody = name.ar.is_empty() && name.en.is_empty();
        let name = if nobody { words(("بلا جهة", "No party")) } else { ReportCell::Text(name) };
        made.push(total(summed(of, (code(group.code), name), of_group)));
        made.append(&mut below);
    }
    if !made.is_empty() {
        made.push(total(summed(of, (ReportCell::Empty, words(("المجموع", "Total"))), all)));
    }
    Ok(made)
}

fn subject(row: &Row) -> ReportCell {
    ReportCell::Text(Named { ar: row.subject.clone(), en: String::new() })
}

/// The cells of a sum: nothing stands in the columns of days.
fn summed(of: OpenReport, (code, name): (ReportCell, ReportCell), amounts: Vec<i64>) -> Vec<ReportCell> {
    let days = day_columns(of).iter().map(|_| ReportCell::Empty);
    [code, name].into_iter().chain(days).chain(amounts.into_iter().map(ReportCell::Amount)).collect()
}

fn add(whole: &mut Vec<i64>, more: &[i64]) -> Outcome<()> {
    whole.resize(more.len(), 0);
    for (own, more) in whole.iter_mut().zip(more) {
        *own = sum([*own, *more])?;
    }
    Ok(())
}

/// From when a document is late: what has no day of its own is due at once.
fn due(row: &Row) -> NaiveDate {
    row.due_on.unwrap_or(row.day)
}

/// How many days an advance is past its day; one without a day is never late.
fn days_late(row: &Row, on: NaiveDate) -> i64 {
    row.due_on.map_or(0, |due| (on - due).num_days().max(0))
}

/// The amount at its age, 0 at all others.
fn aged(amount: i64, days: i64) -> impl Iterator<Item = i64> {
    let at = AGES.iter().position(|last| days <= *last).unwrap_or(AGES.len());
    (0..=AGES.len()).map(move |age| if age == at { amount } else { 0 })
}

/// The amounts of a document in the order of the columns.
fn amounts(of: OpenReport, row: &Row, on: NaiveDate) -> Outcome<Vec<i64>> {
    let open = row.open;
    Ok(match of {
        OpenReport::Commitments => std::iter::once(open).chain(aged(open, (on - row.day).num_days())).collect(),
        OpenReport::Arrears => match (on - due(row)).num_days() {
            late if late > 0 => [open, 0].into_iter().chain(aged(open, late)).collect(),
            _ => [open, open].into_iter().chain(aged(0, 0)).collect(),
        },
        OpenReport::Obligations => vec![open],
        OpenReport::Advances | OpenReport::Deposits => vec![row.given, sum([row.given, -open])?, open],
    })
}

/// The days of a document in the order of the columns.
fn days(of: OpenReport, row: &Row, on: NaiveDate) -> Vec<ReportCell> {
    match of {
        OpenReport::Commitments | OpenReport::Deposits | OpenReport::Obligations => vec![ReportCell::Day(row.day)],
        OpenReport::Arrears => vec![ReportCell::Day(due(row))],
        OpenReport::Advances => {
            let late = match days_late(row, on) {
                0 => ReportCell::Empty,
                late => code(late.to_string()),
            };
            vec![ReportCell::Day(row.day), row.due_on.map_or(ReportCell::Empty, ReportCell::Day), late]
        }
    }
}

const fn title(of: OpenReport) -> (&'static str, &'static str) {
    match of {
        OpenReport::Commitments => ("الالتزامات القائمة حسب العمر", "Open commitments by age"),
        OpenReport::Arrears => ("المتأخرات حسب العمر", "Arrears by age"),
        OpenReport::Advances => ("السلف القائمة", "Advances outstanding"),
        OpenReport::Deposits => ("الأمانات القائمة", "Deposits held"),
        OpenReport::Obligations => ("التزامات السنوات القادمة", "Obligations of coming years"),
    }
}

const fn day_columns(of: OpenReport) -> &'static [(&'static str, &'static str)] {
    match of {
        OpenReport::Commitments | OpenReport::Obligations => &[("تاريخ الالتزام", "Committed on")],
        OpenReport::Arrears => &[("تاريخ الاستحقاق", "Due on")],
        OpenReport::Advances => {
            &[("تاريخ السلفة", "Given on"), ("موعد التسديد", "Due on"), ("أيام التأخير", "Days late")]
        }
        OpenReport::Deposits => &[("تاريخ القبض", "Received on")],
    }
}

/// A column's title in Arabic and English.
type Title = (&'static str, &'static str);

fn columns(of: OpenReport) -> Vec<ReportColumn> {
    let ages: &[Title] = &[
        ("حتى 30 يومًا", "Up to 30 days"),
        ("31–60 يومًا", "31–60 days"),
        ("61–90 يومًا", "61–90 days"),
        ("91–180 يومًا", "91–180 days"),
        ("181–365 يومًا", "181–365 days"),
        ("أكثر من 365 يومًا", "Over 365 days"),
    ];
    let (first, more): (&[Title], &[Title]) = match of {
        OpenReport::Commitments => (&[("القائم", "Open")], ages),
        OpenReport::Arrears => (&[("المستحق", "Owed"), ("لم يحن موعده", "Not yet due")], ages),
        OpenReport::Advances => (&[("المصروف", "Given"), ("المسدد", "Settled"), ("القائم", "Open")], &[]),
        OpenReport::Deposits => (&[("المقبوض", "Received"), ("المردود", "Refunded"), ("الرصيد", "Held")], &[]),
        OpenReport::Obligations => (&[("المبلغ", "Amount")], &[]),
    };
    let days = day_columns(of).iter().map(|(ar, en)| column(ar, en));
    let figures = first.iter().chain(more).map(|(ar, en)| form::figures(ar, en));
    [column("المستند", "Document"), column("البيان", "Subject")].into_iter().chain(days).chain(figures).collect()
}
