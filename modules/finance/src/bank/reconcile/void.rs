//! Giving a draft up (إلغاء التسوية): before anything is submitted it is nobody's proof, and pins no statement.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::ReconciliationState;
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, state},
};
use diwan_schema::finance::reconciliations;
use serde_json::json;

use super::store;

/// What its record is from then on.
const VOID: &str = "void";

/// Gives a draft up: its record stays with its trail, its row goes, and the matches are as they were.
///
/// # Errors
/// Not found; another version; not a draft.
pub fn void(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    let (row, account, record) =
        store::take(tx, actor, (id, version), (ReconciliationState::Draft, "void_reconciliation"))?;
    diesel::delete(reconciliations::table.find(id)).execute(tx.conn())?;
    state::close(tx, &record, VOID)?;
    tx.audit(Audit::of_record(id).detail(json!({ "state": VOID, "day": row.day, "account": account.shown() })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}
