//! Workbooks, read part by part within limits, so that none of them takes the server's memory. Numbers stay the decimal
//! digits that the workbook holds.

use std::io::{Cursor, Read};

use chrono::{Days, NaiveDate};
use zip::{ZipArchive, result::ZipError};

use super::{Cell, Row};
use crate::{
    decode,
    limits::{COLUMNS_MAX, LINES_MAX, PARTS_MAX, UNPACKED_MAX},
    refusal::{Place, Reason, Refusal},
    xml::{self, Element},
};

/// Formats of numbers that show a day (ECMA-376, 18.8.30), where no format of the workbook's own says so.
const DAY_FORMATS: [std::ops::RangeInclusive<u32>; 3] = [14..=17, 22..=22, 27..=36];
/// Formats of its own begin at this number (same source).
const OWN_FORMATS: u32 = 164;

/// A workbook.
pub(super) struct Book<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
    strings: Vec<String>,
    /// Which styles of cells show a day.
    days: Vec<bool>,
    epoch: NaiveDate,
    sheets: Vec<String>,
}

fn damaged() -> Refusal {
    Refusal::new(Reason::Damaged, Place::default())
}

fn too_large(what: &'static str, limit: u64) -> Refusal {
    Refusal::new(Reason::TooLarge { what, limit }, Place::default())
}

impl<'a> Book<'a> {
    /// Opens a workbook and reads what its sheets refer to.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        if zip.len() > PARTS_MAX {
            return Err(too_large("parts", u64::try_from(PARTS_MAX).unwrap_or(u64::MAX)));
        }
        let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).ok_or_else(damaged)?;
        let (strings, days, sheets) = (Vec::new(), Vec::new(), Vec::new());
        let mut book = Self { zip, left: UNPACKED_MAX, strings, days, epoch, sheets };
        book.workbook()?;
        book.styles()?;
        book.shared_strings()?;
        Ok(book)
    }

    /// The parts of the sheets, in the order of their tabs.
    pub fn sheets(&self) -> Vec<String> {
        self.sheets.clone()
    }

    /// The rows of a sheet that have something in them.
    pub fn rows(&mut self, part: &str) -> Result<Vec<Row>, Refusal> {
        let text = self.part(part)?.ok_or_else(damaged)?;
        let mut rows: Vec<Row> = Vec::new();
        let mut next = 1_u32;
        xml::read(&text, &mut |around, done| {
            if done.name != "row" || around.last().is_none_or(|parent| parent.name != "sheetData") {
                return Ok(Some(done));
            }
            let line = done.attribute("r").and_then(|row| row.parse().ok()).unwrap_or(next);
            next = line.saturating_add(1);
            let cells = self.cells(&done)?;
            if cells.iter().any(Option::is_some) {
                rows.push(Row { line, cells });
            }
            if rows.len() > LINES_MAX {
                return Err(too_large("lines", u64::try_from(LINES_MAX).unwrap_or(u64::MAX)));
            }
            Ok(None)
        })?;
        Ok(rows)
    }

    fn cells(&self, row: &Element) -> Result<Vec<Option<Cell>>, Refusal> {
        let mut cells = Vec::new();
        for cell in row.all("c") {
            let column = cell.attribute("r").map_or(Some(cells.len()), column).ok_or_else(damaged)?;
            if column >= COLUMNS_MAX {
                // Far to the right there is nothing of a statement; what is there is not laid out in memory.
                continue;
            }
            if cells.len() <= column {
                cells.resize(column + 1, None);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = self.cell(cell)?;
            }
        }
        Ok(cells)
    }

    fn cell(&self, cell: &Element) -> Result<Option<Cell>, Refusal> {
        let value = || cell.text(&["v"]).map(str::to_owned);
        let text = match cell.attribute("t").unwrap_or("n") {
            "s" => match value() {
                Some(index) => {
                    let index: usize = index.parse().map_err(|_| damaged())?;
                    Some(self.strings.get(index).ok_or_else(damaged)?.clone())
                }
                None => None,
            },
            "inlineStr" => cell.find(&["is"]).map(string),
            "n" => {
                let style = cell.attribute("s").and_then(|style| style.parse().ok()).unwrap_or(0);
                let is_day = self.days.get(style).copied().unwrap_or_default();
                return Ok(value().map(|number| match self.day(&number).filter(|_| is_day) {
                    Some(day) => Cell::Day(day),
                    None => Cell::Number(number),
                }));
            }
            // Errors of formulas are no text; `d` holds an ISO date, `str` the result of a formula.
            "e" => None,
            _ => value(),
        };
        Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).map(Cell::Text))
    }

    /// The day of a number of days; the time of day after the point is passed over.
    fn day(&self, number: &str) -> Option<NaiveDate> {
        let whole: u64 = number.split_once('.').map_or(number, |(whole, _)| whole).parse().ok()?;
        self.epoch.checked_add_days(Days::new(whole)).filter(|_| (1..=200_000).contains(&whole))
    }

    /// A part as text; `None` where the workbook has none of that name. What it unpacks to is counted.
    fn part(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let entry = match self.zip.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(_) => return Err(damaged()),
        };
        let mut bytes = Vec::new();
        entry.take(self.left + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
        let unpacked = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(unpacked).ok_or_else(|| too_large("bytes", UNPACKED_MAX))?;
        decode::xml(&bytes).map(Some)
    }

    /// Reads a part and hands over its elements; a part that is not there has none.
    fn walk(
        &mut self,
        name: &str,
        take: &mut dyn FnMut(&[Element], Element) -> Option<Element>,
    ) -> Result<(), Refusal> {
        match self.part(name)? {
            Some(text) => xml::read(&text, &mut |around, done| Ok(take(around, done))),
            None => Ok(()),
        }
    }

    /// Which parts are the sheets, and the first day of the workbook's calendar.
    fn workbook(&mut self) -> Result<(), Refusal> {
        let mut ids = Vec::new();
        let mut from_1904 = false;
        self.walk("xl/workbook.xml", &mut |_, done| {
            from_1904 |= done.name == "workbookPr" && matches!(done.attribute("date1904"), Some("1" | "true"));
            if done.name == "sheet" && done.attribute("state").is_none_or(|state| state == "visible") {
                ids.extend(done.attribute("id").map(str::to_owned));
            }
            None
        })?;
        if from_1904 {
            self.epoch = NaiveDate::from_ymd_opt(1904, 1, 1).ok_or_else(damaged)?;
        }
        let mut targets = Vec::new();
        self.walk("xl/_rels/workbook.xml.rels", &mut |_, done| {
            if let (Some(id), Some(target)) = (done.attribute("Id"), done.attribute("Target")) {
                targets.push((id.to_owned(), target.strip_prefix('/').map_or(format!("xl/{target}"), str::to_owned)));
            }
            None
        })?;
        let part = |id: &String| targets.iter().find(|(of, _)| of == id).map(|(_, target)| target.clone());
        self.sheets = ids.iter().filter_map(part).collect();
        if self.sheets.is_empty() { Err(damaged()) } else { Ok(()) }
    }

    fn styles(&mut self) -> Result<(), Refusal> {
        let (mut own, mut formats) = (Vec::new(), Vec::new());
        self.walk("xl/styles.xml", &mut |around, done| {
            let number = |name| done.attribute(name).and_then(|number| number.parse::<u32>().ok());
            match (around.last().map(|parent| parent.name.as_str()), done.name.as_str()) {
                (Some("numFmts"), "numFmt") => {
                    own.extend(number("numFmtId").zip(done.attribute("formatCode").map(shows_day)))
                }
                (Some("cellXfs"), "xf") => formats.push(number("numFmtId").unwrap_or_default()),
                _ => {}
            }
            None
        })?;
        let known: std::collections::HashMap<u32, bool> = own.into_iter().collect();
        let is_day = |format: &u32| match known.get(format) {
            Some(day) => *day,
            None => *format < OWN_FORMATS && DAY_FORMATS.iter().any(|days| days.contains(format)),
        };
        self.days = formats.iter().map(is_day).collect();
        Ok(())
    }

    fn shared_strings(&mut self) -> Result<(), Refusal> {
        let mut strings = Vec::new();
        self.walk("xl/sharedStrings.xml", &mut |_, done| match done.name.as_str() {
            "si" => {
                strings.push(string(&done));
                None
            }
            _ => Some(done),
        })?;
        self.strings = strings;
        Ok(())
    }
}

