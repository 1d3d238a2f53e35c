//! The lines of a document as a grid: typed with the keyboard alone, or pasted from a sheet. A page of them is drawn, and all
//! of them are changed, added up and checked.

use std::rc::Rc;

use diwan_finance_api::{BASE_CURRENCY, Coded, LineInput, Shape};
use diwan_kernel::{FieldError, Page, money};
use gloo_timers::callback::Timeout;
use serde_json::Value;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::cells::{Cell, cells, paste, title, total, wrong};
use super::form::Draft;
use crate::client::{self, use_api};
use crate::i18n;
use crate::modules::admin::send::Sending;
use crate::ui::tools::{ROWS, use_rows};
use crate::ui::{Button, Icon, IconButton, Num, dom};

#[derive(Properties)]
pub(super) struct GridProps {
    pub(super) draft: Rc<Draft>,
    /// The fiscal year whose keys are offered.
    pub(super) year_id: Option<i64>,
    pub(super) onchange: Callback<Vec<LineInput>>,
    pub(super) sending: Sending,
}

impl PartialEq for GridProps {
    fn eq(&self, other: &Self) -> bool {
        let same = Rc::ptr_eq(&self.draft, &other.draft) && self.year_id == other.year_id;
        same && self.sending.failure == other.sending.failure
    }
}

/// Puts the keyboard into a cell.
fn focus(grid: &str, row: usize, column: usize) {
    let cell = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector(&format!("#{grid} [data-cell='{row}-{column}']")).ok().flatten());
    if let Some(cell) = cell.and_then(|cell| cell.dyn_into::<HtmlElement>().ok()) {
        // A cell that cannot be reached stays as it is.
        let _ = cell.focus();
    }
}

/// The decimals of a currency, once they are known.
#[hook]
fn use_scale(currency: &str) -> Option<u8> {
    let foreign = currency != BASE_CURRENCY && currency.len() == 3;
    let found = use_api::<Page<Value>>(foreign.then(|| client::get("/api/finance/currencies").query("q", currency)));
    if currency == BASE_CURRENCY {
        return Some(money::JOD_SCALE);
    }
    let of = |row: &&Value| row.get("code").and_then(Value::as_str) == Some(currency);
    found.data.as_ref()?.items.iter().find(of)?.get("scale")?.as_u64()?.try_into().ok()
}

/// The grid as its cells see it.
struct Sheet {
    draft: Rc<Draft>,
    shape: Shape,
    cells: Vec<Cell>,
    sending: Sending,
    onchange: Callback<Vec<LineInput>>,
    /// Puts the keyboard into a cell, on whatever page it is.
    go: Callback<(usize, usize)>,
    /// What is typed, and in which column.
    typing: UseStateSetter<(&'static str, String)>,
    /// The id of what is offered.
    offers: String,
}

impl Sheet {
    /// How many lines there are; one to write in where there is none yet.
    fn count(&self) -> usize {
        self.draft.input.lines.len().max(1)
    }

    /// Changes the lines. Only then are they copied: each cell holds the draft itself.
    fn change(&self, apply: impl FnOnce(&mut Vec<LineInput>)) {
        let mut lines = self.draft.input.lines.clone();
        lines.resize(self.count(), LineInput::default());
        apply(&mut lines);
        self.onchange.emit(lines);
    }

    fn changing(self: &Rc<Self>, row: usize, apply: fn(&mut Vec<LineInput>, usize)) -> Callback<MouseEvent> {
        let sheet = Rc::clone(self);
        Callback::from(move |_: MouseEvent| sheet.change(|lines| apply(lines, row)))
    }

    /// Adds a line and goes there.
    fn add(&self) {
        self.change(|lines| lines.push(LineInput::default()));
        self.go.emit((self.count(), 0));
    }

    /// Goes where a key leads to; Enter adds a line below the last one.
    fn walk(&self, event: &KeyboardEvent, (row, column): (usize, usize)) {
        let last = self.count() - 1;
        let to = match (event.key().as_str(), event.alt_key()) {
            ("Enter", _) => (row + 1, 0),
            ("ArrowUp", true) => (row.saturating_sub(1), column),
            ("ArrowDown", true) => (last.min(row + 1), column),
            ("PageUp", true) => (row.saturating_sub(ROWS), column),
            ("PageDown", true) => (last.min(row + ROWS), column),
            _ => return,
        };
        event.prevent_default();
        if to.0 > last {
            self.add();
        } else {
            self.go.emit(to);
        }
    }

    fn row(self: &Rc<Self>, row: usize) -> Html {
        let copy = |lines: &mut Vec<LineInput>, row: usize| {
            if let Some(line) = lines.get(row).cloned() {
                lines.insert(row + 1, line);
            }
        };
        let remove = |lines: &mut Vec<LineInput>, row: usize| {
            lines.remove(row);
        };
        html! {
            <tr key={row} data-row={row.to_string()}>
                { for self.cells.iter().enumerate().map(|(column, cell)| self.cell((row, column), *cell)) }
                <td class="dw-nowrap">
                    <IconButton icon={Icon::FileText} label={t!("voucher-line-copy")} onclick={self.changing(row, copy)} />
                    <IconButton icon={Icon::Close} label={t!("voucher-line-remove")} onclick={self.changing(row, remove)} />
                </td>
            </tr>
        }
    }

