//! How long a document is kept, as its page tells it.

use diesel::prelude::*;
use diwan_archive_api::{Keeping, Review};
use diwan_db::ReadTx;
use diwan_kernel::{Named, Permission};
use diwan_platform::{Actor, Outcome, records::store as records};
use diwan_platform_api::records::Ref;
use diwan_schema::archive::{disposal_items, reviews, schedules};

use super::store;
use crate::{holds, schedules::store as rules};

/// How long a document is kept; none for one that was filed before there were schedules and waits for its own. The caller
/// has loaded it in scope.
pub(crate) fn view(tx: &mut ReadTx<'_>, actor: &Actor, record_id: i64) -> Outcome<Option<Keeping>> {
    let Some(row) = store::load(tx, record_id)? else { return Ok(None) };
    let schedule = rules::load(tx, row.agency_id, row.schedule_id)?;
    let holds = holds::store::on(tx, row.agency_id, &[record_id])?.remove(&record_id).unwrap_or_default();
    let disposal_id = disposal_items::table
        .filter(disposal_items::record_id.eq(record_id))
        .filter(disposal_items::state.ne("spared"))
        .select(disposal_items::disposal_id)
        .first(tx.conn())
        .optional()?;
    Ok(Some(Keeping {
        schedule: Ref { id: schedule.id, name: schedule.name() },
        chosen: row.chosen,
        starts: schedule.starts()?,
        schedule_code: schedule.code,
        event_on: row.event_on,
        action: row.action()?,
        due_on: row.due_on,
        destroyed_on: row.destroyed_on,
        holds,
        disposal_id,
        reviews: decided(tx, record_id)?,
        may_dispose: actor.can(Permission::ArchiveDispose),
    }))
}

fn decided(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Vec<Review>> {
    type Row = (String, Option<chrono::NaiveDate>, Option<i64>, String, i64, chrono::NaiveDateTime);
    let rows: Vec<Row> = reviews::table
        .filter(reviews::record_id.eq(record_id))
        .order(reviews::id.desc())
        .limit(50)
        .select((
            reviews::decision,
            reviews::until_on,
            reviews::schedule_id,
            reviews::note,
            reviews::decided_by,
            reviews::decided_at,
        ))
        .load(tx.conn())?;
    let mut out = Vec::with_capacity(rows.len());
    for (decision, until_on, schedule_id, note, by, at) in rows {
        let schedule = match schedule_id {
            Some(id) => {
                let (ar, en) =
                    schedules::table.find(id).select((schedules::name_ar, schedules::name_en)).first(tx.conn())?;
                Some(Named { ar, en })
            }
            None => None,
        };
        out.push(Review { decision: decision.parse()?, until_on, schedule, note, by: records::user_ref(tx, by)?, at });
    }
    Ok(out)
}
