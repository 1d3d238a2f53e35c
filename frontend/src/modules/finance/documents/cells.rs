//! What the cells of a grid of lines hold: its columns, what is pasted, the totals, the first wrong one.

use diwan_finance_api::{LineInput, Shape, Side, Sides};
use diwan_kernel::money;

use crate::client::Failure;
use crate::i18n;

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
    let Failure::Refused(problem) = failure else { return None };
    let at = |field: &str| {
        let (row, name) = field.strip_prefix("lines.")?.split_once('.')?;
        Some((row.parse::<usize>().ok()?, cells.iter().position(|(cell, _)| *cell == name).unwrap_or_default()))
    };
    problem.fields.iter().filter_map(|error| at(&error.field)).min()
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