    fn cell(self: &Rc<Self>, (row, column): (usize, usize), (name, of): Cell) -> Html {
        let mut line = self.draft.input.lines.get(row).cloned().unwrap_or_default();
        let value = std::mem::take(of(&mut line));
        let error = self.sending.error(&format!("lines.{row}.{name}"));
        let oninput = {
            let sheet = Rc::clone(self);
            Callback::from(move |event: InputEvent| {
                let text = event.target_unchecked_into::<HtmlInputElement>().value();
                sheet.change(|lines| {
                    if let Some(line) = lines.get_mut(row) {
                        text.clone_into(of(line));
                    }
                });
                sheet.typing.set((name, text));
            })
        };
        let onpaste = {
            let sheet = Rc::clone(self);
            Callback::from(move |event: Event| {
                let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
                let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
                if text.contains(['\t', '\n']) {
                    event.prevent_default();
                    sheet.change(|lines| paste(lines, &sheet.cells, (row, column), &text));
                }
            })
        };
        let onkeydown = {
            let sheet = Rc::clone(self);
            Callback::from(move |event: KeyboardEvent| sheet.walk(&event, (row, column)))
        };
        let onfocus = {
            let (typing, value) = (self.typing.clone(), value.clone());
            Callback::from(move |_: FocusEvent| typing.set((name, value.clone())))
        };
        let amount = matches!(name, "debit" | "credit");
        let offers = (!amount && name != "note").then(|| self.offers.clone());
        html! {
            <td key={name}>
                <input class="dw-input" type="text" data-cell={format!("{row}-{column}")} name={format!("lines.{row}.{name}")} {value} {oninput} {onkeydown} {onfocus}
                    onpaste={onpaste} aria-label={format!("{} {}", title(self.shape, name), row + 1)} autocomplete="off" list={offers}
                    dir={if name == "note" { "auto" } else { "ltr" }} inputmode={if amount { "decimal" } else { "text" }} aria-invalid={error.is_some().then_some("true")} />
                if let Some(error) = error { <div class="err" role="alert">{ error }</div> }
            </td>
        }
    }
}

/// The grid.
#[component]
pub(super) fn Grid(props: &GridProps) -> Html {
    let input = &props.draft.input;
    let shape = input.kind.shape();
    let wide = use_state_eq(|| input.lines.iter().any(|line| !line.party.is_empty() || !line.centre.is_empty()));
    // Columns that are folded away come out where something is wrong in them.
    let folded = |error: &FieldError| error.field.ends_with(".party") || error.field.ends_with(".centre");
    let unfolds = props.sending.failure.as_ref().is_some_and(|failure| failure.fields().iter().any(folded));
    let (rows, foot, turn) = use_rows(input.lines.len().max(1));
    let grid = dom::use_id("grid");
    let typing = use_state_eq(|| ("", String::new()));
    let what = match typing.0 {
        "account" => Some("accounts"),
        "key" => Some("keys"),
        "party" => Some("parties"),
        "centre" => Some("centres"),
        _ => None,
    };
    let year = props.year_id.map(|id| id.to_string()).unwrap_or_default();
    let offered = use_api::<Vec<Coded>>(what.filter(|what| *what != "keys" || props.year_id.is_some()).map(|what| {
        client::get(format!("/api/finance/pick/{what}")).query("q", typing.1.clone()).query("year_id", year)
    }));
    let scale = use_scale(&input.currency);
    let go = {
        let grid = grid.clone();
        Callback::from(move |(row, column): (usize, usize)| {
            turn.emit(row);
            let grid = grid.clone();
            // Its page is drawn by then.
            Timeout::new(0, move || focus(&grid, row, column)).forget();
        })
    };
    let sheet = Rc::new(Sheet {
        draft: Rc::clone(&props.draft),
        shape,
        cells: cells(shape, *wide || unfolds),
        sending: props.sending.clone(),
        onchange: props.onchange.clone(),
        go,
        typing: typing.setter(),
        offers: format!("{grid}-offers"),
    });
    {
        let (sheet, set_wide) = (Rc::clone(&sheet), wide.setter());
        use_effect_with(props.sending.failure.clone(), move |failure| {
            if unfolds {
                set_wide.set(true);
            }
            if let Some(cell) = failure.as_ref().and_then(|failure| wrong(failure, &sheet.cells)) {
                sheet.go.emit(cell);
            }
        });
    }
    let add = {
        let sheet = Rc::clone(&sheet);
        Callback::from(move |_: MouseEvent| sheet.add())
    };
    let set_wide = wide.setter();
    html! {
        <>
            <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("voucher-lines")} id={grid.clone()}>
                <table class="pf-v6-c-table pf-m-compact dw-table" aria-label={t!("voucher-lines")} data-testid="grid">
                    <thead><tr>
                        { for sheet.cells.iter().map(|(name, _)| html! { <th scope="col">{ title(shape, name) }</th> }) }
                        <th></th>
                    </tr></thead>
                    <tbody>{ for rows.map(|row| sheet.row(row)) }</tbody>
                    <tfoot><tr>
                        { for sheet.cells.iter().map(|(name, _)| {
                            let total = match *name {
                                "debit" => total(&input.lines, |line| &line.debit, scale),
                                "credit" => total(&input.lines, |line| &line.credit, scale),
                                _ => None,
                            };
                            html! { <td><b>if let Some(value) = total { <Num {value} /> }</b></td> }
                        }) }
                        <td></td>
                    </tr></tfoot>
                </table>
            </div>
            { foot }
            <datalist id={sheet.offers.clone()}>{ for offered.data.iter().flat_map(|rows| rows.iter()).map(|one| html! {
                <option key={one.id} value={one.code.clone()}>{ i18n::name(&one.name) }</option>
            }) }</datalist>
            <div class="dw-head__line">
                <Button icon={Icon::Plus} label={t!("voucher-line-add")} onclick={add} testid="add-line" />
                if shape.accounts && !*wide && !unfolds {
                    <Button label={t!("voucher-wide")} onclick={Callback::from(move |_| set_wide.set(true))} />
                }
                <span class="dw-muted dw-sm">{ t!("voucher-grid-hint") }</span>
            </div>
        </>
    }
}
