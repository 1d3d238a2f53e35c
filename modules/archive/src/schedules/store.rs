//! Retention schedules in the database.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_archive_api::{Fate, Period, RetentionStart, Schedule};
use diwan_db::ReadTx;
use diwan_kernel::{FieldError, Named};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::archive::{classes, schedules};

/// A schedule as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = schedules)]
pub(crate) struct ScheduleRow {
    pub(crate) id: i64,
    pub(crate) code: String,
    pub(crate) name_ar: String,
    pub(crate) name_en: String,
    pub(crate) starts: String,
    pub(crate) years: i32,
    pub(crate) months: i32,
    pub(crate) new_year: bool,
    pub(crate) action: String,
    pub(crate) mandate: String,
    pub(crate) valid_from: NaiveDate,
    pub(crate) valid_to: Option<NaiveDate>,
    pub(crate) fallback: bool,
    pub(crate) version: i64,
}

impl ScheduleRow {
    /// Its name.
    pub(crate) fn name(&self) -> Named {
        Named { ar: self.name_ar.clone(), en: self.name_en.clone() }
    }

    /// Its period.
    pub(crate) fn period(&self) -> Period {
        Period { years: self.years, months: self.months, new_year: self.new_year }
    }

    /// From when it runs.
    pub(crate) fn starts(&self) -> Outcome<RetentionStart> {
        Ok(self.starts.parse()?)
    }

    /// What follows.
    pub(crate) fn action(&self) -> Outcome<Fate> {
        Ok(self.action.parse()?)
    }

    /// Whether it may be given to a class or a document on a day.
    pub(crate) fn in_force(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// The schedules of an agency in the order of their codes.
pub(crate) fn all(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<ScheduleRow>> {
    Ok(schedules::table
        .filter(schedules::agency_id.eq(agency_id))
        .order(schedules::code)
        .select(ScheduleRow::as_select())
        .load(tx.conn())?)
}

/// A schedule of the agency.
pub(crate) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<ScheduleRow> {
    schedules::table
        .filter(schedules::id.eq(id))
        .filter(schedules::agency_id.eq(agency_id))
        .select(ScheduleRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("schedule"))
}

/// The schedule that may be given to something today.
pub(crate) fn to_give(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<ScheduleRow> {
    let row = match load(tx, agency_id, id) {
        Err(Refusal::NotFound(_)) => return Err(Refusal::field("schedule_id", "unknown")),
        other => other?,
    };
    if row.in_force(tx.today()) {
        return Ok(row);
    }
    Err(FieldError::new("schedule_id", "schedule_not_in_force").with("code", row.code).into())
}

/// The schedules as the wire has them.
pub(super) fn list(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<Schedule>> {
    let counted: Vec<(Option<i64>, i64)> = classes::table
        .filter(classes::agency_id.eq(agency_id))
        .group_by(classes::schedule_id)
        .select((classes::schedule_id, diesel::dsl::count_star()))
        .load(tx.conn())?;
    let counted: BTreeMap<i64, i64> = counted.into_iter().filter_map(|(id, count)| Some((id?, count))).collect();
    all(tx, agency_id)?.into_iter().map(|row| dto(row, &counted)).collect()
}

/// A schedule as the wire has it.
pub(super) fn view(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<Schedule> {
    let row = load(tx, agency_id, id)?;
    let count = classes::table.filter(classes::schedule_id.eq(id)).count().get_result(tx.conn())?;
    dto(row, &BTreeMap::from([(id, count)]))
}

fn dto(row: ScheduleRow, counted: &BTreeMap<i64, i64>) -> Outcome<Schedule> {
    Ok(Schedule {
        starts: row.starts()?,
        action: row.action()?,
        name: row.name(),
        classes: counted.get(&row.id).copied().unwrap_or_default(),
        id: row.id,
        code: row.code,
        years: row.years,
        months: row.months,
        new_year: row.new_year,
        mandate: row.mandate,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        fallback: row.fallback,
        version: row.version,
    })
}
