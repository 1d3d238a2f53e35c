//! Slices of a contract of several years (شرائح الالتزام): a commitment holds what falls on its own year, and says what falls on later
//! ones. When a later year has its budget, a commitment of that year takes over what has fallen due of the slices, and the later
//! ones with it: both together are what was left of the contract.

use chrono::Datelike;
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{DocumentAction, DocumentInput, DocumentNote, DocumentState, LineInput, SliceInput};
use diwan_kernel::money;
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{links, state},
};
use diwan_platform_api::records::LinkKind;
use diwan_schema::finance::{budget_keys, commitment_continuations};

use super::{
    posting::draw,
    save, step,
    store::{self, DocumentRow},
};
use crate::{amounts, closing, structure::years};

/// Drafts the commitment that takes over what has fallen due of the slices by the day of the draft; answers its record. It goes
/// the way of any commitment.
///
/// # Errors
/// Wrong state, stale version, a missing right; `slices_taken` with the document that took them over; `slice_not_due` with the
/// first year that has one; `no_fiscal_year`; `carry_key_gone` where a part of a key is not in force any more.
pub fn start(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &DocumentNote) -> Outcome<i64> {
    let (record, document) = store::load_visible(tx, actor, id)?;
    let kind = document.kind()?;
    step::check(&record, kind, DocumentAction::Slice)?;
    actor.require(kind.shape().prepare)?;
    state::fresh(tx, &record, version)?;
    // Two who take over the same slices come one after the other.
    draw::take(tx, id)?;
    if let Some(other) = continued_by(tx, id)? {
        return Err(Refusal::rule("slices_taken", [("document", store::name_of(tx, other)?)]));
    }
    let on = input.on.unwrap_or_else(|| tx.today());
    let (due, later): (Vec<_>, Vec<_>) = store::slices(tx, id)?.into_iter().partition(|(year, _)| *year <= on.year());
    if due.is_empty() {
        let first = later.first().map(|(year, _)| year.to_string()).unwrap_or_default();
        return Err(Refusal::rule("slice_not_due", [("year", first)]));
    }
    let year_id = years::of_day(tx, actor.agency_id, on)?;
    let total = amounts::sum(due.iter().map(|(_, amount)| *amount))?;
    let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
    let form = DocumentInput {
        subject: record.subject.clone(),
        party_id: document.party_id,
        source_id: Some(id),
        reference: document.reference.clone(),
        reference_on: document.reference_on,
        due_on: record.due_on,
        lines: lines(tx, actor, (id, year_id), total)?,
        slices: later.into_iter().map(|(year, minor)| SliceInput { year, amount: amount(minor) }).collect(),
        ..DocumentInput::new(kind, on)
    };
    let new = save::create(tx, actor, &form)?;
    diesel::insert_into(commitment_continuations::table)
        .values((
            commitment_continuations::document_id.eq(new),
            commitment_continuations::agency_id.eq(actor.agency_id),
            commitment_continuations::record_id.eq(id),
        ))
        .execute(tx.conn())?;
    links::insert(tx, new, id, LinkKind::RelatesTo, actor.user_id)?;
    tx.audit(Audit::of_record(new).detail(serde_json::json!({ "slices_of": id, "amount": total })))?;
    Ok(new)
}

/// The total on the keys of the commitment, as they are in another year, by how much each had.
fn lines(tx: &mut WriteTx<'_>, actor: &Actor, (id, year_id): (i64, i64), total: i64) -> Outcome<Vec<LineInput>> {
    let next = closing::year::year(tx, actor.agency_id, year_id)?;
    let old = store::lines(tx, id)?;
    let weights: Vec<i64> = old.iter().map(|line| line.base_amount).collect();
    let shares = money::split(total, &weights).unwrap_or_default();
    let mut lines = Vec::with_capacity(old.len());
    for (line, share) in old.iter().zip(shares).filter(|(_, share)| *share > 0) {
        let Some(key) = line.key_id else { continue };
        let key = closing::year::next_key(tx, (id, key), &next, actor.user_id)?;
        lines.push(LineInput {
            key: budget_keys::table.find(key.id).select(budget_keys::code).first(tx.conn())?,
            debit: money::format(share, money::JOD_SCALE),
            note: line.note.clone(),
            ..LineInput::default()
        });
    }
    Ok(lines)
}

/// The commitment, drafts too, that takes over the slices of another one.
///
/// # Errors
/// The database fails.
pub(super) fn continued_by(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Option<i64>> {
    Ok(commitment_continuations::table
        .filter(commitment_continuations::record_id.eq(id))
        .select(commitment_continuations::document_id)
        .first(tx.conn())
        .optional()?)
}

/// A commitment that takes over slices has all of them, this year's and the later ones together; the database says so too.
///
/// # Errors
/// `slices_total` with what was left of the contract and what the document has of it; `source_closed` where the contract ended.
pub(super) fn check(tx: &mut WriteTx<'_>, document: &DocumentRow) -> Outcome<()> {
    let from: Option<i64> = commitment_continuations::table
        .find(document.record_id)
        .select(commitment_continuations::record_id)
        .first(tx.conn())
        .optional()?;
    let Some(from) = from else { return Ok(()) };
    let record = draw::take(tx, from)?;
    let name = record.number.clone().unwrap_or(record.subject);
    if record.state != DocumentState::Posted.code() {
        return Err(Refusal::rule("source_closed", [("document", name), ("state", record.state)]));
    }
    let mut sum = |of: i64| amounts::sum(store::slices(tx, of)?.into_iter().map(|(_, amount)| amount));
    let (left, own) = (sum(from)?, sum(document.record_id)?);
    let given = amounts::sum([document.base_amount, own])?;
    if given == left {
        return Ok(());
    }
    let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
    Err(Refusal::rule("slices_total", [("document", name), ("left", amount(left)), ("given", amount(given))]))
}

/// A draft that is given up takes nothing over.
///
/// # Errors
/// The database fails.
pub(super) fn give_up(tx: &mut WriteTx<'_>, id: i64) -> Outcome<()> {
    diesel::delete(commitment_continuations::table.find(id)).execute(tx.conn())?;
    Ok(())
}
