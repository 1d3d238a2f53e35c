//! Fiscal years and their ends as stored.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::YearEndState;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{fiscal_years, year_ends};

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
