//! The vouchers of calls (مستندات الصرف عن الوحدات): which payment voucher stands for which call, and which commitment of the
//! module it draws on when it is posted.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_finance_api::Bucket;
use diwan_platform::Outcome;
use diwan_schema::finance::{budget_moves, port_vouchers};

use super::holds::{self, Hold};
use crate::documents::DocumentRow;

/// Writes which voucher stands for a call. The database takes it while the call is under way and never after.
pub(super) fn insert(
    tx: &mut WriteTx<'_>,
    agency_id: i64,
    (document_id, call_id): (i64, i64),
    hold_id: Option<i64>,
) -> Outcome<()> {
    diesel::insert_into(port_vouchers::table)
        .values((
            port_vouchers::document_id.eq(document_id),
            port_vouchers::agency_id.eq(agency_id),
            port_vouchers::call_id.eq(call_id),
            port_vouchers::hold_id.eq(hold_id),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes of the commitment that a voucher draws on what is open of these keys on its day, at most what is wanted of each; answers
/// what was there. Nothing for a voucher that draws on none.
///
/// # Errors
/// The voucher was dated into another year than that of the commitment, or before it; `source_short_before`.
pub(crate) fn draw(
    tx: &mut WriteTx<'_>,
    document: &DocumentRow,
    wanted: &BTreeMap<i64, i64>,
) -> Outcome<BTreeMap<i64, i64>> {
    let on = document.effective_on;
    match take(tx, document.record_id)? {
        Some(hold) if hold.year_id != document.year_id => Err(holds::of_other_year(tx, hold)?),
        Some(hold) => {
            holds::made(tx, hold, ("effective_on", on))?;
            holds::draw(tx, (hold, on), wanted)
        }
        None => Ok(BTreeMap::new()),
    }
}

/// Looks whether a voucher may draw so much of its commitment on its day, as [`draw`] will.
///
/// # Errors
/// The voucher is dated before it; `source_short_before`.
pub(crate) fn check(tx: &mut ReadTx<'_>, document: &DocumentRow, wanted: &BTreeMap<i64, i64>) -> Outcome<()> {
    match hold_of(tx, document.record_id)? {
        Some(hold) => holds::check(tx, (hold, document.effective_on), wanted),
        None => Ok(()),
    }
}

/// Gives back to it what the voucher drew: the voucher is being taken back.
///
/// # Errors
/// The database fails.
pub(crate) fn give_back(tx: &mut WriteTx<'_>, document_id: i64) -> Outcome<()> {
    let Some(hold) = take(tx, document_id)? else { return Ok(()) };
    let drawn: Vec<(Option<i64>, i64)> = budget_moves::table
        .filter(budget_moves::record_id.eq(document_id))
        .filter(budget_moves::source.eq(Bucket::Committed.code()))
        .select((budget_moves::key_id, budget_moves::amount))
        .load(tx.conn())?;
    for (key, amount) in drawn {
        if let Some(key) = key {
            holds::give_back(tx, hold, (key, amount))?;
        }
    }
    Ok(())
}

/// Waits for whoever draws on the commitment of a voucher, where it has one.
fn take(tx: &mut WriteTx<'_>, document_id: i64) -> Outcome<Option<Hold>> {
    hold_of(tx, document_id)?.map(|id| holds::take_again(tx, id)).transpose()
}

/// The commitment of a voucher.
fn hold_of(tx: &mut ReadTx<'_>, document_id: i64) -> Outcome<Option<i64>> {
    let hold_id: Option<Option<i64>> = port_vouchers::table
        .find(document_id)
        .select(port_vouchers::hold_id)
        .kept()
        .get_result(tx.conn())
        .optional()?;
    Ok(hold_id.flatten())
}
