//! Closing a commitment (إغلاق الالتزام): what was not spent of it is available again.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{Bucket, DocumentAction, DocumentNote, DocumentState, MoveKind};
use diwan_kernel::Permission;
use diwan_platform::{
    Actor, Outcome,
    records::{CHANGED, notes, state},
};
use diwan_schema::finance::{budget_keys, finance_documents, finance_lines, fiscal_years};

use super::{posting::draw, step, store};
use crate::ledger::{
    Spend,
    moves::{self, Cause, Move},
    open_period,
};

/// Gives the remainder back to its lines: today, or on the day to come on which the last of it came back.
///
/// # Errors
/// Not a commitment, not posted; stale version; no reason; a missing right; the period of the day is closed.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &DocumentNote) -> Outcome<()> {
    let (record, document) = store::load_visible(tx, actor, id)?;
    let kind = document.kind()?;
    step::check(&record, kind, DocumentAction::Close)?;
    actor.require(Permission::FinanceBudget)?;
    state::fresh(tx, &record, version)?;
    let reason = notes::required(input.note.as_deref())?;
    let last: chrono::NaiveDate =
        fiscal_years::table.find(document.year_id).select(fiscal_years::ends_on).first(tx.conn())?;
    // What a voucher gives back on a day to come is not there before it. Nobody draws or gives back meanwhile.
    draw::take(tx, id)?;
    let back = draw::came_back_on(tx, id)?.unwrap_or(document.effective_on);
    let effective_on = tx.today().max(back).clamp(document.effective_on.min(last), last);
    // Of one that is drawn to the end only its slices end.
    if document.to_settle > 0 {
        open_period(tx, document.agency_id, kind, (effective_on, false))?;
    }
    // The row first: whoever draws on the commitment now comes before or after, never between.
    state::close(tx, &record, DocumentState::Closed.code())?;
    diesel::update(finance_documents::table.find(id)).set(finance_documents::to_settle.eq(0_i64)).execute(tx.conn())?;
    let open: Vec<(i64, i64, i64)> = finance_lines::table
        .inner_join(budget_keys::table.on(budget_keys::id.nullable().eq(finance_lines::key_id)))
        .filter(finance_lines::record_id.eq(id))
        .filter(finance_lines::open.gt(0))
        .order(finance_lines::seq)
        .select((budget_keys::line_id, budget_keys::id, finance_lines::open))
        .load(tx.conn())?;
    let one = |(line_id, key, amount): (i64, i64, i64)| Move {
        line_id,
        key_id: Some(key),
        source: Bucket::Committed,
        target: Bucket::Available,
        amount,
    };
    let back = Spend { kind: MoveKind::Release, moves: open.into_iter().map(one).collect() };
    let cause = Cause { record_id: id, entry_id: None, effective_on, by: actor.user_id };
    moves::apply(tx, &cause, &[back])?;
    diesel::update(finance_lines::table.filter(finance_lines::record_id.eq(id)))
        .set(finance_lines::open.eq(0_i64))
        .execute(tx.conn())?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "reason": reason })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}
