//! Currencies (العملات): the same rows for every agency, with their decimals and what amounts in words call them. Some come with the
//! first fiscal year, others are added; the decimals stay once an amount is kept in a currency.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx, each_backend};
use diwan_finance_api::{BASE_CURRENCY, Currency, PartQuery, PartRow, SCALE_MAX};
use diwan_kernel::{FieldError, Lang, Named, Page, money, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal, sheet::Cell};
use diwan_print::{
    Language,
    words::{Spoken, amount_in_words},
};
use diwan_schema::finance::{bank_accounts, currencies, finance_documents, period_balances};
use serde::Deserialize;

use super::{
    cells::{CODE, Cells, Known, NAME_AR, NAME_EN, may, must},
    checks,
    part::{About, Part, Words, page_of},
};

/// One currency a line: code, decimals (ISO 4217), names, unit and fraction.
const CURRENCIES: &str = include_str!("../../data/currencies.csv");
/// The longest unit or fraction with all its forms, in characters.
const FORMS_LENGTH: usize = 200;

#[derive(Deserialize)]
struct Line {
    code: String,
    scale: i32,
    ar: String,
    en: String,
    unit_ar: String,
    unit_en: String,
    fraction_ar: String,
    fraction_en: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = currencies)]
struct Row {
    code: String,
    scale: i32,
    name_ar: String,
    name_en: String,
    version: i64,
    unit_ar: String,
    unit_en: String,
    fraction_ar: String,
    fraction_en: String,
}

impl Row {
    fn view(self) -> PartRow<Currency> {
        let id = number(&self.code);
        let value = Currency {
            code: self.code,
            scale: self.scale,
            name: Named { ar: self.name_ar, en: self.name_en },
            unit_ar: self.unit_ar,
            unit_en: self.unit_en,
            fraction_ar: self.fraction_ar,
            fraction_en: self.fraction_en,
        };
        PartRow { id, value, names: checks::names([]), version: self.version }
    }
}

/// What a row says besides its code and version.
macro_rules! columns {
    ($one:expr) => {
        (
            currencies::scale.eq($one.scale),
            (currencies::name_ar.eq(&$one.name.ar), currencies::name_en.eq(&$one.name.en)),
            (currencies::unit_ar.eq(&$one.unit_ar), currencies::unit_en.eq(&$one.unit_en)),
            (currencies::fraction_ar.eq(&$one.fraction_ar), currencies::fraction_en.eq(&$one.fraction_en)),
        )
    };
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
                currencies::unit_ar.eq(line.unit_ar),
                currencies::unit_en.eq(line.unit_en),
                currencies::fraction_ar.eq(line.fraction_ar),
                currencies::fraction_en.eq(line.fraction_en),
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
    found.map(|scale| decimals(code, scale)).transpose()
}

/// Decimals of all currencies, by code.
///
/// # Errors
/// The database fails, or holds decimals that are none.
pub(crate) fn scales(tx: &mut ReadTx<'_>) -> Outcome<BTreeMap<String, u8>> {
    let all: Vec<(String, i32)> = currencies::table.select((currencies::code, currencies::scale)).load(tx.conn())?;
    all.into_iter().map(|(code, scale)| decimals(&code, scale).map(|scale| (code, scale))).collect()
}

/// The decimals of a currency among [`scales`].
pub(crate) fn scale_of(scales: &BTreeMap<String, u8>, code: &str) -> u8 {
    scales.get(code).copied().unwrap_or(money::JOD_SCALE)
}

fn decimals(code: &str, scale: i32) -> Outcome<u8> {
    u8::try_from(scale).map_err(|_| Refusal::Internal(format!("{code} has {scale} decimals")))
}

