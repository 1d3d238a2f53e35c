//! What becomes of a cheque: handed over (تسليم), cleared (صرف) and not so after all (التراجع عن الصرف), cancelled (إلغاء), given up
//! as stale (تقادم). What is given up is open to be paid again.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{BookLineId, ChequeAction, ChequeState, ChequeStep, ManualMatch};
use diwan_kernel::text;
use diwan_platform::{Actor, Outcome, Refusal, records::CHANGED};
use diwan_schema::finance::cheques;
use serde_json::json;

use super::store::{self, ChequeRow};
use crate::{
    bank,
    payments::{
        alone,
        books::{self, Payment},
        owed,
    },
};

/// Hands a cheque over; the note is who took it.
///
/// # Errors
/// Not found; wrong state; the right is missing; nobody is named; the field `on`: `in_future`, `before_day`.
pub fn hand_over(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ChequeStep) -> Outcome<()> {
    let cheque = store::take(tx, actor, id, ChequeAction::HandOver)?;
    let to = text::line("note", &input.note, text::NAME_MAX)?;
    owed::day(tx, input.on, cheque.issued_on)?;
    diesel::update(cheques::table.find(id))
        .set((
            cheques::state.eq(ChequeState::HandedOver.code()),
            cheques::handed_on.eq(input.on),
            cheques::handed_to.eq(&to),
        ))
        .execute(tx.conn())?;
    told(tx, actor, &cheque, (ChequeState::HandedOver, input.on, &to))
}

/// Takes down that the bank paid a cheque.
///
/// # Errors
/// Not found; wrong state; the right is missing; the field `on`: `in_future`, `before_day`.
pub fn clear(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ChequeStep) -> Outcome<()> {
    let cheque = store::take(tx, actor, id, ChequeAction::Clear)?;
    owed::day(tx, input.on, last_day(&cheque))?;
    diesel::update(cheques::table.find(id))
        .set((cheques::state.eq(ChequeState::Cleared.code()), cheques::ended_on.eq(input.on)))
        .execute(tx.conn())?;
    told(tx, actor, &cheque, (ChequeState::Cleared, input.on, ""))
}

/// Takes back with the reason that a cheque was cleared: it is where it was when it was handed over.
///
/// # Errors
/// Not found; wrong state; the right is missing; no reason; the field `on`: `in_future`, `before_day`; `paid_by_bank` where a line
/// of the bank is matched with it.
pub fn unclear(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ChequeStep) -> Outcome<()> {
    let cheque = store::take(tx, actor, id, ChequeAction::Unclear)?;
    let reason = text::lines("note", &input.note, text::NOTE_MAX)?;
    owed::day(tx, input.on, last_day(&cheque))?;
    if let Some(entry_id) = cheque.entry_id {
        bank::not_matched(tx, (actor.agency_id, cheque.bank_account_id), (entry_id, &cheque.printed()))?;
    }
    diesel::update(cheques::table.find(id))
        .set((cheques::state.eq(ChequeState::HandedOver.code()), cheques::ended_on.eq(None::<NaiveDate>)))
        .execute(tx.conn())?;
    told(tx, actor, &cheque, (ChequeState::HandedOver, input.on, &reason))
}

/// Cancels a cheque with the reason; what it paid is open again.
///
/// # Errors
/// Not found; wrong state, also of a cleared one that no line of the bank is matched with: that is taken back first ([`unclear`]); the
/// right is missing; no reason; the field `on`: `in_future`, `before_day`; `paid_by_bank` where a line of the bank is matched with it
/// and none gave it back; what the ledgers refuse.
pub fn cancel(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ChequeStep) -> Outcome<()> {
    give_up(tx, actor, (id, input), (ChequeAction::Cancel, ChequeState::Cancelled))
}

/// Gives up a cheque that nobody presented in its time; what it paid is open again.
///
/// # Errors
/// As [`cancel`].
pub fn stale(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ChequeStep) -> Outcome<()> {
    give_up(tx, actor, (id, input), (ChequeAction::Stale, ChequeState::Stale))
}

/// The day of the last step.
fn last_day(cheque: &ChequeRow) -> NaiveDate {
    cheque.ended_on.or(cheque.handed_on).unwrap_or(cheque.issued_on)
}

fn give_up(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (id, input): (i64, &ChequeStep),
    (action, to): (ChequeAction, ChequeState),
) -> Outcome<()> {
    let cheque = &store::take(tx, actor, id, action)?;
    let reason = text::lines("note", &input.note, text::NOTE_MAX)?;
    owed::day(tx, input.on, last_day(cheque))?;
    let reference = cheque.printed();
    let given_back = match cheque.entry_id {
        Some(entry_id) => {
            let of = (entry_id, reference.as_str(), cheque.amount);
            bank::given_back(tx, (actor.agency_id, cheque.bank_account_id), of)?
        }
        None => None,
    };
    // What only the register has as cleared is handed over again first: no statement says that the bank gave it back.
    if given_back.is_none() && cheque.state == ChequeState::Cleared.code() {
        return Err(store::wrong_state(cheque.state.clone(), action));
    }
    let payment =
        Payment { document_id: paid(cheque)?, amount: cheque.amount, base_amount: cheque.base_amount, reference };
    let entry_id = alone::give_back(tx, actor, (cheque.bank_account_id, input.on), &payment)?;
    let seq = books::bank_seq(0)?;
    if let Some(line) = given_back {
        let pair = ManualMatch { lines: vec![line], entries: vec![BookLineId { entry_id, seq }] };
        bank::match_by_hand(tx, actor, cheque.bank_account_id, &pair)?;
    }
    diesel::update(cheques::table.find(cheque.id))
        .set((
            cheques::state.eq(to.code()),
            cheques::ended_on.eq(input.on),
            cheques::reason.eq(&reason),
            cheques::return_entry_id.eq(entry_id),
            cheques::return_seq.eq(seq),
        ))
        .execute(tx.conn())?;
    told(tx, actor, cheque, (to, input.on, &reason))
}

/// The document that a cheque pays; a spoilt leaf pays none and takes no step.
fn paid(cheque: &ChequeRow) -> Outcome<i64> {
    cheque.document_id.ok_or_else(|| Refusal::Internal(format!("cheque {} pays nothing", cheque.id)))
}

/// What is said in the trail of the document.
fn told(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    cheque: &ChequeRow,
    (state, on, word): (ChequeState, NaiveDate, &str),
) -> Outcome<()> {
    let document = paid(cheque)?;
    let detail = json!({ "cheque": cheque.printed(), "state": state.code(), "on": on, "note": word });
    tx.audit(Audit::of_record(document).detail(detail))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(document), &())?;
    Ok(())
}
