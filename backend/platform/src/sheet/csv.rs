//! A list as CSV that spreadsheets open with Arabic letters: days as `2026-01-31`, amounts with all their decimals, text that
//! never becomes a formula.

use diwan_kernel::{Lang, money};

use super::{Cell, Column};
use crate::{Outcome, Refusal};

/// Writes a list row by row.
pub(super) struct CsvWriter(::csv::Writer<Vec<u8>>);

impl CsvWriter {
    /// Begins with the headings, after a byte order mark: without it, spreadsheets take Arabic letters for others.
    pub(super) fn new(lang: Lang, columns: &[Column]) -> Outcome<Self> {
        let mut writer = ::csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(columns.iter().map(|column| column.heading.get(lang))).map_err(failed)?;
        Ok(Self(writer))
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: &[Cell]) -> Outcome<()> {
        self.0.write_record(cells.iter().map(written)).map_err(failed)
    }

    /// The whole file.
    pub(super) fn finish(self) -> Outcome<Vec<u8>> {
        self.0.into_inner().map_err(|error| Refusal::Internal(format!("writing a table failed: {error}")))
    }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        // A spreadsheet would count what begins so.
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@']) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Amount(minor, scale) => money::format(*minor, *scale).replace(',', ""),
        Cell::Day(day) => day.to_string(),
        Cell::Time(time) => time.format("%Y-%m-%d %H:%M").to_string(),
    }
}

fn failed(error: ::csv::Error) -> Refusal {
    Refusal::Internal(format!("writing a table failed: {error}"))
}
