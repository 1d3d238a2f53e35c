//! Fiscal years as a table: taken along like any list, and opened out of one with all that comes with a year.

use chrono::NaiveDate;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{FiscalYear, FiscalYearRow, PartQuery, PartRow};
use diwan_kernel::{FieldError, Lang, Page};
use diwan_platform::{Actor, Fields, Outcome, sheet::Cell};

use super::{chart, years};
use crate::parts::{
    begin,
    cells::{Cells, Known, may, must},
    currencies,
    part::{About, Part, Words, page_of},
};

/// Opens a year. The first one brings currencies, the ready chart, parts of the key and the registers.
pub(super) fn open(tx: &mut WriteTx<'_>, agency_id: i64, year: i32) -> Outcome<i64> {
    let (first, _) = years::days(year)?;
    let id = years::insert(tx, agency_id, year)?;
    currencies::ensure(tx)?;
    chart::of_agency(tx, agency_id, first)?;
    begin::of_agency(tx, agency_id, first)?;
    crate::documents::ensure_registers(tx, agency_id)?;
    Ok(id)
}

fn row(year: &FiscalYear) -> PartRow<FiscalYearRow> {
    let value = FiscalYearRow { year: year.year, starts_on: Some(year.starts_on), ends_on: Some(year.ends_on) };
    PartRow { id: year.id, value, names: std::collections::BTreeMap::new(), version: year.version }
}

impl Part for FiscalYearRow {
    const ABOUT: About = About {
        entity: "fiscal_year",
        ops: ["finance.year.create", "finance.year.update", "finance.year.export", "finance.year.import"],
        sheet: ("السنوات المالية", "Fiscal years"),
        file: "fiscal-years.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        must("year", "السنة", "Year", 10),
        may("starts_on", "أول يوم", "First day", 14),
        may("ends_on", "آخر يوم", "Last day", 14),
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let rows = years::list(tx, agency_id)?.iter().map(row).collect();
        Ok(page_of(rows, query, limit, |PartRow { value, .. }| Words {
            code: value.year.to_string(),
            name: value.year.to_string(),
            more: String::new(),
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        Ok(row(&years::load(tx, agency_id, id)?))
    }

    /// With the days of the calendar year: no other is opened.
    fn checked(&self, _tx: &mut ReadTx<'_>, _actor: &Actor, _before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let (first, last) = years::days(self.year)?;
        let mut fields = Fields::default();
        let mut calendar = |field: &str, told: Option<NaiveDate>, day: NaiveDate| {
            if told.is_some_and(|told| told != day) {
                fields.push(FieldError::new(field, "calendar_year").with("day", day));
            }
        };
        calendar("starts_on", self.starts_on, first);
        calendar("ends_on", self.ends_on, last);
        fields.done()?;
        Ok(Self { year: self.year, starts_on: Some(first), ends_on: Some(last) })
    }

    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
        open(tx, agency_id, self.year)
    }

    /// Nothing of a year changes: what is checked is what is there.
    fn update(&self, _tx: &mut WriteTx<'_>, _id: i64, _version: i64) -> Outcome<usize> {
        Ok(0)
    }

    fn cells(row: &PartRow<Self>, _lang: Lang) -> Vec<Cell> {
        let day = |day: Option<NaiveDate>| day.map_or(Cell::Empty, Cell::Day);
        vec![Cell::Number(row.value.year), day(row.value.starts_on), day(row.value.ends_on)]
    }

    fn read(_tx: &mut ReadTx<'_>, _agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let input = Self {
            year: fields.take(cells.number("year")).unwrap_or_default(),
            starts_on: fields.take(cells.day("starts_on")),
            ends_on: fields.take(cells.day("ends_on")),
        };
        fields.done()?;
        Ok(input)
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        years::find(tx, agency_id, self.year)
    }
}
