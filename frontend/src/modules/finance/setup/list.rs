//! A list of the setup as its description says.

use std::rc::Rc;

use diwan_kernel::{Page, Permission};
use serde_json::Value;
use yew::prelude::*;

use super::describe::{List, Show, none_of};
use super::form::Form;
use crate::app::query::Query;
use crate::app::router::{self, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::admin::import::ImportDialog;
use crate::ui::tools::{Export, FilterChip, Foot, Tools, use_paging};
use crate::ui::{
    Button, Column, DataTable, Empty, FailureAlert, Icon, Num, PageHead, Row, Select, SelectOption, Sort, StateDot,
    StateTone, Variant,
};

/// Rows of one page.
const LIMIT: usize = 25;

/// A row by its place on the page: not every list has ids of its own.
#[derive(PartialEq)]
struct Item(i64, Value);

impl Row for Item {
    fn key(&self) -> i64 {
        self.0
    }
}

#[derive(Properties)]
pub(super) struct SetupProps {
    pub(super) list: &'static List,
}

impl PartialEq for SetupProps {
    fn eq(&self, other: &Self) -> bool {
        self.list.code == other.list.code
    }
}

/// What is open over the list.
#[derive(Clone, PartialEq)]
enum Open {
    Form(Option<Value>),
    Import,
}

impl Open {
    /// The same row as it is now.
    fn newest(page: &Page<Value>, asked: &Self) -> Option<Self> {
        let Self::Form(Some(row)) = asked else { return None };
        let found = page.items.iter().find(|one| one["id"] == row["id"])?;
        Some(Self::Form(Some(found.clone())))
    }
}

/// Text of a value, whatever it is.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A name that a row has in both languages.
pub(super) fn name_of(value: &Value) -> String {
    let (first, second) = if i18n::is_rtl() { ("ar", "en") } else { ("en", "ar") };
    let of = |lang: &str| value[lang].as_str().filter(|name| !name.is_empty()).map(str::to_owned);
    of(first).or_else(|| of(second)).unwrap_or_default()
}

fn cell(row: &Value, field: &str, show: Show) -> Html {
    let value = &row[field];
    match show {
        Show::Code => html! { <Num value={text_of(value)} /> },
        Show::Text => html! { <span class="dw-clamp">{ text_of(value) }</span> },
        Show::Name => html! { <span class="dw-subj">{ name_of(value) }</span> },
        Show::Word(set) => html! { { value.as_str().map_or_else(|| none_of(set), |code| i18n::code(set, code)) } },
        Show::Words(set) => {
            let codes = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            let words = codes.map(|code| i18n::code(set, code));
            html! { { words.collect::<Vec<_>>().join(&t!("list-comma")) } }
        }
        Show::Yes => {
            let yes = value.as_bool().unwrap_or_default();
            let (tone, label) = if yes { (StateTone::Work, t!("yes")) } else { (StateTone::Done, t!("no")) };
            html! { <StateDot {tone} {label} /> }
        }
        Show::Day => {
            let day = value.as_str().and_then(|day| day.parse().ok()).map(format::date);
            html! { <Num value={day.unwrap_or_default()} /> }
        }
        Show::Named => {
            let named = &row["names"][field];
            if named.is_null() {
                return Html::default();
            }
            html! { <span class="dw-clamp"><Num value={text_of(&named["code"])} />{ " " }{ name_of(&named["name"]) }</span> }
        }
    }
}

fn columns(list: &'static List, edit: Option<Callback<Value>>) -> Vec<Column<Item>> {
    let drawn = list.cols.iter().map(|col| {
        let column = Column::new(col.field, t!(col.text), move |item: &Item| cell(&item.1, col.field, col.show));
        let column = column.class(col.class);
        match col.sort {
            Some(by) => column.sort(by),
            None => column,
        }
    });
    let last = edit.map(|edit| {
        Column::new("edit", "", move |item: &Item| {
            if item.1["fixed"].as_bool().unwrap_or_default() {
                return Html::default();
            }
            let (edit, row) = (edit.clone(), item.1.clone());
            let onclick = Callback::from(move |_: MouseEvent| edit.emit(row.clone()));
            html! { <Button variant={Variant::Link} label={t!("action-edit")} action="edit" {onclick} /> }
        })
    });
    drawn.chain(last).collect()
}

/// A list of the setup.
#[component]
pub(super) fn Setup(props: &SetupProps) -> Html {
    let list = props.list;
    let session = use_session();
    let manages = session.may(Permission::FinanceStructure);
    let query = use_place().query;
    let paging = use_paging(query.clone());
    let path = format!("/api/finance/{}", list.code);
    let call = client::get(path.clone()).queries(&query).query("limit", LIMIT.to_string());
    let answer = use_api::<Page<Value>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let opened = use_opened(&answer, Open::newest);
    let edit = opened.open.reform(|row: Value| Open::Form(Some(row)));
    // Rows that are known by all they hold stay as they were added.
    let edits = manages && list.fields.iter().any(|field| !field.key);
    let shown = use_memo(edits, |edits| columns(list, edits.then_some(edit)));
    let page = answer.data.as_ref().map(|page| {
        let items = (0..).zip(page.items.iter().cloned()).map(|(at, row)| Item(at, row)).collect();
        Rc::new(Page { items, next: page.next.clone(), total: page.total })
    });
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value.trim())))
    };
    let actions = html! {
        if manages {
            <Button icon={Icon::Upload} label={t!("setup-import")} testid="import-rows-of" onclick={opened.button(Open::Import)} />
            if list.grows { <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("setup-new")} testid="new-row" onclick={opened.button(Open::Form(None))} /> }
        }
    };
    let kind = query.get("kind").unwrap_or_default().to_owned();
    let filters = list.kinds.map(|(set_of, codes)| {
        let words = codes.iter().map(|code| SelectOption::new(*code, i18n::code(set_of, code)));
        let options: Vec<SelectOption> = std::iter::once(SelectOption::new("", t!("any"))).chain(words).collect();
        html! { <Select label={t!("import-column-kind")} value={kind.clone()} {options} onchange={set("kind")} name="kind" /> }
    });
    let chips: Vec<FilterChip> = list
        .kinds
        .filter(|_| !kind.is_empty())
        .map(|(words, _)| FilterChip {
            name: t!("import-column-kind").into(),
            value: i18n::code(words, &kind).into(),
            on_remove: set("kind").reform(|()| String::new()),
        })
        .into_iter()
        .collect();
    let asked = !kind.is_empty() || query.get("q").is_some();
    let empty = if asked || !manages || !list.grows { t!("nothing-found") } else { t!("setup-empty") };
    let rows = page.as_ref().map_or(0, |page| page.items.len());
    html! {
        <div class="dw-screen" data-testid={list.code}>
            <PageHead title={t!("nav-finance")} {actions}>{ crate::modules::finance::tabs(list.tab) }</PageHead>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(set("q"))} {filters} {chips}
                on_clear={Callback::from(|()| router::replace_query(&Query::default()))}>
                if session.may(Permission::Export) {
                    <Export path={format!("{path}/export")} query={query.clone()} />
                    <TakeCsv path={format!("{path}/export")} query={query.clone()} />
                }
            </Tools>
            <FailureAlert failure={answer.failure.clone()} retry={Some(answer.reload.clone())} />
            <DataTable<Item> label={t!(list.text)} columns={shown} page={page.clone()} loading={answer.loading}
                sort={query.get("sort").and_then(Sort::parse)} on_sort={set("sort").reform(|sort: Sort| sort.text())}
                empty={html! { <Empty text={empty} /> }} />
            <Foot {rows} limit={LIMIT} next={page.as_ref().and_then(|page| page.next.clone())} {paging} />
            { match opened.shown {
                Some(Open::Form(row)) => html! { <Form {list} {row} done={opened.close} /> },
                Some(Open::Import) => html! { <ImportList code={list.code} title={t!(list.text)} on_close={opened.close} /> },
                None => Html::default(),
            } }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(in crate::modules::finance) struct TakeCsvProps {
    /// Where the server makes the file.
    pub(in crate::modules::finance) path: AttrValue,
    /// The filters and the order of the list.
    pub(in crate::modules::finance) query: Query,
}

/// Saves a list as CSV, beside [`Export`] with its XLSX.
#[component]
pub(in crate::modules::finance) fn TakeCsv(props: &TakeCsvProps) -> Html {
    let query = props.query.clone().with("lang", i18n::lang().code()).with("csv", "1");
    let url = format!("{}{}", props.path, query.text());
    let onclick = Callback::from(move |_: MouseEvent| client::download::save(&url));
    html! { <Button icon={Icon::Download} label={t!("export-csv")} action="export-csv" {onclick} /> }
}

#[derive(Properties, PartialEq)]
pub(in crate::modules::finance) struct ImportListProps {
    pub(in crate::modules::finance) code: AttrValue,
    pub(in crate::modules::finance) title: AttrValue,
    pub(in crate::modules::finance) on_close: Callback<()>,
}

/// A list out of a table.
#[component]
pub(in crate::modules::finance) fn ImportList(props: &ImportListProps) -> Html {
    let commit = format!("/api/finance/{}/import", props.code);
    html! {
        <ImportDialog title={format!("{}: {}", t!("setup-import"), props.title)} hint={t!("setup-import-hint")}
            preview={format!("{commit}?preview=true")} {commit} on_close={props.on_close.clone()} />
    }
}
