//! What the cells of a grid of lines hold: its columns, what is pasted, the totals, the first wrong one.

use diwan_finance_api::{LineInput, Shape, Side, Sides};
use diwan_kernel::money;
use yew::prelude::*;

use crate::client::Failure;
use crate::i18n;
use crate::modules::admin::send::Sending;
use crate::ui::FailureAlert;

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

/// So many wrong fields are told at once.
const SHOWN: usize = 50;

/// A column of the grid.
pub(super) type Cell = (&'static str, fn(&mut LineInput) -> &mut String);

/// What can be typed in a line of this shape.
pub(super) fn cells(shape: Shape, wide: bool) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    if shape.accounts {
        cells.push(("account", |line| &mut line.account));
    }
    cells.push(("key", |line| &mut line.key));
    if shape.accounts && wide {
        cells.push(("party", |line| &mut line.party));
        cells.push(("centre", |line| &mut line.centre));
    }
    if shape.sides != Sides::Credit {
        cells.push(("debit", |line| &mut line.debit));
    }
    if shape.sides != Sides::Debit {
        cells.push(("credit", |line| &mut line.credit));
    }
    cells.push(("note", |line| &mut line.note));
    cells
}

pub(super) fn title(shape: Shape, name: &str) -> String {
    match name {
        "debit" => side(shape, Side::Debit),
        "credit" => side(shape, Side::Credit),
        name => i18n::text(&i18n::code_key("voucher-cell", name), None),
    }
}

/// What a field of a document is called on its form; of a line with the row.
pub(super) fn label(shape: Shape, field: &str) -> String {
    let parts: Vec<&str> = field.trim_end_matches("_id").split('.').collect();
    let name = match *parts {
        ["lines", row, name] => {
            let row = t!("bank-place-line", at = row.parse().map_or(0, |row: usize| row + 1));
            let name = if name == "amount" { t!("voucher-amount") } else { title(shape, name) };
            return format!("{row}{}{name}", t!("list-comma"));
        }
        ["slices", ..] => "slices",
        ["effective_on"] => "day",
        ["reference_on"] => "reference-day",
        ["due_on"] => "due",
        ["on"] => "reversal-day",
        [.., name] => name,
        [] => "",
    };
    i18n::code("voucher", name)
}

/// Why a document was refused, with all that is wrong in it: on most screens its fields are not at hand.
pub(super) fn refused(shape: Shape, sending: &Sending, renewed: bool) -> Html {
    let fields = sending.failure.as_ref().map(Failure::fields).unwrap_or_default();
    let name = |field: &str| label(shape, field);
    let shown = fields.iter().take(SHOWN).map(|one| i18n::field_error(&one.field, (&one.code, &one.args), &name));
    let more: Vec<String> = shown.chain((fields.len() > SHOWN).then(|| "…".to_owned())).collect();
    html! { <FailureAlert failure={sending.failure.clone()} {renewed} {more} /> }
}

/// Puts a block of cells into the lines, from a row and a column on; lines are added as needed.
pub(super) fn paste(lines: &mut Vec<LineInput>, cells: &[Cell], (row, column): (usize, usize), text: &str) {
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

/// The first wrong cell of a refusal.
pub(super) fn wrong(failure: &Failure, cells: &[Cell]) -> Option<(usize, usize)> {
    let at = |field: &str| {
        let (row, name) = field.strip_prefix("lines.")?.split_once('.')?;
        Some((row.parse::<usize>().ok()?, cells.iter().position(|(cell, _)| *cell == name).unwrap_or_default()))
    };
    failure.fields().iter().filter_map(|error| at(&error.field)).min()
}

/// The total of a side, where the decimals of the currency are known and all its amounts can be read.
pub(super) fn total(lines: &[LineInput], of: fn(&LineInput) -> &String, scale: Option<u8>) -> Option<String> {
    let scale = scale?;
    let texts = lines.iter().map(of).filter(|text| !text.trim().is_empty());
    let sum = texts.map(|text| money::parse("", text, scale).ok()).try_fold(0_i64, |sum, one| sum.checked_add(one?))?;
    Some(money::format(sum, scale))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use diwan_finance_api::DocumentKind;
    use diwan_kernel::{FieldError, Problem};

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
        let total = |scale: Option<u8>| total(&lines, |line| &line.debit, scale);
        assert_eq!(total(Some(money::JOD_SCALE)).as_deref(), Some("1,015.000"));
        // In the decimals of its currency, and not before they are known.
        assert_eq!((total(Some(2)).as_deref(), total(Some(4)).as_deref()), (Some("1,015.00"), Some("1,015.0000")));
        assert_eq!(total(None), None);
    }

    #[test]
    fn every_field_of_a_refusal_has_the_name_of_the_form() {
        let label = |field: &str| label(DocumentKind::PaymentVoucher.shape(), field);
        let fields = "kind subject effective_on complementary party_id source_id reference reference_on method due_on counter
            currency rate lines slices slices.0.year on note lines.0.account lines.0.account_id lines.0.key lines.0.key_id
            lines.0.party lines.0.centre lines.0.debit lines.0.credit lines.0.amount lines.0.note details.purchase_order
            details.goods_receipt details.requester details.payer details.received_as details.cheque_bank details.cheque_no
            details.cheque_on details.deposit_slip details.reason details.reverse_on details.advance_kind
            details.guarantor_id details.order_kind details.legal_article details.proof";
        for field in fields.split_whitespace() {
            let said = label(field);
            assert!(!said.contains("voucher-"), "{field} is called {said}");
        }
        assert!(label("lines.6.party_id").contains('7'));
        assert_eq!(label("details.reverse_on"), t!("voucher-reverse-on"));
    }

    #[test]
    fn the_first_wrong_cell_is_that_of_the_first_wrong_row() {
        let cells = cells(DocumentKind::PaymentVoucher.shape(), false);
        let found = |fields: &[&str]| {
            let fields = fields.iter().map(|field| FieldError::new(*field, "required")).collect();
            let args = Default::default();
            let (code, message, request_id) = ("invalid".to_owned(), String::new(), String::new());
            let problem = Problem { status: 422, code, message, args, fields, details: Vec::new(), request_id };
            wrong(&Failure::Refused(Rc::new(problem)), &cells)
        };
        assert_eq!(found(&["subject", "lines.1899.debit", "lines.207.credit", "lines.207.key"]), Some((207, 1)));
        // What stands in no column of the grid is told at its row.
        assert_eq!(found(&["lines.3.amount"]), Some((3, 0)));
        assert_eq!(found(&["lines", "slices.0.amount"]), None);
        assert_eq!(wrong(&Failure::Offline, &cells), None);
    }
}
