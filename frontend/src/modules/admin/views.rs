//! Who saw what (سجل الاطلاع): for auditors over everything, and on one record.

use diwan_kernel::{Page, Permission, Secrecy};
use diwan_platform_api::access::{ViewEntry, ViewWay};
use yew::prelude::*;

use super::narrow::{self, Person, chip, day_chips, person_chip};
use super::parts::{PageProps, options};
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::timeline::{Timeline, TimelineItem, Weight};
use crate::ui::tools::{Export, FilterChip, Foot, Tools, use_paging};
use crate::ui::{Column, DataTable, Empty, FailureAlert, Num, PageHead, Row, SecrecyBadge, Select, SelectOption};

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
    let query = &props.query;
    let any = |texts: &str, codes: Vec<&'static str>| -> Vec<SelectOption> {
        std::iter::once(SelectOption::new("", t!("any"))).chain(options(texts, codes)).collect()
    };
    let ways = any("view-way", ViewWay::ALL.iter().map(|way| way.code()).collect());
    let levels = any("secrecy", Secrecy::ALL.iter().map(|level| level.code()).collect());
    html! {
        <>
            <Person query={query.clone()} />
            <Select label={t!("audit-what")} value={narrow::value(query, "way")} options={ways} onchange={narrow::setter(query, "way")} name="way" />
            <Select label={t!("document-secrecy")} value={narrow::value(query, "secrecy")} options={levels} onchange={narrow::setter(query, "secrecy")} name="secrecy" />
            { narrow::days(query) }
        </>
    }
}

/// The filters in force, each with a way to take it away.
fn chips(query: &Query) -> Vec<FilterChip> {
    let own = [
        person_chip(query),
        chip(query, "way", t!("audit-what"), |code| i18n::code("view-way", code)),
        chip(query, "secrecy", t!("document-secrecy"), |code| i18n::code("secrecy", code)),
    ];
    own.into_iter().chain(day_chips(query)).flatten().collect()
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
