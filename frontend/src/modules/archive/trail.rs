//! What happened to a document.

use diwan_platform_api::records::TimelineEntry;
use yew::prelude::*;

use crate::client::{self, use_api};
use crate::i18n;
use crate::ui::timeline::{Timeline, TimelineItem, Weight};
use crate::ui::{Empty, FailureAlert};

#[derive(Properties, PartialEq)]
pub(super) struct TrailProps {
    pub(super) record: i64,
    /// The record's version: a change loads the trail again.
    pub(super) version: i64,
}

/// What happened to a document, newest first.
#[component]
pub(super) fn Trail(props: &TrailProps) -> Html {
    let entries = use_api::<Vec<TimelineEntry>>(Some(client::get(format!("/api/records/{}/timeline", props.record))));
    {
        let reload = entries.reload.clone();
        let first = use_mut_ref(|| true);
        use_effect_with(props.version, move |_| {
            if !first.replace(false) {
                reload.emit(());
            }
        });
    }
    let items: Vec<TimelineItem> = entries.data.iter().flat_map(|entries| entries.iter().map(item)).collect();
    html! {
        <>
            <FailureAlert failure={entries.failure.clone()} retry={Some(entries.reload.clone())} />
            if items.is_empty() && entries.data.is_some() { <Empty text={t!("trail-empty")} /> }
            <Timeline {items} />
        </>
    }
}

fn item(entry: &TimelineEntry) -> TimelineItem {
    let what = i18n::find(&i18n::code_key("trail", &entry.op), None).unwrap_or_else(|| entry.op.clone());
    let who = entry.user.as_ref().map_or_else(|| t!("app-name"), |user| i18n::name(&user.name));
    TimelineItem { at: entry.at, what: html! { { what } }, who: who.into(), weight: Weight::Plain }
}
