//! Noting that an incoming letter, or a task on it, was opened: the sender and the one who referred it see that.

use diwan_db::{Audit, WriteTx};
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, tasks},
};
use diwan_tarasol_api::DeliveryState;

use super::store;

/// Marks the delivery and the actor's open tasks as opened.
///
/// # Errors
/// Not found; the database fails.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    let (record, _) = store::load_visible(tx, actor, id)?;
    let mine: Vec<i64> = tasks::list(tx, actor, id)?
        .iter()
        .filter(|task| task.mine && task.opened_at.is_none())
        .map(|task| task.id)
        .collect();
    tasks::mark_opened(tx, &mine)?;
    if let Some(delivery) = store::delivery_by_incoming(tx, id)?
        && store::move_delivery(tx, &delivery, &[DeliveryState::Delivered], DeliveryState::Opened, None)?
    {
        tx.audit(Audit::of_record(delivery.record_id).agency(record.agency_id))?;
        tx.outbox(CHANGED, Some(delivery.from_agency_id), Some(delivery.record_id), &())?;
    }
    tx.audit(Audit::of_record(id))?;
    Ok(())
}
