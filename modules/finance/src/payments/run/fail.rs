//! What the bank did not do, or took back: refused transfers (حوالات مرفوضة) and returned ones (حوالات مرتجعة). What they paid is
//! open again.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_db::{Audit, Keep, WriteTx};
use diwan_finance_api::{PaymentItemState, PaymentRunAction, ReturnPayments};
use diwan_kernel::text;
use diwan_platform::{Actor, Outcome, records::CHANGED};
use diwan_schema::finance::payment_items;
use serde_json::json;

use super::{execute::payment, store};
use crate::{
    bank,
    payments::{
        account,
        books::{self, Cause, Payment, Way},
        owed,
    },
};

/// Takes down that the bank refused items of a run that was sent: nothing was posted for them, and their cash is free again.
///
/// # Errors
/// Not found; wrong state; the right is missing; no reason; the field `items`: `required`, `item_state`; the field `on`:
/// `in_future`, `before_day`; `paid_by_bank` with the first whose reference an open line of the bank has as paid.
pub fn reject(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ReturnPayments) -> Outcome<()> {
    let (run, record) = store::take(tx, actor, (id, None), PaymentRunAction::Reject)?;
    let reason = text::lines("reason", &input.reason, text::NOTE_MAX)?;
    owed::day(tx, input.on, run.approved_on.unwrap_or(input.on))?;
    let items = store::chosen(tx, id, (&input.items, false), PaymentItemState::Pending)?;
    let called: Vec<(i64, &str)> = items.iter().map(|item| (item.id, item.end_to_end.as_str())).collect();
    bank::not_named(tx, (run.agency_id, run.bank_account_id), &called)?;
    let documents: BTreeSet<i64> = items.iter().map(|item| item.document_id).collect();
    owed::turn(tx, &documents)?;
    books::give_up(tx, &documents)?;
    for item in &items {
        diesel::update(payment_items::table.find(item.id))
            .set((
                payment_items::state.eq(PaymentItemState::Rejected.code()),
                payment_items::failed_on.eq(input.on),
                payment_items::reason.eq(&reason),
            ))
            .kept()
            .execute(tx.conn())?;
    }
    store::settle(tx, &run, &record)?;
    let detail = json!({ "rejected": items.len(), "on": input.on, "reason": reason });
    tx.audit(Audit::of_record(id).detail(detail))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// Posts that executed items came back: the bank against what is owed, paid money to obligated, cash back to the lines.
///
/// # Errors
/// As [`reject`]; what the ledgers refuse.
pub fn give_back(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ReturnPayments) -> Outcome<()> {
    let (run, record) = store::take(tx, actor, (id, None), PaymentRunAction::Return)?;
    let reason = text::lines("reason", &input.reason, text::NOTE_MAX)?;
    let items = store::chosen(tx, id, (&input.items, false), PaymentItemState::Executed)?;
    let last = items.iter().filter_map(|item| item.executed_on).max();
    owed::day(tx, input.on, last.unwrap_or(input.on))?;
    owed::turn(tx, &items.iter().map(|item| item.document_id).collect::<BTreeSet<_>>())?;
    let account = account::load(tx, run.agency_id, run.bank_account_id)?;
    let payments: Vec<Payment> = items.iter().map(payment).collect();
    let cause = Cause { agency_id: run.agency_id, record_id: id, on: input.on, by: actor.user_id };
    let entry_id = books::post(tx, cause, &account, (Way::Back, &payments))?;
    for (at, item) in items.iter().enumerate() {
        diesel::update(payment_items::table.find(item.id))
            .set((
                payment_items::state.eq(PaymentItemState::Returned.code()),
                payment_items::failed_on.eq(input.on),
                payment_items::return_entry_id.eq(entry_id),
                payment_items::return_seq.eq(books::bank_seq(at)?),
                payment_items::reason.eq(&reason),
            ))
            .kept()
            .execute(tx.conn())?;
    }
    store::settle(tx, &run, &record)?;
    let detail = json!({ "returned": items.len(), "on": input.on, "entry": entry_id, "reason": reason });
    tx.audit(Audit::of_record(id).detail(detail))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}
