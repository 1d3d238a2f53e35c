//! Deadlines in working days (أيام العمل).

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::days::Calendar;
use diwan_schema::platform::holidays;

use crate::Outcome;

/// How far ahead holidays are read; longer deadlines count plain weekends beyond it.
const HORIZON_DAYS: u64 = 800;

/// The agency's calendar from a day on: public holidays and its own.
///
/// # Errors
/// The database fails.
pub fn calendar(tx: &mut ReadTx<'_>, agency_id: i64, from: NaiveDate) -> Outcome<Calendar> {
    let until = from.checked_add_days(Days::new(HORIZON_DAYS)).unwrap_or(NaiveDate::MAX);
    let days: Vec<NaiveDate> = holidays::table
        .filter(holidays::day.between(from, until))
        .filter(holidays::agency_id.is_null().or(holidays::agency_id.eq(agency_id)))
        .select(holidays::day)
        .load(tx.conn())?;
    Ok(Calendar::new(days))
}

/// The day that is so many working days after today.
///
/// # Errors
/// The database fails.
pub fn due(tx: &mut ReadTx<'_>, agency_id: i64, working_days: i32) -> Outcome<NaiveDate> {
    let today = tx.today();
    Ok(calendar(tx, agency_id, today)?.add_working_days(today, u32::try_from(working_days).unwrap_or(0)))
}
