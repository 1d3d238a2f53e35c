//! What a writer sends, checked as a whole: every wrong field is told at once.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{FieldError, Permission, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal, records};
use diwan_schema::platform::{agencies, positions, units};
use diwan_tarasol_api::{Direction, Form, LetterInput, RecipientRole};

/// The most recipients of one letter; a circular to every agency stays below it.
const RECIPIENTS_MAX: usize = 500;
/// The longest time to answer, in working days.
const REPLY_DAYS_MAX: i32 = 365;

/// A checked draft.
pub(crate) struct Draft {
    pub(crate) input: LetterInput,
    pub(crate) direction: Direction,
    pub(crate) unit_id: i64,
    pub(crate) counterpart_id: Option<i64>,
    pub(crate) party: String,
}

/// Checks a draft for this writer.
///
/// # Errors
/// [`Refusal::Invalid`] with every wrong field; [`Refusal::NotFound`] for a letter answered that is out of scope.
pub(crate) fn check(tx: &mut ReadTx<'_>, actor: &Actor, mut input: LetterInput) -> Outcome<Draft> {
    let mut fields = Fields::default();
    input.subject = fields.take(text::line("subject", &input.subject, text::SUBJECT_MAX));
    if !input.addressee.trim().is_empty() {
        input.addressee = fields.take(text::line("addressee", &input.addressee, text::NAME_MAX));
    }
    if let Err(error) = input.body.check() {
        fields.push(FieldError::new("body", error.code()));
    }
    if input.secrecy > actor.clearance {
        fields.push(FieldError::new("secrecy", "above_clearance"));
    }
    if input.caveats.iter().any(|caveat| !actor.caveats.contains(caveat)) {
        fields.push(FieldError::new("caveats", "above_clearance"));
    }
    if input.reply_due_days.is_some_and(|days| !(1..=REPLY_DAYS_MAX).contains(&days)) {
        fields.push(FieldError::new("reply_due_days", "out_of_range").with("min", 1).with("max", REPLY_DAYS_MAX));
    }
    let direction = if input.form == Form::InternalMemo { Direction::InternalMemo } else { Direction::Outgoing };
    recipients(tx, actor, direction, &input, &mut fields)?;
    let unit_id = unit(tx, actor, input.unit_id, &mut fields)?;
    if let Some(position) = input.signatory_position_id {
        let fits: Option<bool> = positions::table
            .filter(positions::id.eq(position))
            .filter(positions::agency_id.eq(actor.agency_id))
            .filter(positions::active.eq(true))
            .select(positions::can_sign)
            .first(tx.conn())
            .optional()?;
        if fits != Some(true) {
            fields.push(FieldError::new("signatory_position_id", "cannot_sign"));
        }
    }
    fields.done()?;
    if let Some(answered) = input.in_reply_to {
        records::load_visible(tx, actor, answered)?;
    }
    let main = input.recipients.iter().find(|r| r.role == RecipientRole::To);
    let counterpart_id = main.and_then(|r| r.agency_id).filter(|_| direction == Direction::Outgoing);
    let party = match main {
        Some(r) => match (r.unit_id, r.agency_id) {
            (Some(id), _) => records::store::unit_ref(tx, id)?.name.get(input.lang).to_owned(),
            (None, Some(id)) => records::store::agency_ref(tx, id)?.name.get(input.lang).to_owned(),
            (None, None) => String::new(),
        },
        None => String::new(),
    };
    Ok(Draft { input, direction, unit_id, counterpart_id, party })
}

fn recipients(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    direction: Direction,
    input: &LetterInput,
    fields: &mut Fields,
) -> Outcome<()> {
    if !input.recipients.iter().any(|r| r.role == RecipientRole::To) {
        fields.push(FieldError::new("recipients", "required"));
    }
    if input.recipients.len() > RECIPIENTS_MAX {
        fields.push(FieldError::new("recipients", "too_many").with("max", RECIPIENTS_MAX));
        return Ok(());
    }
    let known: BTreeSet<i64> = match direction {
        Direction::InternalMemo => units::table
            .filter(units::agency_id.eq(actor.agency_id))
            .filter(units::active.eq(true))
            .select(units::id)
            .load(tx.conn())?,
        _ => agencies::table.filter(agencies::active.eq(true)).select(agencies::id).load(tx.conn())?,
    }
    .into_iter()
    .collect();
    let mut seen = BTreeSet::new();
    for (index, recipient) in input.recipients.iter().enumerate() {
        let (field, id) = match direction {
            Direction::InternalMemo => ("unit_id", recipient.unit_id),
            _ => ("agency_id", recipient.agency_id),
        };
        let field = format!("recipients.{index}.{field}");
        match id {
            None => fields.push(FieldError::new(field, "required")),
            Some(id) if !known.contains(&id) => fields.push(FieldError::new(field, "unknown")),
            Some(id) if direction != Direction::InternalMemo && id == actor.agency_id => {
                fields.push(FieldError::new(field, "own_agency"));
            }
            Some(id) if !seen.insert(id) => fields.push(FieldError::new(field, "twice")),
            Some(_) => {}
        }
    }
    Ok(())
}

/// The unit the letter is written in: one of the writer's own, or any of the agency for those who register.
fn unit(tx: &mut ReadTx<'_>, actor: &Actor, wanted: Option<i64>, fields: &mut Fields) -> Outcome<i64> {
    let own = actor.units().next();
    let Some(unit_id) = wanted.or(own) else {
        return Err(Refusal::rule("no_position", []));
    };
    let of_agency: Option<i64> = units::table
        .filter(units::id.eq(unit_id))
        .filter(units::agency_id.eq(actor.agency_id))
        .select(units::id)
        .first(tx.conn())
        .optional()?;
    let allowed =
        of_agency.is_some() && (actor.units().any(|id| id == unit_id) || actor.can(Permission::LettersRegister));
    if !allowed {
        fields.push(FieldError::new("unit_id", "unknown"));
    }
    Ok(unit_id)
}