/// An amount in minor units of a currency in words, as its row calls it; none for an amount below zero.
///
/// # Errors
/// There is no such currency; the database fails.
pub(crate) fn in_words(tx: &mut ReadTx<'_>, minor: i64, code: &str, language: Language) -> Outcome<Option<String>> {
    let row: Row = currencies::table.find(code).select(Row::as_select()).first(tx.conn())?;
    let (unit, fraction) = match language {
        Language::Ar => (&row.unit_ar, &row.fraction_ar),
        Language::En => (&row.unit_en, &row.fraction_en),
    };
    Ok(amount_in_words(minor, Spoken { code, scale: decimals(code, row.scale)?, unit, fraction }, language).ok())
}

/// The codes of the currencies that have the words.
///
/// # Errors
/// The database fails.
pub(super) fn found(tx: &mut ReadTx<'_>, q: &str) -> Outcome<Vec<String>> {
    let q = text::fold(q.trim());
    let has = |one: &Currency| text::fold(&format!("{} {} {}", one.code, one.name.ar, one.name.en)).contains(&q);
    Ok(rows(tx)?.into_iter().map(|row| row.value).filter(has).map(|one| one.code).collect())
}

fn rows(tx: &mut ReadTx<'_>) -> Outcome<Vec<PartRow<Currency>>> {
    let rows: Vec<Row> = currencies::table.order(currencies::code).select(Row::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Row::view).collect())
}

/// A currency has no number of its own: its letters are one.
fn number(code: &str) -> i64 {
    code.bytes().fold(0, |number, letter| (number << 8) | i64::from(letter))
}

/// Whether amounts are kept in a currency anywhere, whose decimals they rely on. The base currency counts as used from the
/// beginning. The trigger of the table says the same.
fn is_used(tx: &mut ReadTx<'_>, code: &str) -> Outcome<bool> {
    let account: Option<i64> = bank_accounts::table
        .filter(bank_accounts::currency.eq(code))
        .select(bank_accounts::id)
        .first(tx.conn())
        .optional()?;
    let document: Option<i64> = finance_documents::table
        .filter(finance_documents::currency.eq(code))
        .select(finance_documents::record_id)
        .first(tx.conn())
        .optional()?;
    let balance: Option<i64> = period_balances::table
        .filter(period_balances::currency.eq(code))
        .select(period_balances::account_id)
        .first(tx.conn())
        .optional()?;
    Ok(code == BASE_CURRENCY || account.or(document).or(balance).is_some())
}

/// The names that are wanting: where one is given all are, with every form that numbers ask for, or an amount would be half in
/// words. One English form counts one and many alike; without decimals there is no fraction to name.
fn wanting(of: &Currency) -> Vec<&'static str> {
    let names = [
        ("unit_ar", &of.unit_ar, 4),
        ("unit_en", &of.unit_en, 1),
        ("fraction_ar", &of.fraction_ar, 4),
        ("fraction_en", &of.fraction_en, 1),
    ];
    let given = |name: &str| !name.trim().is_empty();
    let whole = |name: &str, least: usize| name.split('/').count() >= least && name.split('/').all(given);
    let any = names.iter().any(|(_, name, _)| given(name));
    let fraction = any && of.scale > 0 || given(&of.fraction_ar) || given(&of.fraction_en);
    let asked = |field: &str| if field.starts_with("unit") { any } else { fraction };
    let is_wanting = |(field, name, least): &(&'static str, &String, usize)| asked(field) && !whole(name, *least);
    names.into_iter().filter(is_wanting).map(|(field, ..)| field).collect()
}

impl Part for Currency {
    const ABOUT: About = About {
        entity: "currency",
        ops: [
            "finance.currency.create",
            "finance.currency.update",
            "finance.currency.export",
            "finance.currency.import",
        ],
        sheet: ("العملات", "Currencies"),
        file: "currencies.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        CODE,
        NAME_AR,
        NAME_EN,
        must("scale", "المنازل العشرية", "Decimals", 14),
        may("unit_ar", "الوحدة بالعربية", "Unit in Arabic", 40),
        may("unit_en", "الوحدة بالإنجليزية", "Unit in English", 24),
        may("fraction_ar", "الجزء بالعربية", "Fraction in Arabic", 30),
        may("fraction_en", "الجزء بالإنجليزية", "Fraction in English", 24),
    ];

