//! Who prepared, certified and authorised (الفصل بين المهام): another person for each duty, within their limits.

use std::borrow::Cow;

use diesel::prelude::*;
use diwan_db::{Audit, Keep, ReadTx, WriteTx};
use diwan_finance_api::{Approval, DocumentAction, DocumentKind, DocumentNote, Duty};
use diwan_kernel::{Permission, money};
use diwan_platform::{
    Actor, Outcome, Refusal,
    people::names,
    records::{
        CHANGED, notes, notify,
        routing::{self, Progress},
        state, tasks,
    },
    secrets::Secrets,
};
use diwan_platform_api::records::{AssigneeKind, NoteKind, Ref, TaskKind, TaskOutcome};
use diwan_schema::finance::{authority_limits, finance_approvals, parties};

use super::{
    posting, step,
    store::{self, DocumentRow},
    submit, virement, worth,
};

/// Certifies (تدقيق): the document is right in form and number.
///
/// # Errors
/// Wrong state, stale version: what is certified is what was read; no task of the actor's; the right is missing;
/// `duty_taken`, `duty_taken_for`, `payee_approves`.
pub fn certify(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &DocumentNote) -> Outcome<()> {
    let (record, document) = store::load_visible(tx, actor, id)?;
    step::check(&record, document.kind()?, DocumentAction::Certify)?;
    state::fresh(tx, &record, version)?;
    let note = notes::optional(input.note.as_deref())?;
    let kinds = [TaskKind::Review, TaskKind::Approve, TaskKind::Opinion];
    let (task, on_behalf_of) =
        routing::finish_step(tx, actor, &record, &kinds, TaskOutcome::Approved, note.as_deref())?;
    if let Some(note) = &note {
        notes::insert(tx, actor, id, NoteKind::Direction, note, on_behalf_of)?;
    }
    // An opinion is heard; it is no duty.
    if task.kind != TaskKind::Opinion.code() {
        in_right_of(tx, actor, on_behalf_of, Permission::FinanceCertify)?;
        apart(tx, actor, &document, on_behalf_of)?;
        write(tx, actor, (id, document.round, Duty::Certify), on_behalf_of)?;
    }
    let course = submit::course(tx, &document)?;
    routing::advance(tx, actor.user_id, &record, course, &task)?;
    state::touch(tx, id)?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "duty": Duty::Certify.code(), "note": note })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// Authorises (اعتماد آمر الصرف); the last who is asked to makes the document count: budget, books, number and seal, all in
