//! Releasing (تحرير): what is left of a reservation or a commitment is available again.

use diwan_db::WriteTx;
use diwan_finance_api::{DocumentKind, MoveKind};
use diwan_kernel::money;
use diwan_platform::{Actor, Outcome, Refusal};

use super::{
    calls::{self, Call, Done, Operation},
    commit::given_back,
    holds,
    reserve::cause,
};
use crate::{
    ledger::{Spend, moves, open_period},
    structure::years,
};

/// Gives back what is left of a reservation or a commitment; answers how much that was, in minor units of the base currency.
///
/// # Errors
/// The module has none of that id; `hold_of_other_year`; the field `on`: `before_day` with that of the hold; `source_short_before`:
/// what is open came back later; `period_closed`, `no_period`; the record is out of scope; `idempotency_mismatch`.
pub fn release(tx: &mut WriteTx<'_>, actor: &Actor, call: &Call<'_>, hold_id: i64) -> Outcome<i64> {
    calls::once(tx, actor, (call, Operation::Release), &hold_id, |tx, _| {
        open_period(tx, actor.agency_id, DocumentKind::Commitment, (call.on, false))?;
        let year_id = years::of_day(tx, actor.agency_id, call.on)?;
        let hold = holds::take_in(tx, actor, call, (hold_id, year_id))?;
        let open = holds::empty(tx, (hold, call.on))?;
        let mut sum = 0_i64;
        for (_, _, amount) in &open {
            let more = sum.checked_add(*amount).filter(|sum| *sum <= money::AMOUNT_MAX);
            sum = more.ok_or_else(|| Refusal::rule("amount_overflow", []))?;
        }
        let moves = open.into_iter().map(given_back(hold.kind.bucket())).collect();
        moves::apply(tx, &cause(actor, call), &[Spend { kind: MoveKind::Release, moves }])?;
        Ok(Done { answer: sum, entry_id: None })
    })
}
