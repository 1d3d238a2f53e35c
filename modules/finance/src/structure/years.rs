//! Fiscal years (السنوات المالية): twelve months and the complementary period.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{COMPLEMENTARY, DocumentKind, FiscalPeriod, FiscalYear, PeriodState, SegmentKind};
use diwan_kernel::{FieldError, Named};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_platform_api::records::Ref;
use diwan_schema::{
    finance::{control_levels, fiscal_periods, fiscal_years, period_kinds, period_reopenings, period_seals},
    platform::users,
};

use crate::closing::year;

/// The first and last year that are taken for one.
pub const YEARS: std::ops::RangeInclusive<i32> = 1990..=2199;

/// How deep each part of the key is controlled where nothing else is said: at the value itself, without place and fund.
const CONTROL: [(SegmentKind, i32); 6] = [
    (SegmentKind::Chapter, 9),
    (SegmentKind::Programme, 9),
    (SegmentKind::Activity, 9),
    (SegmentKind::Fund, 0),
    (SegmentKind::Location, 0),
    (SegmentKind::Item, 9),
];

/// Opens a fiscal year: the calendar year (General Budget Law of Jordan: 1 January to 31 December), its months open.
///
/// # Errors
/// A year out of range, or one that is there already; `year_ended` where a later one is ended.
pub fn create(tx: &mut WriteTx<'_>, actor: &Actor, year: i32) -> Outcome<FiscalYear> {
    let id = insert(tx, actor.agency_id, year)?;
    opened(tx, actor, id)
}

/// Notes that a year was opened, and answers it.
pub(super) fn opened(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<FiscalYear> {
    let made = load(tx, actor.agency_id, id)?;
    tx.audit(Audit::of("fiscal_year", id).after(&made))?;
    Ok(made)
}

/// The first and the last day of a fiscal year.
pub(crate) fn days(year: i32) -> Outcome<(NaiveDate, NaiveDate)> {
    if !YEARS.contains(&year) {
        let wrong = FieldError::new("year", "out_of_range").with("min", YEARS.start()).with("max", YEARS.end());
        return Err(wrong.into());
    }
    Ok((day(year, 1, 1)?, day(year, 12, 31)?))
}

fn day(year: i32, month: u32, day: u32) -> Outcome<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| Refusal::Internal("no such day".to_owned()))
}

/// The id of a year of the agency.
pub(crate) fn find(tx: &mut ReadTx<'_>, agency_id: i64, year: i32) -> Outcome<Option<i64>> {
    Ok(fiscal_years::table
        .filter(fiscal_years::agency_id.eq(agency_id))
        .filter(fiscal_years::year.eq(year))
        .select(fiscal_years::id)
        .first(tx.conn())
        .optional()?)
}

/// Puts a year with its periods and control levels into the database.
pub(super) fn insert(tx: &mut WriteTx<'_>, agency_id: i64, year: i32) -> Outcome<i64> {
    let (first, last) = days(year)?;
    if find(tx, agency_id, year)?.is_some() {
        return Err(Refusal::field("year", "taken"));
    }
    year::not_over(tx, agency_id, last)?;
    let id: i64 = diesel::insert_into(fiscal_years::table)
        .values((
            fiscal_years::agency_id.eq(agency_id),
            fiscal_years::year.eq(year),
            fiscal_years::starts_on.eq(first),
            fiscal_years::ends_on.eq(last),
            fiscal_years::version.eq(1_i64),
        ))
        .returning(fiscal_years::id)
        .get_result(tx.conn())?;
    for month in 1..=12 {
        let begins = day(year, month, 1)?;
        let ends = begins.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(last);
        insert_period(tx, agency_id, id, (i32::try_from(month).unwrap_or_default(), begins, ends))?;
    }
    insert_period(tx, agency_id, id, (COMPLEMENTARY, last, last))?;
    for (kind, depth) in CONTROL {
        diesel::insert_into(control_levels::table)
            .values((
                control_levels::year_id.eq(id),
                control_levels::kind.eq(kind.code()),
                control_levels::depth.eq(depth),
            ))
            .execute(tx.conn())?;
    }
    Ok(id)
}

