//! The finance dashboard (لوحة المالية): figures of the year, its months, its programmes.

use diwan_finance_api::{Report, ReportCell, position};
use yew::prelude::*;

use super::{nothing, rows, tabs};
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

/// The dashboard.
#[component]
pub(super) fn Board() -> Html {
    let ask = |path: &str| Some(client::get(format!("/api/finance/{path}")));
    let position = use_api::<Report>(ask("position").map(|call| call.query("by", "programme")));
    let months = use_api::<Report>(ask("months"));
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
    let shown = [position::REVISED, position::AVAILABLE, position::COMMITTED, position::PAID];
    html! {
        <Screen head={html! { <PageHead title={t!("nav-finance-reports")}>{ tabs("reports") }</PageHead> }}>
            <div class="dw-stack">
                <FailureAlert failure={position.failure.clone().or_else(|| months.failure.clone())} retry={Some(position.reload.clone())} />
                if total.is_some() { <div class="dw-kpis">{ for shown.into_iter().map(figure) }</div> }
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
            </div>
        </Screen>
    }
}
