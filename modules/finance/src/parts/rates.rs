//! Rates (أسعار الصرف): what one unit of a foreign currency is in the base currency, from a day until the next rate.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{BASE_CURRENCY, PartQuery, PartRow, PartSort, RATE_ONE, RateInput, parse_rate, rate_text};
use diwan_kernel::{FieldError, Lang, Page, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal, sheet::Cell};
use diwan_schema::finance::rates;

use super::{
    cells::{Cells, Known, must},
    checks,
    part::{About, Part},
};
use crate::keyset::{at, keyset};

/// The rate in force on a day: units of the base currency for one of the foreign one, times [`RATE_ONE`]; that itself for
/// the base currency.
///
/// # Errors
/// `no_rate` with the currency and the day.
pub fn on(tx: &mut ReadTx<'_>, agency_id: i64, currency: &str, day: NaiveDate) -> Outcome<i64> {
    if currency == BASE_CURRENCY {
        return Ok(RATE_ONE);
    }
    rates::table
        .filter(rates::agency_id.eq(agency_id))
        .filter(rates::currency.eq(currency))
        .filter(rates::day.le(day))
        .order(rates::day.desc())
        .select(rates::rate)
        .first(tx.conn())
        .optional()?
        .ok_or_else(|| Refusal::rule("no_rate", [("currency", currency.to_owned()), ("day", day.to_string())]))
}

/// A rate as stored: id, currency, day, rate, version.
type Row = (i64, String, NaiveDate, i64, i64);

const ROW: (rates::id, rates::currency, rates::day, rates::rate, rates::version) =
    (rates::id, rates::currency, rates::day, rates::rate, rates::version);

fn view((id, currency, day, rate, version): Row) -> PartRow<RateInput> {
    let value = RateInput { currency, day, rate: rate_text(rate) };
    PartRow { id, value, names: checks::names([]), version }
}

impl Part for RateInput {
    const ABOUT: About = About {
        entity: "rate",
        ops: ["finance.rate.create", "finance.rate.update", "finance.rate.export", "finance.rate.import"],
        sheet: ("أسعار الصرف", "Exchange rates"),
        file: "rates.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        must("currency", "العملة", "Currency", 10),
        must("day", "من تاريخ", "From", 14),
        must("rate", "السعر", "Rate", 16),
    ];

    /// By its day (the name of a rate) or its currency (its code); the newest first unless told. Rates of every day of many years
    /// are there.
    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let mut found = rates::table.filter(rates::agency_id.eq(agency_id)).into_boxed();
        let asked = text::fold(query.q.as_deref().unwrap_or_default().trim());
        if !asked.is_empty() {
            match asked.parse::<NaiveDate>() {
                Ok(day) => found = found.filter(rates::day.eq(day)),
                Err(_) => {
                    found = found.filter(rates::currency.eq_any(super::currencies::found(tx, &asked)?));
                }
            }
        }
        let after = query.after.as_deref();
        let sort = query.sort.unwrap_or(PartSort::NameDown);
        let found = match sort {
            PartSort::Code => keyset!(found, rates::currency, rates::id, at::<String>(after), up),
            PartSort::CodeDown => keyset!(found, rates::currency, rates::id, at::<String>(after), down),
            PartSort::Name => keyset!(found, rates::day, rates::id, at::<NaiveDate>(after), up),
            PartSort::NameDown => keyset!(found, rates::day, rates::id, at::<NaiveDate>(after), down),
        };
        let rows: Vec<Row> = found.limit(limit + 1).select(ROW).load(tx.conn())?;
        let by_currency = matches!(sort, PartSort::Code | PartSort::CodeDown);
        let cursor = |(id, currency, day, ..): &Row| {
            let key = if by_currency { currency.clone() } else { day.to_string() };
            format!("{key}|{id}")
        };
        Ok(Page::from_rows(rows, limit, cursor, view))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row: Option<Row> =
            rates::table.find(id).filter(rates::agency_id.eq(agency_id)).select(ROW).first(tx.conn()).optional()?;
        row.map(view).ok_or(Refusal::NotFound("rate"))
    }

    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let currency = checks::currency(tx, &mut fields, &self.currency)?;
        if currency == BASE_CURRENCY {
            fields.push(FieldError::new("currency", "rate_of_base"));
        }
        let rate = fields.take(parse_rate("rate", &self.rate));
        let clean = Self { currency, day: self.day, rate: rate_text(rate) };
        if clean.find(tx, actor.agency_id)?.is_some_and(|id| before.is_none_or(|before| before.id != id)) {
            fields.push(FieldError::new("day", "taken"));
        }
        fields.done()?;
        Ok(clean)
    }

    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
        Ok(diesel::insert_into(rates::table)
            .values((
                rates::agency_id.eq(agency_id),
                rates::currency.eq(&self.currency),
                rates::day.eq(self.day),
                rates::rate.eq(parse_rate("rate", &self.rate)?),
                rates::version.eq(1_i64),
            ))
            .returning(rates::id)
            .get_result(tx.conn())?)
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let same = rates::table.filter(rates::id.eq(id)).filter(rates::version.eq(version));
        Ok(diesel::update(same)
            .set((
                rates::currency.eq(&self.currency),
                rates::day.eq(self.day),
                rates::rate.eq(parse_rate("rate", &self.rate)?),
                rates::version.eq(version + 1),
            ))
            .execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, _lang: Lang) -> Vec<Cell> {
        vec![Cell::text(&row.value.currency), Cell::Day(row.value.day), Cell::text(&row.value.rate)]
    }

    fn read(_tx: &mut ReadTx<'_>, _agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let day = cells.day("day")?.unwrap_or_default();
        Ok(Self { currency: cells.text("currency"), day, rate: cells.text("rate") })
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        Ok(rates::table
            .filter(rates::agency_id.eq(agency_id))
            .filter(rates::currency.eq(self.currency.trim().to_uppercase()))
            .filter(rates::day.eq(self.day))
            .select(rates::id)
            .first(tx.conn())
            .optional()?)
    }
}
