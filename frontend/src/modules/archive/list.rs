//! The list of what is filed.

use std::rc::Rc;

use diwan_archive_api::{DocumentClasses, DocumentRow, DocumentSort, DocumentSource, DocumentType, Tag};
use diwan_kernel::{Page, Permission, Secrecy};
use diwan_platform_api::files::ContentState;
use diwan_platform_api::records::RecordKind;
use yew::prelude::*;

use super::fields::class_options;
use super::filing::Filing;
use super::order;
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{self, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::search::facets::day;
use crate::modules::search::record_icon;
use crate::ui::table::use_columns;
use crate::ui::tools::{FilterChip, Foot, Tools, use_paging};
use crate::ui::{
    Button, Column, DataTable, Empty, FailureAlert, Icon, Num, PageHead, Row, SecrecyBadge, Select, SelectOption, Sort,
    StateDot, StateTone, TextField, Variant,
};

/// Rows of one page.
const LIMIT: usize = 25;

impl Row for DocumentRow {
    fn key(&self) -> i64 {
        self.id
    }
}

/// The mark of whether a document's files can be searched.
pub(super) fn content_mark(content: ContentState) -> Html {
    let tone = match content {
        ContentState::Pending => StateTone::Wait,
        ContentState::Text => StateTone::Done,
        ContentState::NoText | ContentState::Refused => StateTone::New,
    };
    html! { <StateDot {tone} label={i18n::code("content-state", content.code())} /> }
}

fn columns() -> Rc<Vec<Column<DocumentRow>>> {
    let number =
        |row: &DocumentRow| html! { <span class="dw-no"><Num value={row.number.clone().unwrap_or_default()} /></span> };
    let subject = |row: &DocumentRow| html! { <span class="dw-subj dw-clamp" dir="auto">{ &row.subject }</span> };
    let kind = |row: &DocumentRow| html! { <span class="dw-nowrap">{ record_icon(row.kind) }{ " " }{ i18n::code("record-kind", row.kind.code()) }</span> };
    Rc::new(vec![
        Column::new("number", t!("document-number"), number).class("c-no"),
        Column::new("subject", t!("document-subject"), subject).class("c-subj"),
        Column::new(
            "party",
            t!("document-party"),
            |row: &DocumentRow| html! { <span class="dw-clamp" dir="auto">{ &row.party }</span> },
        )
        .class("c-agency"),
        Column::new(
            "date",
            t!("document-date"),
            |row: &DocumentRow| html! { <Num value={format::date(row.doc_date)} /> },
        )
        .class("c-due")
        .sort("date"),
        Column::new("kind", t!("facet-kind"), kind).class("c-to").plain_when(|row| row.kind == RecordKind::Document),
        Column::new(
            "class",
            t!("document-class"),
            |row: &DocumentRow| html! { <Num value={row.class_code.clone().unwrap_or_default()} /> },
        )
        .class("c-theirs"),
        Column::new(
            "secrecy",
            t!("document-secrecy"),
            |row: &DocumentRow| html! { <SecrecyBadge level={row.secrecy} /> },
        )
        .class("c-sec")
        .plain_when(|row| row.secrecy == Secrecy::Normal),
        Column::new("content", t!("document-content"), |row: &DocumentRow| content_mark(row.content))
            .class("c-state")
            .plain_when(|row| row.content == ContentState::Text),
    ])
}

/// The server's name of an order of the table.
fn order(query: &Query) -> &'static str {
    match query.get("sort") {
        Some("date") => DocumentSort::Oldest.code(),
        Some("filed") => DocumentSort::Filed.code(),
        _ => DocumentSort::Newest.code(),
    }
}

/// The list of what is filed.
#[component]
pub fn Archive() -> Html {
    let query = use_place().query;
    let session = use_session();
    let paging = use_paging(query.clone());
    let call =
        client::get("/api/documents").queries(&query).query("sort", order(&query)).query("limit", LIMIT.to_string());
    let page = use_api::<Page<DocumentRow>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let classes = use_api::<DocumentClasses>(Some(client::get("/api/archive/classes")));
    let every = use_state(columns);
    let (shown, column_menu) = use_columns("archive", (*every).clone());
    let current = use_state_eq(|| None::<i64>);
    let filing = use_state_eq(|| false);
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value.trim())))
    };
    let (set_current, open_filing, close_filing) = (current.setter(), filing.setter(), filing.setter());
    let actions = html! {
        if session.may(Permission::ArchiveFile) {
            <Button icon={Icon::Edit} label={t!("check-desk")} testid="check-desk-link" onclick={Callback::from(|_| router::go_to(&Route::CheckDesk))} />
            <Button icon={Icon::Folder} label={t!("imports")} testid="imports-link" onclick={Callback::from(|_| router::go_to(&Route::Imports))} />
            <Button variant={Variant::Primary} icon={Icon::Upload} label={t!("document-new")} testid="new-document"
                onclick={Callback::from(move |_| open_filing.set(true))} />
        }
    };
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    let filtered = query.pairs().any(|(name, _)| name != "sort");
    html! {
        <div class="dw-screen" data-testid="archive">
            <PageHead title={t!("nav-archive")} {actions}>{ order::tabs(&session, "documents") }</PageHead>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(set("q"))} filters={Some(filters(&query, classes.data.as_deref()))}
                chips={chips(&query)} on_clear={Callback::from(|()| router::replace_query(&Query::default()))}>{ column_menu }</Tools>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <DataTable<DocumentRow> label={t!("nav-archive")} columns={shown} page={page.data.clone()} loading={page.loading}
                sort={Sort::parse(query.get("sort").unwrap_or("-date"))} on_sort={set("sort").reform(|sort: Sort| sort.text())} current={*current}
                on_current={Callback::from(move |id| set_current.set(Some(id)))}
                on_open={Callback::from(|id| router::go_to(&Route::ArchiveItem(id)))}
                empty={html! { <Empty text={if filtered { t!("archive-filtered") } else { t!("archive-empty") }} /> }} />
            <Foot {rows} limit={LIMIT} total={page.data.as_ref().and_then(|page| page.total)} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
            if *filing { <Filing on_close={Callback::from(move |()| close_filing.set(false))} /> }
        </div>
    }
}

