//! A list as an XLSX file: right to left in Arabic, real dates and numbers, text that never becomes a formula.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Lang, Named, money};
use rust_xlsxwriter::{Color, Format, Workbook, Worksheet, XlsxError};

use crate::Refusal;

/// The media type of an XLSX file.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The longest text of a cell, in characters; Excel's own limit is 32,767.
const TEXT_MAX: usize = 32_000;

/// Amounts below this are exact as a number of Excel (15 digits).
const EXACT: u64 = 1_000_000_000_000_000;

/// A column of the list.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its heading.
    pub heading: Named,
    /// Its width, in characters.
    pub width: u16,
}

impl Column {
    /// A column with its heading in both languages.
    pub fn new(ar: &str, en: &str, width: u16) -> Self {
        Self { heading: Named { ar: ar.to_owned(), en: en.to_owned() }, width }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words, as they are.
    Text(String),
    /// A whole number.
    Number(i32),
    /// An amount in minor units, and the decimals of its currency: a number that can be summed.
    Amount(i64, u8),
    /// A day.
    Day(NaiveDate),
    /// A time on the government's wall clock.
    Time(NaiveDateTime),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Words, or nothing.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A name in a language, or in the other one where it has none.
    pub fn named(named: &Named, lang: Lang) -> Self {
        let (first, second) = match lang {
            Lang::Ar => (&named.ar, &named.en),
            Lang::En => (&named.en, &named.ar),
        };
        Self::text(if first.is_empty() { second } else { first })
    }

    /// Yes or no in words.
    pub fn yes_no(yes: bool, lang: Lang) -> Self {
        Self::text(match (lang, yes) {
            (Lang::Ar, true) => "نعم",
            (Lang::Ar, false) => "لا",
            (Lang::En, true) => "yes",
            (Lang::En, false) => "no",
        })
    }
}

/// Writes a list row by row; rows wait in a temporary file, not in memory.
pub struct SheetWriter {
    workbook: Workbook,
    formats: Formats,
    next_row: u32,
}

struct Formats {
    text: Format,
    quoted: Format,
    number: Format,
    /// By the number of decimals.
    amounts: [Format; 5],
    day: Format,
    time: Format,
}

impl SheetWriter {
    /// Begins a file with its headings.
    ///
    /// # Errors
    /// The temporary file cannot be made.
    pub fn new(lang: Lang, name: &Named, columns: &[Column]) -> Result<Self, Refusal> {
        let direction = match lang {
            Lang::Ar => 2,
            Lang::En => 1,
        };
        let plain = Format::new().set_reading_direction(direction);
        let formats = Formats {
            text: plain.clone(),
            quoted: plain.clone().set_quote_prefix(),
            number: plain.clone().set_num_format("0"),
            amounts: ["#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"]
                .map(|form| plain.clone().set_num_format(form)),
            day: plain.clone().set_num_format("yyyy-mm-dd"),
            time: plain.clone().set_num_format("yyyy-mm-dd hh:mm"),
        };
        let heading = plain.set_bold().set_background_color(Color::RGB(0x00E6_ECF2));
        let mut workbook = Workbook::new();
        let begin = |workbook: &mut Workbook| -> Result<(), XlsxError> {
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name(said(name, lang))?.set_right_to_left(lang == Lang::Ar).set_freeze_panes(1, 0)?;
            for (at, column) in (0_u16..).zip(columns) {
                sheet.set_column_width(at, column.width)?;
            }
            for (at, column) in (0_u16..).zip(columns) {
                sheet.write_string_with_format(0, at, said(&column.heading, lang), &heading)?;
            }
            Ok(())
        };
        begin(&mut workbook).map_err(failed)?;
        Ok(Self { workbook, formats, next_row: 1 })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The sheet is full (1,048,576 rows), or the temporary file is.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Refusal> {
        let row = self.next_row;
        self.next_row += 1;
        let sheet = self.workbook.worksheet_from_index(0).map_err(failed)?;
        for (at, cell) in (0_u16..).zip(cells) {
            put(sheet, &self.formats, (row, at), cell).map_err(failed)?;
        }
        Ok(())
    }

    /// The whole file.
    ///
    /// # Errors
    /// The machine has no room for it.
    pub fn finish(mut self) -> Result<Vec<u8>, Refusal> {
        self.workbook.save_to_buffer().map_err(failed)
    }
}

fn put(sheet: &mut Worksheet, formats: &Formats, (row, at): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            let text: String = text.chars().take(TEXT_MAX).collect();
            // Stored as text in any case; marked, so that it stays text when somebody edits the cell.
            let format = if text.starts_with(['=', '+', '-', '@']) { &formats.quoted } else { &formats.text };
            sheet.write_string_with_format(row, at, text, format)?;
        }
        Cell::Number(number) => {
            sheet.write_number_with_format(row, at, *number, &formats.number)?;
        }
        Cell::Amount(minor, scale) => {
            let text = money::format(*minor, *scale).replace(',', "");
            // Excel counts in 15 digits: what has more is exact as text only.
            let number = serde_json::from_str::<serde_json::Number>(&text).ok().and_then(|number| number.as_f64());
            let number = number.filter(|_| minor.unsigned_abs() < EXACT);
            match number.zip(formats.amounts.get(usize::from(*scale))) {
                Some((number, format)) => sheet.write_number_with_format(row, at, number, format)?,
                None => sheet.write_string_with_format(row, at, text, &formats.text)?,
            };
        }
        Cell::Day(day) => {
            sheet.write_datetime_with_format(row, at, *day, &formats.day)?;
        }
        Cell::Time(time) => {
            sheet.write_datetime_with_format(row, at, *time, &formats.time)?;
        }
    }
    Ok(())
}

