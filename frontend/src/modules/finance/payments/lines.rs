//! A list of payments or of the bank: found by words, narrowed, sorted, ticked, taken along, page by page. One kind of row
//! carries them all, so that the table is compiled once.

use std::collections::BTreeSet;
use std::rc::Rc;

use chrono::NaiveDate;
use diwan_kernel::{Page, Permission, money};
use serde::de::DeserializeOwned;
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::session::use_session;
use crate::client::{self, Failure, use_api};
use crate::i18n::format;
use crate::modules::finance::bank::amount_text;
use crate::ui::table::use_columns;
use crate::ui::tools::{Export, FilterChip, Foot, Paging, Tools, use_paging};
use crate::ui::{Column, DataTable, DateField, Empty, FailureAlert, Row, Select, SelectOption, Sort, TextField};

/// Rows of one page.
const LIMIT: usize = 50;

/// A row: its id, and its cells in the order of the columns.
#[derive(Clone, PartialEq)]
pub(crate) struct Line(pub(crate) i64, pub(crate) Vec<Html>);

impl Row for Line {
    fn key(&self) -> i64 {
        self.0
    }
}

/// A column: the key of its title, its place in a card, and what the list is sorted by there.
pub(crate) type Col = (&'static str, &'static str, Option<&'static str>);

/// What a list is narrowed by.
#[derive(Clone, PartialEq)]
pub(crate) struct Filter {
    /// The server's name of it.
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) kind: Narrow,
}

/// How a filter is set.
#[derive(Clone, PartialEq)]
pub(crate) enum Narrow {
    /// One of a closed set.
    Word(Vec<SelectOption>),
    /// A day.
    Day,
    /// An amount of the base currency.
    Amount,
}

/// What the server said of a list.
#[derive(Clone, PartialEq)]
pub(crate) struct Answer {
    page: Option<Rc<Page<Line>>>,
    failure: Option<Failure>,
    loading: bool,
    paging: Paging,
    pub(crate) reload: Callback<()>,
}

impl Answer {
    /// Whether there is nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.page.as_ref().is_none_or(|page| page.items.is_empty())
    }
}

/// The page of a list at `path` that `query` asks for, each row drawn by `line`. Without a path nothing is loaded.
#[hook]
pub(crate) fn use_lines<T, F>(path: Option<String>, query: Query, line: F) -> Answer
where
    T: DeserializeOwned + 'static,
    F: Fn(&T) -> Line,
{
    let paging = use_paging((path.clone(), query.clone()));
    let after = paging.after.clone().unwrap_or_default();
    let answer = use_api::<Page<T>>(path.map(|path| asked(path, &query, after)));
    let page = answer.data.as_ref().map(|page| {
        let items = page.items.iter().map(line).collect();
        Rc::new(Page { items, next: page.next.clone(), total: page.total })
    });
    Answer { page, failure: answer.failure, loading: answer.loading, paging, reload: answer.reload }
}

fn asked(path: String, query: &Query, after: String) -> client::Call {
    client::get(path).queries(query).query("limit", LIMIT.to_string()).query("after", after)
}

#[derive(Properties, PartialEq)]
pub(crate) struct LinesProps {
    /// Its name for tests, and for the columns that are kept.
    pub(crate) name: &'static str,
    pub(crate) label: AttrValue,
    pub(crate) cols: &'static [Col],
    pub(crate) answer: Answer,
    /// What is asked for now, and what is told of a change of it.
    pub(crate) query: Query,
    pub(crate) ask: Callback<Query>,
    #[prop_or_default]
    pub(crate) filters: Vec<Filter>,
    /// Where the server makes the file.
    pub(crate) export: AttrValue,
    /// What stands there when there is nothing at all; a filter that hides everything is said by itself.
    pub(crate) empty: Html,
    /// The rows that are ticked; without it there is nothing to tick.
    #[prop_or_default]
    pub(crate) selected: Option<Rc<BTreeSet<i64>>>,
    #[prop_or_default]
    pub(crate) on_select: Callback<BTreeSet<i64>>,
    #[prop_or_default]
    pub(crate) on_open: Callback<i64>,
    /// What is done with the ticked rows.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// The list.
#[component]
pub(crate) fn Lines(props: &LinesProps) -> Html {
    let session = use_session();
    let every = use_state(|| Rc::new(columns(props.cols)));
    let (shown, menu) = use_columns(props.name, (*every).clone());
    let current = use_state_eq(|| None::<i64>);
    let (query, answer) = (&props.query, &props.answer);
    let set = |name: &'static str| {
        let (query, ask) = (query.clone(), props.ask.clone());
        Callback::from(move |value: String| ask.emit(query.clone().with(name, value.trim())))
    };
    let narrowed = query.get("q").is_some() || props.filters.iter().any(|filter| query.get(filter.name).is_some());
    let filters = (!props.filters.is_empty()).then(|| {
        html! { { for props.filters.iter().map(|filter| field(filter, query.get(filter.name).unwrap_or_default(), set(filter.name))) } }
    });
    let chips: Vec<FilterChip> = props.filters.iter().filter_map(|filter| chip(filter, query, &set)).collect();
    let on_sort = set("sort").reform(|sort: Sort| match (sort.by.as_str(), sort.descending) {
        ("date", true) => "newest".to_owned(),
        ("date", false) => "oldest".to_owned(),
        _ => sort.text(),
    });
    let on_clear = props.ask.reform(|()| Query::default());
    let rows = answer.page.as_ref().map_or(0, |page| page.items.len());
    let next = answer.page.as_ref().and_then(|page| page.next.clone());
    let set_current = current.setter();
    let empty = if narrowed {
        html! { <Empty text={t!("nothing-found")} /> }
    } else {
        props.empty.clone()
    };
    html! {
        <div class="dw-screen" style="flex:1" data-testid={props.name}>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(set("q"))} {filters} {chips} {on_clear}>
                if session.may(Permission::Export) { <Export path={props.export.clone()} query={query.clone()} /> }
                { menu }
            </Tools>
            <FailureAlert failure={answer.failure.clone()} retry={Some(answer.reload.clone())} />
            <DataTable<Line> label={props.label.clone()} columns={shown} page={answer.page.clone()} loading={answer.loading} sort={sorted(query.get("sort"))} {on_sort}
                selected={props.selected.clone()} on_select={props.on_select.clone()} current={*current}
                on_current={Callback::from(move |id| set_current.set(Some(id)))} on_open={props.on_open.clone()} {empty} />
            <Foot selected={props.selected.as_ref().map_or(0, |all| all.len())} {rows} limit={LIMIT} {next} paging={answer.paging.clone()}>
                { props.children.clone() }
            </Foot>
        </div>
    }
}

