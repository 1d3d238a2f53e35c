//! The data table: paged and sorted by the server, walked with the arrow keys, cards on narrow screens.

use std::collections::BTreeSet;
use std::rc::Rc;

use diwan_kernel::Page;
use yew::prelude::*;

use super::dom;
use super::icon::Icon;
use super::menu::{Menu, MenuItem};
use super::table_rows::{Rows, skeleton};
use crate::client::storage;

/// The order of a list, as the server names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The server's name of the order.
    pub by: String,
    /// Largest first.
    pub descending: bool,
}

impl Sort {
    /// Reads `due_on` or `-due_on`.
    pub fn parse(text: &str) -> Option<Self> {
        let (by, descending) = text.strip_prefix('-').map_or((text, false), |by| (by, true));
        (!by.is_empty()).then(|| Self { by: by.to_owned(), descending })
    }

    /// `due_on` or `-due_on`.
    pub fn text(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.by)
    }
}

/// Asks something of a row.
type Test<T> = dyn Fn(&T) -> bool;

/// A column: what it shows of a row, and where the cell goes when the row becomes a card.
pub struct Column<T> {
    /// Its stable code; column choice is kept by it.
    pub code: &'static str,
    /// Its title.
    pub title: AttrValue,
    /// The place class: `c-no`, `c-due`, `c-subj`, `c-agency`, `c-state`, `c-prio`, `c-sec`, `c-to`, …
    pub class: &'static str,
    /// The server's name of the order, where the list can be sorted by it.
    pub sort: Option<&'static str>,
    pub(super) render: Rc<dyn Fn(&T) -> Html>,
    pub(super) plain: Option<Rc<Test<T>>>,
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        Self { title: self.title.clone(), render: Rc::clone(&self.render), plain: self.plain.clone(), ..*self }
    }
}

impl<T> PartialEq for Column<T> {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code && self.title == other.title && Rc::ptr_eq(&self.render, &other.render)
    }
}

impl<T> Column<T> {
    /// A column that shows `render` of each row.
    pub fn new(code: &'static str, title: impl Into<AttrValue>, render: impl Fn(&T) -> Html + 'static) -> Self {
        Self { code, title: title.into(), class: "", sort: None, render: Rc::new(render), plain: None }
    }

    /// Where the cell goes in a card.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// The list can be sorted by it.
    #[must_use]
    pub fn sort(mut self, by: &'static str) -> Self {
        self.sort = Some(by);
        self
    }

    /// Left out of the card where `plain` holds: ordinary values say nothing there.
    #[must_use]
    pub fn plain_when(mut self, plain: impl Fn(&T) -> bool + 'static) -> Self {
        self.plain = Some(Rc::new(plain));
        self
    }
}

/// What a table must know of its rows besides the columns.
pub trait Row: PartialEq + 'static {
    /// What tells the row from the others.
    fn key(&self) -> i64;

    /// Whether number and subject are bold: nobody here has read it.
    fn is_unread(&self) -> bool {
        false
    }
}

/// The data table.
#[derive(Properties, PartialEq)]
pub struct DataTableProps<T: Row> {
    /// Name of the table.
    pub label: AttrValue,
    /// The columns shown.
    pub columns: Rc<Vec<Column<T>>>,
    /// The page; none before the first answer.
    pub page: Option<Rc<Page<T>>>,
    /// The order.
    #[prop_or_default]
    pub sort: Option<Sort>,
    /// Told which order is wanted.
    #[prop_or_default]
    pub on_sort: Callback<Sort>,
    /// The rows that are ticked; without it there is no column to tick.
    #[prop_or_default]
    pub selected: Option<Rc<BTreeSet<i64>>>,
    /// Told of the rows ticked.
    #[prop_or_default]
    pub on_select: Callback<BTreeSet<i64>>,
    /// The row the arrow keys are on.
    #[prop_or_default]
    pub current: Option<i64>,
    /// Told which row the arrow keys or the mouse went to.
    #[prop_or_default]
    pub on_current: Callback<i64>,
    /// Opens a row (Enter, double click).
    #[prop_or_default]
    pub on_open: Callback<i64>,
    /// An answer is awaited; the old rows stay meanwhile.
    #[prop_or_default]
    pub loading: bool,
    /// One-line rows.
    #[prop_or_default]
    pub dense: bool,
    /// What stands there when no row does.
    #[prop_or_default]
    pub empty: Html,
}

