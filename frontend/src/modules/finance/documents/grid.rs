//! The lines of a document as a grid: typed with the keyboard alone, or pasted from a sheet.

use diwan_finance_api::{Coded, DocumentInput, LineInput, Shape, Side, Sides};
use diwan_kernel::money;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::client::{self, use_api};
use crate::i18n;
use crate::modules::admin::send::Sending;
use crate::ui::{Button, Icon, IconButton, dom};

/// The name of a side of a kind: budgets give and take, books debit and credit.
pub(super) fn side(shape: Shape, side: Side) -> String {
    match (shape.accounts, side, shape.sides) {
        (true, Side::Debit, _) => t!("side-debit"),
        (true, Side::Credit, _) => t!("side-credit"),
        (false, Side::Debit, Sides::Debit) => t!("voucher-amount"),
        (false, Side::Debit, _) => t!("voucher-side-to"),
        (false, Side::Credit, _) => t!("voucher-side-from"),
    }
}

/// A column of the grid.
type Cell = (&'static str, fn(&mut LineInput) -> &mut String);

/// What can be typed in a line of this shape.
fn cells(shape: Shape, wide: bool) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    if shape.accounts {
        cells.push(("account", |line| &mut line.account));
    }
    cells.push(("key", |line| &mut line.key));
    if shape.accounts && wide {
        cells.push(("party", |line| &mut line.party));
        cells.push(("centre", |line| &mut line.centre));
    }
    cells.push(("debit", |line| &mut line.debit));
    if shape.sides != Sides::Debit {
        cells.push(("credit", |line| &mut line.credit));
    }
    cells.push(("note", |line| &mut line.note));
    cells
}

fn title(shape: Shape, name: &str) -> String {
    match name {
        "debit" => side(shape, Side::Debit),
        "credit" => side(shape, Side::Credit),
        name => i18n::text(&i18n::code_key("voucher-cell", name), None),
    }
}

#[derive(Properties)]
pub(super) struct GridProps {
    pub(super) input: DocumentInput,
    /// The fiscal year whose keys are offered.
    pub(super) year_id: Option<i64>,
    pub(super) onchange: Callback<Vec<LineInput>>,
    pub(super) sending: Sending,
}

