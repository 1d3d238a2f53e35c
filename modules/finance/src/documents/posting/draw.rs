//! Drawing on another document: a voucher on a commitment, a settlement on an advance, a refund on a deposit. The row of
//! that document decides, so that two who draw at once never take more than there is.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_finance_api::DocumentState;
use diwan_kernel::money;
use diwan_platform::{
    Outcome, Refusal,
    records::{RecordRow, store as spine},
};
use diwan_schema::finance::{finance_documents, finance_lines};

use super::super::store::{self, LineRow};

/// Takes this much of an advance or a deposit.
///
/// # Errors
/// `source_short` with what is left; `source_closed`.
pub(in super::super) fn settle(tx: &mut WriteTx<'_>, source_id: i64, amount: i64) -> Outcome<()> {
    lock(tx, source_id)?;
    let enough = finance_documents::table
        .filter(finance_documents::record_id.eq(source_id))
        .filter(finance_documents::to_settle.ge(amount));
    let taken = diesel::update(enough)
        .set(finance_documents::to_settle.eq(finance_documents::to_settle - amount))
        .kept()
        .execute(tx.conn())?;
    if taken == 1 {
        return Ok(());
    }
    let left: i64 = finance_documents::table.find(source_id).select(finance_documents::to_settle).first(tx.conn())?;
    let amount_of = |minor: i64| money::format(minor, money::JOD_SCALE);
    Err(Refusal::rule(
        "source_short",
        [("document", store::name_of(tx, source_id)?), ("left", amount_of(left)), ("asked", amount_of(amount))],
    ))
}

/// Gives this much back to a document that was drawn on.
///
/// # Errors
/// The database fails.
pub(in super::super) fn give_back(tx: &mut WriteTx<'_>, source_id: i64, amount: i64) -> Outcome<()> {
    diesel::update(finance_documents::table.find(source_id))
        .set(finance_documents::to_settle.eq(finance_documents::to_settle + amount))
        .kept()
        .execute(tx.conn())?;
    Ok(())
}

/// Takes of a commitment what is open of these keys, at most what is wanted of each; answers what was there.
///
/// # Errors
/// `source_closed`, `source_other_keys`.
pub(super) fn commitment(
    tx: &mut WriteTx<'_>,
    source_id: i64,
    wanted: &BTreeMap<i64, i64>,
) -> Outcome<BTreeMap<i64, i64>> {
    lock(tx, source_id)?;
    let lines = store::lines(tx, source_id)?;
    same_keys(tx, (source_id, &lines), wanted)?;
    let mut drawn = BTreeMap::<i64, i64>::new();
    for line in lines {
        let Some((key, wanted)) = line.key_id.and_then(|key| wanted.get(&key).map(|wanted| (key, *wanted))) else {
            continue;
        };
        let had = drawn.entry(key).or_default();
        let take = line.open.min(wanted - *had);
        if take > 0 {
            *had += take;
            let of_line = finance_lines::table
                .filter(finance_lines::record_id.eq(source_id))
                .filter(finance_lines::seq.eq(line.seq));
            diesel::update(of_line)
                .set(finance_lines::open.eq(finance_lines::open - take))
                .kept()
                .execute(tx.conn())?;
        }
    }
    let total: i64 = drawn.values().sum();
    if total > 0 {
        settle(tx, source_id, total)?;
    }
    Ok(drawn)
}

/// Refuses what spends none of the keys of the commitment it names: all of it would be taken from what is available, and the
/// commitment would hold its money besides. What is given back to a key draws nothing.
///
/// # Errors
/// `source_other_keys` with the commitment.
pub(super) fn same_keys(
    tx: &mut ReadTx<'_>,
    (source_id, lines): (i64, &[LineRow]),
    wanted: &BTreeMap<i64, i64>,
) -> Outcome<()> {
    let spends = |key: i64| wanted.get(&key).is_some_and(|amount| *amount > 0);
    if wanted.values().all(|amount| *amount <= 0) || lines.iter().any(|line| line.key_id.is_some_and(spends)) {
        return Ok(());
    }
    Err(Refusal::rule("source_other_keys", [("document", store::name_of(tx, source_id)?)]))
}

/// Waits for whoever draws on the document or closes it; answers how it stands then.
///
/// # Errors
/// The database fails.
pub(in super::super) fn take(tx: &mut WriteTx<'_>, source_id: i64) -> Outcome<RecordRow> {
    diesel::update(finance_documents::table.find(source_id))
        .set(finance_documents::to_settle.eq(finance_documents::to_settle))
        .kept()
        .execute(tx.conn())?;
    spine::load_for_system(tx, source_id)
}

/// Goes on only while the document can be drawn on.
fn lock(tx: &mut WriteTx<'_>, source_id: i64) -> Outcome<()> {
    let record = take(tx, source_id)?;
    if record.state == DocumentState::Posted.code() {
        return Ok(());
    }
    let document = record.number.unwrap_or(record.subject);
    Err(Refusal::rule("source_closed", [("document", document), ("state", record.state)]))
}