/// The data table.
#[component]
pub fn DataTable<T: Row>(props: &DataTableProps<T>) -> Html {
    let id = dom::use_id("table");
    let ids: Vec<i64> = props.page.iter().flat_map(|page| page.items.iter().map(Row::key)).collect();
    let class = classes!("pf-v6-c-table", "pf-m-compact", "dw-table", "dw-cards", props.dense.then_some("dw-one"));
    let body = match &props.page {
        None => skeleton(props.columns.len() + usize::from(props.selected.is_some())),
        Some(page) => html! {
            <Rows<T> table={id.clone()} page={Rc::clone(page)} columns={Rc::clone(&props.columns)}
                selected={props.selected.clone()} on_select={props.on_select.clone()}
                current={props.current} on_current={props.on_current.clone()} on_open={props.on_open.clone()} />
        },
    };
    let is_empty = props.page.as_ref().is_some_and(|page| page.items.is_empty());
    html! {
        <div class="dw-scroll" style="flex:1">
            <table {class} {id} aria-label={props.label.clone()} aria-busy={props.loading.then_some("true")}>
                <thead class="pf-v6-c-table__thead">
                    <tr class="pf-v6-c-table__tr">
                        if let Some(selected) = &props.selected {
                            <th class="pf-v6-c-table__th" scope="col">{ select_all(&ids, selected, &props.on_select) }</th>
                        }
                        { for props.columns.iter().map(|column| head(column, props)) }
                    </tr>
                </thead>
                { body }
            </table>
            if is_empty { { props.empty.clone() } }
        </div>
    }
}

fn select_all(ids: &[i64], selected: &Rc<BTreeSet<i64>>, on_select: &Callback<BTreeSet<i64>>) -> Html {
    let all = !ids.is_empty() && ids.iter().all(|id| selected.contains(id));
    let onchange = {
        let (ids, selected, on_select) = (ids.to_vec(), Rc::clone(selected), on_select.clone());
        Callback::from(move |_: Event| {
            let mut next = (*selected).clone();
            for id in &ids {
                if all {
                    next.remove(id)
                } else {
                    next.insert(*id)
                };
            }
            on_select.emit(next);
        })
    };
    html! { <input type="checkbox" aria-label={t!("select-all")} checked={all} {onchange} /> }
}

fn head<T: Row>(column: &Column<T>, props: &DataTableProps<T>) -> Html {
    let class = classes!("pf-v6-c-table__th", column.class);
    let Some(by) = column.sort else {
        return html! { <th {class} scope="col">{ &column.title }</th> };
    };
    let now = props.sort.as_ref().filter(|sort| sort.by == by).map(|sort| sort.descending);
    let descending = now == Some(false);
    let on_sort = props.on_sort.clone();
    let onclick = Callback::from(move |_| on_sort.emit(Sort { by: by.to_owned(), descending }));
    sort_head(class, &column.title, now, onclick)
}

/// The head of a column that is sorted by it when pressed; `now` where it is already, and whether the largest comes first.
pub fn sort_head(class: Classes, title: &str, now: Option<bool>, onclick: Callback<MouseEvent>) -> Html {
    let order = now.map(|descending| if descending { "descending" } else { "ascending" });
    html! {
        <th {class} scope="col" aria-sort={order}>
            <button type="button" class="dw-th-sort" {onclick}>
                { title }
                if let Some(descending) = now { { if descending { Icon::SortDown } else { Icon::SortUp } } }
            </button>
        </th>
    }
}

/// The columns that are shown, and the menu that chooses them; the choice is kept in the browser under `table`.
#[hook]
pub fn use_columns<T: PartialEq + 'static>(table: &'static str, all: Rc<Vec<Column<T>>>) -> (Rc<Vec<Column<T>>>, Html) {
    let key = format!("diwan-columns-{table}");
    let hidden = use_state_eq(|| {
        let kept = storage::get(&key).unwrap_or_default();
        kept.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect::<BTreeSet<String>>()
    });
    let shown = Rc::new(all.iter().filter(|column| !hidden.contains(column.code)).cloned().collect::<Vec<_>>());
    let items = all
        .iter()
        .map(|column| {
            let (code, hidden, key, last) = (column.code, hidden.clone(), key.clone(), shown.len() == 1);
            let is_shown = !hidden.contains(code);
            let action = Callback::from(move |()| {
                let mut next = (*hidden).clone();
                if is_shown && !last {
                    next.insert(code.to_owned())
                } else {
                    next.remove(code)
                };
                storage::set(&key, &next.iter().cloned().collect::<Vec<_>>().join(","));
                hidden.set(next);
            });
            MenuItem::new(column.title.clone(), action).checked(is_shown)
        })
        .collect::<Vec<_>>();
    let menu = html! {
        <Menu label={t!("columns")} toggle={Icon::Columns.html()} class={classes!("dw-iconbtn")} {items} stays=true />
    };
    (shown, menu)
}
