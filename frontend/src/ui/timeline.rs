//! The timeline of a record: days newest first, the time at the end of each line.

use chrono::{NaiveDate, NaiveDateTime};
use yew::prelude::*;

use super::badge::Num;
use crate::i18n::format;

/// How an event is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// An open ring.
    #[default]
    Plain,
    /// A filled dot: approved, signed.
    Strong,
    /// Red: returned, refused, late.
    Bad,
}

/// One event.
#[derive(Clone, PartialEq)]
pub struct TimelineItem {
    /// When, UTC.
    pub at: NaiveDateTime,
    /// What happened.
    pub what: Html,
    /// Who did it.
    pub who: AttrValue,
    /// How it is marked.
    pub weight: Weight,
}

/// The timeline.
#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    /// The events, newest first.
    pub items: Vec<TimelineItem>,
}

/// The timeline.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let mut days: Vec<(NaiveDate, Vec<&TimelineItem>)> = Vec::new();
    for item in &props.items {
        let day = format::local(item.at).date();
        match days.last_mut() {
            Some((last, items)) if *last == day => items.push(item),
            _ => days.push((day, vec![item])),
        }
    }
    html! {
        { for days.iter().map(|(day, items)| html! {
            <section>
                <h2 class="dw-sec-t" style="margin-block:0.5rem 0.25rem">{ format::day_name(*day) }</h2>
                <ol class="dw-time">{ for items.iter().map(|item| draw(item)) }</ol>
            </section>
        }) }
    }
}

fn draw(item: &TimelineItem) -> Html {
    let class = match item.weight {
        Weight::Plain => "",
        Weight::Strong => "ok",
        Weight::Bad => "bad",
    };
    html! {
        <li {class}>
            <span>{ item.what.clone() }<div class="dw-muted">{ &item.who }</div></span>
            <Num value={format::time(item.at)} />
        </li>
    }
}