fn said(named: &Named, lang: Lang) -> &str {
    match lang {
        Lang::Ar => &named.ar,
        Lang::En => &named.en,
    }
}

fn failed(error: XlsxError) -> Refusal {
    Refusal::Internal(format!("writing a table failed: {error}"))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn written(lang: Lang) -> Vec<u8> {
        let name = Named { ar: "الكتب".to_owned(), en: "Letters".to_owned() };
        let columns = [Column::new("الموضوع", "Subject", 40), Column::new("المرفقات", "Attachments", 10)];
        let mut sheet = SheetWriter::new(lang, &name, &columns).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        sheet.row(&[Cell::text("=1+1"), Cell::Number(3)]).unwrap();
        sheet.row(&[Cell::Day(day), Cell::Time(day.and_hms_opt(10, 30, 0).unwrap())]).unwrap();
        sheet.row(&[Cell::Empty, Cell::yes_no(true, lang)]).unwrap();
        sheet.row(&[Cell::Amount(-1_234_567, 3), Cell::Amount(1_234_567_890_123_456_789, 3)]).unwrap();
        sheet.finish().unwrap()
    }

    #[test]
    fn cells_have_their_kinds_and_nothing_is_a_formula() {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(written(Lang::Ar))).unwrap();
        assert_eq!(book.sheet_names(), ["الكتب"]);
        let range = book.worksheet_range("الكتب").unwrap();
        assert_eq!(range.get_value((0, 0)), Some(&Data::String("الموضوع".to_owned())));
        assert_eq!(range.get_value((1, 0)), Some(&Data::String("=1+1".to_owned())));
        assert_eq!(range.get_value((1, 1)), Some(&Data::Float(3.0)));
        let Some(Data::DateTime(day)) = range.get_value((2, 0)) else { panic!("{range:?}") };
        assert_eq!(day.to_ymd_hms_milli(), (2026, 11, 1, 0, 0, 0, 0));
        let Some(Data::DateTime(time)) = range.get_value((2, 1)) else { panic!("{range:?}") };
        assert_eq!(time.to_ymd_hms_milli(), (2026, 11, 1, 10, 30, 0, 0));
        assert_eq!(range.get_value((4, 0)), Some(&Data::Float(-1234.567)));
        assert_eq!(range.get_value((4, 1)), Some(&Data::String("1234567890123456.789".to_owned())));
        assert!(book.worksheet_formula("الكتب").unwrap().used_cells().next().is_none());
    }

    #[test]
    fn the_sheet_is_right_to_left_in_arabic_alone() {
        let xml = |lang| {
            let mut zip = zip::ZipArchive::new(Cursor::new(written(lang))).unwrap();
            std::io::read_to_string(zip.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap()
        };
        assert!(xml(Lang::Ar).contains("rightToLeft=\"1\""));
        assert!(!xml(Lang::En).contains("rightToLeft"));
        assert!(xml(Lang::En).contains("Subject"));
    }
}