impl PartialEq for GridProps {
    fn eq(&self, other: &Self) -> bool {
        self.input == other.input && self.year_id == other.year_id && self.sending.failure == other.sending.failure
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

/// Puts a block of cells into the lines, from a row and a column on; lines are added as needed.
fn paste(lines: &mut Vec<LineInput>, cells: &[Cell], (row, column): (usize, usize), text: &str) {
    for (down, line) in text.trim_end_matches(['\r', '\n']).split('\n').enumerate() {
        let at = row + down;
        if lines.len() <= at {
            lines.resize(at + 1, LineInput::default());
        }
        for (right, value) in line.trim_end_matches('\r').split('\t').enumerate() {
            if let (Some(line), Some((_, of))) = (lines.get_mut(at), cells.get(column + right)) {
                value.trim().clone_into(of(line));
            }
        }
    }
}

/// The sum of a side, where all its amounts can be read.
fn sum(lines: &[LineInput], of: fn(&LineInput) -> &String) -> Option<i64> {
    lines
        .iter()
        .map(of)
        .filter(|text| !text.trim().is_empty())
        .map(|text| money::parse("", text, money::JOD_SCALE).ok())
        .try_fold(0_i64, |sum, one| sum.checked_add(one?))
}

/// The grid.
#[component]
pub(super) fn Grid(props: &GridProps) -> Html {
    let shape = props.input.kind.shape();
    let wide = use_state_eq(|| props.input.lines.iter().any(|line| !line.party.is_empty() || !line.centre.is_empty()));
    let grid = dom::use_id("grid");
    let typing = use_state_eq(|| ("", String::new()));
    let cells = cells(shape, *wide);
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
    let lines = if props.input.lines.is_empty() { vec![LineInput::default()] } else { props.input.lines.clone() };
    let list = format!("{grid}-offers");
    let cell = |row: usize, column: usize, name: &'static str, of: fn(&mut LineInput) -> &mut String| {
        let mut line = lines.get(row).cloned().unwrap_or_default();
        let value = std::mem::take(of(&mut line));
        let error = props.sending.error(&format!("lines.{row}.{name}"));
        let oninput = {
            let (lines, onchange, typing) = (lines.clone(), props.onchange.clone(), typing.setter());
            Callback::from(move |event: InputEvent| {
                let text = event.target_unchecked_into::<HtmlInputElement>().value();
                let mut lines = lines.clone();
                if let Some(line) = lines.get_mut(row) {
                    text.clone_into(of(line));
                }
                typing.set((name, text));
                onchange.emit(lines);
            })
        };
        let onpaste = {
            let (lines, onchange, cells) = (lines.clone(), props.onchange.clone(), cells.clone());
            Callback::from(move |event: Event| {
                let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
                let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
                if text.contains(['\t', '\n']) {
                    event.prevent_default();
                    let mut lines = lines.clone();
                    paste(&mut lines, &cells, (row, column), &text);
                    onchange.emit(lines);
                }
            })
        };
        let onkeydown = {
            let (lines, onchange, grid) = (lines.clone(), props.onchange.clone(), grid.clone());
            Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
                "Enter" => {
                    event.prevent_default();
                    if row + 1 == lines.len() {
                        let mut lines = lines.clone();
                        lines.push(LineInput::default());
                        onchange.emit(lines);
                    }
                    let grid = grid.clone();
                    gloo_timers::callback::Timeout::new(0, move || focus(&grid, row + 1, 0)).forget();
                }
                "ArrowUp" if event.alt_key() && row > 0 => focus(&grid, row - 1, column),
                "ArrowDown" if event.alt_key() => focus(&grid, row + 1, column),
                _ => {}
            })
        };
        let onfocus = {
            let (typing, value) = (typing.setter(), value.clone());
            Callback::from(move |_: FocusEvent| typing.set((name, value.clone())))
        };
        let amount = matches!(name, "debit" | "credit");
        let offers = (!amount && name != "note").then(|| list.clone());
        html! {
            <td key={name}>
                <input class="dw-input" type="text" data-cell={format!("{row}-{column}")} name={format!("lines.{row}.{name}")} {value} {oninput} {onkeydown} {onfocus}
                    onpaste={onpaste} aria-label={format!("{} {}", title(shape, name), row + 1)} autocomplete="off" list={offers}
                    dir={if name == "note" { "auto" } else { "ltr" }} inputmode={if amount { "decimal" } else { "text" }} aria-invalid={error.is_some().then_some("true")} />
                if let Some(error) = error { <div class="err" role="alert">{ error }</div> }
            </td>
        }
    };
    let change = |apply: fn(&mut Vec<LineInput>, usize), row: usize| {
        let (lines, onchange) = (lines.clone(), props.onchange.clone());
        Callback::from(move |_: MouseEvent| {
            let mut lines = lines.clone();
            apply(&mut lines, row);
            onchange.emit(lines);
        })
    };
    let copy = |lines: &mut Vec<LineInput>, row: usize| {
        if let Some(line) = lines.get(row).cloned() {
            lines.insert(row + 1, line);
        }
    };
    let remove = |lines: &mut Vec<LineInput>, row: usize| {
        lines.remove(row);
    };
    let add = |lines: &mut Vec<LineInput>, _: usize| lines.push(LineInput::default());
    let set_wide = wide.setter();
    html! {
        <>
            <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("voucher-lines")} id={grid.clone()}>
                <table class="pf-v6-c-table pf-m-compact dw-table" aria-label={t!("voucher-lines")} data-testid="grid">
                    <thead><tr>
                        { for cells.iter().map(|(name, _)| html! { <th scope="col">{ title(shape, name) }</th> }) }
                        <th></th>
                    </tr></thead>
                    <tbody>{ for (0..lines.len()).map(|row| html! {
                        <tr key={row} data-row={row.to_string()}>
                            { for cells.iter().enumerate().map(|(column, (name, of))| cell(row, column, name, *of)) }
                            <td class="dw-nowrap">
                                <IconButton icon={Icon::FileText} label={t!("voucher-line-copy")} onclick={change(copy, row)} />
                                <IconButton icon={Icon::Close} label={t!("voucher-line-remove")} onclick={change(remove, row)} />
                            </td>
                        </tr>
                    }) }</tbody>
                    <tfoot><tr>
                        { for cells.iter().map(|(name, _)| {
                            let total = match *name {
                                "debit" => sum(&lines, |line| &line.debit),
                                "credit" => sum(&lines, |line| &line.credit),
                                _ => None,
                            };
                            html! { <td><b>if let Some(total) = total { <crate::ui::Num value={money::format(total, money::JOD_SCALE)} /> }</b></td> }
                        }) }
                        <td></td>
                    </tr></tfoot>
                </table>
            </div>
            <datalist id={list}>{ for offered.data.iter().flat_map(|rows| rows.iter()).map(|one| html! {
                <option key={one.id} value={one.code.clone()}>{ i18n::name(&one.name) }</option>
            }) }</datalist>
            <div class="dw-head__line">
                <Button icon={Icon::Plus} label={t!("voucher-line-add")} onclick={change(add, 0)} testid="add-line" />
                if shape.accounts && !*wide {
                    <Button label={t!("voucher-wide")} onclick={Callback::from(move |_| set_wide.set(true))} />
                }
                <span class="dw-muted dw-sm">{ t!("voucher-grid-hint") }</span>
            </div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::DocumentKind;

    use super::*;

    #[test]
    fn a_block_from_a_sheet_fills_the_cells_from_where_it_is_pasted() {
        let mut lines = vec![LineInput::default()];
        let cells = cells(DocumentKind::PaymentVoucher.shape(), false);
        paste(&mut lines, &cells, (0, 0), "2219\t10-1\t١٬٠٠٠\t\tقرطاسية\r\n2215\t10-2\t5\r\n");
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].debit.as_str(), lines[0].note.as_str()), ("١٬٠٠٠", "قرطاسية"));
        assert_eq!((lines[1].account.as_str(), lines[1].key.as_str()), ("2215", "10-2"));
        paste(&mut lines, &cells, (1, 2), "7\n8");
        assert_eq!((lines[1].debit.as_str(), lines[2].debit.as_str()), ("7", "8"));
        assert_eq!(sum(&lines, |line| &line.debit), Some(1_015_000));
    }
}
