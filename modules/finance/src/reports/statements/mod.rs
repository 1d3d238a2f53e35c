//! The statements (الكشوف المالية): execution, cash, position, performance, GFSM and COFOG, with their identities.

mod cash;
mod items;
mod outlay;
mod rows;

use std::collections::BTreeMap;

use diwan_db::ReadTx;
use diwan_finance_api::{Report, ReportCell, ReportCheck, ReportColumn, ReportLink, ReportQuery, ReportRow, Target};
use diwan_kernel::Named;
use diwan_platform::{Actor, Outcome, Refusal};

use self::{
    items::Item,
    rows::{Line, OUTSIDE, Row},
};
use super::{
    form::{self, code as coded, column, permille, report},
    frame,
};
use crate::amounts::sum;

/// The statement whose rows are budget lines.
const EXECUTION: &str = "execution";
/// The statement that tells cash held in trust apart.
const CASH: &str = "cash";

/// The name of a statement; none for an unknown one.
fn title(statement: &str) -> Option<(&'static str, &'static str)> {
    match statement {
        "execution" => Some(("مقارنة الموازنة بالفعلي", "Comparison of budget and actual amounts")),
        "cash" => Some(("كشف المقبوضات والمدفوعات النقدية", "Statement of cash receipts and payments")),
        "position" => Some(("كشف المركز المالي", "Statement of financial position")),
        "performance" => Some(("كشف الأداء المالي", "Statement of financial performance")),
        "gfsm" => Some(("كشف عمليات الحكومة (GFSM 2014)", "Statement of government operations (GFSM 2014)")),
        "cofog" => Some(("الإنفاق حسب وظائف الحكومة (COFOG)", "Expenditure by functions of government (COFOG)")),
        _ => None,
    }
}

/// A statement; with `row` the accounts or budget lines on that row.
///
/// # Errors
/// Not found; those of the frame; the database fails; a sum does not fit.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, statement: &str, query: &ReportQuery) -> Outcome<Report> {
    let name = title(statement).ok_or(Refusal::NotFound("statement"))?;
    let lines = rows::of(statement)?;
    let frame = frame::of(tx, actor, query)?;
    // The budget is one of a year: what is compared with it is of that year, from its first day.
    let frame = if statement == EXECUTION { frame.of_its_year(tx)? } else { frame };
    let before = frame.year_before(tx)?;
    let all = items::of(tx, &lines, (&frame, &before))?;
    let mut made = report(&frame, name, columns(statement));
    if let Some(row) = query.row.as_deref().filter(|row| !row.is_empty()) {
        let line = lines.iter().find(|line| line.row == row && line.is_taken()).ok_or(Refusal::NotFound("row"))?;
        made.facts.push(form::fact("السطر", "Row", ReportCell::Text(label(line))));
        made.rows = on_row(statement, &lines, line, &all)?;
        return Ok(made);
    }
    let mut known: BTreeMap<&str, Row> =
        lines.iter().filter(|line| line.is_taken()).map(|line| (line.row.as_str(), Row::default())).collect();
    for (measure, item) in &all {
        let Some(line) = rows::taker(&lines, measure, &item.code) else {
            return Err(Refusal::Internal(format!("statements.csv: {statement} loses {}", item.code)));
        };
        if let Some(row) = known.get_mut(line.row.as_str()) {
            for (own, figure) in row.iter_mut().zip(item.figures) {
                *own = sum([*own, line.sign() * figure])?;
            }
        }
    }
    let (known, checks) = rows::add_up(&lines, known)?;
    for line in lines.iter().filter(|line| line.level < OUTSIDE && line.measure != "check") {
        let figures = known.get(line.row.as_str()).copied().unwrap_or_default();
        if line.is_unmapped() && figures.iter().all(|figure| *figure == 0) {
            continue;
        }
        let link = line.is_taken().then(|| ReportLink { target: Target::Row, id: 0, code: line.row.clone() });
        let cells = cells((statement, line), coded(row_code(line)), ReportCell::Text(label(line)), figures)?;
        made.rows.push(ReportRow { level: line.level, strong: !line.is_taken(), cells, link });
    }
    made.checks = checks
        .iter()
        .map(|check| ReportCheck { label: label(check.line), left: check.left, right: check.right })
        .collect();
    Ok(made)
}

/// The code of a row where it is one of a classification.
fn row_code(line: &Line) -> &str {
    if line.row.bytes().all(|byte| byte.is_ascii_digit()) { &line.row } else { "" }
}

fn label(line: &Line) -> Named {
    Named { ar: line.ar.clone(), en: line.en.clone() }
}

fn on_row(statement: &str, lines: &[Line], line: &Line, all: &[(&str, Item)]) -> Outcome<Vec<ReportRow>> {
    let mut found = Vec::new();
    let mut whole = Row::default();
    for (measure, item) in all {
        if rows::taker(lines, measure, &item.code).is_none_or(|taker| taker.row != line.row) {
            continue;
        }
        let figures = item.figures.map(|figure| line.sign() * figure);
        for (own, figure) in whole.iter_mut().zip(figures) {
            *own = sum([*own, figure])?;
        }
        let cells = cells((statement, line), coded(&item.shown.code), ReportCell::Text(item.shown.name()), figures)?;
        found.push(form::row(cells, item.link.clone()));
    }
    if !found.is_empty() {
        found.push(form::total(cells((statement, line), ReportCell::Empty, ReportCell::Text(label(line)), whole)?));
    }
    Ok(found)
}

fn columns(statement: &str) -> Vec<ReportColumn> {
    let mut columns = vec![column("الرمز", "Code"), column("البيان", "Item")];
    if statement == EXECUTION {
        columns.extend([
            form::figures("الموازنة الأصلية", "Original budget"),
            form::figures("الموازنة النهائية", "Final budget"),
            form::figures("الفعلي", "Actual"),
            form::figures("الفرق", "Difference"),
            form::figures("نسبة التنفيذ", "Executed"),
        ]);
        columns.push(form::figures("الفعلي للسنة السابقة", "Actual, year before"));
        return columns;
    }
    for (year, held) in [
        (("السنة الحالية", "This year"), ("أمانات السنة الحالية", "Held in trust, this year")),
        (("السنة السابقة", "Year before"), ("أمانات السنة السابقة", "Held in trust, year before")),
    ] {
        columns.push(form::figures(year.0, year.1));
        if statement == CASH {
            columns.push(form::figures(held.0, held.1));
        }
    }
    columns
}

fn cells(
    (statement, line): (&str, &Line),
    code: ReportCell,
    name: ReportCell,
    figures: Row,
) -> Outcome<Vec<ReportCell>> {
    use ReportCell::Empty;
    let [first, second, third, fourth] = figures;
    let amount = ReportCell::Amount;
    let figures = if line.is_actual() {
        vec![Empty, Empty, amount(third), Empty, Empty, amount(fourth)]
    } else if statement == EXECUTION {
        let left = sum([second, -third])?;
        vec![amount(first), amount(second), amount(third), amount(left), permille(third, second), amount(fourth)]
    } else if statement == CASH {
        vec![amount(first), amount(third), amount(second), amount(fourth)]
    } else {
        vec![amount(first), amount(second)]
    };
    Ok([code, name].into_iter().chain(figures).collect())
}
