//! Reading a table that somebody brings: an XLSX file's first sheet, or CSV in UTF-8, UTF-16 or windows-1256.
//!
//! Nothing is computed: a formula is told as one. Everything is bounded, also what a small file unpacks to.

use std::{
    collections::BTreeMap,
    io::{self, Cursor},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{Data, DataRef, Reader, Xlsx};
use diwan_kernel::FieldError;
use encoding_rs::{Encoding, WINDOWS_1256};

use crate::{Outcome, Refusal};

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 8 << 20;
/// The most rows below the headings.
pub const MAX_ROWS: usize = 5_000;
/// The most columns.
const MAX_COLUMNS: usize = 40;
/// The longest text of a cell, in characters.
const CELL_MAX: usize = 2_000;
/// What an XLSX file may unpack to, in bytes.
const UNPACKED_MAX: u64 = 96 << 20;

/// The first bytes of a ZIP file, which an XLSX file is.
const ZIP: &[u8] = b"PK\x03\x04";

/// A table with its headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The first row that is not empty.
    pub headings: Line,
    /// The rows below it that are not empty.
    pub rows: Vec<Line>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Its place in the file, from 1.
    pub line: u32,
    /// What its cells hold, without white space around it.
    pub cells: Vec<String>,
    /// Which cells hold a formula.
    pub formulas: Vec<usize>,
}

impl Line {
    fn put(&mut self, column: usize, text: &str, formula: bool) -> Outcome<()> {
        let text = text.trim();
        if text.is_empty() && !formula {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            return Err(FieldError::new("file", "too_many_columns").with("max", MAX_COLUMNS).into());
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        let signed = text.len() > 1 && text.starts_with(['=', '+', '-', '@']);
        if formula || signed {
            self.formulas.push(column);
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = text.chars().take(CELL_MAX).collect();
        }
        Ok(())
    }
}

impl Table {
    /// Reads a file, whatever its name says.
    ///
    /// # Errors
    /// Wrong field `file`: `empty`, `not_a_table`, `broken`, `too_many_rows`, `too_many_columns`, `unpacks_too_large`;
    /// `too_large`.
    pub fn read(bytes: &[u8]) -> Outcome<Self> {
        Self::read_up_to(bytes, MAX_ROWS)
    }

    /// [`Table::read`] for a table of at most so many rows below its headings.
    ///
    /// # Errors
    /// As [`Table::read`].
    pub fn read_up_to(bytes: &[u8], rows: usize) -> Outcome<Self> {
        if bytes.len() > MAX_BYTES {
            return Err(Refusal::rule("too_large", [("limit", MAX_BYTES.to_string())]));
        }
        let lines = if bytes.starts_with(ZIP) {
            bounded(bytes)?;
            // Broken files can make the reader fail in any way; each is the same answer.
            catch_unwind(AssertUnwindSafe(|| workbook(bytes, rows))).unwrap_or_else(|_| Err(broken()))?
        } else {
            csv(&decoded(bytes)?, rows)?
        };
        let mut lines = lines.into_iter();
        let headings = lines.next().ok_or_else(|| Refusal::field("file", "empty"))?;
        Ok(Self { headings, rows: lines.collect() })
    }
}

fn broken() -> Refusal {
    Refusal::field("file", "broken")
}

/// Goes on only if the rows are not too many, the headings counted.
fn few(rows: usize, most: usize) -> Outcome<()> {
    if rows > most + 1 {
        return Err(FieldError::new("file", "too_many_rows").with("max", most).into());
    }
    Ok(())
}

/// Unpacks everything once and throws it away: what the file says of its sizes may be a lie.
fn bounded(bytes: &[u8]) -> Outcome<()> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut left = UNPACKED_MAX;
    for at in 0..zip.len() {
        let entry = zip.by_index(at).map_err(|_| broken())?;
        let unpacked =
            io::copy(&mut io::Read::take(entry, left.saturating_add(1)), &mut io::sink()).map_err(|_| broken())?;
        left = left.checked_sub(unpacked).ok_or_else(|| Refusal::field("file", "unpacks_too_large"))?;
    }
    Ok(())
}

fn workbook(bytes: &[u8], most: usize) -> Outcome<Vec<Line>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Refusal::field("file", "not_a_table"))?;
    let name = book.sheet_names().into_iter().next().ok_or_else(broken)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| broken())?;
    // Cells are taken one by one: a range would be as large as the farthest cell is away.
    let mut lines: BTreeMap<u32, Line> = BTreeMap::new();
    while let Some(cell) = cells.next_cell_with_formula().map_err(|_| broken())? {
        let (row, column) = cell.pos;
        let formula = cell.formula.is_some_and(|formula| !formula.is_empty());
        let text = text(&cell.value);
        if text.trim().is_empty() && !formula {
            continue;
        }
        let line = lines.entry(row).or_insert_with(|| Line { line: row.saturating_add(1), ..Line::default() });
        line.put(usize::try_from(column).unwrap_or(usize::MAX), &text, formula)?;
        few(lines.len(), most)?;
    }
    Ok(lines.into_values().collect())
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        other => Data::from(other.clone()).to_string(),
    }
}

