//! What the bank executed (تنفيذ الدفعة): posted as one entry of its day, with the budget and the cash of the lines.

use diesel::prelude::*;
use diwan_db::{Audit, Keep, WriteTx};
use diwan_finance_api::{ExecutePayments, PaymentItemState, PaymentRunAction};
use diwan_platform::{Actor, Outcome, records::CHANGED};
use diwan_schema::finance::payment_items;
use serde_json::json;

use super::store::{self, ItemRow};
use crate::payments::{
    account,
    books::{self, Cause, Payment, Way},
    owed,
};

/// An item as it is posted.
pub(super) fn payment(item: &ItemRow) -> Payment {
    Payment {
        document_id: item.document_id,
        amount: item.amount,
        base_amount: item.base_amount,
        reference: item.end_to_end.clone(),
    }
}

/// Posts items of a run that was sent; once nothing of it is pending, the run has ended.
///
/// # Errors
/// Not found; wrong state; the right is missing; `no_pending_items`; the field `items`: `item_state`; the field `on`:
/// `in_future`, `before_day`; what the ledgers refuse; `cash_short` where runs that were approved before orders held cash
/// had ordered more than was released.
pub fn execute(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ExecutePayments) -> Outcome<()> {
    let (run, record) = store::take(tx, actor, (id, None), PaymentRunAction::Execute)?;
    let items = store::chosen(tx, id, (&input.items, true), PaymentItemState::Pending)?;
    // Not before it was approved, and not before what it pays was owed.
    let paid: Vec<i64> = items.iter().map(|item| item.document_id).collect();
    let first = owed::last_day(tx, &paid)?.max(run.approved_on);
    owed::day(tx, input.on, first.unwrap_or(input.on))?;
    let account = account::load(tx, run.agency_id, run.bank_account_id)?;
    let payments: Vec<Payment> = items.iter().map(payment).collect();
    let cause = Cause { agency_id: run.agency_id, record_id: id, on: input.on, by: actor.user_id };
    let entry_id = books::post(tx, cause, &account, (Way::Ordered, &payments))?;
    for (at, item) in items.iter().enumerate() {
        diesel::update(payment_items::table.find(item.id))
            .set((
                payment_items::state.eq(PaymentItemState::Executed.code()),
                payment_items::executed_on.eq(input.on),
                payment_items::entry_id.eq(entry_id),
                payment_items::entry_seq.eq(books::bank_seq(at)?),
            ))
            .kept()
            .execute(tx.conn())?;
    }
    store::settle(tx, &run, &record)?;
    let detail = json!({ "executed": items.len(), "on": input.on, "entry": entry_id });
    tx.audit(Audit::of_record(id).detail(detail))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}
