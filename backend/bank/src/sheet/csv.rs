//! CSV: the delimiter, and the rows.

use csv::{ReaderBuilder, Trim};

use super::{Cell, Row, columns::Columns, template::Template};
use crate::{
    limits::{COLUMNS_MAX, LINES_MAX},
    refusal::{Place, Reason, Refusal},
};

/// What may stand between columns.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The head is looked for in so many bytes.
const SNIFFED: usize = 64 * 1024;

/// The rows of a text, under the delimiter that makes most columns known.
pub(super) fn rows(text: &str, template: &Template) -> Result<Vec<Row>, Refusal> {
    let stated = template.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok());
    let head = text.get(..text.floor_char_boundary(SNIFFED)).unwrap_or(text);
    let known = |delimiter: &u8| {
        let rows = read(head, *delimiter).unwrap_or_default();
        rows.iter().take(60).map(|row| Columns::of_single(row, template).known()).max().unwrap_or_default()
    };
    // The first of equals: `max_by_key` gives the last.
    let guessed = DELIMITERS.iter().rev().max_by_key(|delimiter| known(delimiter)).copied().unwrap_or(b',');
    read(text, stated.unwrap_or(guessed))
}

fn read(text: &str, delimiter: u8) -> Result<Vec<Row>, Refusal> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            Refusal::new(Reason::Damaged, Place::line(u32::try_from(line).unwrap_or(u32::MAX)))
        })?;
        let line = record.position().map_or(1, csv::Position::line);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        if rows.len() > LINES_MAX || record.len() > COLUMNS_MAX {
            let (what, limit) =
                if record.len() > COLUMNS_MAX { ("columns", COLUMNS_MAX) } else { ("lines", LINES_MAX) };
            let limit = u64::try_from(limit).unwrap_or(u64::MAX);
            return Err(Refusal::new(Reason::TooLarge { what, limit }, Place::line(line)));
        }
        let cells: Vec<_> = record.iter().map(|cell| (!cell.is_empty()).then(|| Cell::Text(cell.to_owned()))).collect();
        if cells.iter().any(Option::is_some) {
            rows.push(Row { line, cells });
        }
    }
    Ok(rows)
}
