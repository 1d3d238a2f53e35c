//! Saving a document as a template, changing a template, ending it.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, DbError, ReadTx, WriteTx};
use diwan_finance_api::{DocumentInput, VoucherSchedule, VoucherTemplate, VoucherTemplateInput};
use diwan_kernel::text;
use diwan_platform::{Actor, Fields, Outcome, Refusal, people::names};
use diwan_schema::finance::{template_drafts, voucher_templates};

use super::{
    content, make,
    schedule::{self, due_from},
    store::{self, TemplateRow},
};
use crate::documents;

/// A template with what its page shows.
///
/// # Errors
/// Not found.
pub(super) fn view(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<VoucherTemplate> {
    let row = store::load(tx, actor.agency_id, id)?;
    let people = names::of_users(tx, [row.owner_id])?;
    row.view(actor, &people)
}

/// Saves the content of a document under a name.
///
/// # Errors
/// The document is out of scope, or a reversal; the right to prepare its kind is missing; wrong fields; the name is taken.
pub(super) fn create(tx: &mut WriteTx<'_>, actor: &Actor, input: &VoucherTemplateInput) -> Outcome<VoucherTemplate> {
    let Some(document) = input.document_id else { return Err(Refusal::field("document_id", "required")) };
    let content = content_of(tx, actor, document)?;
    actor.require(content.kind.shape().prepare)?;
    let name = checked(input)?;
    let next = input.schedule.as_ref().and_then(|one| due_from(one, one.starts_on));
    let (now, json) = (tx.now(), serde_json::to_string(&content)?);
    let values = (
        (voucher_templates::agency_id.eq(actor.agency_id), voucher_templates::kind.eq(content.kind.code())),
        (voucher_templates::name.eq(&name), voucher_templates::fold.eq(text::fold(&name))),
        (voucher_templates::content.eq(json), voucher_templates::owner_id.eq(actor.user_id)),
        (voucher_templates::active.eq(true), voucher_templates::problem.eq(""), voucher_templates::version.eq(1_i64)),
        (voucher_templates::created_by.eq(actor.user_id), voucher_templates::created_at.eq(now)),
        columns(parts(input.schedule.as_ref()), next),
    );
    let made: Result<i64, DbError> = tx.attempt(|tx| {
        diesel::insert_into(voucher_templates::table)
            .values(values)
            .returning(voucher_templates::id)
            .get_result(tx.conn())
            .map_err(DbError::from)
    })?;
    let id = made.map_err(taken)?;
    hurry(tx, next)?;
    let view = view(tx, actor, id)?;
    tx.audit(Audit::of("voucher_template", id).after(&view))?;
    Ok(view)
}

/// Changes name and schedule, and takes the content of another document where one is named. Who sets a schedule is the one
/// in whose name drafts are made.
///
/// # Errors
/// Not found, ended; a stale version; the right to prepare the kind is missing; another kind of document; wrong fields; the
/// name is taken.
pub(super) fn change(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (id, version): (i64, i64),
    input: &VoucherTemplateInput,
) -> Outcome<VoucherTemplate> {
    let row = changeable(tx, actor, (id, version))?;
    let before = view(tx, actor, id)?;
    let name = checked(input)?;
    let content = match input.document_id {
        Some(document) => content_of(tx, actor, document)?,
        None => row.content()?,
    };
    if content.kind != before.kind {
        return Err(Refusal::field("document_id", "kind_fixed"));
    }
    let next = next_of(tx, &row, (before.schedule.as_ref(), input.schedule.as_ref()))?;
    let owner = if input.schedule == before.schedule { row.owner_id } else { actor.user_id };
    let json = serde_json::to_string(&content)?;
    let changed = tx.attempt(|tx| {
        let same = voucher_templates::table
            .filter(voucher_templates::id.eq(id))
            .filter(voucher_templates::version.eq(version));
        diesel::update(same)
            .set((
                (voucher_templates::name.eq(&name), voucher_templates::fold.eq(text::fold(&name))),
                (voucher_templates::content.eq(json), voucher_templates::owner_id.eq(owner)),
                (voucher_templates::problem.eq(""), voucher_templates::problem_at.eq(None::<chrono::NaiveDateTime>)),
                voucher_templates::version.eq(version + 1),
                columns(parts(input.schedule.as_ref()), next),
            ))
            .execute(tx.conn())
            .map_err(DbError::from)
    })?;
    if changed.map_err(taken)? == 0 {
        return Err(Refusal::stale("voucher_template", version + 1, version));
    }
    hurry(tx, next)?;
    let after = view(tx, actor, id)?;
    tx.audit(Audit::of("voucher_template", id).before(&before).after(&after))?;
    Ok(after)
}

/// Ends a template: it makes nothing more and its name is free. What it made stays.
///
/// # Errors
/// Not found, ended already; a stale version; the right to prepare the kind is missing.
pub(super) fn end(tx: &mut WriteTx<'_>, actor: &Actor, (id, version): (i64, i64)) -> Outcome<VoucherTemplate> {
    changeable(tx, actor, (id, version))?;
    let before = view(tx, actor, id)?;
    let same =
        voucher_templates::table.filter(voucher_templates::id.eq(id)).filter(voucher_templates::version.eq(version));
    let ended = diesel::update(same)
        .set((
            voucher_templates::active.eq(false),
            voucher_templates::next_on.eq(None::<NaiveDate>),
            (voucher_templates::problem.eq(""), voucher_templates::problem_at.eq(None::<chrono::NaiveDateTime>)),
            voucher_templates::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    if ended == 0 {
        return Err(Refusal::stale("voucher_template", version + 1, version));
    }
    let after = view(tx, actor, id)?;
    tx.audit(Audit::of("voucher_template", id).before(&before).after(&after))?;
    Ok(after)
}

/// A template that the actor may change, of the version that was read.
pub(super) fn changeable(tx: &mut ReadTx<'_>, actor: &Actor, (id, version): (i64, i64)) -> Outcome<TemplateRow> {
    let row = usable(tx, actor, id)?;
    if row.version == version { Ok(row) } else { Err(Refusal::stale("voucher_template", row.version, version)) }
}

/// A template that the actor may draft from: not ended, and of a kind that the actor prepares.
///
/// # Errors
/// Not found; ended; the right is missing.
pub(super) fn usable(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<TemplateRow> {
    let row = store::load(tx, actor.agency_id, id)?;
    actor.require(row.kind()?.shape().prepare)?;
    if row.active {
        return Ok(row);
    }
    Err(Refusal::WrongState { state: "ended".to_owned(), action: "edit".to_owned() })
}

fn content_of(tx: &mut ReadTx<'_>, actor: &Actor, document: i64) -> Outcome<DocumentInput> {
    let document = documents::view(tx, actor, document)?;
    if document.reverses.is_some() {
        return Err(Refusal::rule("reversal_fixed", []));
    }
    Ok(content::of(&document))
}

/// The clean name; the schedule holds.
fn checked(input: &VoucherTemplateInput) -> Outcome<String> {
    let mut fields = Fields::default();
    let name = fields.take(text::line("name", &input.name, text::NAME_MAX));
    if let Some(schedule) = &input.schedule {
        schedule::check(schedule, &mut fields);
    }
    fields.done()?;
    Ok(name)
}

/// A schedule as columns: how often, its day, its first and last day, whether it is paused.
type Columns = (Option<&'static str>, Option<i32>, Option<NaiveDate>, Option<NaiveDate>, bool);

fn parts(schedule: Option<&VoucherSchedule>) -> Columns {
    match schedule {
        Some(one) => {
            let day = i32::try_from(one.day).ok();
            (Some(one.every.code()), day, Some(one.starts_on), one.ends_on, one.paused)
        }
        None => (None, None, None, None, false),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns(parts: Columns, next: Option<NaiveDate>) -> _ {
    let (every, day): (Option<&'static str>, Option<i32>) = (parts.0, parts.1);
    let (starts_on, ends_on): (Option<NaiveDate>, Option<NaiveDate>) = (parts.2, parts.3);
    let paused: bool = parts.4;
    (
        voucher_templates::every.eq(every),
        voucher_templates::day.eq(day),
        voucher_templates::starts_on.eq(starts_on),
        voucher_templates::ends_on.eq(ends_on),
        voucher_templates::paused.eq(paused),
        voucher_templates::next_on.eq(next),
    )
}

/// The next day it is due: on from the last draft it made, and from today where it was paused.
fn next_of(
    tx: &mut ReadTx<'_>,
    row: &TemplateRow,
    (before, after): (Option<&VoucherSchedule>, Option<&VoucherSchedule>),
) -> Outcome<Option<NaiveDate>> {
    let Some(schedule) = after else { return Ok(None) };
    if before == after {
        return Ok(row.next_on);
    }
    let last: Option<NaiveDate> = template_drafts::table
        .filter(template_drafts::template_id.eq(row.id))
        .select(diesel::dsl::max(template_drafts::due_on))
        .first(tx.conn())?;
    let mut from =
        last.and_then(|last| last.succ_opt()).map_or(schedule.starts_on, |next| next.max(schedule.starts_on));
    if before.is_some_and(|before| before.paused) && !schedule.paused {
        from = from.max(tx.today());
    }
    Ok(due_from(schedule, from))
}

/// What is due already is made soon, not at the next look.
fn hurry(tx: &mut WriteTx<'_>, next: Option<NaiveDate>) -> Outcome<()> {
    if next.is_some_and(|next| next <= tx.today()) {
        tx.enqueue(make::soon())?;
    }
    Ok(())
}

/// The database decides between two who take a name.
fn taken(error: DbError) -> Refusal {
    if error.is_unique_violation() { Refusal::field("name", "taken") } else { error.into() }
}