fn decoded(bytes: &[u8]) -> Outcome<String> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0.into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            // What Excel writes as CSV on an Arabic Windows.
            Err(_) => WINDOWS_1256.decode(bytes).0.into_owned(),
        },
    };
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().any(control) { Err(Refusal::field("file", "not_a_table")) } else { Ok(text) }
}

fn csv(text: &str, most: usize) -> Outcome<Vec<Line>> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter =
        [b',', b';', b'\t'].into_iter().max_by_key(|mark| first.bytes().filter(|byte| byte == mark).count());
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let (mut lines, mut place) = (Vec::new(), Place { text: text.as_bytes(), counted: 0, line: 1 });
    for record in reader.records() {
        let record = record.map_err(|_| broken())?;
        let start = record.position().map_or(0, ::csv::Position::byte);
        let mut line = Line { line: place.at(usize::try_from(start).unwrap_or(0)), ..Line::default() };
        for (column, cell) in record.iter().enumerate() {
            line.put(column, cell, false)?;
        }
        if !line.cells.is_empty() {
            lines.push(line);
            few(lines.len(), most)?;
        }
    }
    Ok(lines)
}

/// Counts lines up to a record: the reader's own count stands still at the end of a Windows line.
struct Place<'a> {
    text: &'a [u8],
    counted: usize,
    line: u32,
}

impl Place<'_> {
    /// The line of the record that begins at or after this byte; blank lines before it are skipped.
    fn at(&mut self, start: usize) -> u32 {
        let rest = self.text.get(start..).unwrap_or_default();
        let at = start + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.text.get(self.counted..at).unwrap_or_default();
        let ends = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        self.counted = self.counted.max(at);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::Workbook;

    use super::*;

    fn code(bytes: &[u8]) -> String {
        match Table::read(bytes) {
            Err(Refusal::Invalid(fields)) => fields[0].code.clone(),
            Err(Refusal::Rule { code, .. }) => code.to_owned(),
            other => panic!("{other:?}"),
        }
    }

    fn table(bytes: &[u8]) -> Table {
        Table::read(bytes).unwrap()
    }

    #[test]
    fn csv_is_read_in_every_encoding_that_offices_send() {
        let text = "الرمز,الاسم بالعربية\r\n\r\nMOF,\"وزارة, المالية\" \r\n";
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let files = [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            WINDOWS_1256.encode(text).0.into_owned(),
            utf16,
            text.replace("الرمز,", "الرمز;").replace("MOF,", "MOF;").into_bytes(),
        ];
        for file in files {
            let read = table(&file);
            assert_eq!(read.headings.cells, ["الرمز", "الاسم بالعربية"]);
            assert_eq!(read.rows[0].cells[0], "MOF");
            assert!(read.rows[0].cells[1].contains("وزارة, المالية"), "{read:?}");
            assert_eq!(read.rows[0].line, 3);
        }
    }

    #[test]
    fn a_workbook_is_read_by_its_values_and_formulas_are_told() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "code").unwrap().write_string(0, 1, "name_ar").unwrap();
        sheet.write_number(3, 0, 100).unwrap().write_formula(3, 1, "=A1").unwrap();
        let read = table(&book.save_to_buffer().unwrap());
        assert_eq!(read.rows.len(), 1);
        assert_eq!((read.rows[0].line, read.rows[0].cells[0].as_str()), (4, "100"));
        assert_eq!(read.rows[0].formulas, [1]);
        assert_eq!(table(b"a,b\n=1+1,@x\n").rows[0].formulas, [0, 1]);
    }

    #[test]
    fn too_much_is_refused() {
        assert_eq!(code("x\n".repeat(50_000).as_bytes()), "too_many_rows");
        assert_eq!(code("x,".repeat(60).replace(",x", ",y").as_bytes()), "too_many_columns");
        assert_eq!(code(&vec![b'x'; MAX_BYTES + 1]), "too_large");
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for row in 0..50_000 {
            sheet.write_string(row, 0, "x").unwrap();
        }
        assert_eq!(code(&book.save_to_buffer().unwrap()), "too_many_rows");
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let nothing = vec![0; 1 << 20];
        for _ in 0..100 {
            io::Write::write_all(&mut zip, &nothing).unwrap();
        }
        assert_eq!(code(&zip.finish().unwrap().into_inner()), "unpacks_too_large");
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(code(b""), "empty");
        assert_eq!(code(b"\r\n \r\n"), "empty");
        assert_eq!(code(b"%PDF-1.7\n\x00\x01"), "not_a_table");
        assert_eq!(code(b"PK\x03\x04 nothing of the kind"), "broken");
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
        assert_eq!(code(&zip.finish().unwrap().into_inner()), "not_a_table");
    }
}
