//! The frame of a report: whose books, which days, and as known when.

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, Report, ReportQuery};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::fiscal_years;

use super::form;
use crate::{
    closing,
    ledger::balances::{self, Wanted},
};

/// What a report looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) agency_id: i64,
    /// The fiscal year; none before one is opened.
    pub(super) year_id: Option<i64>,
    /// The first day of the fiscal year of `from`.
    pub(super) since: NaiveDate,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) known_at: Option<NaiveDateTime>,
}

type Year = (i64, NaiveDate, NaiveDate);

/// Reads the frame of a query.
///
/// # Errors
/// `no_fiscal_year` for a year that is asked for and not there; days in the wrong order.
pub(super) fn of(tx: &mut ReadTx<'_>, actor: &Actor, query: &ReportQuery) -> Outcome<Frame> {
    let agency_id = actor.agency_id;
    let today = tx.today();
    let year = match query.year {
        Some(year) => Some(named(tx, agency_id, year)?),
        None => {
            let day = query.to.or(query.from).unwrap_or(today);
            match with(tx, agency_id, day)? {
                None if query.to.is_none() && query.from.is_none() => last(tx, agency_id)?,
                found => found,
            }
        }
    };
    let (first, end) = year.map_or_else(|| calendar(query.to.or(query.from).unwrap_or(today)), |one| (one.1, one.2));
    let from = query.from.unwrap_or(first);
    let to = query.to.unwrap_or_else(|| today.clamp(first, end)).max(query.to.unwrap_or(from));
    if to < from {
        return Err(Refusal::field("to", "before_begin"));
    }
    let since = match with(tx, agency_id, from)? {
        Some((_, starts, _)) => starts,
        None => calendar(from).0,
    };
    let end_of = |day: NaiveDate| day.succ_opt().map(|next| tx.start_of(next) - TimeDelta::microseconds(1));
    let known_at = query.known_at.or_else(|| query.known.and_then(end_of));
    Ok(Frame { agency_id, year_id: year.map(|one| one.0), since, from, to, known_at })
}

/// The first and last day of the calendar year of a day.
fn calendar(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let of = |month, date| NaiveDate::from_ymd_opt(day.year(), month, date).unwrap_or(day);
    (of(1, 1), of(12, 31))
}

fn named(tx: &mut ReadTx<'_>, agency_id: i64, year: i32) -> Outcome<Year> {
    fiscal_years::table
        .filter(fiscal_years::agency_id.eq(agency_id))
        .filter(fiscal_years::year.eq(year))
        .select((fiscal_years::id, fiscal_years::starts_on, fiscal_years::ends_on))
        .first(tx.conn())
        .optional()?
        .ok_or_else(|| Refusal::rule("no_fiscal_year", [("year", year.to_string())]))
}

/// The year that has a day.
fn with(tx: &mut ReadTx<'_>, agency_id: i64, day: NaiveDate) -> Outcome<Option<Year>> {
    Ok(fiscal_years::table
        .filter(fiscal_years::agency_id.eq(agency_id))
        .filter(fiscal_years::starts_on.le(day))
        .filter(fiscal_years::ends_on.ge(day))
        .select((fiscal_years::id, fiscal_years::starts_on, fiscal_years::ends_on))
        .first(tx.conn())
        .optional()?)
}

/// The last year that was opened.
fn last(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<Year>> {
    Ok(fiscal_years::table
        .filter(fiscal_years::agency_id.eq(agency_id))
        .order(fiscal_years::year.desc())
        .select((fiscal_years::id, fiscal_years::starts_on, fiscal_years::ends_on))
        .first(tx.conn())
        .optional()?)
}

/// Says by which root the figures are proved, where they end with a sealed period and say all that is known of it.
///
/// # Errors
/// The database fails.
pub(super) fn sealed(tx: &mut ReadTx<'_>, actor: &Actor, made: &mut Report) -> Outcome<()> {
    let Some(seal) = closing::root_of(tx, actor.agency_id, made.from, made.to)? else { return Ok(()) };
    if made.known_at.is_none_or(|known_at| known_at >= seal.sealed_at) {
        made.facts.push(form::fact("بصمة الفترة المختومة", "Root of the sealed period", form::code(seal.grouped())));
    }
    Ok(())
}

impl Frame {
    /// The last moment whose records count: that of knowledge, or later than any.
    pub(super) fn recorded_until(&self) -> NaiveDateTime {
        self.known_at.unwrap_or_else(balances::last_moment)
    }

    /// The balances of this frame by two dimensions.
    pub(super) const fn wanted(&self, by: [Dimension; 2]) -> Wanted {
        Wanted {
            agency_id: self.agency_id,
            since: self.since,
            from: self.from,
            to: self.to,
            known_at: self.known_at,
            by,
            account_id: None,
            only: Vec::new(),
        }
    }

    /// The days of its fiscal year, from the first one on; the same where no year is opened.
    ///
    /// # Errors
    /// The database fails.
    pub(super) fn of_its_year(self, tx: &mut ReadTx<'_>) -> Outcome<Self> {
        let Some(id) = self.year_id else { return Ok(self) };
        let (starts, ends): (NaiveDate, NaiveDate) =
            fiscal_years::table.find(id).select((fiscal_years::starts_on, fiscal_years::ends_on)).first(tx.conn())?;
        Ok(Self { since: starts, from: starts, to: self.to.clamp(starts, ends), ..self })
    }

    /// The same days a year before, as known at the same moment.
    pub(super) fn year_before(&self, tx: &mut ReadTx<'_>) -> Outcome<Self> {
        let back = |day: NaiveDate| day.checked_sub_months(Months::new(12)).unwrap_or(day);
        let (since, from) = (back(self.since), back(self.from));
        // The last day of a month stays the last day of it.
        let to = match self.to.succ_opt() {
            Some(next) => back(next).pred_opt().unwrap_or_else(|| back(self.to)),
            None => back(self.to),
        };
        let year_id = with(tx, self.agency_id, to)?.map(|one| one.0);
        Ok(Self { year_id, since, from, to, ..*self })
    }
}
