//! Drawing on another document: a voucher on a commitment, a settlement on an advance, a refund on a deposit. The row of
//! that document decides, so that two who draw at once never take more than there is. What came back to it (a voucher was reversed)
//! counts from its own day on: what is dated before finds what there was then.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::{dsl::max, prelude::*};
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_finance_api::{Bucket, DocumentKind, DocumentState};
use diwan_kernel::money;
use diwan_platform::{
    Outcome, Refusal,
    records::{RecordRow, store as spine},
};
use diwan_schema::finance::{finance_documents, finance_lines};

use super::super::store::{self, LineRow};
use crate::ledger::days;

/// Takes this much of an advance or a deposit, for a document of a day.
///
/// # Errors
/// `source_short` with what is left; `source_short_before` with the day from which on it was there; `source_closed`.
pub(super) fn settle(tx: &mut WriteTx<'_>, (source_id, on): (i64, NaiveDate), amount: i64) -> Outcome<()> {
    lock(tx, source_id)?;
    was_left(tx, (source_id, on), amount)?;
    lessen(tx, source_id, amount)
}

/// Never beyond what is left: the row decides.
fn lessen(tx: &mut WriteTx<'_>, source_id: i64, amount: i64) -> Outcome<()> {
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

/// The last day on which something came back to a document that others draw on. As a rule there is none, and what is open now was
/// open since its day.
///
/// # Errors
/// The database fails.
pub(in super::super) fn came_back_on(tx: &mut ReadTx<'_>, source_id: i64) -> Outcome<Option<NaiveDate>> {
    Ok(finance_documents::table
        .filter(finance_documents::source_id.eq(source_id))
        .filter(finance_documents::reverses_id.is_not_null())
        .filter(finance_documents::posted_at.is_not_null())
        .select(max(finance_documents::effective_on))
        .kept()
        .get_result(tx.conn())?)
}

/// Whether something came back to a document after a day.
fn grew_after(tx: &mut ReadTx<'_>, (source_id, on): (i64, NaiveDate)) -> Outcome<bool> {
    Ok(came_back_on(tx, source_id)?.is_some_and(|day| day > on))
}

/// Refuses what an advance or a deposit did not have on each day from this one on.
///
/// # Errors
/// `source_short_before` with the day from which on it was there, and what was left until then.
pub(super) fn was_left(tx: &mut ReadTx<'_>, (source_id, on): (i64, NaiveDate), asked: i64) -> Outcome<()> {
    if !grew_after(tx, (source_id, on))? {
        return Ok(());
    }
    let left: i64 = finance_documents::table.find(source_id).select(finance_documents::to_settle).first(tx.conn())?;
    let later: Vec<(NaiveDate, Option<i64>, i64)> = finance_documents::table
        .filter(finance_documents::source_id.eq(source_id))
        .filter(finance_documents::posted_at.is_not_null())
        .filter(finance_documents::effective_on.gt(on))
        .select((finance_documents::effective_on, finance_documents::reverses_id, finance_documents::base_amount))
        .load(tx.conn())?;
    let mut changes = days::Changes::new();
    for (day, reverses, amount) in later {
        *changes.entry(day).or_default() += if reverses.is_some() { amount } else { -amount };
    }
    match days::short(left, asked, &changes) {
        Some(until) => Err(days::refusal(store::name_of(tx, source_id)?, asked, until)),
        None => Ok(()),
    }
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

/// Takes of a commitment what is open of these keys, at most what is wanted of each, for a voucher of a day; answers what was there.
///
/// # Errors
/// `source_closed`, `source_other_keys`; `source_short_before` as [`was_left`], with what a key had.
pub(super) fn commitment(
    tx: &mut WriteTx<'_>,
    (source_id, on): (i64, NaiveDate),
    wanted: &BTreeMap<i64, i64>,
) -> Outcome<BTreeMap<i64, i64>> {
    lock(tx, source_id)?;
    let lines = store::lines(tx, source_id)?;
    let mut drawn = BTreeMap::<i64, i64>::new();
    for (seq, key, amount) in takes(tx, (source_id, on), &lines, wanted)? {
        *drawn.entry(key).or_default() += amount;
        let of_line =
            finance_lines::table.filter(finance_lines::record_id.eq(source_id)).filter(finance_lines::seq.eq(seq));
        diesel::update(of_line).set(finance_lines::open.eq(finance_lines::open - amount)).kept().execute(tx.conn())?;
    }
    let total: i64 = drawn.values().sum();
    if total > 0 {
        lessen(tx, source_id, total)?;
    }
    Ok(drawn)
}

/// What a voucher of a day takes of the lines of a commitment: place, key, amount.
///
/// # Errors
/// `source_other_keys`; `source_short_before`, as [`commitment`].
pub(super) fn takes(
    tx: &mut ReadTx<'_>,
    (source_id, on): (i64, NaiveDate),
    lines: &[LineRow],
    wanted: &BTreeMap<i64, i64>,
) -> Outcome<Vec<(i32, i64, i64)>> {
    same_keys(tx, (source_id, lines), wanted)?;
    let mut still = wanted.clone();
    let taken = lines.iter().filter_map(|line| {
        let key = line.key_id?;
        let wanted = still.get_mut(&key)?;
        let take = line.open.min(*wanted);
        *wanted -= take.max(0);
        (take > 0).then_some((line.seq, key, take))
    });
    let taken: Vec<(i32, i64, i64)> = taken.collect();
    if taken.is_empty() || !grew_after(tx, (source_id, on))? {
        return Ok(taken);
    }
    let later: Vec<i64> = finance_documents::table
        .filter(finance_documents::source_id.eq(source_id))
        .filter(finance_documents::kind.eq(DocumentKind::PaymentVoucher.code()))
        .filter(finance_documents::posted_at.is_not_null())
        .filter(finance_documents::effective_on.gt(on))
        .select(finance_documents::record_id)
        .load(tx.conn())?;
    for (key, changes) in days::changes(tx, (&later, Bucket::Committed), on)? {
        let open = lines.iter().filter(|line| line.key_id == Some(key)).map(|line| line.open).sum();
        let asked: i64 = taken.iter().filter(|(_, of, _)| *of == key).map(|(.., amount)| amount).sum();
        if asked > 0
            && let Some(until) = days::short(open, asked, &changes)
        {
            return Err(days::refusal(store::name_of(tx, source_id)?, asked, until));
        }
    }
    Ok(taken)
}

/// Refuses what spends none of the keys of the commitment it names: all of it would be taken from what is available, and the
/// commitment would hold its money besides. What is given back to a key draws nothing.
///
/// # Errors
/// `source_other_keys` with the commitment.
fn same_keys(tx: &mut ReadTx<'_>, (source_id, lines): (i64, &[LineRow]), wanted: &BTreeMap<i64, i64>) -> Outcome<()> {
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
