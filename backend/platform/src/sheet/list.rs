//! A list, page after page, as one file.

use diwan_kernel::{Lang, Named, Page};

use super::{Cell, Column, SheetWriter};
use crate::{Outcome, Refusal};

/// The most rows of a file; the filters of a list make it shorter.
pub const MAX_LIST: usize = 50_000;

/// What a list looks like as a file.
#[derive(Debug, Clone)]
pub struct ListSheet {
    /// The language of headings and words.
    pub lang: Lang,
    /// The name of the sheet.
    pub name: Named,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A file, and how many rows are in it.
pub type Export = (Vec<u8>, usize);

impl ListSheet {
    /// A sheet with its name in both languages.
    pub fn new(lang: Lang, (ar, en): (&str, &str), columns: impl Into<Vec<Column>>) -> Self {
        Self { lang, name: Named { ar: ar.to_owned(), en: en.to_owned() }, columns: columns.into() }
    }

    /// Writes every page; `page` is told the cursor to go on after.
    ///
    /// # Errors
    /// `too_many_rows` with the limit; those of `page`; the temporary file cannot be written.
    pub fn write<T>(
        &self,
        mut page: impl FnMut(Option<String>) -> Outcome<Page<T>>,
        cells: impl Fn(&T) -> Vec<Cell>,
    ) -> Outcome<Export> {
        let mut sheet = SheetWriter::new(self.lang, &self.name, &self.columns)?;
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
}
