//! The plan as a table: XLSX, or CSV that spreadsheets open with Arabic letters. The import reads it back.

use diwan_archive_api::DocumentClass;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{Lang, Named};
use diwan_platform::{
    Actor, Outcome, Refusal,
    sheet::{Cell, Column, SheetWriter},
};

use super::{import::COLUMNS, store};

/// The file; that it was taken away is noted.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, lang: Lang, as_csv: bool) -> Outcome<Vec<u8>> {
    let classes = store::list(tx, actor.agency_id)?.items;
    tx.audit(Audit::of("agency", actor.agency_id).detail(serde_json::json!({ "rows": classes.len() })))?;
    let rows: Vec<Vec<String>> = classes.iter().map(|class| cells(class, &classes, lang)).collect();
    if as_csv { csv(lang, &rows) } else { xlsx(lang, &rows) }
}

/// The cells of a class in the order of the import's columns.
fn cells(class: &DocumentClass, all: &[DocumentClass], lang: Lang) -> Vec<String> {
    let above = all.iter().find(|other| Some(other.id) == class.parent_id);
    let active = match (lang, class.active) {
        (Lang::Ar, true) => "نعم",
        (Lang::Ar, false) => "لا",
        (Lang::En, true) => "yes",
        (Lang::En, false) => "no",
    };
    vec![
        class.code.clone(),
        above.map(|above| above.code.clone()).unwrap_or_default(),
        class.name.ar.clone(),
        class.name.en.clone(),
        class.note.clone(),
        super::import::secrecy_word(class.secrecy, lang).to_owned(),
        class.schedule.as_ref().map(|schedule| schedule.code.clone()).unwrap_or_default(),
        active.to_owned(),
    ]
}

fn xlsx(lang: Lang, rows: &[Vec<String>]) -> Outcome<Vec<u8>> {
    let columns: Vec<Column> = COLUMNS.iter().map(|column| Column::new(column.ar, column.en, 26)).collect();
    let name = Named { ar: "خطة التصنيف".to_owned(), en: "Classification plan".to_owned() };
    let mut sheet = SheetWriter::new(lang, &name, &columns)?;
    for row in rows {
        sheet.row(&row.iter().map(Cell::text).collect::<Vec<_>>())?;
    }
    sheet.finish()
}

/// With a byte order mark: without it, spreadsheets take Arabic letters for others.
fn csv(lang: Lang, rows: &[Vec<String>]) -> Outcome<Vec<u8>> {
    let failed = |error: csv::Error| Refusal::Internal(format!("writing a table failed: {error}"));
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let heading = |column: &super::import::Known| match lang {
        Lang::Ar => column.ar,
        Lang::En => column.en,
    };
    writer.write_record(COLUMNS.iter().map(heading)).map_err(failed)?;
    for row in rows {
        writer.write_record(row).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Refusal::Internal(format!("writing a table failed: {error}")))
}