    fn list(tx: &mut ReadTx<'_>, _agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        Ok(page_of(rows(tx)?, query, limit, |PartRow { value, .. }| Words {
            code: value.code.clone(),
            name: format!("{} {}", value.name.ar, value.name.en),
            more: String::new(),
        }))
    }

    fn load(tx: &mut ReadTx<'_>, _agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        rows(tx)?.into_iter().find(|row| row.id == id).ok_or(Refusal::NotFound("currency"))
    }

    /// Under the code of the row that is changed: it stays.
    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let code = before.map_or_else(|| self.code.trim().to_uppercase(), |before| before.value.code.clone());
        if code.len() != 3 || !code.bytes().all(|letter| letter.is_ascii_uppercase()) {
            fields.push(FieldError::new("code", "currency_form"));
        }
        if !(0..=SCALE_MAX).contains(&self.scale) {
            fields.push(FieldError::new("scale", "out_of_range").with("min", 0).with("max", SCALE_MAX));
        }
        let mut forms = |field: &str, typed: &str, most: usize| {
            if typed.split('/').count() > most {
                fields.push(FieldError::new(field, "too_many_forms").with("max", most));
            }
            checks::optional(&mut fields, field, typed, FORMS_LENGTH)
        };
        let clean = Self {
            code,
            scale: self.scale,
            unit_ar: forms("unit_ar", &self.unit_ar, 4),
            unit_en: forms("unit_en", &self.unit_en, 2),
            fraction_ar: forms("fraction_ar", &self.fraction_ar, 4),
            fraction_en: forms("fraction_en", &self.fraction_en, 2),
            name: fields.name("name", &self.name),
        };
        for field in wanting(self) {
            fields.push(FieldError::new(field, "currency_forms"));
        }
        if before.is_none() && clean.find(tx, actor.agency_id)?.is_some() {
            fields.push(FieldError::new("code", "taken"));
        }
        fields.done()?;
        if before.is_some_and(|before| before.value.scale != clean.scale) && is_used(tx, &clean.code)? {
            return Err(Refusal::rule("currency_used", [("code", clean.code)]));
        }
        Ok(clean)
    }

    fn insert(&self, tx: &mut WriteTx<'_>, _agency_id: i64) -> Outcome<i64> {
        diesel::insert_into(currencies::table)
            .values((currencies::code.eq(&self.code), columns!(self), currencies::version.eq(1_i64)))
            .execute(tx.conn())?;
        Ok(number(&self.code))
    }

    fn update(&self, tx: &mut WriteTx<'_>, _id: i64, version: i64) -> Outcome<usize> {
        let same = currencies::table.filter(currencies::code.eq(&self.code)).filter(currencies::version.eq(version));
        Ok(diesel::update(same).set((columns!(self), currencies::version.eq(version + 1))).execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, _lang: Lang) -> Vec<Cell> {
        let one = &row.value;
        vec![
            Cell::text(&one.code),
            Cell::text(&one.name.ar),
            Cell::text(&one.name.en),
            Cell::Number(one.scale),
            Cell::text(&one.unit_ar),
            Cell::text(&one.unit_en),
            Cell::text(&one.fraction_ar),
            Cell::text(&one.fraction_en),
        ]
    }

    fn read(_tx: &mut ReadTx<'_>, _agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let scale = cells.number("scale")?.unwrap_or_default();
        Ok(Self {
            code: cells.text("code"),
            scale,
            name: cells.name(),
            unit_ar: cells.text("unit_ar"),
            unit_en: cells.text("unit_en"),
            fraction_ar: cells.text("fraction_ar"),
            fraction_en: cells.text("fraction_en"),
        })
    }

    fn find(&self, tx: &mut ReadTx<'_>, _agency_id: i64) -> Outcome<Option<i64>> {
        let code = self.code.trim().to_uppercase();
        let found: Option<String> =
            currencies::table.find(&code).select(currencies::code).first(tx.conn()).optional()?;
        Ok(found.map(|code| number(&code)))
    }
}