fn columns(cols: &'static [Col]) -> Vec<Column<Line>> {
    let column = |(at, &(text, class, sort)): (usize, &Col)| {
        let cell = move |line: &Line| line.1.get(at).cloned().unwrap_or_default();
        let column = Column::new(text, t!(text), cell).class(class);
        match sort {
            Some(by) => column.sort(by),
            None => column,
        }
    };
    cols.iter().enumerate().map(column).collect()
}

/// The order as the heads of the columns show it.
fn sorted(order: Option<&str>) -> Option<Sort> {
    Sort::parse(match order? {
        "newest" => "-date",
        "oldest" => "date",
        other => other,
    })
}

/// The field that a filter is set in.
pub(crate) fn field(filter: &Filter, now: &str, set: Callback<String>) -> Html {
    let (label, name) = (filter.label.clone(), filter.name);
    match &filter.kind {
        Narrow::Word(options) => {
            html! { <Select {label} value={now.to_owned()} options={options.clone()} onchange={set} {name} /> }
        }
        Narrow::Day => {
            let onchange = set.reform(|day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default());
            html! { <DateField {label} value={now.parse::<NaiveDate>().ok()} {onchange} {name} /> }
        }
        Narrow::Amount => html! { <AmountField {label} {set} {name} now={now.parse::<i64>().ok()} /> },
    }
}

#[derive(Properties, PartialEq)]
struct AmountProps {
    label: String,
    name: &'static str,
    set: Callback<String>,
    now: Option<i64>,
}

/// An amount as it is typed; the list follows what can be read.
#[component]
fn AmountField(props: &AmountProps) -> Html {
    let typed = use_state_eq(String::new);
    {
        // What is chosen elsewhere (a link, a chip that is taken off) is shown; what is being typed is left alone.
        let (setter, read) = (typed.setter(), money::parse("", &typed, money::JOD_SCALE).ok());
        use_effect_with(props.now, move |now| {
            if read != *now {
                setter.set(now.map(|minor| money::format(minor, money::JOD_SCALE)).unwrap_or_default());
            }
        });
    }
    let oninput = {
        let (typed, set) = (typed.setter(), props.set.clone());
        Callback::from(move |text: String| {
            if text.trim().is_empty() {
                set.emit(String::new());
            } else if let Ok(minor) = money::parse("", &text, money::JOD_SCALE) {
                set.emit(minor.to_string());
            }
            typed.set(text);
        })
    };
    html! { <TextField label={props.label.clone()} value={(*typed).clone()} {oninput} inputmode="decimal" dir="ltr" name={props.name} /> }
}

/// The chip of a filter in force.
pub(crate) fn chip(
    filter: &Filter,
    query: &Query,
    set: &impl Fn(&'static str) -> Callback<String>,
) -> Option<FilterChip> {
    let now = query.get(filter.name)?;
    let word = match &filter.kind {
        Narrow::Word(options) => options.iter().find(|one| one.value == now).map(|one| one.label.to_string()),
        Narrow::Day => now.parse().ok().map(format::date),
        Narrow::Amount => now.parse().ok().map(|minor| amount_text(minor, money::JOD_SCALE)),
    };
    let on_remove = set(filter.name).reform(|()| String::new());
    let value = word.unwrap_or_else(|| now.to_owned()).into();
    Some(FilterChip { name: filter.label.clone().into(), value, on_remove })
}

/// What narrows a list by its days.
pub(crate) fn days() -> Vec<Filter> {
    let day = |name, label| Filter { name, label, kind: Narrow::Day };
    vec![day("from", t!("date-from")), day("to", t!("date-to"))]
}

/// The choices of a closed set, and all of them.
pub(crate) fn any(words: &str, codes: impl IntoIterator<Item = &'static str>) -> Narrow {
    let all = std::iter::once(SelectOption::new("", t!("any")));
    Narrow::Word(all.chain(crate::modules::admin::parts::options(words, codes)).collect())
}