/// one transaction.
///
/// # Errors
/// As [`certify`]; `no_authority` with the amount and the limit; what posting refuses.
pub fn authorise(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    secrets: &Secrets,
    (id, version): (i64, i64),
    input: &DocumentNote,
) -> Outcome<()> {
    let (record, document) = store::load_visible(tx, actor, id)?;
    step::check(&record, document.kind()?, DocumentAction::Authorise)?;
    state::fresh(tx, &record, version)?;
    let note = notes::optional(input.note.as_deref())?;
    let (task, on_behalf_of) =
        routing::finish_step(tx, actor, &record, &[TaskKind::Sign], TaskOutcome::Signed, note.as_deref())?;
    let who = in_right_of(tx, actor, on_behalf_of, Permission::FinanceAuthorise)?;
    if let Some(note) = &note {
        notes::insert(tx, actor, id, NoteKind::Direction, note, on_behalf_of)?;
    }
    apart(tx, actor, &document, on_behalf_of)?;
    let course = submit::course(tx, &document)?;
    within_limit(tx, (document.agency_id, document.kind.as_str(), course.amount), who.user_id)?;
    if document.kind()? == DocumentKind::Virement {
        virement::authorised(tx, &who, &document)?;
    }
    write(tx, actor, (id, document.round, Duty::Authorise), on_behalf_of)?;
    let progress = routing::advance(tx, actor.user_id, &record, course, &task)?;
    if progress == Progress::Finished {
        let at_worth = worth::posted(tx, &document)?;
        if let Some(now) = &at_worth {
            within_limit(tx, (now.agency_id, now.kind.as_str(), now.base_amount), who.user_id)?;
        }
        posting::run(tx, actor, secrets, &record, at_worth.as_ref().unwrap_or(&document))?;
    } else {
        state::touch(tx, id)?;
    }
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "duty": Duty::Authorise.code(), "note": note })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// Sends it back to its preparer with the reason (إعادة للتصويب): its approvals are gone.
///
/// # Errors
/// Wrong state, stale version; no reason; no task of the actor's.
pub fn send_back(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &DocumentNote) -> Outcome<()> {
    let (record, document) = store::load_visible(tx, actor, id)?;
    step::check(&record, document.kind()?, DocumentAction::Return)?;
    state::fresh(tx, &record, version)?;
    let note = notes::required(input.note.as_deref())?;
    let (_, on_behalf_of) =
        routing::finish_step(tx, actor, &record, routing::ROUTE_TASKS, TaskOutcome::Returned, Some(&note))?;
    notes::insert(tx, actor, id, NoteKind::Direction, &note, on_behalf_of)?;
    submit::free_invoice(tx, id)?;
    routing::stop(tx, id)?;
    let correct = tasks::NewTask {
        record_id: id,
        agency_id: record.agency_id,
        kind: TaskKind::Correct,
        step: None,
        assignee: (AssigneeKind::User, record.created_by),
        instruction: None,
        note: Some(note.clone()),
        due_on: None,
    };
    tasks::give(tx, actor.user_id, &correct)?;
    state::set(tx, &record, diwan_finance_api::DocumentState::Returned.code())?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "note": note })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// Gives up a draft (إلغاء): it never counted. Where it is another person's, they are told, and the reason stands beside it.
