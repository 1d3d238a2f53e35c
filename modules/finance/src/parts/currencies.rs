//! Currencies (العملات): the same rows for every agency, with their decimals; they come with the first fiscal year.

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx, each_backend};
use diwan_finance_api::Currency;
use diwan_kernel::{Lang, Named, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    sheet::{Cell, Column, ListSheet},
};
use diwan_schema::finance::currencies;
use serde::Deserialize;

use super::part;

/// One currency a line: code, decimals (ISO 4217), names.
const CURRENCIES: &str = include_str!("../../data/currencies.csv");

#[derive(Deserialize)]
struct Line {
    code: String,
    scale: i32,
    ar: String,
    en: String,
}

fn lines() -> Outcome<Vec<Line>> {
    let mut reader = csv::Reader::from_reader(CURRENCIES.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|error| Refusal::Internal(error.to_string()))
}

/// Puts the known currencies into the database where they are not there yet.
///
/// # Errors
/// The database fails.
pub fn ensure(tx: &mut WriteTx<'_>) -> Outcome<()> {
    let rows: Vec<_> = lines()?
        .into_iter()
        .map(|line| {
            (
                currencies::code.eq(line.code),
                currencies::scale.eq(line.scale),
                currencies::name_ar.eq(line.ar),
                currencies::name_en.eq(line.en),
            )
        })
        .collect();
    each_backend!(tx.conn(), c => diesel::insert_into(currencies::table).values(&rows).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Decimals of a currency; none where there is no such currency.
///
/// # Errors
/// The database fails, or holds decimals that are none.
pub fn scale(tx: &mut ReadTx<'_>, code: &str) -> Outcome<Option<u8>> {
    let found: Option<i32> = currencies::table.find(code).select(currencies::scale).first(tx.conn()).optional()?;
    let decimals = |scale| u8::try_from(scale).map_err(|_| Refusal::Internal(format!("{code} has {scale} decimals")));
    found.map(decimals).transpose()
}

/// The currencies that have the words, by code.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, q: &str) -> Outcome<Vec<Currency>> {
    let rows: Vec<(String, i32, String, String)> = currencies::table
        .order(currencies::code)
        .select((currencies::code, currencies::scale, currencies::name_ar, currencies::name_en))
        .load(tx.conn())?;
    let q = text::fold(q.trim());
    let all = rows.into_iter().map(|(code, scale, ar, en)| Currency { code, scale, name: Named { ar, en } });
    Ok(all.filter(|one| text::fold(&format!("{} {} {}", one.code, one.name.ar, one.name.en)).contains(&q)).collect())
}

/// The currencies as an XLSX file; that it was taken away is noted.
pub(super) fn export(tx: &mut WriteTx<'_>, actor: &Actor, lang: Lang) -> Outcome<Vec<u8>> {
    let columns = [
        Column::new("الرمز", "Code", 10),
        Column::new("الاسم بالعربية", "Name in Arabic", 28),
        Column::new("الاسم بالإنجليزية", "Name in English", 28),
        Column::new("المنازل العشرية", "Decimals", 14),
    ];
    let sheet = ListSheet::new(lang, ("العملات", "Currencies"), columns);
    part::taken(
        tx,
        actor,
        &sheet,
        |tx| list(tx, ""),
        |one| vec![Cell::text(&one.code), Cell::text(&one.name.ar), Cell::text(&one.name.en), Cell::Number(one.scale)],
    )
}