fn insert_period(
    tx: &mut WriteTx<'_>,
    agency_id: i64,
    year_id: i64,
    (number, starts_on, ends_on): (i32, NaiveDate, NaiveDate),
) -> Outcome<()> {
    diesel::insert_into(fiscal_periods::table)
        .values((
            fiscal_periods::year_id.eq(year_id),
            fiscal_periods::agency_id.eq(agency_id),
            fiscal_periods::number.eq(number),
            fiscal_periods::starts_on.eq(starts_on),
            fiscal_periods::ends_on.eq(ends_on),
            fiscal_periods::state.eq(PeriodState::Open.code()),
            fiscal_periods::version.eq(1_i64),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The fiscal years of an agency, the newest first.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<FiscalYear>> {
    load_all(tx, agency_id, None)
}

/// A fiscal year of the agency.
///
/// # Errors
/// The agency has none of that id.
pub fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<FiscalYear> {
    load_all(tx, agency_id, Some(id))?.into_iter().next().ok_or(Refusal::NotFound("fiscal_year"))
}

/// The years of the agency, or the one of an id, with their periods: a few statements however many there are.
fn load_all(tx: &mut ReadTx<'_>, agency_id: i64, id: Option<i64>) -> Outcome<Vec<FiscalYear>> {
    let mut wanted = fiscal_years::table.filter(fiscal_years::agency_id.eq(agency_id)).into_boxed();
    if let Some(id) = id {
        wanted = wanted.filter(fiscal_years::id.eq(id));
    }
    let years: Vec<(i64, i32, NaiveDate, NaiveDate, i64)> = wanted
        .order(fiscal_years::year.desc())
        .select((
            fiscal_years::id,
            fiscal_years::year,
            fiscal_years::starts_on,
            fiscal_years::ends_on,
            fiscal_years::version,
        ))
        .load(tx.conn())?;
    let of: Vec<i64> = years.iter().map(|year| year.0).collect();
    let rows: Vec<(i64, PeriodRow)> = fiscal_periods::table
        .filter(fiscal_periods::year_id.eq_any(&of))
        .order((fiscal_periods::year_id, fiscal_periods::number))
        .select((fiscal_periods::year_id, PeriodRow::as_select()))
        .load(tx.conn())?;
    let ids: Vec<i64> = rows.iter().map(|(_, row)| row.id).collect();
    let mut around = around(tx, &ids)?;
    let mut periods: BTreeMap<i64, Vec<FiscalPeriod>> = BTreeMap::new();
    for (year_id, row) in rows {
        let around = around.remove(&row.id).unwrap_or_default();
        periods.entry(year_id).or_default().push(row.period(around)?);
    }
    let ended = year::last_ended(tx, agency_id)?;
    let year = |(id, year, starts_on, ends_on, version): (i64, i32, NaiveDate, NaiveDate, i64)| {
        let periods = periods.remove(&id).unwrap_or_default();
        let ended = ended.is_some_and(|last| year <= last);
        FiscalYear { id, year, starts_on, ends_on, periods, ended, version }
    };
    Ok(years.into_iter().map(year).collect())
}

/// The seal of a period: its root, when and by whom it was sealed.
type Seal = (String, NaiveDateTime, Ref);

/// What other tables say of a period.
#[derive(Default)]
struct Around {
    reopened_until: Option<NaiveDateTime>,
    closed_kinds: Vec<DocumentKind>,
    seal: Option<Seal>,
}

/// What is said of those of these periods of which anything is.
fn around(tx: &mut ReadTx<'_>, periods: &[i64]) -> Outcome<BTreeMap<i64, Around>> {
    type Row = (i64, String, NaiveDateTime, i64, String, String);
    let mut all: BTreeMap<i64, Around> = BTreeMap::new();
    let reopened: Vec<(i64, NaiveDateTime)> = period_reopenings::table
        .filter(period_reopenings::period_id.eq_any(periods))
        .filter(period_reopenings::ended_at.is_null())
        .select((period_reopenings::period_id, period_reopenings::until_at))
        .load(tx.conn())?;
    for (id, until) in reopened {
        all.entry(id).or_default().reopened_until = Some(until);
    }
    let kinds: Vec<(i64, String)> = period_kinds::table
        .filter(period_kinds::period_id.eq_any(periods))
        .order((period_kinds::period_id, period_kinds::kind))
        .select((period_kinds::period_id, period_kinds::kind))
        .load(tx.conn())?;
    for (id, kind) in kinds {
        all.entry(id).or_default().closed_kinds.push(kind.parse()?);
    }
    let seals: Vec<Row> = period_seals::table
        .inner_join(users::table.on(users::id.eq(period_seals::sealed_by)))
        .filter(period_seals::period_id.eq_any(periods))
        .select((
            period_seals::period_id,
            period_seals::root,
            period_seals::sealed_at,
            users::id,
            users::name_ar,
            users::name_en,
        ))
        .load(tx.conn())?;
    for (period, root, at, id, ar, en) in seals {
        all.entry(period).or_default().seal = Some((root, at, Ref { id, name: Named { ar, en } }));
    }
    Ok(all)
}

/// The fiscal year that has a day.
///
/// # Errors
/// `no_fiscal_year` with the day.
pub fn of_day(tx: &mut ReadTx<'_>, agency_id: i64, day: NaiveDate) -> Outcome<i64> {
    fiscal_years::table
        .filter(fiscal_years::agency_id.eq(agency_id))
        .filter(fiscal_years::starts_on.le(day))
        .filter(fiscal_years::ends_on.ge(day))
        .select(fiscal_years::id)
        .first(tx.conn())
        .optional()?
        .ok_or_else(|| Refusal::rule("no_fiscal_year", [("year", day.year().to_string())]))
}

/// A period as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = fiscal_periods)]
pub(crate) struct PeriodRow {
    pub(crate) id: i64,
    pub(crate) number: i32,
    pub(crate) starts_on: NaiveDate,
    pub(crate) ends_on: NaiveDate,
    pub(crate) state: String,
    pub(crate) version: i64,
}

impl PeriodRow {
    /// As the wire has it.
    pub(crate) fn view(self, tx: &mut ReadTx<'_>) -> Outcome<FiscalPeriod> {
        let around = around(tx, &[self.id])?.remove(&self.id).unwrap_or_default();
        self.period(around)
    }

    fn period(self, around: Around) -> Outcome<FiscalPeriod> {
        let (root, sealed_at, sealed_by) = match around.seal {
            Some((root, at, by)) => (Some(root), Some(at), Some(by)),
            None => (None, None, None),
        };
        Ok(FiscalPeriod {
            id: self.id,
            number: self.number,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            state: self.state.parse()?,
            closed_kinds: around.closed_kinds,
            reopened_until: around.reopened_until,
            root,
            sealed_at,
            sealed_by,
            version: self.version,
        })
    }
}
