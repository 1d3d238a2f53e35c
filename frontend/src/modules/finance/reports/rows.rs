//! A report as it is drawn: facts, rows with what they open, what must hold.

use std::rc::Rc;

use diwan_finance_api::{Report, ReportCell, ReportCheck, ReportColumn, ReportLink, ReportRow, Target};
use diwan_kernel::{money, text::fold};
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{Link, use_place};
use crate::i18n::{self, format};
use crate::ui::alert::{Alert, Tone};
use crate::ui::table::sort_head;
use crate::ui::{Facts, Num};

/// An amount with its decimals, as people here write it.
pub(super) fn amount(minor: i64) -> String {
    format::shape(&money::format(minor, money::JOD_SCALE))
}

/// Where a row leads: the days and the moment of knowledge go along, and what the figure is narrowed to.
fn address(link: &ReportLink, here: &Route, query: &Query) -> Option<String> {
    let page = Route::Finance;
    let mut along = Query::default();
    for name in ["from", "to", "known", "year"] {
        along = along.with(name, query.get(name).unwrap_or_default());
    }
    along = along.with(if link.target == Target::Row { "row" } else { "only" }, link.code.clone());
    let route = match link.target {
        Target::Account => page(format!("ledger/account/{}", link.id)),
        Target::Entry => return Some(page(format!("ledger/entry/{}", link.id)).path()),
        Target::Line => page(format!("position/{}", link.id)),
        Target::Record => return Some(Route::of_record(link.code.parse().ok()?, link.id).path()),
        Target::Trial => page("ledger/trial".to_owned()),
        Target::Row => here.clone(),
    };
    Some(format!("{}{}", route.path(), along.text()))
}

fn cell(cell: &ReportCell) -> Html {
    match cell {
        ReportCell::Empty => Html::default(),
        ReportCell::Text(name) => html! { <bdi>{ i18n::name(name) }</bdi> },
        ReportCell::Code(code) => html! { <Num value={code.clone()} /> },
        ReportCell::Amount(minor) => html! { amount(*minor) },
        ReportCell::Permille(share) => {
            let sign = if *share < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{}%", share.unsigned_abs() / 10, share.unsigned_abs() % 10);
            html! { format::shape(&text) }
        }
        ReportCell::Day(day) => html! { <Num value={format::date(*day)} /> },
        ReportCell::Time(at) => html! { <Num value={format::date_time(*at)} /> },
    }
}

/// The days, the moment of knowledge, and the facts of a report.
pub(super) fn above(report: &Report, query: &Query) -> Html {
    let known = report.known_at.map_or_else(|| t!("report-known-all"), format::date_time);
    let days = match (format::date(report.from), format::date(report.to)) {
        (from, to) if from == to => to,
        (from, to) => format!("{from} – {to}"),
    };
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("report-days").into(), html! { <Num value={days} /> }),
        (t!("report-known-at").into(), html! { known }),
    ];
    for fact in &report.facts {
        let to = fact.link.as_ref().and_then(|link| address(link, &Route::Finance(String::new()), query));
        let shown = cell(&fact.value);
        let shown = to.map_or_else(|| shown.clone(), |to| html! { <Link {to}>{ shown.clone() }</Link> });
        rows.push((i18n::name(&fact.label).into(), shown));
    }
    html! { <Facts {rows} /> }
}

#[derive(Properties, PartialEq)]
struct TableProps {
    report: Rc<Report>,
    query: Query,
    /// Other figures are on their way.
    loading: bool,
    /// There are other pages of it.
    paged: bool,
}

/// The rows.
pub(super) fn table(report: &Rc<Report>, query: &Query, loading: bool, paged: bool) -> Html {
    // Other columns begin in the order they were made in.
    html! { <Table key={report.columns.len()} report={Rc::clone(report)} query={query.clone()} {loading} {paged} /> }
}

/// The column that rows are sorted by, and whether the largest comes first; none for the order they were made in.
type By = Option<(usize, bool)>;

/// The rows in an order. A total stays where it is, and no row passes it.
fn sorted(rows: &[ReportRow], by: By) -> Vec<&ReportRow> {
    let mut rows: Vec<&ReportRow> = rows.iter().collect();
    if let Some((column, down)) = by {
        for part in rows.split_mut(|row| row.strong) {
            part.sort_by_cached_key(|row| row.cells.get(column).map(|cell| place(row, cell)));
            if down {
                part.reverse();
            }
        }
    }
    rows
}

