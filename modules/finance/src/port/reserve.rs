//! Reserving (حجز مخصصات): a requisition of another module sets money aside before anything is ordered.

use diwan_db::WriteTx;
use diwan_finance_api::{Bucket, DocumentKind, MoveKind};
use diwan_platform::{Actor, Outcome};

use super::{
    calls::{self, Call, Done, Operation},
    holds::{self, HoldKind},
    keys::{self, KeyAmount},
};
use crate::ledger::{
    Spend,
    moves::{self, Cause},
    open_period,
};

/// Sets money aside: available → pre-committed. Answers the reservation.
///
/// # Errors
/// `budget_short` with the arithmetic; `period_closed`, `no_period`, `no_fiscal_year`; keys and amounts that are wrong;
/// the record is out of scope; `idempotency_mismatch`.
pub fn reserve(tx: &mut WriteTx<'_>, actor: &Actor, call: &Call<'_>, asked: &[KeyAmount]) -> Outcome<i64> {
    calls::once(tx, actor, (call, Operation::Reserve), &asked, |tx, call_id| {
        let wanted = keys::wanted(tx, actor, call.on, asked)?;
        open_period(tx, actor.agency_id, DocumentKind::Commitment, (call.on, false))?;
        let id = holds::insert(tx, actor, (call, call_id), (HoldKind::Reservation, None), &wanted)?;
        let way = (Bucket::Available, Bucket::PreCommitted);
        let moves = wanted.amounts.iter().filter_map(|(key, amount)| wanted.shift(*key, way, *amount)).collect();
        moves::apply(tx, &cause(actor, call), &[Spend { kind: MoveKind::Reserve, moves }])?;
        Ok(Done { answer: id, entry_id: None })
    })
}

/// What the moves of a call are written for.
pub(super) const fn cause(actor: &Actor, call: &Call<'_>) -> Cause {
    Cause { record_id: call.record_id, entry_id: None, effective_on: call.on, by: actor.user_id }
}
