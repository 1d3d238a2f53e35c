//! The schedule and the day of a document.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_archive_api::{Facts, Fate, Terms, reckon};
use diwan_db::{ReadTx, WriteTx, each_backend};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::{
    archive::{archive_files, archive_volumes, documents, keeping, schedules},
    platform::records,
};

use crate::{classes, schedules::store as rules};

/// How a document is kept, as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = keeping)]
pub(crate) struct KeepingRow {
    pub(crate) record_id: i64,
    pub(crate) agency_id: i64,
    pub(crate) schedule_id: i64,
    pub(crate) chosen: bool,
    pub(crate) event_on: Option<NaiveDate>,
    pub(crate) until_on: Option<NaiveDate>,
    pub(crate) condemned_on: Option<NaiveDate>,
    pub(crate) action: String,
    pub(crate) due_on: Option<NaiveDate>,
    pub(crate) destroyed_on: Option<NaiveDate>,
}

impl KeepingRow {
    /// What follows.
    pub(crate) fn action(&self) -> Outcome<Fate> {
        Ok(self.action.parse()?)
    }

    /// Whether its day has come.
    pub(crate) fn is_due(&self, today: NaiveDate) -> bool {
        self.destroyed_on.is_none() && self.due_on.is_some_and(|due| due <= today)
    }
}

/// How a document is kept.
pub(crate) fn load(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Option<KeepingRow>> {
    Ok(keeping::table.find(record_id).select(KeepingRow::as_select()).first(tx.conn()).optional()?)
}

/// How these documents are kept.
pub(crate) fn of(tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, KeepingRow>> {
    let rows: Vec<KeepingRow> = keeping::table
        .filter(keeping::record_id.eq_any(ids.to_vec()))
        .select(KeepingRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.record_id, row)).collect())
}

/// Puts a document under its schedule and reckons its day. What is destroyed stays as it is.
pub(crate) fn place(tx: &mut WriteTx<'_>, record_id: i64) -> Outcome<()> {
    let row = load(tx, record_id)?;
    if row.as_ref().is_some_and(|row| row.destroyed_on.is_some()) {
        return Ok(());
    }
    let (agency_id, class_code): (i64, Option<String>) =
        records::table.find(record_id).select((records::agency_id, records::class_code)).first(tx.conn())?;
    let chosen = row.as_ref().filter(|row| row.chosen).map(|row| row.schedule_id);
    let schedule = match chosen {
        Some(id) => rules::load(tx, agency_id, id)?,
        None => inherited(tx, agency_id, class_code.as_deref())?,
    };
    let terms = Terms { starts: schedule.starts()?, period: schedule.period(), action: schedule.action()? };
    let (action, due_on) = reckon(terms, facts(tx, record_id, row.as_ref())?);
    let state = (keeping::schedule_id.eq(schedule.id), keeping::action.eq(action.code()), keeping::due_on.eq(due_on));
    if row.is_some() {
        let open = keeping::table.filter(keeping::record_id.eq(record_id)).filter(keeping::destroyed_on.is_null());
        diesel::update(open).set(state).execute(tx.conn())?;
        return Ok(());
    }
    let new = (keeping::record_id.eq(record_id), keeping::agency_id.eq(agency_id), keeping::chosen.eq(false), state);
    each_backend!(tx.conn(), c => diesel::insert_into(keeping::table).values(new).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The schedule of the class; what has no class, or one without a schedule, is under the agency's fallback.
fn inherited(tx: &mut WriteTx<'_>, agency_id: i64, class: Option<&str>) -> Outcome<rules::ScheduleRow> {
    classes::begin(tx, agency_id)?;
    let class = match class {
        Some(code) => classes::store::of_code(tx, agency_id, code)?,
        None => None,
    };
    if let Some(id) = class.and_then(|class| class.schedule_id) {
        return rules::load(tx, agency_id, id);
    }
    schedules::table
        .filter(schedules::agency_id.eq(agency_id))
        .filter(schedules::fallback.eq(true))
        .select(rules::ScheduleRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or_else(|| Refusal::Internal(format!("agency {agency_id} has no schedule for what has no class")))
}

fn facts(tx: &mut ReadTx<'_>, record_id: i64, row: Option<&KeepingRow>) -> Outcome<Facts> {
    let (filed_at, dated, volume): (NaiveDateTime, NaiveDate, Option<i64>) = documents::table
        .find(record_id)
        .select((documents::filed_at, documents::doc_date, documents::volume_id))
        .first(tx.conn())?;
    let closed = match volume {
        Some(volume) => archive_files::table
            .inner_join(archive_volumes::table.on(archive_volumes::file_id.eq(archive_files::id)))
            .filter(archive_volumes::id.eq(volume))
            .select(archive_files::closed_on)
            .first(tx.conn())?,
        None => None,
    };
    Ok(Facts {
        filed: tx.day_of(filed_at),
        dated,
        closed,
        event: row.and_then(|row| row.event_on),
        until: row.and_then(|row| row.until_on),
        condemned: row.and_then(|row| row.condemned_on),
    })
}
