//! Lifting a hold.

use diesel::prelude::*;
use diwan_archive_api::{EndInput, Hold};
use diwan_db::{Audit, WriteTx};
use diwan_kernel::text;
use diwan_platform::{Actor, Outcome, Refusal, records::CHANGED};
use diwan_schema::archive::{hold_records, holds};
use serde_json::json;

use super::store;

/// Lifts a hold with a reason; it stays in the list.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &EndInput) -> Outcome<Hold> {
    store::load(tx, actor.agency_id, id)?;
    let reason = text::line("reason", &input.reason, text::SUBJECT_MAX)?;
    let now = tx.now();
    let open = holds::table.filter(holds::id.eq(id)).filter(holds::lifted_at.is_null());
    let lifted = diesel::update(open)
        .set((
            holds::lifted_by.eq(Some(actor.user_id)),
            holds::lifted_at.eq(Some(now)),
            holds::lift_reason.eq(Some(&reason)),
        ))
        .execute(tx.conn())?;
    if lifted == 0 {
        return Err(Refusal::WrongState { state: "lifted".to_owned(), action: "lift".to_owned() });
    }
    let records: Vec<i64> =
        hold_records::table.filter(hold_records::hold_id.eq(id)).select(hold_records::record_id).load(tx.conn())?;
    for record_id in records {
        tx.audit(Audit::of_record(record_id).detail(json!({ "hold": id, "reason": reason })))?;
        tx.outbox(CHANGED, Some(actor.agency_id), Some(record_id), &())?;
    }
    let after = store::load(tx, actor.agency_id, id)?;
    let after = store::view(tx, after)?;
    tx.audit(Audit::of("hold", id).after(&after))?;
    Ok(after)
}
