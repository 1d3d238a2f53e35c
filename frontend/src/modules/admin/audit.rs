//! The audit trail (سجل التدقيق) as auditors read it: who did what to which thing, from where, and the states before and after.

use std::collections::BTreeSet;

use diwan_kernel::Page;
use diwan_platform_api::audit::{AuditEntry, AuditEntryInFull};
use diwan_platform_api::records::RecordKind;
use serde_json::Value;
use yew::prelude::*;

use super::narrow::{self, Person, chip, day_chips, person_chip};
use super::parts::PageProps;
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::client::{self, use_api};
use crate::i18n::{self, TextArgs, format};
use crate::ui::tools::{FilterChip, Foot, Tools, use_paging};
use crate::ui::{Column, DataTable, Dialog, Empty, Facts, FailureAlert, Num, PageHead, Row, Select, SelectOption};

/// Rows of one page.
const LIMIT: usize = 25;
/// What the server is asked with; the rest of the address is for people.
const ASKED: &[&str] = &["user_id", "op", "record_id", "entity", "entity_id", "from", "to"];
/// Beginnings of operations an auditor asks for.
const GROUPS: &[&str] = &[
    "tarasol.letter.",
    "tarasol.",
    "archive.",
    "finance.",
    "platform.session.",
    "platform.user.",
    "platform.role.",
    "platform.delegation.",
    "platform.file.",
    "platform.",
];

impl Row for AuditEntry {
    fn key(&self) -> i64 {
        self.id
    }
}

/// What was done, in words; its name where it has none.
fn operation(op: &str) -> String {
    let mut args = TextArgs::new();
    for name in ["number", "their_number", "to", "file", "name", "outcome", "kind", "agency"] {
        args.set(name, "…");
    }
    i18n::find(&i18n::code_key("op", op), Some(&args)).unwrap_or_else(|| op.to_owned())
}

fn columns() -> Vec<Column<AuditEntry>> {
    let who = |entry: &AuditEntry| {
        let name = entry.user.as_ref().map_or_else(|| t!("letter-system"), |user| i18n::name(&user.name));
        let on_behalf = entry.on_behalf_of.as_ref().map(|other| t!("letter-on-behalf", name = i18n::name(&other.name)));
        html! { <>{ name }if let Some(text) = on_behalf { <div class="dw-muted dw-sm">{ text }</div> }</> }
    };
    let on = |entry: &AuditEntry| match &entry.record {
        Some(record) => {
            let kind = record.kind.parse::<RecordKind>().ok();
            let page = kind
                .map(|kind| Route::of_record(kind, record.id).path())
                .unwrap_or_else(|| Route::Letter(record.id).path());
            html! { <><Link to={page} class="dw-subj">{ &record.subject }</Link>{ " " }<Num value={record.number.clone().unwrap_or_default()} /></> }
        }
        None => html! { <span class="dw-muted"><Num value={format!("{} {}", entry.entity, entry.entity_id)} /></span> },
    };
    vec![
        Column::new("at", t!("audit-at"), |entry: &AuditEntry| html! { <Num value={format::date_time(entry.at)} /> })
            .class("c-no"),
        Column::new("what", t!("audit-what"), |entry: &AuditEntry| {
            html! { <span title={entry.op.clone()}>{ operation(&entry.op) }</span> }
        })
        .class("c-subj"),
        Column::new("who", t!("audit-who"), who).class("c-agency"),
        Column::new("on", t!("audit-on"), on).class("c-prio"),
        Column::new("ip", t!("audit-ip"), |entry: &AuditEntry| html! { <Num value={entry.ip.clone()} /> })
            .class("c-due"),
    ]
}

