//! Adding and changing a retention schedule.

use diesel::prelude::*;
use diwan_archive_api::{Fate, Schedule, ScheduleInput, YEARS_MAX, valid_code};
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{FieldError, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal};
use diwan_schema::archive::schedules;

use super::store;
use crate::order;

/// Adds a schedule.
pub(super) fn create(tx: &mut WriteTx<'_>, actor: &Actor, input: &ScheduleInput) -> Outcome<Schedule> {
    let input = checked(tx, actor.agency_id, None, input)?;
    let id = insert(tx, actor.agency_id, &input, false)?;
    tx.audit(Audit::of("schedule", id).after(&input))?;
    store::view(tx, actor.agency_id, id)
}

/// Puts a checked schedule into the database.
pub(crate) fn insert(tx: &mut WriteTx<'_>, agency_id: i64, input: &ScheduleInput, fallback: bool) -> Outcome<i64> {
    Ok(diesel::insert_into(schedules::table)
        .values((
            schedules::agency_id.eq(agency_id),
            columns(input),
            schedules::fallback.eq(fallback),
            schedules::version.eq(1_i64),
        ))
        .returning(schedules::id)
        .get_result(tx.conn())?)
}

/// Changes a schedule; the documents under it get their new days from a job.
pub(super) fn change(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    id: i64,
    version: i64,
    input: &ScheduleInput,
) -> Outcome<Schedule> {
    let row = store::load(tx, actor.agency_id, id)?;
    if row.version != version {
        return Err(Refusal::stale("schedule", row.version, version));
    }
    let input = checked(tx, actor.agency_id, Some(id), input)?;
    // What nobody has classified must not be destroyed by it.
    if row.fallback && input.action != Fate::Keep {
        return Err(Refusal::field("action", "fallback_keeps"));
    }
    let before = store::view(tx, actor.agency_id, id)?;
    let same = schedules::table.filter(schedules::id.eq(id)).filter(schedules::version.eq(version));
    let rows = diesel::update(same).set((columns(&input), schedules::version.eq(version + 1))).execute(tx.conn())?;
    if rows == 0 {
        return Err(Refusal::stale("schedule", version + 1, version));
    }
    let after = store::view(tx, actor.agency_id, id)?;
    tx.audit(Audit::of("schedule", id).before(&before).after(&after))?;
    order::again(tx, actor.agency_id, order::Which::Schedule(id))?;
    Ok(after)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns<'a>(input: &'a ScheduleInput) -> _ {
    let (code, mandate): (&'a str, &'a str) = (input.code.as_str(), input.mandate.as_str());
    let (name_ar, name_en): (&'a str, &'a str) = (input.name.ar.as_str(), input.name.en.as_str());
    let (starts, action): (&'static str, &'static str) = (input.starts.code(), input.action.code());
    let (years, months): (i32, i32) = (input.years, input.months);
    let new_year: bool = input.new_year;
    let valid_from: chrono::NaiveDate = input.valid_from;
    let valid_to: Option<chrono::NaiveDate> = input.valid_to;
    (
        schedules::code.eq(code),
        schedules::name_ar.eq(name_ar),
        schedules::name_en.eq(name_en),
        schedules::starts.eq(starts),
        schedules::years.eq(years),
        schedules::months.eq(months),
        schedules::new_year.eq(new_year),
        schedules::action.eq(action),
        schedules::mandate.eq(mandate),
        schedules::valid_from.eq(valid_from),
        schedules::valid_to.eq(valid_to),
    )
}

/// The form with clean text; `id` is the schedule that is changed.
fn checked(tx: &mut ReadTx<'_>, agency_id: i64, id: Option<i64>, input: &ScheduleInput) -> Outcome<ScheduleInput> {
    let mut fields = Fields::default();
    let mut clean = input.clone();
    clean.code = input.code.trim().to_owned();
    if !valid_code(&clean.code) {
        fields.push(FieldError::new("code", "bad_code_form"));
    }
    clean.name = fields.name("name", &input.name);
    clean.mandate = fields.take(text::line("mandate", &input.mandate, text::SUBJECT_MAX));
    if !(0..=YEARS_MAX).contains(&input.years) {
        fields.push(FieldError::new("years", "out_of_range").with("min", 0).with("max", YEARS_MAX));
    }
    if !(0..=11).contains(&input.months) {
        fields.push(FieldError::new("months", "out_of_range").with("min", 0).with("max", 11));
    }
    if input.valid_to.is_some_and(|last| last < input.valid_from) {
        fields.push(FieldError::new("valid_to", "before_begin"));
    }
    let same: Option<i64> = schedules::table
        .filter(schedules::agency_id.eq(agency_id))
        .filter(schedules::code.eq(&clean.code))
        .select(schedules::id)
        .first(tx.conn())
        .optional()?;
    if same.is_some_and(|same| Some(same) != id) {
        fields.push(FieldError::new("code", "taken"));
    }
    fields.done()?;
    Ok(clean)
}
