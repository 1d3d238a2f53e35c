//! Narrowing a trail (what was done, who saw what) by what stands in the address: a person, days, choices.

use chrono::NaiveDate;
use yew::prelude::*;

use super::parts::{picked_id, use_pick};
use crate::app::query::Query;
use crate::app::router;
use crate::i18n::format;
use crate::ui::tools::FilterChip;
use crate::ui::{Choice, DateField, Picker};

/// What stands in the address under a name; nothing where it is not there.
pub(super) fn value(query: &Query, name: &str) -> String {
    query.get(name).unwrap_or_default().to_owned()
}

/// Puts a value into the address under a name.
pub(super) fn setter(query: &Query, name: &'static str) -> Callback<String> {
    let query = query.clone();
    Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value)))
}

#[derive(Properties, PartialEq)]
pub(super) struct PersonProps {
    pub(super) query: Query,
}

/// Chooses the person: their id for the server, their name for people.
#[component]
pub(super) fn Person(props: &PersonProps) -> Html {
    let people = use_pick("people");
    let query = &props.query;
    let picked = match (query.get("user_id"), query.get("user")) {
        (Some(id), Some(name)) => vec![Choice::new(id.to_owned(), name.to_owned())],
        _ => Vec::new(),
    };
    let onchange = {
        let query = query.clone();
        Callback::from(move |picked: Vec<Choice>| {
            let id = picked_id(&picked).map(|id| id.to_string()).unwrap_or_default();
            let name = picked.first().map(|user| user.label.to_string()).unwrap_or_default();
            router::replace_query(&query.clone().with("user_id", id).with("user", name));
        })
    };
    html! { <Picker label={t!("audit-who")} source={people} {picked} {onchange} single=true name="user" /> }
}

/// The first and the last day.
pub(super) fn days(query: &Query) -> Html {
    let day = |name: &'static str| {
        setter(query, name).reform(|day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default())
    };
    html! {
        <>
            <DateField label={t!("date-from")} value={value(query, "from").parse().ok()} onchange={day("from")} name="from" />
            <DateField label={t!("date-to")} value={value(query, "to").parse().ok()} onchange={day("to")} name="to" />
        </>
    }
}

/// A filter in force, with a way to take it away; `word` says its value.
pub(super) fn chip(
    query: &Query,
    name: &'static str,
    title: String,
    word: impl FnOnce(&str) -> String,
) -> Option<FilterChip> {
    let word = word(query.get(name)?);
    let next = query.clone().without(name);
    let next = if name == "user_id" { next.without("user") } else { next };
    let on_remove = Callback::from(move |()| router::replace_query(&next));
    Some(FilterChip { name: title.into(), value: word.into(), on_remove })
}

/// The person that the trail is narrowed to.
pub(super) fn person_chip(query: &Query) -> Option<FilterChip> {
    chip(query, "user_id", t!("audit-who"), |_| value(query, "user"))
}

/// The days that the trail is narrowed to.
pub(super) fn day_chips(query: &Query) -> [Option<FilterChip>; 2] {
    let date = |text: &str| text.parse().map_or_else(|_| text.to_owned(), format::date);
    [chip(query, "from", t!("date-from"), date), chip(query, "to", t!("date-to"), date)]
}
