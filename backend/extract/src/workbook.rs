//! Excel workbooks: the cells of every sheet in rows, values rather than formulas; comments and drawings as well.

use std::fmt::Write;
use std::io::BufReader;

use calamine::{Data, DataRef, ExcelDateTime, Reader, Sheet, SheetType, Xls, XlsError, Xlsb, Xlsx};

use crate::collect::Collector;
use crate::docx::{add_embedded, add_flow, describe};
use crate::format::Format;
use crate::input::{Input, Source};
use crate::outcome::{PartKind, Reason, WarningCode};
use crate::package::Package;

type Stream<'a> = BufReader<Box<dyn Source + 'a>>;

/// Reads a workbook.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>, format: Format) -> Result<(), Reason> {
    if format == Format::Xls {
        return read_xls(collector, input);
    }
    let mut package = Package::open(collector, input)?;
    package.check(collector)?;
    describe(collector, &mut package)?;
    match format {
        Format::Xlsb => read_xlsb(collector, input)?,
        _ => read_xlsx(collector, input)?,
    }
    let beside = [
        ("xl/comments", PartKind::Comments),
        ("xl/drawings/drawing", PartKind::Drawing),
        ("xl/charts/chart", PartKind::Drawing),
    ];
    for name in package.names().iter().filter(|name| name.ends_with(".xml")) {
        if let Some((_, kind)) = beside.iter().find(|(prefix, _)| name.starts_with(prefix)) {
            add_flow(collector, &mut package, name, *kind, None)?;
        }
    }
    collector.saw_image |= package.names().iter().any(|name| name.starts_with("xl/media/"));
    add_embedded(collector, &mut package, "xl/embeddings/")
}

fn read_xlsx(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let mut book: Xlsx<Stream<'_>> = Xlsx::new(BufReader::new(input.open()?)).map_err(|_| Reason::Corrupt)?;
    let names = sheet_names(book.sheets_metadata());
    collector.count_pages(u32::try_from(names.len()).unwrap_or(u32::MAX));
    let mut damage = Ok(());
    for (page, name) in (1..).zip(&names) {
        let mut sheet = Rows::default();
        // Cells are taken one by one: a range would be as large as the farthest cell is away.
        match book.worksheet_cells_reader(name) {
            Ok(mut cells) => loop {
                match cells.next_cell() {
                    Ok(Some(cell)) if sheet.add(collector, cell.get_position(), cell.get_value()) => {}
                    Ok(_) => break,
                    Err(_) => {
                        damage = Err(Reason::Corrupt);
                        break;
                    }
                }
            },
            Err(_) => damage = Err(Reason::Corrupt),
        }
        collector.add(PartKind::Sheet, Some(name), Some(page), &sheet.text);
    }
    damage
}

fn read_xlsb(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let mut book: Xlsb<Stream<'_>> = Xlsb::new(BufReader::new(input.open()?)).map_err(|_| Reason::Corrupt)?;
    let names = sheet_names(book.sheets_metadata());
    collector.count_pages(u32::try_from(names.len()).unwrap_or(u32::MAX));
    for (page, name) in (1..).zip(&names) {
        let mut sheet = Rows::default();
        let mut cells = book.worksheet_cells_reader(name).map_err(|_| Reason::Corrupt)?;
        while let Some(cell) = cells.next_cell().map_err(|_| Reason::Corrupt)? {
            if !sheet.add(collector, cell.get_position(), cell.get_value()) {
                break;
            }
        }
        collector.add(PartKind::Sheet, Some(name), Some(page), &sheet.text);
    }
    Ok(())
}

/// The sheets of cells; sheets of charts and macros have none.
fn sheet_names(sheets: &[Sheet]) -> Vec<String> {
    sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect()
}

/// The binary format of Excel 97 to 2003, whose sheets are at most 65,536 rows of 256 cells.
fn read_xls(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let stream: Stream<'_> = BufReader::new(input.open()?);
    let mut book = Xls::new(stream).map_err(|error| match error {
        XlsError::Password => Reason::Encrypted,
        _ => Reason::Corrupt,
    })?;
    let sheets = book.worksheets();
    collector.count_pages(u32::try_from(sheets.len()).unwrap_or(u32::MAX));
    for (page, (name, range)) in (1..).zip(&sheets) {
        let mut sheet = Rows::default();
        for (row, column, value) in range.used_cells() {
            if !sheet.add(collector, (row as u32, column as u32), &borrowed(value)) {
                break;
            }
        }
        collector.add(PartKind::Sheet, Some(name), Some(page), &sheet.text);
    }
    Ok(())
}

/// The same value without its own text, so that both kinds of reader are written by one function.
fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::String(value) => DataRef::SharedString(value),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(value) => DataRef::DateTime(*value),
        Data::DateTimeIso(value) | Data::DurationIso(value) => DataRef::SharedString(value),
        _ => DataRef::Empty,
    }
}

/// Writes cells in rows: a tab between cells, a line feed between rows.
#[derive(Default)]
struct Rows {
    text: String,
    row: Option<u32>,
}

impl Rows {
    /// Adds a cell. False when no further cell may be read, which is noted.
    fn add(&mut self, collector: &mut Collector<'_>, (row, _): (u32, u32), value: &DataRef<'_>) -> bool {
        let written = shown(value);
        if written.is_empty() {
            return true;
        }
        if collector.cells_left == 0 || self.text.len() > collector.text_left() {
            collector.warn(WarningCode::CellsCut, None);
            return false;
        }
        collector.cells_left -= 1;
        match self.row {
            None => {}
            Some(last) if last == row => self.text.push('\t'),
            Some(_) => self.text.push('\n'),
        }
        self.row = Some(row);
        self.text.push_str(&written);
        true
    }
}

/// A value as text. Errors such as `#N/A` are no text.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => number(*value),
        DataRef::String(value) => value.clone(),
        DataRef::SharedString(value) => (*value).to_owned(),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(value) => moment(value),
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => value.clone(),
        _ => String::new(),
    }
}

/// A number with the 15 digits that Excel keeps, without the noise of binary fractions.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    let scale = 14 - value.abs().log10().floor() as i32;
    let digits = usize::try_from(scale.clamp(0, 300)).unwrap_or(0);
    let written = format!("{value:.digits$}");
    if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.').to_owned() } else { written }
}

/// A date (ISO 8601), with the time unless it is midnight; a time alone for values below one day.
fn moment(value: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let mut written = String::new();
    let date_part = value.as_f64() >= 1.0 && !value.is_duration();
    let has_time = (hour, minute, second) != (0, 0, 0);
    // Writing to a string cannot fail.
    if date_part {
        let _ = write!(written, "{year:04}-{month:02}-{day:02}");
    }
    if has_time || !date_part {
        let gap = if date_part { " " } else { "" };
        let _ = write!(written, "{gap}{hour:02}:{minute:02}");
        if second != 0 {
            let _ = write!(written, ":{second:02}");
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_read_as_people_typed_them() {
        assert_eq!(number(1250.5), "1250.5");
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(12.345), "12.345");
        assert_eq!(number(2026.0), "2026");
        assert_eq!(number(-0.001), "-0.001");
        assert_eq!(number(9_876_543_210.0), "9876543210");
    }
}
