//! Posting (قيد) what spends no budget: stores that are issued, values that are put right.

use diwan_db::WriteTx;
use diwan_finance_api::DocumentKind;
use diwan_kernel::money;
use diwan_platform::{Actor, Outcome, Refusal};

use super::{
    calls::{self, Call, Done, Operation},
    entry,
};
use crate::{
    ledger::{Entry, Line},
    payments::post_covered,
    structure::years,
};

/// Posts a balanced entry. Lines on accounts that spend budget are taken where debits and credits of each key are equal, as
/// when stores become an expense of the key they were bought with. Answers the entry.
///
/// # Errors
/// `spends_budget` with the key and what is spent of it; `unbalanced`; `period_closed`, `no_period`, `no_fiscal_year`; each
/// wrong line by its field; `source_short` of a box of cash; the record is out of scope; `idempotency_mismatch`.
pub fn post(tx: &mut WriteTx<'_>, actor: &Actor, call: &Call<'_>, lines: &[Line]) -> Outcome<i64> {
    calls::once(tx, actor, (call, Operation::Post), &lines, |tx, _| {
        let year_id = years::of_day(tx, actor.agency_id, call.on)?;
        let known = entry::known(tx, (actor.agency_id, year_id), lines)?;
        if let Some((key, amount)) = known.spent(lines)? {
            let amount = money::format(amount, money::JOD_SCALE);
            return Err(Refusal::rule("spends_budget", [("key", key), ("amount", amount)]));
        }
        let entry = Entry {
            agency_id: actor.agency_id,
            record_id: call.record_id,
            kind: DocumentKind::JournalVoucher,
            effective_on: call.on,
            complementary: false,
            reverses: None,
            lines: lines.to_vec(),
            spends: Vec::new(),
        };
        let entry_id = post_covered(tx, actor.user_id, &entry, |_| true)?;
        Ok(Done { answer: entry_id, entry_id: Some(entry_id) })
    })
}
