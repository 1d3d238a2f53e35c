//! What stands around a table: account, currency, balances.

use diwan_kernel::money::SCALE_MAX;

use super::{
    Cell, Row,
    amounts::{self, Mark},
    words::{ACCOUNT, CLOSING, CURRENCY, OPENING, TOTAL, currency, fold, is_one_of, readings},
};

/// A longer text is no label.
const LABEL_MAX: usize = 60;

/// What a file says beside its table. Balances are cells, for their amounts are read when the currency is known.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub account: Option<String>,
    pub currency: Option<String>,
    pub opening: Option<(Cell, u32)>,
    pub closing: Option<(Cell, u32)>,
}

impl Said {
    /// Takes what a row above the table says.
    pub fn take(&mut self, row: &Row) {
        for column in 0..row.cells.len() {
            let Some(text) = row.text(column) else { continue };
            let (label, value) =
                text.split_once([':', '：']).map_or((text.as_str(), ""), |(label, value)| (label.trim(), value.trim()));
            let value = if value.is_empty() { after(row, column) } else { Some(Cell::Text(value.to_owned())) };
            let Some(value) = value else { continue };
            self.pair(label, value, row.line);
        }
    }

    fn pair(&mut self, label: &str, value: Cell, line: u32) {
        let has_digits = value.text().chars().any(char::is_numeric);
        if has_digits && is_one_of(label, OPENING) {
            self.opening.get_or_insert((value, line));
        } else if has_digits && is_one_of(label, CLOSING) {
            self.closing.get_or_insert((value, line));
        } else if has_digits && is_one_of(label, ACCOUNT) {
            self.account.get_or_insert_with(|| value.text());
        } else if (label.is_empty() || is_one_of(label, CURRENCY))
            && let Some(code) = currency(&value.text())
        {
            // A currency whose label is cut off still has its colon.
            self.currency.get_or_insert(code);
        }
    }

    /// Takes the balance that a row of the table states under a label, wherever in the row it stands; whether it does.
    pub fn balance(&mut self, row: &Row, label: Label, column: Option<usize>) -> bool {
        let number = |cell: &&Cell| match cell {
            Cell::Number(_) => true,
            Cell::Text(text) => {
                let mark = Mark::proved_by(text).unwrap_or(Mark::Dot);
                amounts::read(cell, Some(mark), SCALE_MAX).is_ok()
            }
            Cell::Day(_) => false,
        };
        let place = match label {
            Label::Opening => &mut self.opening,
            Label::Closing => &mut self.closing,
            Label::Total => return false,
        };
        let beside = column.and_then(|column| row.get(column)).filter(number);
        let Some(cell) = beside.or_else(|| row.cells.iter().flatten().rfind(number)) else { return false };
        place.get_or_insert((cell.clone(), row.line));
        true
    }
}

/// What a row of the table is, if it is not a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Opening,
    Closing,
    Total,
}

impl Label {
    /// The label among the cells of a row. In a row with a date a cell must be nothing but the label: banks write what they
    /// like into the text of movements.
    pub fn of(row: &Row, dated: bool) -> Option<Self> {
        row.cells.iter().flatten().find_map(|cell| {
            let Cell::Text(text) = cell else { return None };
            if text.chars().count() > LABEL_MAX || !text.chars().any(char::is_alphabetic) {
                return None;
            }
            let readings = if dated { vec![fold(text)] } else { readings(text) };
            let one_of = |words: &[&str]| readings.iter().any(|reading| words.contains(&reading.as_str()));
            match (one_of(OPENING), one_of(CLOSING), one_of(TOTAL)) {
                (true, ..) => Some(Self::Opening),
                (_, true, _) => Some(Self::Closing),
                (.., true) => Some(Self::Total),
                _ => None,
            }
        })
    }
}

/// The next cell of a row that is filled.
fn after(row: &Row, column: usize) -> Option<Cell> {
    row.cells.iter().skip(column + 1).flatten().find(|cell| !cell.text().is_empty()).cloned()
}
