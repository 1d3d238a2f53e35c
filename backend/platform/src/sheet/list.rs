//! A list, page after page, as one file.

use diwan_kernel::{Lang, Named, Page};

use super::{Cell, Column, MEDIA_TYPE, SheetWriter, csv::CsvWriter};
use crate::{Outcome, Refusal};

/// The most rows of a file; the filters of a list make it shorter.
pub const MAX_LIST: usize = 50_000;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableForm {
    /// A workbook.
    Xlsx,
    /// Text with commas.
    Csv,
}

impl TableForm {
    /// The media type of such a file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => MEDIA_TYPE,
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The name of such a file, from that of the workbook.
    pub fn file_name(self, workbook: &str) -> String {
        match self {
            Self::Xlsx => workbook.to_owned(),
            Self::Csv => workbook.replace(".xlsx", ".csv"),
        }
    }
}

/// What a list looks like as a file.
#[derive(Debug, Clone)]
pub struct ListSheet {
    /// The language of headings and words.
    pub lang: Lang,
    /// The name of the sheet.
    pub name: Named,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The form of the file.
    pub form: TableForm,
}

/// A file, and how many rows are in it.
pub type Export = (Vec<u8>, usize);

impl ListSheet {
    /// A workbook with its name in both languages.
    pub fn new(lang: Lang, (ar, en): (&str, &str), columns: impl Into<Vec<Column>>) -> Self {
        let name = Named { ar: ar.to_owned(), en: en.to_owned() };
        Self { lang, name, columns: columns.into(), form: TableForm::Xlsx }
    }

    /// The same as a file of this form.
    pub fn in_form(self, form: TableForm) -> Self {
        Self { form, ..self }
    }

    /// Writes every page; `page` is told the cursor to go on after.
    ///
    /// # Errors
    /// `too_many_rows` with the limit; those of `page`; the temporary file cannot be written.
    pub fn write<T>(
        &self,
        page: impl FnMut(Option<String>) -> Outcome<Page<T>>,
        cells: impl Fn(&T) -> Vec<Cell>,
    ) -> Outcome<Export> {
        match self.form {
            TableForm::Xlsx => fill(SheetWriter::new(self.lang, &self.name, &self.columns)?, page, cells),
            TableForm::Csv => fill(CsvWriter::new(self.lang, &self.columns)?, page, cells),
        }
    }
}

/// What rows are written to, one after the other.
trait Rows {
    fn row(&mut self, cells: &[Cell]) -> Outcome<()>;
    fn finish(self) -> Outcome<Vec<u8>>;
}

impl Rows for SheetWriter {
    fn row(&mut self, cells: &[Cell]) -> Outcome<()> {
        SheetWriter::row(self, cells)
    }

    fn finish(self) -> Outcome<Vec<u8>> {
        SheetWriter::finish(self)
    }
}

impl Rows for CsvWriter {
    fn row(&mut self, cells: &[Cell]) -> Outcome<()> {
        CsvWriter::row(self, cells)
    }

    fn finish(self) -> Outcome<Vec<u8>> {
        CsvWriter::finish(self)
    }
}

fn fill<T, W: Rows>(
    mut sheet: W,
    mut page: impl FnMut(Option<String>) -> Outcome<Page<T>>,
    cells: impl Fn(&T) -> Vec<Cell>,
) -> Outcome<Export> {
    let (mut after, mut rows) = (None, 0);
    loop {
        let read = page(after)?;
        rows += read.items.len();
        if rows > MAX_LIST {
            return Err(Refusal::rule("too_many_rows", [("max", MAX_LIST.to_string())]));
        }
        for item in &read.items {
            sheet.row(&cells(item))?;
        }
        after = read.next;
        if after.is_none() {
            return Ok((sheet.finish()?, rows));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of so many numbers in pages of a thousand.
    fn numbers(count: usize) -> Outcome<Export> {
        let page = |after: Option<String>| {
            let from: usize = after.map_or(0, |after| after.parse().unwrap());
            let to = count.min(from + 1_000);
            let items: Vec<i32> = (from..to).map(|one| i32::try_from(one).unwrap()).collect();
            Ok(Page { items, next: (to < count).then(|| to.to_string()), total: None })
        };
        let sheet = ListSheet::new(Lang::En, ("أرقام", "Numbers"), [Column::new("رقم", "Number", 10)]);
        sheet.write(page, |number| vec![Cell::Number(*number)])
    }

    #[test]
    fn every_page_is_written_up_to_the_limit() {
        assert_eq!(numbers(0).unwrap().1, 0);
        assert_eq!(numbers(2_500).unwrap().1, 2_500);
        assert_eq!(numbers(MAX_LIST).unwrap().1, MAX_LIST);
        let refused = numbers(MAX_LIST + 1).unwrap_err();
        assert!(matches!(refused, Refusal::Rule { code: "too_many_rows", .. }), "{refused:?}");
    }

    #[test]
    fn csv_has_exact_values_and_nothing_that_is_counted() {
        let columns = [Column::new("الاسم", "Name", 10), Column::new("القيمة", "Value", 10)];
        let sheet = ListSheet::new(Lang::Ar, ("أسماء", "Names"), columns).in_form(TableForm::Csv);
        let items = vec![
            ("=1+1", Cell::Number(-3)),
            ("قرطاسية، وأحبار", Cell::Amount(-1_234_567, 3)),
            ("a,\"b\"", Cell::Day("2026-01-31".parse().unwrap())),
            ("", Cell::Empty),
        ];
        let mut whole = Some(Page { items, next: None, total: None });
        let page = |_after| Ok(whole.take().unwrap());
        let (file, rows) = sheet.write(page, |(name, value)| vec![Cell::text(*name), value.clone()]).unwrap();
        let expected = "\u{feff}الاسم,القيمة\n'=1+1,-3\nقرطاسية، وأحبار,-1234.567\n\"a,\"\"b\"\"\",2026-01-31\n,\n";
        assert_eq!((String::from_utf8(file).unwrap().as_str(), rows), (expected, 4));
        assert_eq!(TableForm::Csv.file_name("names.xlsx"), "names.csv");
    }
}