///
/// # Errors
/// Wrong state, stale version, no reason, another one's draft.
pub fn void(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &DocumentNote) -> Outcome<()> {
    let (record, document) = store::load_visible(tx, actor, id)?;
    step::check(&record, document.kind()?, DocumentAction::Void)?;
    step::gives_up(actor, &record)?;
    state::fresh(tx, &record, version)?;
    let reason = notes::required(input.note.as_deref())?;
    super::reverse::give_up(tx, &document)?;
    tasks::cancel_open(tx, id, &[TaskKind::Correct], None)?;
    state::close(tx, &record, diwan_finance_api::DocumentState::Void.code())?;
    if record.created_by != actor.user_id {
        notes::insert(tx, actor, id, NoteKind::Direction, &reason, None)?;
        let told = serde_json::json!({ "by": actor.name_ar, "reason": reason });
        notify::tell(tx, [record.created_by], "document_voided", id, &told)?;
    }
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "reason": reason })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// Writes who did a duty.
pub(super) fn write(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (record_id, round, duty): (i64, i32, Duty),
    on_behalf_of: Option<i64>,
) -> Outcome<()> {
    let (today, now) = (tx.today(), tx.now());
    diesel::insert_into(finance_approvals::table)
        .values((
            finance_approvals::record_id.eq(record_id),
            finance_approvals::round.eq(round),
            finance_approvals::duty.eq(duty.code()),
            finance_approvals::user_id.eq(actor.user_id),
            finance_approvals::on_behalf_of.eq(on_behalf_of),
            finance_approvals::on_day.eq(today),
            finance_approvals::done_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// In whose right a duty is done: whoever acts for another person has that person's right, and no other one.
///
/// # Errors
/// The right is missing; `not_your_task` of a person who is no longer there.
fn in_right_of<'a>(
    tx: &mut ReadTx<'_>,
    actor: &'a Actor,
    on_behalf_of: Option<i64>,
    right: Permission,
) -> Outcome<Cow<'a, Actor>> {
    let who = match on_behalf_of {
        Some(id) => Cow::Owned(Actor::load(tx, id).map_err(|refusal| match refusal {
            Refusal::SignedOut => Refusal::rule("not_your_task", []),
            other => other,
        })?),
        None => Cow::Borrowed(actor),
    };
    who.require(right)?;
    Ok(who)
}

/// Nobody does two duties on a document, neither in person nor through somebody who acts for them, and none on what is paid to
/// them; the database says so too.
fn apart(tx: &mut ReadTx<'_>, actor: &Actor, document: &DocumentRow, on_behalf_of: Option<i64>) -> Outcome<()> {
    let done: Vec<(String, i64, Option<i64>)> = finance_approvals::table
        .filter(finance_approvals::record_id.eq(document.record_id))
        .filter(finance_approvals::round.eq(document.round))
        .select((finance_approvals::duty, finance_approvals::user_id, finance_approvals::on_behalf_of))
        .load(tx.conn())?;
    let of = |person: i64| {
        let had = done.iter().find(|(_, by, other)| *by == person || *other == Some(person));
        had.map(|(duty, ..)| duty.clone())
    };
    if let Some(duty) = of(actor.user_id) {
        return Err(Refusal::rule("duty_taken", [("duty", duty)]));
    }
    if let Some(duty) = on_behalf_of.and_then(of) {
        return Err(Refusal::rule("duty_taken_for", [("duty", duty)]));
    }
    not_paid(tx, document, [Some(actor.user_id), on_behalf_of], "payee_approves")
}

/// Goes on only where none of these people is paid by the document; `code` is what is said else.
pub(super) fn not_paid(
    tx: &mut ReadTx<'_>,
    document: &DocumentRow,
    people: [Option<i64>; 2],
    code: &'static str,
) -> Outcome<()> {
    let Some(party) = document.party_id else { return Ok(()) };
    let payee: Option<i64> = parties::table.find(party).select(parties::user_id).kept().get_result(tx.conn())?;
    if payee.is_some() && people.contains(&payee) {
        return Err(Refusal::rule(code, []));
    }
    Ok(())
}

/// The highest limit that the person has today in the agency for documents of this kind must cover the amount, in minor
/// units of the base currency.
///
/// # Errors
/// `no_authority` with both.
pub(crate) fn within_limit(
    tx: &mut ReadTx<'_>,
    (agency_id, kind, amount): (i64, &str, i64),
    user_id: i64,
) -> Outcome<()> {
    let today = tx.today();
    let highest: Option<i64> = authority_limits::table
        .filter(authority_limits::agency_id.eq(agency_id))
        .filter(authority_limits::user_id.eq(user_id))
        .filter(authority_limits::kind.eq_any(["", kind]))
        .filter(authority_limits::active_from.le(today))
        .filter(authority_limits::active_to.is_null().or(authority_limits::active_to.ge(today)))
        .select(authority_limits::amount)
        .order(authority_limits::amount.desc())
        .limit(1)
        .kept()
        .get_result(tx.conn())
        .optional()?;
    if highest.is_some_and(|limit| limit >= amount) {
        return Ok(());
    }
    let said = |minor: i64| money::format(minor, money::JOD_SCALE);
    Err(Refusal::rule("no_authority", [("amount", said(amount)), ("limit", said(highest.unwrap_or(0)))]))
}

/// The approvals of a document, the oldest first.
///
/// # Errors
/// The database fails or holds an unknown code.
pub(super) fn list(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Vec<Approval>> {
    type Row = (i32, String, i64, Option<i64>, chrono::NaiveDateTime);
    let rows: Vec<Row> = finance_approvals::table
        .filter(finance_approvals::record_id.eq(record_id))
        // Of one moment in the order of the duties: prepare, certify, authorise.
        .order((finance_approvals::round, finance_approvals::done_at, finance_approvals::duty.desc()))
        .select((
            finance_approvals::round,
            finance_approvals::duty,
            finance_approvals::user_id,
            finance_approvals::on_behalf_of,
            finance_approvals::done_at,
        ))
        .load(tx.conn())?;
    let people = names::of_users(tx, rows.iter().flat_map(|(_, _, by, on, _)| std::iter::once(*by).chain(*on)))?;
    rows.into_iter()
        .map(|(round, duty, by, on, at)| {
            let person = |id: i64| Ref { id, name: people.get(id).cloned().unwrap_or_default() };
            Ok(Approval { round, duty: duty.parse()?, by: person(by), on_behalf_of: on.map(person), at })
        })
        .collect()
}
