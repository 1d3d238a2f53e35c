//! Deadlines in working days (أيام العمل).

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{Named, days::Calendar};
use diwan_platform_api::records::Holiday;
use diwan_schema::platform::holidays;

use crate::{Actor, Fields, Outcome, Refusal};

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

/// The holidays (العطل الرسمية) that bind the actor's agency, by day.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<Holiday>> {
    let rows: Vec<(i64, Option<i64>, NaiveDate, String, String)> = holidays::table
        .filter(holidays::agency_id.is_null().or(holidays::agency_id.eq(actor.agency_id)))
        .order(holidays::day.desc())
        .select((holidays::id, holidays::agency_id, holidays::day, holidays::name_ar, holidays::name_en))
        .load(tx.conn())?;
    Ok(rows
        .into_iter()
        .map(|(id, agency, day, ar, en)| Holiday { id, day, name: Named { ar, en }, shared: agency.is_none() })
        .collect())
}

/// Adds a holiday of the actor's agency. Deadlines that are set already stay.
///
/// # Errors
/// Wrong fields; the day is a holiday already.
pub fn add(tx: &mut WriteTx<'_>, actor: &Actor, new: &Holiday) -> Outcome<i64> {
    let mut fields = Fields::default();
    let name = fields.name("name", &new.name);
    fields.done()?;
    let id = diesel::insert_into(holidays::table)
        .values((
            holidays::agency_id.eq(actor.agency_id),
            holidays::day.eq(new.day),
            holidays::name_ar.eq(name.ar),
            holidays::name_en.eq(name.en),
        ))
        .returning(holidays::id)
        .get_result(tx.conn())?;
    tx.audit(Audit::of("holiday", id).after(new))?;
    Ok(id)
}

/// Takes a holiday of the actor's agency away; those of the whole government stay.
///
/// # Errors
/// Not found.
pub fn remove(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    let gone =
        diesel::delete(holidays::table.filter(holidays::id.eq(id)).filter(holidays::agency_id.eq(actor.agency_id)))
            .execute(tx.conn())?;
    if gone == 0 {
        return Err(Refusal::NotFound("holiday"));
    }
    tx.audit(Audit::of("holiday", id))?;
    Ok(())
}
