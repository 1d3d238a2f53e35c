//! The workbook that a law is filled in: the keys of the year, or of the year before, without their amounts.

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::DOCUMENT_LINES_MAX;
use diwan_kernel::{Lang, Page};
use diwan_platform::{
    Actor, Outcome,
    sheet::{Cell, Column, ListSheet},
};
use diwan_schema::finance::{budget_keys, fiscal_years};

use super::law::COLUMNS;

/// The workbook as a file. Of a key its parts are written, each as text, so that no zero before a code is lost.
///
/// # Errors
/// The database fails; the file cannot be written.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, on: NaiveDate, lang: Lang) -> Outcome<Vec<u8>> {
    let mut codes = of_year(tx, actor.agency_id, on.year())?;
    if codes.is_empty() {
        codes = of_year(tx, actor.agency_id, on.year() - 1)?;
    }
    let columns: Vec<Column> = COLUMNS
        .iter()
        .filter(|known| known.code != "key")
        .map(|known| Column::new(known.ar, known.en, known.width))
        .collect();
    let sheet = ListSheet::new(lang, ("قانون الموازنة", "Budget law"), columns);
    let mut whole = Some(Page { items: codes, next: None, total: None });
    let page = |_after| Ok(whole.take().unwrap_or(Page { items: Vec::new(), next: None, total: None }));
    let (file, _) = sheet.write(page, |code: &String| code.split('-').map(Cell::text).collect())?;
    Ok(file)
}

fn of_year(tx: &mut ReadTx<'_>, agency_id: i64, year: i32) -> Outcome<Vec<String>> {
    Ok(budget_keys::table
        .inner_join(fiscal_years::table.on(fiscal_years::id.eq(budget_keys::year_id)))
        .filter(fiscal_years::agency_id.eq(agency_id))
        .filter(fiscal_years::year.eq(year))
        .order(budget_keys::code)
        .limit(i64::try_from(DOCUMENT_LINES_MAX).unwrap_or(i64::MAX))
        .select(budget_keys::code)
        .load(tx.conn())?)
}