/// The text of a string: its own, or that of its runs, without the readings that East Asian scripts put beside it.
fn string(element: &Element) -> String {
    let runs = element.all("r").flat_map(|run| run.all("t"));
    element.all("t").chain(runs).map(|text| text.text.as_str()).collect()
}

/// Whether a format shows days: it has a year or a day outside of quotes, brackets and escapes.
fn shows_day(code: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    code.chars().any(|c| {
        if std::mem::take(&mut escaped) {
            return false;
        }
        match c {
            '"' => quoted = !quoted,
            '\\' => escaped = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            'y' | 'Y' | 'd' | 'D' => return !quoted && !bracketed,
            _ => {}
        }
        false
    })
}

/// `C12` is the third column, number 2.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase);
    let column = letters.take(4).fold(0_usize, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    column.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_formats_are_understood() {
        assert_eq!(["A1", "Z9", "AA1", "IV2", "7"].map(column), [Some(0), Some(25), Some(26), Some(255), None]);
        for day in ["dd/mm/yyyy", "yyyy-mm-dd;@", "[$-409]d-mmm-yy", "\"on\" d.m.yyyy"] {
            assert!(shows_day(day), "{day}");
        }
        for other in ["0.000", "#,##0.00 \"dinar\"", "[Red]0.00", "hh:mm", "0\\d"] {
            assert!(!shows_day(other), "{other}");
        }
    }
}
