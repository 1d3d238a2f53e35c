//! A call is done once for its key, and leaves a row that names the record of the caller.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, WriteTx, digest, each_backend};
use diwan_kernel::{codes, text};
use diwan_platform::{Actor, Outcome, Refusal, records};
use diwan_schema::finance::port_calls;
use serde::Serialize;
use serde_json::json;

/// The longest key.
const KEY_MAX: usize = 200;

codes! {
    /// A module that calls.
    pub enum Module {
        /// المشتريات.
        Procurement = "procurement",
        /// المستودعات.
        Inventory = "inventory",
        /// الموارد البشرية: payroll.
        Hr = "hr",
        /// المركبات.
        Fleet = "fleet",
    }

    /// What a call does.
    pub enum Operation {
        /// حجز.
        Reserve = "reserve",
        /// التزام.
        Commit = "commit",
        /// استحقاق.
        Liquidate = "liquidate",
        /// تحرير.
        Release = "release",
        /// قيد.
        Post = "post",
    }
}

/// Who calls, for what, and from which day it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    /// The module.
    pub module: Module,
    /// Names the call among all of the module's in the agency, as in `order-17-commit`.
    pub key: &'a str,
    /// The record of the module, in the actor's scope.
    pub record_id: i64,
    /// The day from which it counts.
    pub on: NaiveDate,
}

/// What a call came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Done {
    /// What is answered.
    pub(super) answer: i64,
    /// The entry that was posted.
    pub(super) entry_id: Option<i64>,
}

/// Does `work` once for the key of the call; it is told the id of the call's row. A repetition answers what the first one
/// answered; two at the same time wait for each other.
///
/// # Errors
/// The record is out of scope; `idempotency_mismatch` for another request under the key; those of `work`, after which the
/// key is free again.
pub(super) fn once<'a>(
    tx: &mut WriteTx<'a>,
    actor: &Actor,
    (call, operation): (&Call<'_>, Operation),
    request: &impl Serialize,
    work: impl FnOnce(&mut WriteTx<'a>, i64) -> Outcome<Done>,
) -> Outcome<i64> {
    let key = text::line("key", call.key, KEY_MAX)?;
    records::load_visible(tx, actor, call.record_id)?;
    let hash = digest(&(operation, call.record_id, call.on, request))?;
    tx.attempt(|tx| {
        let first = begin(tx, actor, (call, operation), (&key, &hash))?;
        let (id, known, answer) = row(tx, actor.agency_id, call.module, &key)?;
        if !first && known != hash {
            return Err(Refusal::rule("idempotency_mismatch", [("key", key)]));
        }
        if !first {
            return earlier(tx, call, &key, answer);
        }
        let done = work(tx, id)?;
        diesel::update(port_calls::table.find(id))
            .set((
                port_calls::answer.eq(done.answer),
                port_calls::entry_id.eq(done.entry_id),
                port_calls::answered.eq(true),
            ))
            .execute(tx.conn())?;
        let detail = json!({ "module": call.module, "operation": operation, "key": key, "entry": done.entry_id });
        tx.audit(Audit::of_record(call.record_id).detail(detail))?;
        Ok(done.answer)
    })?
}

/// Writes the row of the call; `false` where the key has one. On PostgreSQL this waits for a transaction that has the same key.
fn begin(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (call, operation): (&Call<'_>, Operation),
    (key, hash): (&str, &str),
) -> Outcome<bool> {
    let now = tx.now();
    let row = (
        port_calls::agency_id.eq(actor.agency_id),
        port_calls::module.eq(call.module.code()),
        port_calls::key.eq(key),
        port_calls::operation.eq(operation.code()),
        port_calls::request_hash.eq(hash),
        port_calls::record_id.eq(call.record_id),
        port_calls::effective_on.eq(call.on),
        port_calls::called_by.eq(actor.user_id),
        port_calls::called_at.eq(now),
        port_calls::answered.eq(false),
        port_calls::whole.eq(true),
    );
    let written = each_backend!(tx.conn(), c => diesel::insert_into(port_calls::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(written == 1)
}

/// The row of a key: its id, the hash of its request, its answer.
fn row(tx: &mut WriteTx<'_>, agency_id: i64, module: Module, key: &str) -> Outcome<(i64, String, Option<i64>)> {
    Ok(port_calls::table
        .filter(port_calls::agency_id.eq(agency_id))
        .filter(port_calls::module.eq(module.code()))
        .filter(port_calls::key.eq(key))
        .select((port_calls::id, port_calls::request_hash, port_calls::answer))
        .first(tx.conn())?)
}

/// What the first call answered.
fn earlier(tx: &mut WriteTx<'_>, call: &Call<'_>, key: &str, answer: Option<i64>) -> Outcome<i64> {
    // A write leaves a trace, even one that changed nothing.
    tx.audit(Audit::of_record(call.record_id).detail(json!({ "module": call.module, "repeated": key })))?;
    answer.ok_or_else(|| Refusal::Internal(format!("the call {key} has no answer")))
}