/// The filters that take one value of a closed set: name, text prefix, values.
fn sets() -> [(&'static str, &'static str, String, Vec<&'static str>); 3] {
    [
        ("secrecy", "secrecy", t!("document-secrecy"), Secrecy::ALL.iter().map(|code| code.code()).collect()),
        (
            "content",
            "content-state",
            t!("document-content"),
            ContentState::ALL.iter().map(|code| code.code()).collect(),
        ),
        (
            "source",
            "document-source",
            t!("document-source"),
            DocumentSource::ALL.iter().map(|code| code.code()).collect(),
        ),
    ]
}

#[derive(Properties, PartialEq)]
struct ByKindProps {
    query: Query,
}

/// The filters by kind, by what a field of it holds, and by tag.
#[component]
fn ByKind(props: &ByKindProps) -> Html {
    let kinds = use_api::<Vec<DocumentType>>(Some(client::get("/api/archive/types")));
    let used = use_api::<Vec<Tag>>(Some(client::get("/api/archive/tags")));
    let query = &props.query;
    let now = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value)))
    };
    // A field belongs to its kind: another kind begins without.
    let set_kind = {
        let query = query.clone().without("field").without("value");
        Callback::from(move |id: String| router::replace_query(&query.clone().with("doc_type", id)))
    };
    let any = || std::iter::once(SelectOption::new("", t!("any")));
    let all = kinds.data.as_ref().map_or(&[][..], |kinds| kinds.as_slice());
    let kind = all.iter().find(|kind| kind.id.to_string() == now("doc_type"));
    let named = any().chain(all.iter().map(|kind| SelectOption::new(kind.id.to_string(), i18n::name(&kind.name))));
    let fields = kind.iter().flat_map(|kind| &kind.fields);
    let fields = any().chain(fields.map(|field| SelectOption::new(field.code.clone(), i18n::name(&field.name))));
    let tags = used.data.iter().flat_map(|tags| tags.iter());
    let tags = any().chain(tags.map(|tag| SelectOption::new(tag.tag.clone(), tag.tag.clone())));
    html! {
        <>
            if !all.is_empty() { <Select label={t!("document-type")} value={now("doc_type")} options={named.collect::<Vec<_>>()} onchange={set_kind} name="doc_type" /> }
            if kind.is_some() {
                <Select label={t!("document-field")} value={now("field")} options={fields.collect::<Vec<_>>()} onchange={set("field")} name="field" />
                <TextField label={t!("document-value")} value={now("value")} oninput={set("value")} name="value" />
            }
            <Select label={t!("document-tags")} value={now("tag")} options={tags.collect::<Vec<_>>()} onchange={set("tag")} name="tag" />
        </>
    }
}

fn filters(query: &Query, classes: Option<&DocumentClasses>) -> Html {
    let now = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value)))
    };
    let mut class = class_options(classes, &now("class"));
    class[0].label = t!("any").into();
    html! {
        <>
            <Select label={t!("document-class")} value={now("class")} options={class} onchange={set("class")} name="class" />
            <ByKind query={query.clone()} />
            { for sets().into_iter().map(|(name, texts, label, codes)| {
                let any = std::iter::once(SelectOption::new("", t!("any")));
                let options = any.chain(codes.iter().map(|code| SelectOption::new(*code, i18n::code(texts, code)))).collect::<Vec<_>>();
                html! { <Select {label} value={now(name)} {options} onchange={set(name)} name={name} /> }
            }) }
            { day("from", t!("date-from"), query) }
            { day("to", t!("date-to"), query) }
        </>
    }
}

fn chips(query: &Query) -> Vec<FilterChip> {
    let chip = |name: &'static str, label: String, value: String| {
        let query = query.clone();
        let on_remove = Callback::from(move |()| router::replace_query(&query.clone().without(name)));
        FilterChip { name: label.into(), value: value.into(), on_remove }
    };
    let mut chips = Vec::new();
    for (name, texts, label, codes) in sets() {
        if let Some(code) = query.get(name).filter(|code| codes.contains(code)) {
            chips.push(chip(name, label, i18n::code(texts, code)));
        }
    }
    let more = [("class", t!("document-class")), ("tag", t!("document-tags"))];
    for (name, label) in more.into_iter().chain([("from", t!("date-from")), ("to", t!("date-to"))]) {
        if let Some(value) = query.get(name) {
            chips.push(chip(name, label, value.to_owned()));
        }
    }
    chips
}