/// The trail, the newest entries first.
#[component]
pub(super) fn Audit(props: &PageProps) -> Html {
    let query = use_place().query;
    let paging = use_paging(query.clone());
    let call = ASKED
        .iter()
        .fold(client::get("/api/audit"), |call, name| call.query(name, query.get(name).unwrap_or_default()))
        .query("limit", LIMIT.to_string())
        .query("after", paging.after.clone().unwrap_or_default());
    let page = use_api::<Page<AuditEntry>>(Some(call));
    let shown = use_memo((), |()| std::rc::Rc::new(columns()));
    let current = use_state_eq(|| None::<i64>);
    let close = current.setter();
    let open = {
        let current = current.setter();
        Callback::from(move |id: i64| current.set(Some(id)))
    };
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    html! {
        <div class="dw-screen" data-testid="audit">
            <PageHead title={t!("admin-audit")}>{ props.tabs.clone() }</PageHead>
            <Tools filters={Some(html! { <Filters query={query.clone()} /> })} chips={chips(&query)}
                on_clear={Callback::from(|()| router::replace_query(&Query::default()))} />
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <DataTable<AuditEntry> label={t!("admin-audit")} columns={(*shown).clone()} page={page.data.clone()} loading={page.loading}
                current={*current} on_current={open.clone()} on_open={open} empty={html! { <Empty text={t!("audit-none")} /> }} />
            <Foot {rows} limit={LIMIT} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
            if let Some(id) = *current { <Entry key={id} {id} on_close={Callback::from(move |()| close.set(None))} /> }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    query: Query,
}

#[component]
fn Filters(props: &FiltersProps) -> Html {
    let query = &props.query;
    let groups = std::iter::once(SelectOption::new("", t!("any"))).chain(
        GROUPS.iter().map(|group| SelectOption::new(*group, i18n::code("audit-group", group.trim_end_matches('.')))),
    );
    html! {
        <>
            <Select label={t!("audit-what")} value={narrow::value(query, "op")} options={groups.collect::<Vec<_>>()} onchange={narrow::setter(query, "op")} name="op" />
            <Person query={query.clone()} />
            { narrow::days(query) }
        </>
    }
}

/// The filters in force, each with a way to take it away.
fn chips(query: &Query) -> Vec<FilterChip> {
    let group = |op: &str| {
        i18n::find(&i18n::code_key("audit-group", op.trim_end_matches('.')), None).unwrap_or_else(|| operation(op))
    };
    let own = [
        chip(query, "op", t!("audit-what"), group),
        person_chip(query),
        chip(query, "record_id", t!("audit-record"), str::to_owned),
        chip(query, "entity", t!("audit-on"), str::to_owned),
    ];
    own.into_iter().chain(day_chips(query)).flatten().collect()
}

#[derive(Properties, PartialEq)]
struct EntryProps {
    id: i64,
    on_close: Callback<()>,
}

/// One entry with what changed and its link in the chain.
#[component]
fn Entry(props: &EntryProps) -> Html {
    let full = use_api::<AuditEntryInFull>(Some(client::get(format!("/api/audit/{}", props.id))));
    let title = full.data.as_ref().map_or_else(|| t!("loading"), |full| operation(&full.entry.op));
    html! {
        <Dialog {title} wide=true on_close={props.on_close.clone()}>
            <FailureAlert failure={full.failure.clone()} retry={Some(full.reload.clone())} />
            if let Some(full) = &full.data {
                <Facts rows={facts(full)} />
                { changes(&full.before, &full.after) }
                if !is_empty(&full.detail) {
                    <div><h3 class="dw-sec-t">{ t!("audit-detail") }</h3><pre class="dw-json" dir="ltr" tabindex="0">{ pretty(&full.detail) }</pre></div>
                }
            }
        </Dialog>
    }
}

fn facts(full: &AuditEntryInFull) -> Vec<(AttrValue, Html)> {
    let entry = &full.entry;
    let code = |text: &str| html! { <span class="dw-json" dir="ltr">{ text }</span> };
    let who = entry.user.as_ref().map_or_else(|| t!("letter-system"), |user| i18n::name(&user.name));
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("audit-at").into(), html! { <Num value={format::date_time(entry.at)} /> }),
        (t!("audit-who").into(), html! { { who } }),
        (t!("audit-operation").into(), code(&entry.op)),
        (t!("audit-on").into(), code(&format!("{} {}", entry.entity, entry.entity_id))),
    ];
    if let Some(other) = &entry.on_behalf_of {
        rows.push((t!("audit-for").into(), html! { { i18n::name(&other.name) } }));
    }
    if !entry.ip.is_empty() {
        rows.push((t!("audit-ip").into(), code(&entry.ip)));
    }
    if !full.request_id.is_empty() {
        rows.push((t!("request-number").into(), code(&full.request_id)));
    }
    match &full.link {
        Some(link) => {
            rows.push((t!("audit-link").into(), html! { <><Num value={format::number(link.seq)} />{ " · " }<Num value={format::date_time(link.sealed_at)} /></> }));
            rows.push((t!("audit-hash").into(), code(&link.hash)));
        }
        None => rows.push((t!("audit-link").into(), html! { { t!("audit-not-linked") } })),
    }
    rows
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A value in one line: names of codes and texts as they are.
fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "—".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The fields that differ, before and after; of a new thing all of them.
fn changed<'a>(before: &'a Value, after: &'a Value) -> Vec<(&'a str, Option<&'a Value>, Option<&'a Value>)> {
    let keys: BTreeSet<&str> = [before, after]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(|map| map.keys())
        .map(String::as_str)
        .collect();
    keys.into_iter()
        .map(|key| (key, before.get(key), after.get(key)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

fn changes(before: &Value, after: &Value) -> Html {
    let rows = changed(before, after);
    if rows.is_empty() {
        return Html::default();
    }
    html! {
        <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("audit-changes")} data-testid="changes">
            <thead><tr><th scope="col">{ t!("audit-field") }</th><th scope="col">{ t!("audit-before") }</th><th scope="col">{ t!("audit-after") }</th></tr></thead>
            <tbody>{ for rows.into_iter().map(|(key, before, after)| html! {
                <tr><th scope="row"><span dir="ltr">{ key }</span></th><td class="dw-wrap"><bdi>{ plain(before) }</bdi></td><td class="dw-wrap"><bdi>{ plain(after) }</bdi></td></tr>
            }) }</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_a_change() {
        let (before, after) = (json!({ "a": 1, "b": "x", "c": null }), json!({ "a": 1, "b": "y", "d": [2] }));
        let keys: Vec<&str> = changed(&before, &after).into_iter().map(|(key, ..)| key).collect();
        assert_eq!(keys, ["b", "c", "d"]);
        assert_eq!(changed(&Value::Null, &json!({ "a": 1 })).len(), 1);
        assert_eq!(
            (plain(None), plain(Some(&json!("نص"))), plain(Some(&json!([1])))),
            ("—".into(), "نص".into(), "[1]".into())
        );
    }
}
