//! The finance dashboard (لوحة المالية): figures of the year, its months, its programmes, and what is late.

use diwan_finance_api::{AGES, OpenReport, Report, ReportCell, arrears, position};
use yew::prelude::*;

use super::{nothing, on_its_way, rows, tabs};
use crate::app::route::Route;
use crate::app::router::Link;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::bar_chart::{BarChart, Series};
use crate::ui::{Card, FailureAlert, PageHead, Screen};

/// The amount in a cell of a row.
fn amount(cells: &[ReportCell], at: usize) -> i64 {
    match cells.get(at) {
        Some(ReportCell::Amount(minor)) => *minor,
        _ => 0,
    }
}

/// A series of whole dinars out of a column.
fn series(report: &Report, strong: bool, at: usize) -> Option<Series> {
    let name = i18n::name(&report.columns.get(at)?.heading).into();
    let values = groups(report, strong).map(|cells| amount(cells, at) / 1_000).collect();
    Some(Series { name, values })
}

/// The rows of a chart: groups of the position without its total, or all months.
fn groups(report: &Report, strong: bool) -> impl Iterator<Item = &[ReportCell]> {
    let last = report.rows.len().saturating_sub(usize::from(strong));
    report.rows.iter().take(last).filter(move |row| row.strong == strong).map(|row| row.cells.as_slice())
}

/// A chart of columns of a report, with the first words of its rows below it.
fn chart(report: &Report, strong: bool, columns: &[usize]) -> Html {
    let label = |cells: &[ReportCell]| match cells.iter().find(|cell| **cell != ReportCell::Empty) {
        Some(ReportCell::Day(day)) => format::month_short(*day),
        Some(ReportCell::Code(code)) => code.clone(),
        Some(ReportCell::Text(name)) => i18n::name(name),
        _ => String::new(),
    };
    let labels: Vec<AttrValue> = groups(report, strong).map(|cells| AttrValue::from(label(cells))).collect();
    let series: Vec<Series> = columns.iter().filter_map(|at| series(report, strong, *at)).collect();
    let axis = report.columns.first().map(|one| i18n::name(&one.heading)).unwrap_or_default();
    html! { <BarChart label={t!("board-dinars", title = i18n::name(&report.title))} {axis} {labels} {series} /> }
}

/// The ages of what is owed, as the axis of a chart names them: not due yet, then days.
fn ages() -> Vec<AttrValue> {
    let last = AGES.iter().copied().map(Some).chain([None]);
    let first = std::iter::once(None).chain(AGES.iter().copied().map(Some));
    let age = |(before, last): (Option<i64>, Option<i64>)| match (before, last) {
        (Some(before), Some(last)) => format!("{}–{}", format::number(before + 1), format::number(last)),
        (Some(before), None) => format!("> {}", format::number(before)),
        (None, last) => format!("≤ {}", format::number(last.unwrap_or_default())),
    };
    std::iter::once(t!("board-not-due")).chain(first.zip(last).map(age)).map(AttrValue::from).collect()
}

/// What is owed, by age: the sums of the arrears, and the way to them.
fn owed(report: &Report) -> Html {
    let Some(total) = report.rows.last() else { return Html::default() };
    let values = (arrears::NOT_DUE..report.columns.len()).map(|at| amount(&total.cells, at) / 1_000).collect();
    let name = report.columns.get(arrears::OWED).map(|one| i18n::name(&one.heading)).unwrap_or_default();
    let title = i18n::name(&report.title);
    let to = Route::Finance(format!("reports/{}", OpenReport::Arrears)).path();
    html! {
        <Card title={title.clone()} padded=true actions={html! { <Link {to}>{ t!("board-open") }</Link> }}>
            <div data-testid="board-arrears">
                <BarChart label={t!("board-dinars", title = title.clone())} axis={t!("board-age")} labels={ages()} series={vec![Series { name: name.into(), values }]} />
            </div>
        </Card>
    }
}

/// How many advances are past their day, and the way to them.
fn late_advances(report: &Report) -> Html {
    let Some(fact) = report.facts.first() else { return Html::default() };
    let count = match &fact.value {
        ReportCell::Code(count) => format::shape(count),
        _ => String::new(),
    };
    let to = Route::Finance(format!("reports/{}", OpenReport::Advances)).path();
    html! {
        <Link {to} class={classes!("dw-card", "dw-kpi", "dw-quiet")}>
            <span class="dw-muted dw-sm">{ i18n::name(&fact.label) }</span>
            <span class="v" data-testid="board-advances">{ count }</span>
        </Link>
    }
}

/// The dashboard.
#[component]
pub(super) fn Board() -> Html {
    let ask = |path: &str| Some(client::get(format!("/api/finance/{path}")));
    let position = use_api::<Report>(ask("position").map(|call| call.query("by", "programme")));
    let months = use_api::<Report>(ask("months"));
    let owing = use_api::<Report>(ask("open/arrears"));
    let advances = use_api::<Report>(ask("open/advances"));
    let total = position.data.as_ref().and_then(|report| report.rows.last().cloned());
    let figure = |at: usize| {
        let column = position.data.as_ref().and_then(|report| report.columns.get(at));
        html! {
            <Link to={Route::Finance("position".to_owned()).path()} class={classes!("dw-card", "dw-kpi", "dw-quiet")}>
                <span class="dw-muted dw-sm">{ column.map(|one| i18n::name(&one.heading)).unwrap_or_default() }</span>
                <span class="v">{ total.as_ref().map(|row| rows::amount(amount(&row.cells, at))).unwrap_or_default() }</span>
            </Link>
        }
    };
    let again = {
        let all = [&position, &months, &owing, &advances].map(|one| one.reload.clone());
        Callback::from(move |()| all.iter().for_each(|reload| reload.emit(())))
    };
    let shown = [position::REVISED, position::AVAILABLE, position::COMMITTED, position::PAID];
    html! {
        <Screen head={html! { <PageHead title={t!("nav-finance-reports")} marks={on_its_way([&position, &months, &owing, &advances].iter().any(|one| one.loading))}>{ tabs("reports") }</PageHead> }}>
            <div class="dw-stack">
                <FailureAlert failure={[&position, &months, &owing, &advances].into_iter().find_map(|one| one.failure.clone())} retry={Some(again)} />
                if total.is_some() { <div class="dw-kpis">{ for shown.into_iter().map(figure) }{ advances.data.as_deref().map(late_advances).unwrap_or_default() }</div> }
                if let Some(report) = position.data.as_ref() {
                    if report.rows.is_empty() { { nothing() } } else {
                        <Card title={t!("board-programmes")} padded=true>
                            { chart(report, true, &[position::REVISED, position::PAID, position::AVAILABLE]) }
                        </Card>
                    }
                }
                if let Some(report) = months.data.as_ref().filter(|report| !report.rows.is_empty()) {
                    <Card title={i18n::name(&report.title)} padded=true>{ chart(report, false, &[1, 2]) }</Card>
                }
                { owing.data.as_deref().map(owed).unwrap_or_default() }
            </div>
        </Screen>
    }
}
