//! Refusing an act, or taking it back, while it waits for its committee.

use diesel::prelude::*;
use diwan_archive_api::{DisposalState, EndInput};
use diwan_db::{Audit, WriteTx};
use diwan_kernel::text;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::archive::{disposal_items, disposals};

use super::store;
use crate::guard;

/// Ends the act with a reason; its documents may be listed again.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &EndInput) -> Outcome<()> {
    store::load(tx, actor, id)?;
    let reason = text::line("reason", &input.reason, text::SUBJECT_MAX)?;
    guard::take(tx, actor.agency_id)?;
    let row = store::load(tx, actor, id)?;
    if row.state()? != DisposalState::Proposed {
        return Err(Refusal::WrongState { state: row.state, action: "refuse_disposal".to_owned() });
    }
    let now = tx.now();
    diesel::update(disposals::table.find(id))
        .set((
            disposals::state.eq(DisposalState::Refused.code()),
            disposals::refusal.eq(Some(&reason)),
            disposals::ended_by.eq(Some(actor.user_id)),
            disposals::ended_at.eq(Some(now)),
            disposals::version.eq(row.version + 1),
        ))
        .execute(tx.conn())?;
    let listed =
        disposal_items::table.filter(disposal_items::disposal_id.eq(id)).filter(disposal_items::state.eq("listed"));
    diesel::update(listed)
        .set((disposal_items::state.eq("spared"), disposal_items::reason.eq(Some("act_refused"))))
        .execute(tx.conn())?;
    tx.audit(Audit::of("disposal", id).after(input))?;
    Ok(())
}
