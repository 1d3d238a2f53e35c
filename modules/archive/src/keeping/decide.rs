//! What people decide about a document: that it stays, that it may go, that another schedule is right for it.

use diesel::prelude::*;
use diwan_archive_api::{EventInput, Fate, ReviewDecision, ReviewInput};
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{FieldError, text};
use diwan_platform::{Actor, Outcome, Refusal, records::CHANGED};
use diwan_schema::archive::{keeping, reviews};
use serde_json::json;

use super::store::{self, KeepingRow};
use crate::{documents, guard, holds, schedules::store as rules};

/// Writes a decision and reckons the document's day by it.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ReviewInput) -> Outcome<()> {
    let row = open(tx, actor, id)?;
    let note = text::lines("note", &input.note, text::NOTE_MAX)?;
    match input.decision {
        ReviewDecision::KeepUntil => keep_until(tx, id, input)?,
        ReviewDecision::Destroy => condemn(tx, actor, &row)?,
        ReviewDecision::Schedule => reschedule(tx, actor, id, input)?,
    }
    let now = tx.now();
    diesel::insert_into(reviews::table)
        .values((
            reviews::record_id.eq(id),
            reviews::decision.eq(input.decision.code()),
            reviews::until_on.eq(input.until_on.filter(|_| input.decision == ReviewDecision::KeepUntil)),
            reviews::schedule_id.eq(input.schedule_id.filter(|_| input.decision == ReviewDecision::Schedule)),
            reviews::note.eq(&note),
            reviews::decided_by.eq(actor.user_id),
            reviews::decided_at.eq(now),
        ))
        .execute(tx.conn())?;
    store::place(tx, id)?;
    tx.audit(Audit::of_record(id).after(input).detail(json!({ "decision": input.decision.code(), "note": note })))?;
    Ok(tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?)
}

/// Enters the day from which the document's period runs.
pub(super) fn event(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &EventInput) -> Outcome<()> {
    open(tx, actor, id)?;
    let note = text::line("note", &input.note, text::SUBJECT_MAX)?;
    if input.on > tx.today() {
        return Err(FieldError::new("on", "in_future").with("today", tx.today()).into());
    }
    diesel::update(keeping::table.find(id)).set(keeping::event_on.eq(Some(input.on))).execute(tx.conn())?;
    store::place(tx, id)?;
    tx.audit(Audit::of_record(id).detail(json!({ "on": input.on, "note": note })))?;
    Ok(tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?)
}

/// A document in the actor's scope that still exists. Destruction and decisions take turns.
fn open(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<KeepingRow> {
    documents::load(tx, actor, id)?;
    guard::take(tx, actor.agency_id)?;
    let (record, _) = documents::load(tx, actor, id)?;
    let row = store::load(tx, id)?.ok_or(Refusal::NotFound("document"))?;
    if row.destroyed_on.is_some() {
        return Err(Refusal::WrongState { state: record.state, action: "review".to_owned() });
    }
    Ok(row)
}

fn keep_until(tx: &mut WriteTx<'_>, id: i64, input: &ReviewInput) -> Outcome<()> {
    let Some(until) = input.until_on else { return Err(Refusal::field("until_on", "required")) };
    if until <= tx.today() {
        return Err(Refusal::field("until_on", "in_the_past"));
    }
    let kept = (keeping::until_on.eq(Some(until)), keeping::condemned_on.eq(None::<chrono::NaiveDate>));
    diesel::update(keeping::table.find(id)).set(kept).execute(tx.conn())?;
    Ok(())
}

/// Only what is to be reviewed, and whose day has come, may be given to a committee.
fn condemn(tx: &mut WriteTx<'_>, actor: &Actor, row: &KeepingRow) -> Outcome<()> {
    let today = tx.today();
    if row.action()? != Fate::Review || !row.is_due(today) {
        let due = row.due_on.map_or_else(|| "-".to_owned(), |due| due.to_string());
        return Err(Refusal::rule("not_due_for_review", [("due", due)]));
    }
    if let Some(hold) = holds::store::on(tx, actor.agency_id, &[row.record_id])?.remove(&row.record_id) {
        let reason = hold.into_iter().map(|hold| hold.reason).next().unwrap_or_default();
        return Err(Refusal::rule("on_hold", [("reason", reason)]));
    }
    diesel::update(keeping::table.find(row.record_id)).set(keeping::condemned_on.eq(Some(today))).execute(tx.conn())?;
    Ok(())
}

fn reschedule(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &ReviewInput) -> Outcome<()> {
    let Some(schedule_id) = input.schedule_id else { return Err(Refusal::field("schedule_id", "required")) };
    rules::to_give(tx, actor.agency_id, schedule_id)?;
    let given = (
        keeping::schedule_id.eq(schedule_id),
        keeping::chosen.eq(true),
        keeping::condemned_on.eq(None::<chrono::NaiveDate>),
    );
    diesel::update(keeping::table.find(id)).set(given).execute(tx.conn())?;
    Ok(())
}