/// What a cell is sorted by: numbers of entries and of their documents by what they end with, other codes as text.
fn place(row: &ReportRow, cell: &ReportCell) -> (i64, String) {
    let words = match cell {
        ReportCell::Code(code) if row.link.as_ref().is_some_and(|link| matches!(link.target, Target::Entry)) => {
            let last = code.rsplit('/').next().and_then(|last| last.parse().ok());
            return (last.unwrap_or_default(), code.clone());
        }
        ReportCell::Empty => return (i64::MIN, String::new()),
        ReportCell::Amount(number) | ReportCell::Permille(number) => return (*number, String::new()),
        ReportCell::Text(name) => fold(&i18n::name(name)),
        ReportCell::Code(code) => code.clone(),
        ReportCell::Day(day) => day.to_string(),
        ReportCell::Time(at) => at.to_string(),
    };
    (0, words)
}

#[component]
fn Table(props: &TableProps) -> Html {
    let here = use_place().route;
    let (report, query) = (&props.report, &props.query);
    let by = use_state_eq(|| By::None);
    // A tree keeps its order, and of one page nobody knows what stands on the others.
    let sorts = !props.paged && report.rows.iter().all(|row| row.level == 0);
    let head = |(at, one): (usize, &ReportColumn)| {
        let (class, title) = (classes!(one.figures.then_some("dw-amt")), i18n::name(&one.heading));
        if !sorts {
            return html! { <th scope="col" {class}>{ title }</th> };
        }
        let now = by.filter(|(column, _)| *column == at).map(|(_, down)| down);
        let (set, next) = (by.setter(), (now != Some(true)).then_some((at, now.is_some())));
        sort_head(class, &title, now, Callback::from(move |_| set.set(next)))
    };
    let label = i18n::name(&report.title);
    html! {
        <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={label.clone()}>
            <table class="pf-v6-c-table pf-m-compact dw-table dw-one dw-report" aria-label={label} aria-busy={props.loading.then_some("true")} data-testid="report">
                <thead><tr>{ for report.columns.iter().enumerate().map(head) }</tr></thead>
                <tbody>{ for sorted(&report.rows, by.filter(|_| sorts)).into_iter().map(|row| draw(row, report, &here, query)) }</tbody>
            </table>
        </div>
    }
}

fn draw(row: &ReportRow, report: &Report, here: &Route, query: &Query) -> Html {
    let to = row.link.as_ref().and_then(|link| address(link, here, query));
    // The link stands on the first words of the row.
    let linked = row.cells.iter().position(|cell| *cell != ReportCell::Empty).unwrap_or_default();
    let one = |(at, (value, column)): (usize, (&ReportCell, &ReportColumn))| {
        let indent = (at < 2 && row.level > 0).then(|| format!("padding-inline-start:{}rem", row.level + 1));
        let shown = match &to {
            Some(to) if at == linked => html! { <Link to={to.clone()}>{ cell(value) }</Link> },
            _ => cell(value),
        };
        html! { <td class={classes!(column.figures.then_some("dw-amt"))} style={indent}>{ shown }</td> }
    };
    html! { <tr class={classes!(row.strong.then_some("total"))}>{ for row.cells.iter().zip(&report.columns).enumerate().map(one) }</tr> }
}

/// What must hold: said in red with the difference where it does not.
pub(super) fn checks(report: &Report) -> Html {
    let one = |check: &ReportCheck| {
        let (tone, verdict) = match check.difference() {
            0 => (Tone::Success, t!("check-holds")),
            by => (Tone::Danger, t!("check-fails", by = amount(by))),
        };
        let title = format!("{}: {verdict}", i18n::name(&check.label));
        html! { <Alert {tone} {title}><Num value={format!("{} | {}", amount(check.left), amount(check.right))} /></Alert> }
    };
    if report.rows.is_empty() {
        return Html::default();
    }
    html! { <div class="dw-stack" data-testid="checks">{ for report.checks.iter().map(one) }</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_both_ways_and_a_total_stays() {
        let row = |code: &str, minor: i64, strong: bool| ReportRow {
            level: 0,
            strong,
            cells: vec![ReportCell::Code(code.to_owned()), ReportCell::Amount(minor)],
            link: None,
        };
        let rows = [row("b", 5, false), row("a", -7, false), row("", -2, true), row("c", 1, false)];
        let of = |by: By| -> Vec<i64> {
            let amount = |row: &ReportRow| match row.cells.get(1) {
                Some(ReportCell::Amount(minor)) => *minor,
                _ => 0,
            };
            sorted(&rows, by).into_iter().map(amount).collect()
        };
        assert_eq!(of(None), [5, -7, -2, 1]);
        assert_eq!(of(Some((1, false))), [-7, 5, -2, 1]);
        assert_eq!(of(Some((0, true))), [5, -7, -2, 1]);
        assert_eq!(of(Some((0, false))), [-7, 5, -2, 1]);
    }
}
