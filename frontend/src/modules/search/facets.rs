//! The facets beside the hits: what can be ticked to narrow them, with counts.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use diwan_archive_api::{Facet, Facets};
use diwan_kernel::Secrecy;
use diwan_platform_api::records::RecordKind;
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::router;
use crate::i18n::{self, format};
use crate::ui::DateField;

/// The word of a facet's value: its own name, else the text of its code.
pub(super) fn word(name: &str, facet: &Facet) -> String {
    if let Some(named) = &facet.name {
        return i18n::name(named);
    }
    match name {
        "kind" if facet.value.parse::<RecordKind>().is_ok() => i18n::code("record-kind", &facet.value),
        "secrecy" if facet.value.parse::<Secrecy>().is_ok() => i18n::code("secrecy", &facet.value),
        _ => facet.value.clone(),
    }
}

/// The values of `name` that are ticked.
pub(super) fn ticked(query: &Query, name: &str) -> Vec<String> {
    let values = query.get(name).unwrap_or_default();
    values.split(',').filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// The query with one value of `name` ticked or not.
pub(super) fn toggled(query: &Query, name: &str, value: &str) -> Query {
    let mut values = ticked(query, name);
    match values.iter().position(|other| other == value) {
        Some(at) => drop(values.remove(at)),
        None => values.push(value.to_owned()),
    }
    query.clone().with(name, values.join(","))
}

/// The year that the query asks for, where it asks for one whole year.
fn asked_year(query: &Query) -> Option<i32> {
    let day = |name| query.get(name).and_then(|text| text.parse::<NaiveDate>().ok());
    let (from, to) = (day("from")?, day("to")?);
    let whole =
        from == NaiveDate::from_ymd_opt(from.year(), 1, 1)? && to == NaiveDate::from_ymd_opt(from.year(), 12, 31)?;
    whole.then(|| from.year())
}

/// All facets, as groups of boxes.
pub(super) fn draw(facets: &Facets, query: &Query) -> Html {
    html! {
        <>
            { group("kind", &t!("facet-kind"), &facets.kinds, query) }
            { group("agency", &t!("facet-agency"), &facets.agencies, query) }
            { years(facets, query) }
            { group("class", &t!("facet-class"), &facets.classes, query) }
            { group("secrecy", &t!("facet-secrecy"), &facets.secrecy, query) }
        </>
    }
}

fn group(name: &'static str, title: &str, facets: &[Facet], query: &Query) -> Html {
    let on = ticked(query, name);
    // What is ticked stays in the list even where nothing is left of it, so that it can be taken away.
    let gone = on.iter().filter(|value| !facets.iter().any(|facet| facet.value == **value));
    let gone = gone.map(|value| Facet { value: value.clone(), name: None, count: 0 });
    let all: Vec<Facet> = facets.iter().cloned().chain(gone).collect();
    if all.is_empty() {
        return Html::default();
    }
    let line = |facet: &Facet| {
        let (query, value) = (query.clone(), facet.value.clone());
        let onchange = Callback::from(move |_: Event| router::replace_query(&toggled(&query, name, &value)));
        html! { <Tick key={facet.value.clone()} id={facet.value.clone()} label={word(name, facet)} count={facet.count} on={on.contains(&facet.value)} {onchange} /> }
    };
    html! {
        <fieldset class="dw-facet" data-testid={format!("facet-{name}")}>
            <legend class="dw-sec-t">{ title.to_owned() }</legend>
            { for all.iter().map(line) }
        </fieldset>
    }
}

fn years(facets: &Facets, query: &Query) -> Html {
    let mut counts: BTreeMap<i32, u64> = BTreeMap::new();
    for month in &facets.months {
        *counts.entry(month.month.year()).or_default() += month.count;
    }
    let now = asked_year(query);
    let line = |year: i32, count: u64| {
        let query = query.clone();
        let (from, to) = if now == Some(year) {
            (String::new(), String::new())
        } else {
            (format!("{year}-01-01"), format!("{year}-12-31"))
        };
        let onchange = Callback::from(move |_: Event| {
            router::replace_query(&query.clone().with("from", from.clone()).with("to", to.clone()));
        });
        html! { <Tick key={year} id={year.to_string()} label={format::shape(&year.to_string())} {count} on={now == Some(year)} {onchange} /> }
    };
    html! {
        <fieldset class="dw-facet" data-testid="facet-date">
            <legend class="dw-sec-t">{ t!("facet-date") }</legend>
            { for counts.iter().rev().map(|(year, count)| line(*year, *count)) }
            { day("from", t!("date-from"), query) }
            { day("to", t!("date-to"), query) }
        </fieldset>
    }
}

/// One end of the period, as a day.
pub(in crate::modules) fn day(name: &'static str, label: String, query: &Query) -> Html {
    let value = query.get(name).and_then(|text| text.parse::<NaiveDate>().ok());
    let query = query.clone();
    let onchange = Callback::from(move |day: Option<NaiveDate>| {
        let text = day.map(|day| day.format("%Y-%m-%d").to_string()).unwrap_or_default();
        router::replace_query(&query.clone().with(name, text));
    });
    html! { <DateField {label} {value} {onchange} name={name} /> }
}

#[derive(Properties, PartialEq)]
struct TickProps {
    id: AttrValue,
    label: AttrValue,
    count: u64,
    on: bool,
    onchange: Callback<Event>,
}

#[component]
fn Tick(props: &TickProps) -> Html {
    html! {
        <label data-row-id={props.id.clone()}>
            <input class="dw-check" type="checkbox" checked={props.on} onchange={props.onchange.clone()} />
            <span>{ &props.label }</span>
            <span><bdi class="num">{ format::number(i64::try_from(props.count).unwrap_or(i64::MAX)) }</bdi></span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticking_adds_and_takes_away() {
        let query = Query::parse("?q=x&kind=outgoing");
        let both = toggled(&query, "kind", "incoming");
        assert_eq!(both.get("kind"), Some("outgoing,incoming"));
        assert_eq!(toggled(&toggled(&both, "kind", "outgoing"), "kind", "incoming").text(), "?q=x");
        assert_eq!(asked_year(&Query::parse("?from=2026-01-01&to=2026-12-31")), Some(2026));
        assert_eq!(asked_year(&Query::parse("?from=2026-01-02&to=2026-12-31")), None);
    }
}
