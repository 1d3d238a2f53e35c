//! Statements as tables (كشف بصيغة جدول): CSV and XLSX, whose columns are known by the words at their head.

mod amounts;
mod columns;
mod csv;
mod dates;
mod rows;
mod said;
mod template;
mod words;
mod xlsx;

use crate::{
    draft::Draft,
    model::Message,
    read::Options,
    refusal::{Place, Reason, Refusal},
};
use columns::Columns;
pub use template::{DateOrder, Field, Template, View};

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cell {
    Text(String),
    /// A number as the workbook writes it, in decimal digits.
    Number(String),
    /// A number that the workbook shows as a day: days since the first one it knows.
    Day(chrono::NaiveDate),
}

impl Cell {
    /// The cell as text, without the spaces and marks around it.
    fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) => text.trim().to_owned(),
            Self::Day(day) => day.to_string(),
        }
    }
}

/// A row of a table that has something in it.
#[derive(Debug, Clone)]
struct Row {
    /// Line of the file or row of the sheet, from 1.
    line: u32,
    /// Empty cells are `None`.
    cells: Vec<Option<Cell>>,
}

impl Row {
    fn get(&self, column: usize) -> Option<&Cell> {
        self.cells.get(column).and_then(Option::as_ref)
    }

    fn text(&self, column: usize) -> Option<String> {
        self.get(column).map(Cell::text).filter(|text| !text.is_empty())
    }
}

/// Reads a table of text.
pub(crate) fn parse_csv(text: &str, options: &Options) -> Result<Draft, Refusal> {
    let rows = csv::rows(text, &options.template)?;
    let columns = Columns::find(&rows, &options.template)?;
    let columns = columns.ok_or_else(|| Refusal::new(Reason::UnknownFormat, Place::default()))?;
    rows::draft(Message::Csv, &rows, &columns, options)
}

/// Reads the first sheet of a workbook that has a table of movements.
pub(crate) fn parse_xlsx(bytes: &[u8], options: &Options) -> Result<Draft, Refusal> {
    let mut book = xlsx::Book::open(bytes)?;
    let mut refusal = None;
    for sheet in book.sheets() {
        let rows = book.rows(&sheet)?;
        match Columns::find(&rows, &options.template) {
            Ok(Some(columns)) => return rows::draft(Message::Xlsx, &rows, &columns, options),
            Ok(None) => {}
            Err(missing) => refusal = refusal.or(Some(missing)),
        }
    }
    let none = Reason::ColumnsMissing { columns: vec!["date", "amount"] };
    Err(refusal.unwrap_or_else(|| Refusal::new(none, Place::default())))
}
