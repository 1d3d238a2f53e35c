//! Giving up a run before it goes to the bank (إلغاء الدفعة): what it held may be paid otherwise.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{PaymentItemState, PaymentReason, PaymentRunAction, PaymentRunState};
use diwan_kernel::text;
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, numbers, state},
};
use diwan_schema::finance::payment_runs;
use serde_json::json;

use super::store;
use crate::payments::{books, owed};

/// Gives up a draft or an approved run; its number, where it has one, stays with the reason.
///
/// # Errors
/// Not found; wrong state; another version; the right is missing; no reason.
pub fn void(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &PaymentReason) -> Outcome<()> {
    let (run, record) = store::take(tx, actor, (id, Some(version)), PaymentRunAction::Void)?;
    let reason = text::lines("reason", &input.reason, text::NOTE_MAX)?;
    let items = store::items(tx, id, Some(PaymentItemState::Pending))?;
    let documents: BTreeSet<i64> = items.iter().map(|item| item.document_id).collect();
    owed::turn(tx, &documents)?;
    if run.approved_by.is_some() {
        books::give_up(tx, &documents)?;
    }
    // The database releases the items with it.
    diesel::update(payment_runs::table.find(id))
        .set((payment_runs::state.eq(PaymentRunState::Void.code()), payment_runs::reason.eq(&reason)))
        .execute(tx.conn())?;
    if run.approved_by.is_some() {
        numbers::void(tx, actor, id, &reason)?;
    }
    state::close(tx, &record, PaymentRunState::Void.code())?;
    tx.audit(Audit::of_record(id).detail(json!({ "reason": reason, "released": items.len() })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}
