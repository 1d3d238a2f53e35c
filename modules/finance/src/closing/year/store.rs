//! Fiscal years and their ends as stored.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Keep, ReadTx};
use diwan_finance_api::{PeriodState, YearEndState};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{fiscal_periods, fiscal_years, year_ends};

/// A fiscal year.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Year {
    pub(super) id: i64,
    pub(super) agency_id: i64,
    pub(super) year: i32,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
}

/// A year of the agency.
///
/// # Errors
/// Not found.
pub(crate) fn year(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<Year> {
    let row: Option<(i32, NaiveDate, NaiveDate)> = fiscal_years::table
        .find(id)
        .filter(fiscal_years::agency_id.eq(agency_id))
        .select((fiscal_years::year, fiscal_years::starts_on, fiscal_years::ends_on))
        .first(tx.conn())
        .optional()?;
    let (year, starts_on, ends_on) = row.ok_or(Refusal::NotFound("fiscal_year"))?;
    Ok(Year { id, agency_id, year, starts_on, ends_on })
}

/// The year after another, where it is opened.
///
/// # Errors
/// The database fails.
pub(super) fn next(tx: &mut ReadTx<'_>, of: &Year) -> Outcome<Option<Year>> {
    let id: Option<i64> = fiscal_years::table
        .filter(fiscal_years::agency_id.eq(of.agency_id))
        .filter(fiscal_years::year.eq(of.year + 1))
        .select(fiscal_years::id)
        .first(tx.conn())
        .optional()?;
    id.map(|id| year(tx, of.agency_id, id)).transpose()
}

/// The end of a year as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = year_ends)]
pub(super) struct EndRow {
    pub(super) year_id: i64,
    pub(super) state: String,
    pub(super) surplus_account_id: i64,
    pub(super) surplus: Option<i64>,
    pub(super) open_amount: Option<i64>,
    pub(super) prepared_by: Option<i64>,
    pub(super) prepared_at: Option<NaiveDateTime>,
    pub(super) confirmed_by: Option<i64>,
    pub(super) confirmed_at: Option<NaiveDateTime>,
    pub(super) record_id: Option<i64>,
    pub(super) version: i64,
}

impl EndRow {
    pub(super) fn state(&self) -> Outcome<YearEndState> {
        Ok(self.state.parse()?)
    }
}

/// The end of a year, where it is begun.
///
/// # Errors
/// The database fails.
pub(super) fn end(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<Option<EndRow>> {
    Ok(year_ends::table.find(year_id).select(EndRow::as_select()).first(tx.conn()).optional()?)
}

/// Whether a year is ended: then none of its periods is opened again.
///
/// # Errors
/// The database fails.
pub(crate) fn is_ended(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<bool> {
    Ok(end(tx, year_id)?.is_some_and(|row| row.state == YearEndState::Ended.code()))
}

/// Whether the year of a day, or one after it, is ended: an ended year opens the next one with what there was until then, so nothing
/// is recorded there any more.
///
/// # Errors
/// The database fails.
pub(crate) fn is_over(tx: &mut ReadTx<'_>, agency_id: i64, day: NaiveDate) -> Outcome<bool> {
    let found: Option<i64> = year_ends::table
        .inner_join(fiscal_years::table.on(fiscal_years::id.eq(year_ends::year_id)))
        .filter(year_ends::agency_id.eq(agency_id))
        .filter(year_ends::state.eq(YearEndState::Ended.code()))
        .filter(fiscal_years::ends_on.ge(day))
        .select(year_ends::year_id)
        .limit(1)
        .kept()
        .get_result(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// Refuses what is of a day that is over.
///
/// # Errors
/// `year_ended` with the year of the day.
pub(crate) fn not_over(tx: &mut ReadTx<'_>, agency_id: i64, day: NaiveDate) -> Outcome<()> {
    if is_over(tx, agency_id, day)? {
        return Err(Refusal::rule("year_ended", [("year", day.year().to_string())]));
    }
    Ok(())
}

/// The periods before a year that are not sealed, in their order.
///
/// # Errors
/// The database fails.
pub(super) fn periods_before(tx: &mut ReadTx<'_>, of: &Year) -> Outcome<Vec<i64>> {
    Ok(fiscal_periods::table
        .filter(fiscal_periods::agency_id.eq(of.agency_id))
        .filter(fiscal_periods::ends_on.lt(of.starts_on))
        .filter(fiscal_periods::state.ne(PeriodState::Sealed.code()))
        .order((fiscal_periods::ends_on, fiscal_periods::number))
        .select(fiscal_periods::id)
        .load(tx.conn())?)
}

/// The last year of an agency that is ended: it and all before it are over, as [`is_over`] says of a day.
///
/// # Errors
/// The database fails.
pub(crate) fn last_ended(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i32>> {
    Ok(year_ends::table
        .inner_join(fiscal_years::table.on(fiscal_years::id.eq(year_ends::year_id)))
        .filter(year_ends::agency_id.eq(agency_id))
        .filter(year_ends::state.eq(YearEndState::Ended.code()))
        .select(diesel::dsl::max(fiscal_years::year))
        .first(tx.conn())?)
}

/// Whether a document is the voucher of a year's end: that is not taken back.
///
/// # Errors
/// The database fails.
pub(crate) fn is_voucher(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<bool> {
    let found: Option<i64> = year_ends::table
        .filter(year_ends::record_id.eq(record_id))
        .select(year_ends::year_id)
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// The end of a year that is in a state and still of this version.
///
/// # Errors
/// Not begun; in another state; stale.
pub(super) fn end_in(
    tx: &mut ReadTx<'_>,
    year_id: i64,
    (state, action): (YearEndState, &str),
    version: Option<i64>,
) -> Outcome<EndRow> {
    let row = end(tx, year_id)?.ok_or(Refusal::NotFound("year_end"))?;
    if row.state()? != state {
        return Err(Refusal::WrongState { state: row.state, action: action.to_owned() });
    }
    match version {
        Some(version) if version != row.version => Err(Refusal::stale("year_end", row.version, version)),
        _ => Ok(row),
    }
}
