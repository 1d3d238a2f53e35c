//! An empty file with the headings.

use diwan_kernel::{Lang, Named};
use diwan_platform_api::people::ImportKind;

use super::columns;
use crate::{
    Outcome,
    sheet::{Column, SheetWriter},
};

/// Characters that a column is wide.
const WIDTH: u16 = 26;

/// An XLSX file that has only the headings, in a language.
///
/// # Errors
/// The machine has no room for it.
pub fn template(kind: ImportKind, lang: Lang) -> Outcome<Vec<u8>> {
    let (ar, en) = match kind {
        ImportKind::Agencies => ("الجهات", "Agencies"),
        ImportKind::Units => ("الوحدات", "Units"),
        ImportKind::Users => ("المستخدمون", "Users"),
    };
    let columns: Vec<_> = columns::known(kind).iter().map(|column| Column::new(column.ar, column.en, WIDTH)).collect();
    SheetWriter::new(lang, &Named { ar: ar.to_owned(), en: en.to_owned() }, &columns)?.finish()
}
