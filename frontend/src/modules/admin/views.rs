//! Who saw what (سجل الاطلاع): for auditors over everything, and on one record.

use chrono::NaiveDate;
use diwan_kernel::{Page, Permission, Secrecy};
use diwan_platform_api::access::{ViewEntry, ViewWay};
use yew::prelude::*;

use super::parts::{PageProps, options, picked_id, use_pick};
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::timeline::{Timeline, TimelineItem, Weight};
use crate::ui::tools::{Export, FilterChip, Foot, Tools, use_paging};
use crate::ui::{
    Choice, Column, DataTable, DateField, Empty, FailureAlert, Num, PageHead, Picker, Row, SecrecyBadge, Select,
    SelectOption,
};

/// Rows of one page.
const LIMIT: usize = 25;
/// What the server is asked with.
const ASKED: &[&str] = &["user_id", "way", "secrecy", "from", "to"];

impl Row for ViewEntry {
    fn key(&self) -> i64 {
        self.id
    }
}

fn columns() -> Vec<Column<ViewEntry>> {
    let on = |entry: &ViewEntry| {
        let record = &entry.record;
        let route =
            if record.kind.code() == "document" { Route::ArchiveItem(record.id) } else { Route::Letter(record.id) };
        html! { <><Link to={route.path()} class="dw-subj">{ &record.subject }</Link>{ " " }<Num value={record.number.clone().unwrap_or_default()} /></> }
    };
    let how = |entry: &ViewEntry| {
        html! { <>{ i18n::code("view-way", entry.way.code()) }if !entry.file_name.is_empty() { <div class="dw-muted dw-sm"><bdi>{ &entry.file_name }</bdi></div> }</> }
    };
    vec![
        Column::new("at", t!("audit-at"), |entry: &ViewEntry| html! { <Num value={format::date_time(entry.at)} /> })
            .class("c-no"),
        Column::new("on", t!("views-record"), on).class("c-subj"),
        Column::new("who", t!("audit-who"), |entry: &ViewEntry| html! { { i18n::name(&entry.user.name) } })
            .class("c-agency"),
        Column::new("way", t!("audit-what"), how).class("c-prio"),
        Column::new("secrecy", t!("document-secrecy"), |entry: &ViewEntry| {
            html! { <SecrecyBadge level={entry.record.secrecy} /> }
        })
        .class("c-due"),
    ]
}

/// Who saw what, the newest first.
#[component]
pub(super) fn Views(props: &PageProps) -> Html {
    let query = use_place().query;
    let session = use_session();
    let paging = use_paging(query.clone());
    let call = ASKED
        .iter()
        .fold(client::get("/api/views"), |call, name| call.query(name, query.get(name).unwrap_or_default()))
        .query("limit", LIMIT.to_string())
        .query("after", paging.after.clone().unwrap_or_default());
    let page = use_api::<Page<ViewEntry>>(Some(call));
    let shown = use_memo((), |()| std::rc::Rc::new(columns()));
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    let open = Callback::from(|_: i64| {});
    html! {
        <div class="dw-screen" data-testid="views">
            <PageHead title={t!("admin-views")}>{ props.tabs.clone() }</PageHead>
            <Tools filters={Some(html! { <Filters query={query.clone()} /> })} chips={chips(&query)}
                on_clear={Callback::from(|()| router::replace_query(&Query::default()))}>
                if session.may(Permission::Export) { <Export path="/api/views/export" query={query.clone()} /> }
            </Tools>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <DataTable<ViewEntry> label={t!("admin-views")} columns={(*shown).clone()} page={page.data.clone()} loading={page.loading}
                current={None::<i64>} on_current={open.clone()} on_open={open} empty={html! { <Empty text={t!("views-none")} /> }} />
            <Foot {rows} limit={LIMIT} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    query: Query,
}

#[component]
fn Filters(props: &FiltersProps) -> Html {
    let people = use_pick("people");
    let query = &props.query;
    let value = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value)))
    };
    let day = |name: &'static str| {
        set(name).reform(|day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default())
    };
    let picked = match (query.get("user_id"), query.get("user")) {
        (Some(id), Some(name)) => vec![Choice::new(id.to_owned(), name.to_owned())],
        _ => Vec::new(),
    };
    let on_user = {
        let query = query.clone();
        Callback::from(move |picked: Vec<Choice>| {
            let id = picked_id(&picked).map(|id| id.to_string()).unwrap_or_default();
            let name = picked.first().map(|user| user.label.to_string()).unwrap_or_default();
            router::replace_query(&query.clone().with("user_id", id).with("user", name));
        })
    };
    let any = |texts: &str, codes: Vec<&'static str>| -> Vec<SelectOption> {
        std::iter::once(SelectOption::new("", t!("any"))).chain(options(texts, codes)).collect()
    };
    let ways = any("view-way", ViewWay::ALL.iter().map(|way| way.code()).collect());
    let levels = any("secrecy", Secrecy::ALL.iter().map(|level| level.code()).collect());
    html! {
        <>
            <Picker label={t!("audit-who")} source={people} {picked} onchange={on_user} single=true name="user" />
            <Select label={t!("audit-what")} value={value("way")} options={ways} onchange={set("way")} name="way" />
            <Select label={t!("document-secrecy")} value={value("secrecy")} options={levels} onchange={set("secrecy")} name="secrecy" />
            <DateField label={t!("date-from")} value={value("from").parse().ok()} onchange={day("from")} name="from" />
            <DateField label={t!("date-to")} value={value("to").parse().ok()} onchange={day("to")} name="to" />
        </>
    }
}

/// The filters in force, each with a way to take it away.
fn chips(query: &Query) -> Vec<FilterChip> {
    let chip = |name: &'static str, title: String, word: &dyn Fn(&str) -> String| {
        let word = word(query.get(name)?);
        let next = query.clone().without(name);
        let next = if name == "user_id" { next.without("user") } else { next };
        let on_remove = Callback::from(move |()| router::replace_query(&next));
        Some(FilterChip { name: title.into(), value: word.into(), on_remove })
    };
    let user = query.get("user").unwrap_or_default().to_owned();
    let date = |text: &str| text.parse().map_or_else(|_| text.to_owned(), format::date);
    [
        chip("user_id", t!("audit-who"), &|_| user.clone()),
        chip("way", t!("audit-what"), &|code| i18n::code("view-way", code)),
        chip("secrecy", t!("document-secrecy"), &|code| i18n::code("secrecy", code)),
        chip("from", t!("date-from"), &date),
        chip("to", t!("date-to"), &date),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is shown of one record.
#[derive(Properties, PartialEq)]
pub struct RecordViewsProps {
    /// The record.
    pub record: i64,
}

/// Who saw one record, the newest first.
#[component]
pub fn RecordViews(props: &RecordViewsProps) -> Html {
    let call = client::get("/api/views").query("record_id", props.record.to_string()).query("limit", "100");
    let page = use_api::<Page<ViewEntry>>(Some(call));
    let item = |entry: &ViewEntry| TimelineItem {
        at: entry.at,
        what: html! { <>{ i18n::code("view-way", entry.way.code()) }{ " " }<bdi class="dw-muted">{ &entry.file_name }</bdi></> },
        who: i18n::name(&entry.user.name).into(),
        weight: Weight::Plain,
    };
    let items: Vec<TimelineItem> = page.data.iter().flat_map(|page| page.items.iter().map(item)).collect();
    html! {
        <div data-testid="record-views">
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            if items.is_empty() && page.data.is_some() { <Empty text={t!("views-none")} /> }
            <Timeline {items} />
        </div>
    }
}
