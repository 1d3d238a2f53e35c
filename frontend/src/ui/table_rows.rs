//! The rows of a [`super::table::DataTable`] and the keys that walk them.

use std::collections::BTreeSet;
use std::rc::Rc;

use diwan_kernel::Page;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::dom;
use super::table::{Column, Row};

/// Rows drawn while the first answer is awaited.
const SKELETON_ROWS: usize = 8;

#[derive(Properties, PartialEq)]
pub(super) struct RowsProps<T: Row> {
    pub(super) table: AttrValue,
    pub(super) page: Rc<Page<T>>,
    pub(super) columns: Rc<Vec<Column<T>>>,
    pub(super) selected: Option<Rc<BTreeSet<i64>>>,
    pub(super) on_select: Callback<BTreeSet<i64>>,
    pub(super) current: Option<i64>,
    pub(super) on_current: Callback<i64>,
    pub(super) on_open: Callback<i64>,
}

#[component]
pub(super) fn Rows<T: Row>(props: &RowsProps<T>) -> Html {
    let ids: Rc<Vec<i64>> = Rc::new(props.page.items.iter().map(Row::key).collect());
    // One row is reached by Tab: the current one, else the first.
    let stop = props.current.filter(|id| ids.contains(id)).or(ids.first().copied());
    let onkeydown = {
        let (ids, table) = (Rc::clone(&ids), props.table.clone());
        let (on_current, on_open) = (props.on_current.clone(), props.on_open.clone());
        let (selected, on_select) = (props.selected.clone(), props.on_select.clone());
        Callback::from(move |event: KeyboardEvent| {
            // Keys typed in a control of the row (tick box, link) belong to the control, arrows excepted.
            let target = event.target_dyn_into::<HtmlElement>();
            let on_row = target.as_ref().is_some_and(|target| target.tag_name() == "TR");
            let Some(at) = stop.and_then(|id| ids.iter().position(|other| *other == id)) else { return };
            let to = match event.key().as_str() {
                "ArrowDown" => (at + 1).min(ids.len() - 1),
                "ArrowUp" => at.saturating_sub(1),
                "Home" if on_row => 0,
                "End" if on_row => ids.len() - 1,
                "Enter" if on_row => return on_open.emit(ids[at]),
                " " if on_row => {
                    event.prevent_default();
                    if let Some(selected) = &selected {
                        on_select.emit(toggled(selected, ids[at]));
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            on_current.emit(ids[to]);
            dom::focus_id(&format!("{table}-{}", ids[to]));
        })
    };
    html! {
        <tbody class="pf-v6-c-table__tbody" {onkeydown}>
            { for props.page.items.iter().map(|row| draw(row, stop, props)) }
        </tbody>
    }
}

fn toggled(selected: &BTreeSet<i64>, id: i64) -> BTreeSet<i64> {
    let mut next = selected.clone();
    if !next.remove(&id) {
        next.insert(id);
    }
    next
}

fn draw<T: Row>(row: &T, stop: Option<i64>, props: &RowsProps<T>) -> Html {
    let id = row.key();
    let is_current = props.current == Some(id);
    let is_checked = props.selected.as_ref().is_some_and(|selected| selected.contains(&id));
    let class = classes!(
        "pf-v6-c-table__tr",
        row.is_unread().then_some("is-unread"),
        is_current.then_some("is-current"),
        is_checked.then_some("is-checked"),
    );
    let onclick = props.on_current.reform(move |_: MouseEvent| id);
    let ondblclick = props.on_open.reform(move |_: MouseEvent| id);
    html! {
        <tr {class} id={format!("{}-{id}", props.table)} key={id} tabindex={if stop == Some(id) { "0" } else { "-1" }} {onclick}
            {ondblclick} aria-current={is_current.then_some("true")} data-row-id={id.to_string()}>
            if let Some(selected) = &props.selected { { tick(id, is_checked, selected, props) } }
            { for props.columns.iter().map(|column| {
                let plain = column.plain.as_ref().is_some_and(|plain| plain(row));
                html! {
                    <td class={classes!(column.class, plain.then_some("plain"))} data-label={column.title.clone()}>
                        { (column.render)(row) }
                    </td>
                }
            }) }
        </tr>
    }
}

fn tick<T: Row>(id: i64, checked: bool, selected: &Rc<BTreeSet<i64>>, props: &RowsProps<T>) -> Html {
    let onchange = {
        let (selected, on_select) = (Rc::clone(selected), props.on_select.clone());
        Callback::from(move |_: Event| on_select.emit(toggled(&selected, id)))
    };
    // A tick does not move the preview.
    let onclick = Callback::from(|event: MouseEvent| event.stop_propagation());
    html! {
        <td class="c-check"><input type="checkbox" aria-label={t!("select-row", id = id)} {checked} {onchange} {onclick} tabindex="-1" /></td>
    }
}

/// Grey rows of the usual height; they appear only when the answer takes longer than 300 ms.
pub(super) fn skeleton(columns: usize) -> Html {
    html! {
        <tbody class="pf-v6-c-table__tbody dw-skel-late" aria-hidden="true">
            { for (0..SKELETON_ROWS).map(|row| html! {
                <tr class="pf-v6-c-table__tr" style="block-size:2.9375rem">
                    { for (0..columns).map(|column| {
                        let width = 35 + (row * 31 + column * 17) % 55;
                        html! { <td><span class="dw-skeleton" style={format!("inline-size:{width}%")} /></td> }
                    }) }
                </tr>
            }) }
        </tbody>
    }
}
