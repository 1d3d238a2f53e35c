//! The timeline of a record (السجل الزمني), in words.

use diwan_kernel::Named;
use diwan_platform_api::records::TimelineEntry;
use serde_json::Value;
use yew::prelude::*;

use crate::client::{self, use_api};
use crate::i18n::{self, TextArgs};
use crate::ui::timeline::{Timeline, TimelineItem, Weight};
use crate::ui::{Empty, FailureAlert};

#[derive(Properties, PartialEq)]
pub(in crate::modules) struct LogProps {
    pub(in crate::modules) record: i64,
    /// Goes up whenever the record may have changed.
    pub(in crate::modules) round: u32,
}

/// The timeline.
#[component]
pub(in crate::modules) fn Log(props: &LogProps) -> Html {
    let entries = use_api::<Vec<TimelineEntry>>(Some(client::get(format!("/api/records/{}/timeline", props.record))));
    {
        let reload = entries.reload.clone();
        let last = use_mut_ref(|| props.round);
        use_effect_with(props.round, move |round| {
            if last.replace(*round) != *round {
                reload.emit(());
            }
        });
    }
    html! {
        <>
            <FailureAlert failure={entries.failure.clone()} retry={Some(entries.reload.clone())} />
            if let Some(entries) = &entries.data {
                if entries.is_empty() { <Empty text={t!("letter-no-log")} /> }
                <Timeline items={entries.iter().map(item).collect::<Vec<_>>()} />
            }
        </>
    }
}

/// A value of an entry as people read it: names in the chosen language, lists joined.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(&t!("letter-comma")),
        Value::Object(_) => {
            client::json::from_value::<Named>(value.clone()).map(|named| i18n::name(&named)).unwrap_or_default()
        }
        Value::Null | Value::Bool(_) => String::new(),
    }
}

fn args(entry: &TimelineEntry) -> TextArgs<'static> {
    let mut args = TextArgs::new();
    // Every text may ask for these; what an entry does not tell is empty.
    for name in ["number", "their_number", "to", "file", "name", "outcome", "kind"] {
        let text = match entry.detail.get(name) {
            Some(Value::String(code)) if name == "outcome" => i18n::code("task-outcome", code),
            Some(value) => plain(value),
            None => String::new(),
        };
        args.set(name, text);
    }
    args.set("agency", entry.agency.as_ref().map(i18n::name).unwrap_or_default());
    args
}

/// What happened: the text of the operation, that of the other side's where it happened there.
fn words(entry: &TimelineEntry) -> String {
    let key = i18n::code_key("op", &entry.op);
    let args = args(entry);
    let there = entry.agency.as_ref().and_then(|_| i18n::find(&format!("{key}-there"), Some(&args)));
    there.or_else(|| i18n::find(&key, Some(&args))).unwrap_or_else(|| entry.op.clone())
}

fn weight(op: &str) -> Weight {
    match op.rsplit('.').next().unwrap_or_default() {
        "sign" | "approve" | "register" => Weight::Strong,
        "return" | "refuse" | "recall" | "void" => Weight::Bad,
        _ => Weight::Plain,
    }
}

fn item(entry: &TimelineEntry) -> TimelineItem {
    let said =
        ["note", "reason"].iter().find_map(|name| entry.detail.get(*name)).map(plain).filter(|said| !said.is_empty());
    let what = html! { <>{ words(entry) }if let Some(said) = said { <span class="dw-quote dw-pre" dir="auto" style="display:block">{ said }</span> }</> };
    let who = match (&entry.user, &entry.agency) {
        (Some(user), _) => i18n::name(&user.name),
        (None, Some(agency)) => i18n::name(agency),
        (None, None) => t!("letter-system"),
    };
    let who = match &entry.on_behalf_of {
        Some(other) => format!("{who}{}{}", t!("letter-comma"), t!("letter-on-behalf", name = i18n::name(&other.name))),
        None => who,
    };
    TimelineItem { at: entry.at, what, who: who.into(), weight: weight(&entry.op) }
}
